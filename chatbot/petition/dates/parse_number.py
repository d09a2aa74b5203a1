"""Parses numbers of people as they are typed: "2,500", "20만 명", "1만 5천", "200k", "1.5 million"."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final

from chatbot.petition.dates.grammar import normalize, read_words
from chatbot.petition.dates.words_as_patterns import bound, is_spaced, match_any, sort_longest_first

_LONGEST: Final = 60
"""Longest text that is parsed, in characters."""
_GROUPED: Final = r"\d{1,3}(?:[,.'’ \u00a0]\d{3})+(?!\d)"
_PLAIN: Final = r"\d+(?:[.,]\d{1,2}(?!\d))?"
_LETTER: Final = "[a-z]"


class _Words:
    """What multiplies a number in some languages: `tens` within a group, `thousands` everything before them."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        files = [read_words(language) for language in dict.fromkeys(languages)]
        self.tens: dict[str, int] = {word: number for file in files for word, number in file.get("tens", {}).items()}
        self.thousands: dict[str, int] = {
            word: number for file in files for word, number in file.get("thousands", {}).items()
        }
        self.numbers: dict[str, int] = {
            word: number for file in files for word, number in file.get("numbers", {}).items() if word not in self.tens
        }
        people = sort_longest_first(word for file in files for word in file.get("people", ()))
        polite = sort_longest_first(word for file in files for word in file.get("polite", ()))
        after = match_any(map(bound, polite))
        self.people = re.compile(rf"\s*(?:{match_any(map(bound, people))})(?:\s*(?:{after}))*$")
        # 이요 after a number could be a two.
        sure = [each for each in polite if not each.startswith(tuple(self.numbers))]
        self.polite = re.compile(rf"\s*(?:{match_any(map(bound, sure))})$")
        words = sort_longest_first((*self.tens, *self.thousands, *self.numbers))
        # A letter such as k stands right after its number.
        spelled = match_any(
            rf"(?<!{_LETTER}){re.escape(each)}(?!{_LETTER})" if each.isascii() else re.escape(each) for each in words
        )
        self.token = re.compile(rf"\s*(?:(?P<grouped>{_GROUPED})|(?P<plain>{_PLAIN})|(?P<word>{spelled}))")


@lru_cache(maxsize=32)
def _load(languages: tuple[str, ...]) -> _Words:
    return _Words(languages)


def parse_number(text: str, languages: Sequence[str]) -> int | None:
    """Return the number of people that `text` names; None if it is none, or could be two.

    `languages` are those whose words are understood.
    """
    if len(text) > _LONGEST:
        return None
    words = _load(tuple(languages))
    typed = normalize(unicodedata.normalize("NFKC", text)).rstrip("!. ")
    counted = words.people.sub("", typed)
    plain = words.polite.sub("", counted)
    try:
        tokens = list(_split(plain, words))
        if counted == typed != plain and tokens and tokens[-1] in words.numbers:
            return None  # 십이요 is ten or twelve
        return _add_up(tokens, words)
    except ValueError:
        return None


def _split(text: str, words: _Words) -> Iterator[Decimal | str]:
    """Yield the numbers and words of a text. Raises `ValueError` if there is anything else in it."""
    at = 0
    while at < len(text):
        found = words.token.match(text, at)
        if found is None or len(text) > _LONGEST:
            raise ValueError("no number")
        at = found.end()
        if found["grouped"]:
            yield Decimal(re.sub(r"\D", "", found["grouped"]))
        elif found["plain"]:
            yield Decimal(found["plain"].replace(",", "."))
        else:
            yield found["word"]


def _add_up(tokens: Sequence[Decimal | str], words: _Words) -> int | None:
    """Add up as it is spoken: 2 hundred thousand, 1만 5천. Raises `ValueError` if it is not spoken so."""
    total, group, number = Decimal(0), Decimal(0), None
    last_group, last_ten = Decimal("Infinity"), Decimal("Infinity")
    for token in tokens:
        if isinstance(token, Decimal) or token in words.numbers:
            if number is not None:
                raise ValueError("two numbers")
            number = token if isinstance(token, Decimal) else Decimal(words.numbers[token])
        elif token in words.tens:
            if (factor := words.tens[token]) >= last_ten:
                raise ValueError("the larger one comes first")
            group += (_one(token) if number is None else number) * factor
            number, last_ten = None, Decimal(factor)
        else:
            if (factor := words.thousands[token]) >= last_group:
                raise ValueError("the larger one comes first")
            group = group + (number or 0) if group or number is not None else _one(token)
            total, group, number = total + group * factor, Decimal(0), None
            last_group, last_ten = Decimal(factor), Decimal("Infinity")
    total += group + (number or 0)
    return int(total) if tokens and total == int(total) else None


def _one(word: str) -> Decimal:
    """Return the one that 만 stands for alone. Raises `ValueError` for a word that needs a number, as k does."""
    if is_spaced(word[0]):
        raise ValueError("no number before it")
    return Decimal(1)
