"""Rounded counts claim nothing that is not so."""

import re
from collections.abc import Mapping
from pathlib import Path

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Audience, Broadcast
from chatbot.petition.broadcasts.estimate import Estimate
from chatbot.petition.broadcasts.post import Post
from chatbot.petition.broadcasts.tally import Tally
from chatbot.petition.review.filter import ReviewFilter, Signal
from chatbot.petition.rounding import FEW
from chatbot.screens.organizer.broadcasts.launching import confirm
from chatbot.screens.organizer.broadcasts.progress import ask_cancel, progress
from chatbot.screens.organizer.records.review import signal_line
from chatbot.screens.rounded_counts import about, about_signatures, exactly
from tests.support.campaigns import BUNDLED
from tests.support.cast import NOW, YUNA

GOLDEN = Path(__file__).parents[1] / "golden" / "ko"


def test_few_are_named_by_the_highest_number_they_can_be(translators: Mapping[str, Translator]) -> None:
    for count in range(FEW):
        assert about(translators["en"], count) == "at most 19"
        assert about(translators["ko"], count) == "최대 19명"
    assert about(translators["en"], FEW) == "20+"
    assert about(translators["en"], 2, 6) == "at most 6", "of six people"
    assert about(translators["en"], 0, 0) == "at most 19"
    assert about(translators["en"], 2, FEW) == "at most 19"


def test_rounded_counts_have_their_counter_inside_in_korean(translators: Mapping[str, Translator]) -> None:
    korean = translators["ko"]
    assert (about(korean, 947), about_signatures(korean, 947)) == ("940명 이상", "940건 이상")
    assert about_signatures(korean, FEW - 1) == "최대 19건"
    assert exactly(korean, 1947) == "1,947명"


def test_no_screen_has_a_plus_or_two_counters_in_korean() -> None:
    golden = {path.name: path.read_text(encoding="utf-8") for path in GOLDEN.glob("*.txt")}
    wrong = re.compile(r"\d\+|명\s?명|건\s?건|이상\s?(?:</b>)?(?:명|건)|명</b>(?:명|건)")
    assert {name: found for name, text in golden.items() if (found := wrong.findall(text))} == {}


def test_signal_does_not_call_nothing_usual(translators: Mapping[str, Translator]) -> None:
    found = Signal(1, "source", ReviewFilter(source="flyer"), value=78, usual=0.2, found_at=NOW)
    assert "where hardly any are usual" in signal_line(translators["en"], found, {})
    assert "about 0" not in signal_line(translators["en"], found, {})


def test_few_signers_of_a_correction_read_like_none(translators: Mapping[str, Translator]) -> None:
    """Who may be written to depends on the hour in their country: a number would tell where one signer lives."""
    posts = {"en": Post(Markup("Corrected news"))}
    audience = Audience(None, ("CA",))
    correction = Broadcast(2, "correction", 1, YUNA, audience, "everyone", False, 1, NOW, posts=posts)
    for language in ("en", "ko"):
        shown = [
            confirm(translators[language], BUNDLED, correction, {"en": count}, Estimate(1, 0)).rows
            for count in range(FEW)
        ]
        assert shown.count(shown[0]) == FEW


def test_one_reader_who_is_asleep_changes_nothing_in_the_progress(translators: Mapping[str, Translator]) -> None:
    """Of 56 people, one more or less has it and waits for the morning; what goes to countries rests to the end."""
    posts, _ = {"en": Post(Markup("News"))}, translators["en"]
    for countries, sent in (((), 41), (("NO", "SE"), 41), (("NO", "SE"), 55)):
        audience = Audience(None, countries)
        broadcast = Broadcast(
            1, "update", None, YUNA, audience, "readers", False, 1, NOW, NOW, None, NOW, NOW, posts=posts
        )
        awake = Tally({"en": 56}, {("en", "sent", ""): sent + 1})
        asleep = Tally({"en": 56}, {("en", "sent", ""): sent}, {NOW: 1})
        for shown in (
            lambda tally, each=broadcast: progress(_, each, tally, None, None),
            lambda tally, each=broadcast: ask_cancel(_, each, tally),
        ):
            assert shown(awake) == shown(asleep), (countries, sent)
