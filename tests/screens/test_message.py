"""A letter says how to stop in the language of everybody who gets it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from markupsafe import Markup

from chatbot.petition.broadcasts.broadcast import Audience, Broadcast
from chatbot.petition.broadcasts.post import Post
from chatbot.petition.model import Language
from chatbot.screens.organizer.broadcasts.message import render_posts

KOREAN, ENGLISH = "소식 그만 받기", "Stop these updates"
UPDATE = Broadcast(1, "update", None, 3003, Audience(), "readers", False, 1, datetime(2026, 3, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("written", "changes", "expected"),
    [
        (("ko", "en"), {}, {"ko": KOREAN, "en": ENGLISH}),
        (("ko",), {}, {"ko": KOREAN}),
        (("ko",), {"reach": "everyone"}, {"ko": f"{KOREAN} · {ENGLISH}"}),
        (("en",), {"reach": "everyone"}, {"en": f"{KOREAN} · {ENGLISH}"}),
        (("en",), {"reach": "everyone", "audience": Audience("ko")}, {"en": KOREAN}),
        (("ko", "en"), {"reach": "everyone"}, {"ko": KOREAN, "en": ENGLISH}),
        # Nobody gets the Korean one, but it is looked at in the preview.
        (("ko", "en"), {"audience": Audience("en")}, {"ko": KOREAN, "en": ENGLISH}),
    ],
)
def test_how_to_stop_is_said_to_everybody_who_gets_it(
    translators, written: tuple[Language, ...], changes: dict[str, object], expected: dict[str, str]
) -> None:
    update = replace(UPDATE, posts={language: Post(Markup("…")) for language in written}, **changes)
    drawn = render_posts(translators, update)
    assert {language: screen.rows[-1][0].label for language, screen in drawn.items()} == {
        language: f"🔕 {said}" for language, said in expected.items()
    }
    assert all(len(screen.rows[-1][0].label) <= 64 for screen in drawn.values())
