"""Countries whose names contain a text, such as “Emirates”, or are contained in it where words have no spaces."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Final

from chatbot.petition.countries.names import Codes, Vocabulary
from chatbot.petition.countries.spelling import HAN, HANGUL, find_family
from chatbot.petition.countries.world import load_world

_MOST: Final = 4
"""A part of more names, like “Saint”, says nothing."""
_SHORTEST: Final[Mapping[str, int]] = {HAN: 2, HANGUL: 3, "LATIN": 5}
_SHORTEST_OF_OTHERS: Final = 4
_WITHOUT_SPACES: Final = frozenset((HAN, "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN"))
_SHORTEST_INSIDE: Final = {HAN: 2}


def list_with_part(keys: Iterable[str], known: Vocabulary) -> list[str]:
    """List the countries whose names contain one of `keys`, which says more than a likeness.

    “كوريا” is a part of the names of both Koreas, and one letter away from that of Syria.
    """
    found: dict[str, None] = {}
    for key in keys:
        if len(key) >= _SHORTEST.get(find_family(key), _SHORTEST_OF_OTHERS) and key not in known.nothing:
            own = _collect(codes for name, codes in known.names.items() if key in name and name in known.own)
            found |= own or _list_abroad(key)
    return list(found)


def list_inside(key: str) -> list[str]:
    """List the countries named in a sentence without spaces, in its order: “ドイツに住んでいます”."""
    family = find_family(key)
    if family not in _WITHOUT_SPACES:
        return []
    shortest = _SHORTEST_INSIDE.get(family, _SHORTEST_OF_OTHERS)
    inside = [(name, codes) for name, codes in _list_names(family) if shortest <= len(name) < len(key) and name in key]
    places: dict[int, Codes] = {}
    for name, codes in sorted(inside, key=lambda each: -len(each[0])):
        if name in key:
            places[key.index(name)] = codes
            key = key.replace(name, "\0" * len(name))  # a shorter name inside this one is not meant
    return list(dict.fromkeys(code for _, codes in sorted(places.items()) for code in codes))


def _list_abroad(key: str) -> dict[str, None]:
    family = find_family(key)
    if key not in _join_names(family):
        return {}
    return _collect(codes for name, codes in _list_names(family) if key in name)


def _collect(found: Iterable[Codes]) -> dict[str, None]:
    codes = dict.fromkeys(code for each in found for code in each)
    return codes if len(codes) <= _MOST else {}


@cache
def _join_names(family: str) -> str:
    """Join all names of a script, to find at once that a text is a part of none."""
    return "\n".join(name for name, _ in _list_names(family))


def _list_names(family: str) -> Iterator[tuple[str, Codes]]:
    world = load_world()
    for names in world.families.get(family, {}).values():
        for name in names:
            yield name, world.names[name]
