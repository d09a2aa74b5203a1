"""Lists of counts name who is few where that is clear anyway, and add nobody."""

from collections.abc import Mapping

import pytest

from chatbot.i18n import Translator
from chatbot.petition.languages import Language
from chatbot.screens.organizer.records import statistics


def list_lines(text: str) -> list[str]:
    """Return the lines of the list itself."""
    lines = text.replace("<b>", "").replace("</b>", "").splitlines()[3:]
    return lines[: lines.index("")]


@pytest.mark.parametrize(
    ("counts", "total", "lines"),
    [
        ({"ko": 425, "en": 5}, 430, ["Korean: 420+ · 98%", "English: at most 19"]),
        ({"ko": 429}, 429, ["Korean: 420+ · 98%", "English: at most 19"]),
        ({"ko": 28, "en": 19}, 47, ["Korean: 20+ · 43%", "English: at most 19"]),
        ({"ko": 12, "en": 3}, 15, ["Korean: at most 19", "English: at most 19"]),
        ({"ko": 425, "en": 35}, 460, ["Korean: 420+ · 93%", "English: 30+ · 7%"]),
        ({"ko": 425, "en": 35, "fr": 12}, 472, ["Korean: 420+ · 89%", "English: 30+ · 6%", "others: 20+ · 5%"]),
        ({"ko": 425, "en": 5, "fr": 3}, 433, ["Korean: 420+ · 97%", "English: at most 19"]),
    ],
)
def test_languages_of_few_are_named(
    translators: Mapping[Language, Translator], counts: Mapping[str, int], total: int, lines: list[str]
) -> None:
    assert list_lines(str(statistics.by_language(translators["en"], counts, "all", total).text)) == lines


def test_others_are_several(translators: Mapping[Language, Translator]) -> None:
    """One generation, or one of many languages, would be told apart as “others” without being named."""
    _ = translators["en"]
    alone = statistics.by_generation(_, {"0": 801, "1": 302, "2": 95, "3": 21, "4": 3}, "all", 1_222)
    assert list_lines(str(alone.text))[-1] == "even further: at most 19"
    many = statistics.by_generation(_, {"0": 801}, "all", 820)
    assert list_lines(str(many.text)) == ["on their own: 800+ · 98%", "others: 20+ · 2%"]
    rare = statistics.by_language(_, {"ko": 420, "en": 30, **dict.fromkeys(("fr", "de", "ja"), 8)}, "all", 474)
    assert list_lines(str(rare.text))[-1] == "others: 20+ · 5%"


def test_nobody_signed_without_lines(translators: Mapping[Language, Translator]) -> None:
    text = str(statistics.by_language(translators["en"], {}, "day", 0).text)
    assert "at most" not in text
    assert "no more people signed" in text
