"""A broadcast says how to unsubscribe in the language of every recipient."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from markupsafe import Markup

from chatbot.petition.broadcasts.broadcast import Audience, Broadcast
from chatbot.petition.broadcasts.post import Post
from chatbot.petition.languages import Language
from chatbot.screens.load import load_petition
from chatbot.screens.organizer.broadcasts.message import render_posts
from chatbot.settings import BUNDLED_LOCALES

KOREAN, ENGLISH = "소식 그만 받기", "Stop these updates"
BROADCAST = Broadcast(1, "update", None, 3003, Audience(), "readers", False, 1, datetime(2026, 3, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("written", "changes", "expected"),
    [
        (("ko", "en"), {}, {"ko": KOREAN, "en": ENGLISH}),
        (("ko",), {}, {"ko": KOREAN}),
        (("ko",), {"reach": "everyone"}, {"ko": f"{KOREAN} · {ENGLISH}"}),
        (("en",), {"reach": "everyone"}, {"en": f"{KOREAN} · {ENGLISH}"}),
        (("en",), {"reach": "everyone", "audience": Audience("ko")}, {"en": KOREAN}),
        (("ko", "en"), {"reach": "everyone"}, {"ko": KOREAN, "en": ENGLISH}),
        # The Korean post has no reader, but the preview shows it.
        (("ko", "en"), {"audience": Audience("en")}, {"ko": KOREAN, "en": ENGLISH}),
    ],
)
def test_every_recipient_reads_how_to_unsubscribe(
    campaign, translators, written: tuple[Language, ...], changes: dict[str, object], expected: dict[str, str]
) -> None:
    broadcast = replace(BROADCAST, posts={language: Post(Markup("…")) for language in written}, **changes)
    drawn = render_posts(translators, campaign, broadcast)
    assert {language: screen.rows[-1][0].label for language, screen in drawn.items()} == {
        language: f"🔕 {said}" for language, said in expected.items()
    }
    assert all(len(screen.rows[-1][0].label) <= 64 for screen in drawn.values())


def test_words_of_a_right_to_left_language_are_isolated_beside_others(made_up_locales: Path) -> None:
    campaign, translators = load_petition([made_up_locales, BUNDLED_LOCALES])
    campaign = replace(campaign, languages={each: campaign.listed[each] for each in ("ko", "qar")})
    broadcast = replace(BROADCAST, posts={"ko": Post(Markup("…"))}, reach="everyone")
    label = render_posts(translators, campaign, broadcast)["ko"].rows[-1][0].label
    assert label == f"🔕 {KOREAN} · \u2068{translators['qar'].label(ENGLISH)}\u2069"
