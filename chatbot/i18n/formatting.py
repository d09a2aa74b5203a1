"""Filling in texts, and numbers, days and names as Babel writes them, remembered: the same few are on every screen."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Final

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, get_group_symbol
from markupsafe import Markup, escape

from chatbot.petition.languages import Language, parse_locale

_SAFE: Final = (Markup, int)


def find_group_sign(locale: Locale) -> str | None:
    """Return the sign between groups of three digits; None where digits are grouped in another way."""
    pattern = locale.decimal_formats[None]
    return get_group_symbol(locale) if pattern.grouping == (3, 3) else None


def group_digits(value: int, locale: Locale, group_sign: str | None) -> str:
    """Format a number. `group_sign` is that of the locale: Babel takes 20 µs, and each signature has a new number."""
    if group_sign is None or value < 0:
        return format_decimal(value, locale=locale)
    return f"{value:,}".replace(",", group_sign)


@lru_cache(maxsize=512)
def write_day(day: date, locale: Locale) -> str:
    """Write a calendar day in full."""
    return format_date(day, format="long", locale=locale)


@lru_cache(maxsize=1_024)
def name_language(language: Language, locale: Locale) -> str | None:
    """Name a language for readers of `locale`; None if CLDR has no name of it there."""
    known = parse_locale(language)
    return locale.languages.get(language) or (known.get_display_name(locale) if known else None)


def fill_in(message: str, values: Mapping[str, object]) -> Markup:
    """Put the values into the gaps of an HTML text, escaped. Markup's own `format` takes twice as long."""
    escaped = {name: value if type(value) in _SAFE else escape(value) for name, value in values.items()}
    return Markup(message.format_map(escaped))  # noqa: S704 - the message is ours, the values are escaped


@lru_cache(maxsize=4_096)
def fill_nothing_in(message: str) -> Markup:
    """Return an HTML text without gaps; two braces stand for one. All are remembered: most texts have no gaps."""
    return fill_in(message, {})
