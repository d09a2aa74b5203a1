"""Names of countries and large cities in every language of CLDR, for texts in other languages than a campaign's."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from babel import localedata
from babel.core import get_global

from chatbot.petition.cldr import read_own
from chatbot.petition.countries.names import CODES, SMALL, Codes
from chatbot.petition.countries.spelling import find_family, join, spell

NORTH, SOUTH, ANTARCTICA = "KP", "KR", "AQ"
_CODES: Final = frozenset(CODES)
_SHORTEST: Final = {False: 4, True: 2}
"""Shortest key that is sure, or a part of a longer text, for ASCII letters and for others."""


@dataclass(frozen=True, slots=True)
class WorldNames:
    """All names, as keys of `spelling.join`."""

    names: Mapping[str, Codes]
    families: Mapping[str, Mapping[int, Sequence[str]]]
    """The keys by the family of their letters and their length, to compare misspelt names with."""
    cities: Mapping[str, Codes]
    """The cities that time zones are called by, and their countries."""
    north: frozenset[str]
    """The words that distinguish the North's name from the South's."""
    northern: tuple[str, ...]
    """The North's names."""


@lru_cache(maxsize=1)
def load_world() -> WorldNames:
    """Load all names: 31,000 of countries and 27,000 of cities in 335 locales, on the first call."""
    known: dict[Codes, Codes] = {}
    keys: dict[str, str] = {}
    names: dict[str, Codes] = {}
    cities: dict[str, Codes] = {}
    north: set[str] = set()
    south: set[str] = set()
    for territories, zone_cities in _read_all():
        for code, name in territories.items():
            key = keys.get(name)
            if key is None:
                key = keys[name] = join(spell(name), SMALL)
            codes = names.get(key, ())
            if code not in codes:
                codes = (*codes, code)
                names[key] = known.setdefault(codes, codes)
        for code, city in zone_cities:
            key = keys.get(city)
            if key is None:
                key = keys[city] = join(spell(city), SMALL)
            if is_long(key) and code not in cities.get(key, ()):
                codes = (*cities.get(key, ()), code)
                cities[key] = known.setdefault(codes, codes)
        north.update(spell(territories.get(NORTH, "")))
        south.update(spell(territories.get(SOUTH, "")))
    families: dict[str, dict[int, list[str]]] = {}
    for key in names:
        families.setdefault(find_family(key), {}).setdefault(len(key), []).append(key)
    northern = (key for key, codes in names.items() if NORTH in codes and is_long(key))
    return WorldNames(names, families, cities, frozenset(filter(is_long, north - south)), tuple(northern))


def is_long(key: str) -> bool:
    """Whether a name is so long that it is hardly another word."""
    return len(key) >= _SHORTEST[not key.isascii()]


def _read_all() -> Iterator[tuple[Mapping[str, str], Iterable[tuple[str, str]]]]:
    """Yield the own names of every locale: of countries, and of the cities that time zones are called by.

    Research stations in the Antarctic are left out.
    """
    zones = get_global("zone_territories")
    for locale in localedata.locale_identifiers():
        data = read_own(locale)
        cities = (
            (zones.get(zone, ANTARCTICA), facts["city"])
            for zone, facts in data.get("time_zones", {}).items()
            if "city" in facts
        )
        names = {code: name for code, name in data.get("territories", {}).items() if code in _CODES}
        yield names, [(code, city) for code, city in cities if code in _CODES and code != ANTARCTICA]
