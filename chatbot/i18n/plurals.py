"""Plural forms: compares the rule in a catalog's header with CLDR's rule of the language.

gettext chooses a form by the header, and editors write that of English into every new file. Korean with two forms, one
of them empty, would show English words from the second supporter on. A language that CLDR does not have keeps the
header that it has.
"""

import re
from collections.abc import Callable, Iterator
from gettext import c2py
from typing import Final, NamedTuple

from babel import Locale
from babel.messages.plurals import PLURALS, get_plural
from babel.plural import to_gettext

from chatbot.petition.languages import parse_locale

_HEADER: Final = re.compile(r"\s*nplurals\s*=\s*(\d{1,2})\s*;\s*plural\s*=\s*([^;]+);?\s*")
_ORDER: Final = ("zero", "one", "two", "few", "many", "other")
_TRIED: Final = range(1001)
"""Larger numbers have rules in Cornish only, and whole millions in some languages."""


class PluralHeader(NamedTuple):
    """The header `Plural-Forms` of a catalog."""

    forms: int
    """How many a text has."""
    expression: str
    """The number of the form for `n`, in the syntax of C."""

    def __str__(self) -> str:
        return f"nplurals={self.forms}; plural={self.expression};"


ENGLISH: Final = PluralHeader(2, "(n != 1)")


def find_locale(language: str) -> Locale | None:
    """Return CLDR's locale of a language, or that without its territory or script; None if CLDR has neither."""
    while language:
        if locale := parse_locale(language):
            return locale
        language = language.rpartition("_")[0]
    return None


def read_header(text: str) -> PluralHeader | None:
    """Read `nplurals=1; plural=0;`; None if it is written in another way."""
    found = _HEADER.fullmatch(text)
    return PluralHeader(int(found[1]), found[2].strip()) if found else None


def is_right(language: str, header: PluralHeader) -> bool:
    """Whether the header distinguishes the same numbers as the language does, and names no form that is not there."""
    locale = find_locale(language)
    forms = _compare(header, locale.plural_form if locale else None)
    return forms is not None and max(forms) < header.forms and (not locale or len(set(forms.values())) == len(forms))


def propose_header(language: str) -> PluralHeader:
    """Return the header of a language with its forms in CLDR's order; that of English if CLDR does not have it."""
    locale = find_locale(language)
    return ENGLISH if locale is None else next(filter(lambda each: _is_in_order(locale, each), _list_headers(locale)))


def list_forms(language: str) -> list[str]:
    """List what CLDR calls the forms of a language, in its order; none if CLDR does not have the language."""
    locale = find_locale(language)
    found = set(map(locale.plural_form, _TRIED)) if locale else ()
    return [form for form in _ORDER if form in found]


def is_usual(language: str) -> bool:
    """Whether Babel's header for a catalog without one is right; its Arabic one exchanges two forms."""
    locale = find_locale(language)
    return locale is not None and _is_in_order(locale, next(_list_headers(locale)))


def _list_headers(locale: Locale) -> Iterator[PluralHeader]:
    """Yield Babel's header, CLDR's rule as a header, and those of all other languages.

    gettext cannot compute CLDR's rule of Portuguese, which has a form for `1c6` (one million).
    """
    usual = get_plural(locale)
    yield PluralHeader(usual.num_plurals, usual.plural_expr)
    if of_cldr := read_header(to_gettext(locale.plural_form)):
        yield of_cldr
    yield from (PluralHeader(*each) for each in PLURALS.values())


def _is_in_order(locale: Locale, header: PluralHeader) -> bool:
    forms = _compare(header, locale.plural_form) or {}
    places = [_ORDER.index(forms[form]) for form in sorted(forms)]
    return is_right(str(locale), header) and places == sorted(places)


def _compare(header: PluralHeader, plural_form: Callable[[int], str] | None) -> dict[int, str] | None:
    """Map each form of the header to a form of the language; None if one maps to several, or cannot be computed."""
    forms: dict[int, str] = {}
    try:
        choose = c2py(header.expression)
        for number in _TRIED:
            wanted = plural_form(number) if plural_form else ""
            if forms.setdefault(choose(number), wanted) != wanted:
                return None
    except (ValueError, ArithmeticError, RecursionError):
        return None
    return forms
