"""Plural forms: compares the rule in a catalog's header with CLDR's rule of the language.

gettext chooses a form by the header, and editors write that of English into every new file. Korean with two forms, one
of them empty, would show English words from the second supporter on.
"""

from gettext import c2py
from typing import Final

from babel import Locale
from babel.messages.plurals import get_plural
from babel.plural import to_gettext

_ORDER: Final = ("zero", "one", "two", "few", "many", "other")
_TRIED: Final = range(1001)
"""No language has a rule for larger numbers, except for whole millions in some."""


def is_right(language: str, count: int, expression: str) -> bool:
    """Whether `count` forms with the rule `expression` distinguish the same numbers as the language does."""
    rule = _compare(language, expression)
    return rule is not None and max(rule) < count and len(set(rule.values())) == len(rule)


def write_header(language: str) -> str:
    """Return the header of a language, with its forms in CLDR's order: `nplurals=1; plural=0;`."""
    if is_usual(language):
        return str(get_plural(language))
    return to_gettext(Locale.parse(language).plural_form)


def is_usual(language: str) -> bool:
    """Whether Babel's rule for a catalog without a header is right; its Arabic rule exchanges two forms."""
    count, expression, *_ = get_plural(language)
    forms = _compare(language, expression) or {}
    places = [_ORDER.index(forms[form]) for form in sorted(forms)]
    return is_right(language, count, expression) and places == sorted(places)


def _compare(language: str, expression: str) -> dict[int, str] | None:
    """Map each form of `expression` to a form of the language; None if one maps to several, or cannot be parsed."""
    forms: dict[int, str] = {}
    plural_form = Locale.parse(language).plural_form
    try:
        choose = c2py(expression)
        for number in _TRIED:
            if forms.setdefault(choose(number), plural_form(number)) != plural_form(number):
                return None
    except (ValueError, ArithmeticError, RecursionError):
        return None
    return forms
