"""Rounded counts claim nothing that is not so."""

from collections.abc import Mapping

from chatbot.i18n import Translator
from chatbot.petition.rounding import FEW
from chatbot.screens.rounded_counts import about


def test_few_are_named_by_the_highest_number_they_can_be(translators: Mapping[str, Translator]) -> None:
    for count in range(FEW):
        assert about(translators["en"], count) == "at most 19"
        assert about(translators["ko"], count) == "최대 19"
    assert about(translators["en"], FEW) == "20+"
