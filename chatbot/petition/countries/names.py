"""Names of countries from CLDR and `names.toml`: those to show, and those to look up by their spelling."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from chatbot.petition.cldr import list_chain, read_own
from chatbot.petition.countries.spelling import find_family, join, keystrokes, sort_join, spell
from chatbot.petition.languages import SOURCE_LOCALE, Language

Codes = tuple[str, ...]


def _read(file: str) -> Mapping[str, Any]:
    return tomllib.loads(files("chatbot.petition.countries").joinpath(file).read_text(encoding="utf-8"))


_SPELLINGS: Final = _read("names.toml")
_PLACES: Final = _read("places.toml")
_WORDS: Final[Mapping[str, list[str]]] = _SPELLINGS["words"]
_SPOKEN: Final[Mapping[str, Mapping[str, str]]] = _SPELLINGS["spoken"]

CODES: Final[Codes] = tuple(_SPELLINGS["countries"])
"""ISO 3166-1 alpha-2, and XK: Kosovo has no ISO code, yet people live there and sign; XK is what CLDR, the EU and
Telegram's flag emoji use for it."""

UNTOLD: Final = "ZZ"
"""The answer of people who prefer not to say their country: CLDR's code of an unknown region. It is no country, and has
a line of its own wherever countries are counted."""

ANSWERS: Final[Codes] = (*CODES, UNTOLD)
"""What is stored as the country of a signature."""

SMALL: Final = frozenset(_WORDS["small"])


def country_name(code: str, *languages: Language) -> str:
    """Return a country's name in the first of `languages` that has one: CLDR's, or a plainer one if people use another.

    If none has, it is that of the source. Raises `KeyError` for a code that is not in `ANSWERS`.
    """
    return _names_to_show(*languages)[code]


@lru_cache(maxsize=64)
def _names_to_show(*languages: Language) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for language in (*languages, SOURCE_LOCALE.language):
        for locale in list_chain(language):
            found = {**_read_names(locale, ANSWERS), **_SPOKEN.get(locale, {}), **found}
    return {code: found[code] for code in ANSWERS}


def rank(counts: Mapping[str, int], most: int | None = None) -> list[tuple[str, int]]:
    """List the `most` countries with the highest counts, and after them the people who do not say theirs."""
    countries = sorted((each for each in counts.items() if each[0] != UNTOLD), key=lambda each: (-each[1], each[0]))
    return countries[:most] + [(code, count) for code, count in counts.items() if code == UNTOLD]


def read_territories(locale: str) -> dict[str, str]:
    """Read a locale's own names of our countries, without inherited ones."""
    return _read_names(locale, CODES)


def _read_names(locale: str, codes: Codes) -> dict[str, str]:
    names: Mapping[str, str] = read_own(locale).get("territories", {})
    return {code: names[code] for code in codes if code in names}


@dataclass(frozen=True, slots=True)
class Spellings:
    """Names and their countries: the names as spelt, and as typed."""

    keys: list[str]
    typed: list[str]
    codes: list[str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The spellings known best, as keys of `spelling.join`: of `names.toml`, and of a campaign's languages."""

    names: Mapping[str, Codes]
    """One country each, or several that share the name, the likelier first."""
    turned: Mapping[str, Codes]
    """The same names, with their words in any order."""
    places: Mapping[str, Codes]
    """Cities and regions of a country, or of several."""
    regions: Mapping[str, Codes]
    """Parts of a country, which decide for a place beside them: its code, or with theirs, as `US-TX`."""
    region_codes: Mapping[str, Codes]
    """The same by their code in lower case: `wa` is `US-WA` and `AU-WA`."""
    peoples: Mapping[str, Codes]
    """Words of a people, who may live elsewhere."""
    asked: Mapping[str, Codes]
    """Lands whose people may name them by one country or another, or by none."""
    untold: frozenset[str]
    """Wishes not to say the country."""
    own: frozenset[str]
    """Keys of the names that CLDR has in the languages. They are meant even if another language uses them otherwise."""
    shown: frozenset[tuple[str, str]]
    """(key, code) of every displayed name."""
    typed: Mapping[str, Spellings]
    """Every name, with and without small words, to compare misspelt names with; by the family of their letters."""
    codes: Mapping[str, str]
    """Alpha-2 codes by every alpha-2 and alpha-3 code in lower case."""
    words_like_codes: frozenset[str]
    around: frozenset[str]
    endings: frozenset[str]
    nothing: frozenset[str]
    north: frozenset[str]
    northern: tuple[str, ...]


@lru_cache(maxsize=4)
def load_vocabulary(languages: frozenset[Language]) -> Vocabulary:
    """Load the vocabulary of a campaign with these languages, in about 20 ms.

    The languages that `names.toml` has names of always belong to it.
    """
    shown = [
        (name, (code,))
        for language in sorted(languages | _SPOKEN.keys())
        for code, name in _names_to_show(language).items()
        if code != UNTOLD
    ]
    aliases = [(name, (code,)) for code, (_, *names) in _SPELLINGS["countries"].items() for name in names]
    official = [
        (name, (code,))
        for language in sorted(languages | _SPOKEN.keys())
        for locale in list_chain(language)
        for code, name in read_territories(locale).items()
    ]
    shared = [(name, tuple(codes)) for name, codes in _SPELLINGS["shared"].items()]
    words = [(spell(name), codes) for name, codes in aliases + official + shown]
    words_shared = [(spell(name), codes) for name, codes in shared]
    alpha3 = {names[0].lower(): code for code, names in _SPELLINGS["countries"].items()}
    coded = {f"{country}-{code}": names for country, code, names in _read_coded_regions()}
    regions = _key_places("regions") | {key: (region,) for region, names in coded.items() for key in _keys(names)}
    return Vocabulary(
        names=merge((join(word, SMALL), codes) for word, codes in words)
        | {join(word, SMALL): codes for word, codes in words_shared},
        turned=merge((sort_join(word, SMALL), codes) for word, codes in words)
        | {sort_join(word, SMALL): codes for word, codes in words_shared},
        places=_key_places("places")
        | {key: tuple(each.partition("-")[0] for each in codes) for key, codes in regions.items()}
        | {join(spell(name), SMALL): tuple(each) for name, each in _PLACES["shared"].items()},
        regions=regions,
        region_codes=merge((each.partition("-")[2].lower(), (each,)) for each in coded),
        peoples=_key_places("peoples"),
        asked=_key_places("asked"),
        untold=_keys(_WORDS["untold"]),
        own=frozenset(join(spell(name), SMALL) for name, _ in official + shown),
        shown=frozenset((join(spell(name), SMALL), code) for name, (code,) in shown),
        typed=_group((key, code) for word, codes in words + words_shared for code in codes for key in _typed(word)),
        codes={code.lower(): code for code in CODES} | alpha3,
        words_like_codes=frozenset(_WORDS["codes"]),
        around=frozenset(_WORDS["around"]),
        endings=frozenset(_WORDS["endings"]),
        nothing=_keys(_WORDS["nothing"]),
        north=frozenset(_WORDS["north"]),
        northern=tuple(_keys(_WORDS["northern"])),
    )


def _read_coded_regions() -> Iterator[tuple[str, str, list[str]]]:
    """Yield the country, the code and the names of each region that has a code."""
    for country, regions in _PLACES["coded_regions"].items():
        for code, names in regions.items():
            yield country, code, names


def _key_places(table: str) -> dict[str, Codes]:
    return {join(spell(name), SMALL): tuple(codes.split()) for codes, names in _PLACES[table].items() for name in names}


def merge(named: Iterable[tuple[str, Codes]]) -> dict[str, Codes]:
    """Return the countries of each key: several where different countries have one name in different languages."""
    found: dict[str, Codes] = {}
    for key, codes in named:
        found[key] = tuple(dict.fromkeys((*found.get(key, ()), *codes)))
    return found


def _group(typed: Iterable[tuple[str, str]]) -> dict[str, Spellings]:
    families: dict[str, Spellings] = {}
    for key, code in dict.fromkeys(typed):
        known = families.setdefault(find_family(key), Spellings([], [], []))
        known.keys.append(key)
        known.typed.append(keystrokes(key))
        known.codes.append(code)
    return families


def _typed(words: Sequence[str]) -> tuple[str, ...]:
    """Return the ways to type a name: with or without small words, and with "St." for "Saint"."""
    return join(words, SMALL), join(words), join(word.replace("saint", "st") for word in words)


def _keys(names: Iterable[str]) -> frozenset[str]:
    return frozenset(join(spell(name), SMALL) for name in names)
