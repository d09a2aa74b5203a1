"""Writes the words of a language as patterns."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from chatbot.petition.text.scripts import UNSPACED, find_script

LETTERS: Final = r"[^\W\d_]"
_NEVER: Final = "(?!)"
_UNITS: Final = ("weeks", "days", "hours", "minutes")
_SHORTEST_NUMBER: Final = 3
"""Shorter words for numbers, such as the English `a`, are numbers before a unit only."""


def match_any(alternatives: Iterable[str]) -> str:
    """Return a pattern for any of these; for nothing if there are none."""
    return "|".join(alternatives) or _NEVER


def sort_longest_first(words: Iterable[str]) -> list[str]:
    """Sort words so that none is tried before a longer one that begins alike."""
    return sorted(dict.fromkeys(words), key=lambda word: (-len(word), word))


def bound(word: str, *, end: bool = True) -> str:
    """Return a pattern for `word` that does not match inside a longer word, in scripts that set words apart."""
    before = f"(?<!{LETTERS})" if is_spaced(word[0]) else ""
    after = f"(?!{LETTERS})" if end and is_spaced(word[-1]) else ""
    return f"{before}{re.escape(word)}{after}"


def is_spaced(character: str) -> bool:
    """Whether the script of a letter sets words apart."""
    return character.isalpha() and find_script(character) not in UNSPACED


def write_spoken(
    spoken: Mapping[str, str], numbers: Mapping[str, int], words: Mapping[str, list[str]]
) -> Iterator[tuple[re.Pattern[str], str]]:
    """Yield what is read in the place of words: first of whole sayings, then of numbers.

    In scripts that do not set words apart, a number is one only before its unit: the Korean 네 is four, and yes.
    """
    for word in sort_longest_first(spoken):
        yield re.compile(bound(word)), spoken[word]
    units = (*_UNITS, *([] if "hour" not in words else ("hour", "minute")))
    unit = match_any(bound(word) for key in units for word in sort_longest_first(words.get(key, ())))
    for word in sort_longest_first(numbers):
        is_sure = is_spaced(word[0]) and len(word) >= _SHORTEST_NUMBER
        pattern = re.escape(word) if not is_spaced(word[0]) else rf"(?<!\d )(?<!\d){bound(word)}"
        yield re.compile(pattern if is_sure else rf"{pattern}(?=\s*(?:{unit}))"), str(numbers[word])
