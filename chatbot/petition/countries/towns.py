"""Cities of GeoNames, of which only a country or a region beside them makes one sure."""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from chatbot.petition.countries.names import Codes

_CITY: Final = "시"


class Town(NamedTuple):
    """The countries of a name: those with a city, the largest one's first, and those with a small place."""

    cities: Codes = ()
    smaller: Codes = ()
    regions: Codes = ()
    """Where they are, as `US-TX`, in countries whose regions have codes. Only for names of cities known elsewhere."""


@lru_cache(maxsize=1)
def load_towns() -> Mapping[str, Town]:
    """Load all names, as keys of `spelling.join`, on the first call."""
    text = files("chatbot.petition.countries").joinpath("towns.tsv").read_text(encoding="utf-8")
    known: dict[str, Codes] = {}
    towns = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            key, *columns = line.split("\t")
            towns[key] = Town(*(known.setdefault(each, tuple(each.split())) for each in columns))
    return towns


def find_town(key: str) -> Town:
    """Find the countries of a city, in Korean also with or without “city” after its name."""
    towns = load_towns()
    return towns.get(key) or towns.get(key + _CITY) or towns.get(key.removesuffix(_CITY)) or Town()
