"""Translators: texts of one language from the .po files, and its numbers and dates by Babel.

In `screens/` the translator is the parameter `_`, so that `pybabel extract -k label -k plural:1,2` finds every text.
"""

import io
import re
from collections.abc import Iterable, Mapping, Set
from datetime import date, datetime, tzinfo
from gettext import GNUTranslations, NullTranslations
from html import unescape
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_datetime_format
from babel.messages.mofile import write_mo
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup

from chatbot.i18n.catalog import CATALOG, CatalogError, list_translated, read_catalog

__all__ = ["CATALOG", "CatalogError", "Translator", "load_translators"]

_ZONES: Final[Mapping[str, str]] = {"ko": "Asia/Seoul"}
_TAG: Final = re.compile("</?[a-z][^<>]*>")


class Translator:
    """Texts, numbers and dates of one language.

    A call returns Telegram's HTML: messages are trusted, and all values are escaped here, once. `label` returns plain
    text for buttons and notices, which Telegram does not parse.
    """

    def __init__(self, language: str, catalog: NullTranslations, translated: Set[str] = frozenset()) -> None:
        self.language = language
        self.translated = translated
        """The texts that its own catalogs have, as the source has them. The others come from its fallback."""
        self.locale = Locale.parse(language)
        self.zone: tzinfo = ZoneInfo(_ZONES.get(language, "UTC"))
        self._catalog = catalog

    def __call__(self, message: str, /, **values: object) -> Markup:
        """Translate `message` (HTML) and fill in `{name}` placeholders, escaped."""
        return Markup(self._catalog.gettext(message)).format(**values)  # noqa: S704 - the message is ours, the values are escaped

    def label(self, message: str, /, **values: object) -> str:
        """Translate `message` as plain text without tags, and fill in its placeholders unescaped."""
        # A translation may contain tags or &amp;, as in a message; a button would show them as written.
        return unescape(_TAG.sub("", self._catalog.gettext(message))).format(**values)

    def plural(self, singular: str, plural: str, count: int, /, **values: object) -> Markup:
        """Translate the form for `count`, as HTML; `{count}` is replaced by the number as readers write it."""
        message = self._catalog.ngettext(singular, plural, count)
        return Markup(message).format(count=self.number(count), **values)  # noqa: S704 - as in __call__

    def number(self, value: int) -> str:
        """Group digits as readers of this language do: 178,921."""
        return format_decimal(value, locale=self.locale)

    def percent(self, share: float) -> str:
        """Write a share of 1 in whole percent, rounded down: 100 % only when it is complete."""
        return format_percent(int(share * 100) / 100, locale=self.locale)

    def language_name(self, language: str) -> str:
        """Return the name of a language for readers of this one: Korean, 영어."""
        return Locale.parse(language).get_language_name(self.locale) or language

    def date(self, day: date) -> str:
        """Write a calendar day in full: February 14, 2012 or 2012년 2월 14일."""
        return format_date(day, format="long", locale=self.locale)

    def moment(self, at: datetime) -> str:
        """Write the day of an aware moment in the readers' zone (Asia/Seoul for Korean, otherwise UTC)."""
        return format_date(at.astimezone(self.zone).date(), format="long", locale=self.locale)

    def clock(self, at: datetime) -> str:
        """Write the day and time of an aware moment in the readers' zone: 2026. 3. 2. 오전 12:30."""
        local = at.astimezone(self.zone)
        # In the Korean locale, only the wide form of AM and PM is Korean.
        time = format_time(local, self.locale.time_formats["short"].pattern.replace("a", "aaaa"), locale=self.locale)
        date = format_date(local.date(), format="medium", locale=self.locale)
        return str(get_datetime_format("medium", self.locale)).format(time, date)


def load_translators(languages: Iterable[str], directories: Iterable[Path]) -> dict[str, Translator]:
    """Read `<directory>/<language>/LC_MESSAGES/chatbot.po` and compile it in memory.

    A text missing in the first directory is looked up in the next ones, and otherwise stays English, the language of
    the source: a campaign overrides only some texts. Raises `CatalogError` with every problem found, so that mistakes
    show at the start and not during a conversation.
    """
    places = list(directories)
    translators: dict[str, Translator] = {}
    problems: list[str] = []
    for language in languages:
        try:
            translators[language] = Translator(language, *_load_catalog(language, places))
        except CatalogError as error:
            problems.extend(error.problems)
    if problems:
        raise CatalogError(*problems)
    return translators


def _load_catalog(language: str, directories: Iterable[Path]) -> tuple[NullTranslations, frozenset[str]]:
    catalog = NullTranslations()
    translated = frozenset[str]()
    for directory in reversed(list(directories)):
        file = directory / language / CATALOG
        if not file.is_file():
            continue
        compiled = io.BytesIO()
        found = read_catalog(file, language)
        translated |= list_translated(found)
        write_mo(compiled, found)
        compiled.seek(0)
        own = GNUTranslations(compiled)
        own.add_fallback(catalog)
        catalog = own
    return catalog, translated
