"""Which countries a misspelt name is near to, by the typing mistakes between them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from chatbot.petition.countries.names import vocabulary
from chatbot.petition.countries.spelling import has_hangul, keystrokes

# (shortest key, mistakes) for Latin letters and for Hangul keystrokes (two or three make a syllable). Being offered
# takes little; being sure takes a name long enough that nobody means another word, and no rival near.
_OFFERED: Final = {False: ((13, 4), (9, 3), (6, 2), (4, 1)), True: ((15, 4), (10, 3), (7, 2), (4, 1))}
_SURE: Final = {False: ((15, 3), (10, 2), (6, 1)), True: ((18, 3), (11, 2), (7, 1))}
_MOST: Final = 4


@dataclass(frozen=True, slots=True)
class Likeness:
    """A country and how far the nearest of its names is: `mistakes` between the two, `length` of the shorter one."""

    code: str
    mistakes: int
    length: int
    is_close: bool
    """Close enough to be taken without asking, as long as no rival is near."""


@dataclass(frozen=True, slots=True)
class _Spellings:
    """The names in one kind of writing, beside their countries: as they read and as they are typed."""

    keys: list[str]
    typed: list[str]
    codes: list[str]


@lru_cache(maxsize=2)
def _spellings(*, hangul: bool) -> _Spellings:
    known = [(key, code) for key, code in vocabulary().typed if has_hangul(key) is hangul]
    return _Spellings([key for key, _ in known], [keystrokes(key) for key, _ in known], [code for _, code in known])


def find_alike(keys: Iterable[str]) -> list[Likeness]:
    """The countries whose names come near one of the spellings `keys`, nearest first, each country once.

    A mistake is a letter left out, put in or replaced, or two neighbours swapped (optimal string alignment). In Korean
    a letter is a keystroke; a whole syllable left out, put in or swapped with its neighbour is one mistake as well.
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
    """The one country among `alike` (nearest first) to take without asking, or None.

    Its rivals must be at least twice as many mistakes away: a name with one mistake in it is then never taken for
    another country's, whose name would have to be as near.
    """
    if not alike or not alike[0].is_close:
        return None
    first, *rivals = alike
    return first.code if all(rival.mistakes >= max(1, 2 * first.mistakes) for rival in rivals) else None
