"""Fuzzy search: finds the countries near a misspelt name by counting typing mistakes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from chatbot.petition.countries.names import vocabulary
from chatbot.petition.countries.spelling import has_hangul, keystrokes

# (shortest key, mistakes) for Latin letters and for Hangul keystrokes (two or three make a syllable). An offer
# needs little; to be sure, the name must be so long that no other word is meant, with no rival near.
_OFFERED: Final = {False: ((13, 4), (9, 3), (6, 2), (4, 1)), True: ((15, 4), (10, 3), (7, 2), (4, 1))}
_SURE: Final = {False: ((15, 3), (10, 2), (6, 1)), True: ((18, 3), (11, 2), (7, 1))}
_MOST: Final = 4


@dataclass(frozen=True, slots=True)
class Likeness:
    """A country and its nearest name: `mistakes` between name and text, `length` of the shorter one."""

    code: str
    mistakes: int
    length: int
    is_close: bool
    """Close enough to accept without a question, if no rival is near."""


@dataclass(frozen=True, slots=True)
class _Spellings:
    """The names in one script with their countries: as spelt and as typed."""

    keys: list[str]
    typed: list[str]
    codes: list[str]


@lru_cache(maxsize=2)
def _spellings(*, hangul: bool) -> _Spellings:
    known = [(key, code) for key, code in vocabulary().typed if has_hangul(key) is hangul]
    return _Spellings([key for key, _ in known], [keystrokes(key) for key, _ in known], [code for _, code in known])


def find_alike(keys: Iterable[str]) -> list[Likeness]:
    """List the countries with names near one of the spellings `keys`, nearest first, each country once.

    A mistake is a missing, additional or wrong letter, or two swapped neighbours (optimal string alignment). In Korean
    a letter is a keystroke; a whole missing, additional or swapped syllable is one mistake as well.
    """
    nearest: dict[str, Likeness] = {}
    for key in dict.fromkeys(keys):
        for found in _compare(key):
            rival = nearest.get(found.code)
            if rival is None or (found.mistakes, -found.length) < (rival.mistakes, -rival.length):
                nearest[found.code] = found
    return sorted(nearest.values(), key=lambda likeness: likeness.mistakes)


def _compare(key: str) -> Iterator[Likeness]:
    hangul = has_hangul(key)
    known = _spellings(hangul=hangul)
    typed = keystrokes(key)
    for _, mistakes, index in process.extract(
        typed, known.typed, scorer=OSA.distance, processor=None, score_cutoff=_MOST, limit=None
    ):
        length = min(len(typed), len(known.typed[index]))
        if mistakes <= _allowed(length, _OFFERED[hangul]):
            yield Likeness(known.codes[index], int(mistakes), length, mistakes <= _allowed(length, _SURE[hangul]))
    if not hangul or len(key) == 1:
        return
    for name, mistakes, index in process.extract(
        key, known.keys, scorer=OSA.distance, processor=None, score_cutoff=1, limit=None
    ):
        if mistakes == 1 and len(name) > 1 and (len(name) != len(key) or sorted(name) == sorted(key)):
            length = min(len(typed), len(known.typed[index]))
            yield Likeness(known.codes[index], 1, length, _allowed(length, _SURE[hangul]) > 0)


def _allowed(length: int, steps: Iterable[tuple[int, int]]) -> int:
    return next((mistakes for shortest, mistakes in steps if length >= shortest), 0)


def choose_sure(alike: list[Likeness]) -> str | None:
    """Return the country of `alike` (nearest first) to accept without a question, or None.

    Its rivals must be at least twice as many mistakes away. So a name with one mistake is never taken for that of
    another country.
    """
    if not alike or not alike[0].is_close:
        return None
    first, *rivals = alike
    return first.code if all(rival.mistakes >= max(1, 2 * first.mistakes) for rival in rivals) else None
