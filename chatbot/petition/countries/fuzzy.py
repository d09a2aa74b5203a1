"""Fuzzy search: finds the countries near a misspelt name by counting typing mistakes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from chatbot.petition.countries.names import Vocabulary
from chatbot.petition.countries.spelling import HAN, HANGUL, find_family, keystrokes
from chatbot.petition.countries.world import load_world

Limits = tuple[tuple[int, int], ...]

# (shortest key, mistakes) for letters, for Hangul keystrokes (two or three make a syllable), and for Chinese and
# Japanese, where a single character says much. An offer needs little; to be sure, the name must be so long that no
# other word is meant, with no rival near.
_OFFERED: Final[Limits] = ((13, 4), (9, 3), (6, 2), (4, 1))
_SURE: Final[Limits] = ((15, 3), (10, 2), (6, 1))
_OFFERED_IN: Final[Mapping[str, Limits]] = {HANGUL: ((15, 4), (10, 3), (7, 2), (4, 1)), HAN: ((9, 2), (3, 1))}
_SURE_IN: Final[Mapping[str, Limits]] = {HANGUL: ((18, 3), (11, 2), (7, 1)), HAN: ((7, 1),)}
_MOST: Final = 4


@dataclass(frozen=True, slots=True)
class Likeness:
    """A country and its nearest name: `mistakes` between name and text, `length` of the shorter one."""

    code: str
    mistakes: int
    length: int
    is_close: bool
    """Close enough to accept without a question, if no rival is near."""


def find_alike(keys: Iterable[str], known: Vocabulary) -> list[Likeness]:
    """List the countries with names near one of the spellings `keys`, nearest first, each country once.

    A mistake is a missing, additional or wrong letter, or two swapped neighbours (optimal string alignment). In Korean
    a letter is a keystroke; a whole missing, additional or swapped syllable is one mistake as well.
    """
    return _list_nearest(found for key in dict.fromkeys(keys) for found in _compare(key, known))


def find_alike_abroad(key: str, most: int = _MOST) -> list[Likeness]:
    """List the countries with names in any language that are at most `most` mistakes away, as `find_alike` does.

    None of them is close.
    """
    family, world = find_family(key), load_world()
    limits = _OFFERED_IN.get(family, _OFFERED)
    most = min(most, _allowed(len(key), limits))
    lengths = world.families.get(family, {})
    near = (name for length in range(len(key) - most, len(key) + most + 1) for name in lengths.get(length, ()))
    return _list_nearest(
        Likeness(code, int(mistakes), len(name), is_close=False)
        for name, mistakes, _ in process.extract(
            key, tuple(near), scorer=OSA.distance, processor=None, score_cutoff=most, limit=None
        )
        if mistakes <= _allowed(min(len(key), len(name)), limits)
        for code in world.names[name]
    )


def _list_nearest(alike: Iterable[Likeness]) -> list[Likeness]:
    nearest: dict[str, Likeness] = {}
    for found in alike:
        rival = nearest.get(found.code)
        if rival is None or (found.mistakes, -found.length) < (rival.mistakes, -rival.length):
            nearest[found.code] = found
    return sorted(nearest.values(), key=lambda likeness: likeness.mistakes)


def _compare(key: str, vocabulary: Vocabulary) -> Iterator[Likeness]:
    family = find_family(key)
    offered, sure = _OFFERED_IN.get(family, _OFFERED), _SURE_IN.get(family, _SURE)
    known = vocabulary.typed.get(family)
    if known is None:
        return
    typed = keystrokes(key)
    for _, mistakes, index in process.extract(
        typed, known.typed, scorer=OSA.distance, processor=None, score_cutoff=_MOST, limit=None
    ):
        length = min(len(typed), len(known.typed[index]))
        if mistakes <= _allowed(length, offered):
            yield Likeness(known.codes[index], int(mistakes), length, mistakes <= _allowed(length, sure))
    if family != HANGUL or len(key) == 1:
        return
    for name, mistakes, index in process.extract(
        key, known.keys, scorer=OSA.distance, processor=None, score_cutoff=1, limit=None
    ):
        if mistakes == 1 and len(name) > 1 and (len(name) != len(key) or sorted(name) == sorted(key)):
            length = min(len(typed), len(known.typed[index]))
            yield Likeness(known.codes[index], 1, length, _allowed(length, sure) > 0)


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
