"""Names of countries from CLDR and `names.toml`, to be looked up by their spelling."""

import pickle
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, cast

from babel import localedata

from chatbot.petition.countries.spelling import join, sort_join, spell
from chatbot.petition.languages import SOURCE_LOCALE, Language, parse_locale

Codes = tuple[str, ...]

_SPELLINGS: Final[Mapping[str, Any]] = tomllib.loads(
    files("chatbot.petition.countries").joinpath("names.toml").read_text(encoding="utf-8")
)
_WORDS: Final[Mapping[str, list[str]]] = _SPELLINGS["words"]

CODES: Final[Codes] = tuple(_SPELLINGS["countries"])
"""ISO 3166-1 alpha-2, and XK: Kosovo has no ISO code, yet people live there and sign; XK is what CLDR, the EU and
Telegram's flag emoji use for it."""

SMALL: Final = frozenset(_WORDS["small"])


def country_name(code: str, language: Language) -> str:
    """Return a country's name in `language`: CLDR's, or a plainer one if people use another.

    Raises `KeyError` for a code that is not in `CODES`.
    """
    spoken: dict[str, str] = _SPELLINGS["spoken"].get(language, {})
    return spoken.get(code) or _cldr_names(language).get(code) or _cldr_names(str(SOURCE_LOCALE))[code]


@lru_cache(maxsize=64)
def _cldr_names(language: Language) -> dict[str, str]:
    """Return CLDR's names of our countries in a language, as far as it has them."""
    names = cast("Mapping[str, str]", (parse_locale(language) or SOURCE_LOCALE).territories)
    return {code: names[code] for code in CODES if code in names}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All known spellings, as keys of `spelling.join`."""

    names: Mapping[str, Codes]
    """One country each, or several that share the name, the likelier first."""
    turned: Mapping[str, Codes]
    """The same names, with their words in any order."""
    places: Mapping[str, Codes]
    """Cities, regions and peoples, which hint at a country."""
    display: Mapping[Language, Mapping[str, str]]
    """Codes by the key of the displayed name, per language."""
    typed: tuple[tuple[str, str], ...]
    """(key, code) of every name, with and without small words, to compare misspelt names with."""
    codes: Mapping[str, str]
    """Alpha-2 codes by every alpha-2 and alpha-3 code in lower case."""
    words_like_codes: frozenset[str]
    around: frozenset[str]
    endings: frozenset[str]
    nothing: frozenset[str]
    north: frozenset[str]
    northern: tuple[str, ...]


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """Return the vocabulary, built on the first call (about 15 ms)."""
    called: list[tuple[str, Codes]] = [
        (name, (code,)) for code, (_, *names) in _SPELLINGS["countries"].items() for name in names
    ]
    for language in _SPELLINGS["spoken"]:
        called += [(name, (code,)) for code, name in _cldr_names(language).items()]
        called += [(name, (code,)) for code, name in _SPELLINGS["spoken"][language].items()]
    shared = [(name, tuple(codes)) for name, codes in _SPELLINGS["shared"].items()]
    places = [(name, (code,)) for code, names in _SPELLINGS["places"].items() for name in names]
    words = [(spell(name), codes) for name, codes in called + shared]
    alpha3 = {names[0].lower(): code for code, names in _SPELLINGS["countries"].items()}
    return Vocabulary(
        names={join(word, SMALL): codes for word, codes in words},
        turned={sort_join(word, SMALL): codes for word, codes in words},
        places={join(spell(name), SMALL): codes for name, codes in places},
        display={
            language: {join(spell(country_name(code, language)), SMALL): code for code in CODES}
            for language in _SPELLINGS["spoken"]
        },
        typed=tuple(dict.fromkeys((key, code) for word, codes in words for code in codes for key in _typed(word))),
        codes={code.lower(): code for code in CODES} | alpha3,
        words_like_codes=frozenset(_WORDS["codes"]),
        around=frozenset(_WORDS["around"]),
        endings=frozenset(_WORDS["endings"]),
        nothing=_keys(_WORDS["nothing"]),
        north=frozenset(_WORDS["north"]),
        northern=tuple(_keys(_WORDS["northern"])),
    )


@lru_cache(maxsize=1)
def foreign_names() -> Mapping[str, Codes]:
    """Return the countries' names in other languages, by key; read on the first call (about 0.15 s), as few need them.

    A name that means different countries in two languages is left out, and so is one too short to be reliable.
    """
    found: dict[str, str | None] = {}
    for tongue in _SPELLINGS["tongues"]:
        for code, name in _read_own_names(tongue).items():
            key = join(spell(name), SMALL)
            if len(key) >= (4 if key.isascii() else 2):
                found[key] = code if found.get(key, code) == code else None
    return {key: (code,) for key, code in found.items() if code is not None}


def _read_own_names(locale: str) -> dict[str, str]:
    """Read a locale's own names of our countries from Babel's file, without inherited ones.

    `Locale` would keep all of a locale in memory: 50 MB for these languages, half of what the bot needs.
    """
    with Path(localedata.resolve_locale_filename(locale)).open("rb") as file:
        names = pickle.load(file)["territories"]  # noqa: S301 - Babel's own file, installed with it
    return {code: names[code] for code in CODES if code in names}


def _typed(words: Sequence[str]) -> tuple[str, ...]:
    """Return the ways to type a name: with or without small words, and with "St." for "Saint"."""
    return join(words, SMALL), join(words), join(word.replace("saint", "st") for word in words)


def _keys(names: Iterable[str]) -> frozenset[str]:
    return frozenset(join(spell(name), SMALL) for name in names)
