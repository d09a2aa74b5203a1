"""Finds time zones by what people type: a city, a country, or the name of the zone."""

import zoneinfo
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel.core import get_global

from chatbot.petition.cldr import read_chain
from chatbot.petition.countries.find import find_country
from chatbot.petition.dates.grammar import normalize
from chatbot.petition.dates.zones import is_zone
from chatbot.petition.languages import SOURCE_LOCALE

MOST: Final = 12
"""Most zones that are offered: Russia has eleven."""
_LONGEST: Final = 80
_MONTHS: Final = 13


def find_zones(text: str, languages: Sequence[str], now: datetime) -> list[str]:
    """Return the zones that `text` may mean, one of those whose clocks agree. Empty if it is no place.

    `languages` are those in which cities are known best, the reader's first.
    """
    typed = normalize(text) if len(text) <= _LONGEST else ""
    if not typed:
        return []
    if exact := _read_cities((*languages, SOURCE_LOCALE.language)).get(typed.replace("_", " ")):
        return list(exact)
    country = find_country(text, languages)
    codes = (country.sure,) if country.sure else country.offers
    found = (zone for code in codes for zone in _sort(get_global("territory_zones").get(code, ())))
    return list(_distinguish(found, now))[:MOST]


@lru_cache(maxsize=8)
def _read_cities(languages: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Return zones by their own names, and by the cities that they are called by in these languages."""
    zones = [each for each in get_global("zone_territories") if is_zone(each) and not each.startswith("Etc/")]
    names = {"utc": {"UTC": None}}
    for zone in zones:
        for name in (zone, zone.rpartition("/")[2]):
            names.setdefault(normalize(name.replace("_", " ")), {})[zone] = None
    for data in (data for language in languages for data in read_chain(language)):
        for zone, facts in data.get("time_zones", {}).items():
            if "city" in facts and zone in zones:
                names.setdefault(normalize(facts["city"]), {})[zone] = None
    return {name: tuple(found) for name, found in names.items()}


def _sort(zones: Iterable[str]) -> list[str]:
    """Put the zones of a country in order, those of most people first."""
    places = _read_order()
    return sorted(filter(is_zone, zones), key=lambda zone: (places.get(zone, len(places)), zone))


@cache
def _read_order() -> Mapping[str, int]:
    """Return the places of zones in `zone.tab` of the system, which has the largest of each country first."""
    file = next((each for place in zoneinfo.TZPATH if (each := Path(place, "zone.tab")).is_file()), None)
    lines = file.read_text("utf-8").splitlines() if file else []
    zones = [line.split("\t")[2] for line in lines if line.count("\t") >= 2 and not line.startswith("#")]
    return {zone: place for place, zone in enumerate(zones)}


def _distinguish(zones: Iterable[str], now: datetime) -> Iterator[str]:
    """Yield the zones whose clocks differ from those before, now or in the next year."""
    seen: set[tuple[timedelta | None, ...]] = set()
    months = [now.astimezone(UTC) + timedelta(days=30 * nth) for nth in range(_MONTHS)]
    for zone in zones:
        shown = tuple(at.astimezone(ZoneInfo(zone)).utcoffset() for at in months)
        if shown not in seen:
            seen.add(shown)
            yield zone
