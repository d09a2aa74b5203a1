"""Rounded counts claim nothing that is not so."""

from collections.abc import Mapping

from chatbot.i18n import Translator
from chatbot.petition.review.filter import ReviewFilter, Signal
from chatbot.petition.rounding import FEW
from chatbot.screens.organizer.records.review import signal_line
from chatbot.screens.rounded_counts import about
from tests.support.cast import NOW


def test_few_are_named_by_the_highest_number_they_can_be(translators: Mapping[str, Translator]) -> None:
    for count in range(FEW):
        assert about(translators["en"], count) == "at most 19"
        assert about(translators["ko"], count) == "최대 19"
    assert about(translators["en"], FEW) == "20+"


def test_signal_does_not_call_nothing_usual(translators: Mapping[str, Translator]) -> None:
    found = Signal(1, "source", ReviewFilter(source="flyer"), value=78, usual=0.2, found_at=NOW)
    assert "where hardly any are usual" in signal_line(translators["en"], found, {})
    assert "about 0" not in signal_line(translators["en"], found, {})
