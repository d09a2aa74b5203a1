"""Plural forms: the rule in a catalog's header, compared with that of the language, which is CLDR's.

gettext takes a form by the header, and editors write that of English into every new file: Korean with two forms, one of
them filled, would be English amid Korean from the second supporter on.
"""

from gettext import c2py
from typing import Final

from babel import Locale
from babel.messages.plurals import get_plural
from babel.plural import to_gettext

_ORDER: Final = ("zero", "one", "two", "few", "many", "other")
_TRIED: Final = range(1001)
"""Beyond these numbers no language has a rule of its own, but for a form of whole millions in some."""


def is_right(language: str, count: int, expression: str) -> bool:
    """Whether a header of `count` forms with the rule `expression` tells apart the numbers that the language does."""
    rule = _compare(language, expression)
    return rule is not None and max(rule) < count and len(set(rule.values())) == len(rule)


def write_header(language: str) -> str:
    """The header of a language, its forms in the order of CLDR: `nplurals=1; plural=0;`."""
    if is_usual(language):
        return str(get_plural(language))
    return to_gettext(Locale.parse(language).plural_form)


def is_usual(language: str) -> bool:
    """Whether Babel's own rule, for a catalog without a header, is right; its Arabic has two forms exchanged."""
    count, expression, *_ = get_plural(language)
    forms = _compare(language, expression) or {}
    places = [_ORDER.index(forms[form]) for form in sorted(forms)]
    return is_right(language, count, expression) and places == sorted(places)


def _compare(language: str, expression: str) -> dict[int, str] | None:
    """Which form of the language each form by `expression` is; None where one is several, or cannot be read."""
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
