"""One translator per language, straight from the .po files, and Babel's way with numbers and dates.

In `screens/` the translator is the parameter `_`, so `pybabel extract -k label -k plural:1,2` finds every text.
"""

import io
import re
import string
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, tzinfo
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_datetime_format
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup

CATALOG: Final = "LC_MESSAGES/chatbot.po"
_ZONES: Final[Mapping[str, str]] = {"ko": "Asia/Seoul"}
_LINE: Final = re.compile(r'\s*(?:#.*|(?:msg\w+(?:\[\d+\])?\s+)?"(?:[^"\\]|\\.)*"\s*)?')
_TAG: Final = re.compile(r"<(?P<close>/?)(?P<name>[a-z]+)[^<>]*>|<")
_TELEGRAM_TAGS: Final = frozenset({"b", "i", "u", "s", "a", "code", "pre", "blockquote"})


class CatalogError(ValueError):
    """A catalog cannot be used as it is. Each problem is one line for whoever edits it: file, place, what to do."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Translator:
    """Says things in one language.

    Calling it gives Telegram's HTML: the message is trusted, every value is escaped, once, here. `label` gives plain
    text for buttons and notices, where nothing is escaped because nothing is parsed.
    """

    def __init__(self, language: str, catalog: NullTranslations) -> None:
        self.language = language
        self.locale = Locale.parse(language)
        self.zone: tzinfo = ZoneInfo(_ZONES.get(language, "UTC"))
        self._catalog = catalog

    def __call__(self, message: str, /, **values: object) -> Markup:
        """Translate `message` (HTML) and fill in `{name}` placeholders, escaped."""
        return Markup(self._catalog.gettext(message)).format(**values)  # noqa: S704 - the message is ours, the values are escaped

    def label(self, message: str, /, **values: object) -> str:
        """Translate `message` as plain text and fill in its placeholders as they are."""
        return self._catalog.gettext(message).format(**values)

    def plural(self, singular: str, plural: str, count: int, /, **values: object) -> Markup:
        """Translate the form that fits `count`, as HTML; `{count}` is filled with the number as readers write it."""
        message = self._catalog.ngettext(singular, plural, count)
        return Markup(message).format(count=self.number(count), **values)  # noqa: S704 - as in __call__

    def number(self, value: int) -> str:
        """Group digits as readers of this language do: 178,921."""
        return format_decimal(value, locale=self.locale)

    def percent(self, share: float) -> str:
        """Write a share of 1 as whole percents, rounded down so that nothing looks done before it is."""
        return format_percent(int(share * 100) / 100, locale=self.locale)

    def language_name(self, language: str) -> str:
        """Name a language as readers of this one do: Korean, 영어."""
        return Locale.parse(language).get_language_name(self.locale) or language

    def date(self, day: date) -> str:
        """Write a calendar day out in full: February 14, 2012 or 2012년 2월 14일."""
        return format_date(day, format="long", locale=self.locale)

    def moment(self, at: datetime) -> str:
        """Write an aware moment as a day in the readers' zone (Asia/Seoul for Korean, otherwise UTC)."""
        return format_date(at.astimezone(self.zone).date(), format="long", locale=self.locale)

    def clock(self, at: datetime) -> str:
        """Write an aware moment as day and time in the readers' zone: 2026. 3. 2. 오전 12:30."""
        local = at.astimezone(self.zone)
        # Only the wide form of AM and PM is Korean in Korean.
        time = format_time(local, self.locale.time_formats["short"].pattern.replace("a", "aaaa"), locale=self.locale)
        date = format_date(local.date(), format="medium", locale=self.locale)
        return str(get_datetime_format("medium", self.locale)).format(time, date)


def load_translators(languages: Iterable[str], directories: Iterable[Path]) -> dict[str, Translator]:
    """Read `<directory>/<language>/LC_MESSAGES/chatbot.po` and compile it in memory.

    A text missing in the first directory is looked up in the next, and last of all stays English, the language of
    the source: a campaign overrides only the words that it wants different. Raises `CatalogError` with every problem
    found: better at the start than in the middle of a conversation.
    """
    places = list(directories)
    translators: dict[str, Translator] = {}
    problems: list[str] = []
    for language in languages:
        try:
            translators[language] = Translator(language, _load_catalog(language, places))
        except CatalogError as error:
            problems.extend(error.problems)
    if problems:
        raise CatalogError(*problems)
    return translators


def _load_catalog(language: str, directories: Iterable[Path]) -> NullTranslations:
    catalog = NullTranslations()
    for directory in reversed(list(directories)):
        file = directory / language / CATALOG
        if not file.is_file():
            continue
        compiled = io.BytesIO()
        write_mo(compiled, _read_catalog(file, language))
        compiled.seek(0)
        own = GNUTranslations(compiled)
        own.add_fallback(catalog)
        catalog = own
    return catalog


def _read_catalog(file: Path, language: str) -> Catalog:
    name = f"{language}/{CATALOG}"
    try:
        lines = file.read_text("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        raise CatalogError(f"{name}: these letters cannot be read; save the file again as UTF-8.") from None
    except OSError as error:
        raise CatalogError(f"{name}: cannot be opened ({error.strerror}); allow the bot to read it.") from None
    for number, line in enumerate(lines, 1):
        if not _LINE.fullmatch(line):  # Babel would take the last letter for the quotation mark that is missing
            raise CatalogError(
                f"{name}, line {number}: what is said must stand between two quotation marks; "
                'put them right, and write \\" for one inside.'
            )
    try:
        catalog = read_po(lines, locale=language, abort_invalid=True)
    except (PoFileError, ValueError, LookupError) as error:
        raise CatalogError(f"{name}: cannot be read on from here: {error}; look there for what is missing.") from None
    catalog.charset = "utf-8"
    problems = [
        f"{name}, line {message.lineno}: {problem}." for message in catalog if message.id for problem in _find(message)
    ]
    if problems:
        raise CatalogError(*problems)
    return catalog


def _find(message: Message) -> Iterator[str]:
    """What is wrong with a translation: placeholders nobody fills in, and HTML that Telegram does not take."""
    asked = [message.id] if isinstance(message.id, str) else message.id
    given = [message.string] if isinstance(message.string, str) else message.string or ()
    known = set[str]().union(*map(_placeholders, asked))
    for text in given:
        try:
            unknown = _placeholders(text) - known
        except ValueError:
            yield "a { or } stands alone; put it right, or write {{ or }} for the sign itself"
            continue
        for placeholder in sorted(unknown):
            filled = " or ".join(f"{{{name}}}" for name in sorted(known)) or "none"
            yield f"{{{placeholder}}} is not known here; use {filled}"
        if not _is_well_formed(text):
            yield "its <tags> are not those of Telegram, or not closed; write them as in the msgid above it"


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _is_well_formed(text: str) -> bool:
    opened: list[str] = []
    for tag in _TAG.finditer(text):
        if tag["name"] not in _TELEGRAM_TAGS:
            return False
        if not tag["close"]:
            opened.append(tag["name"])
        elif not opened or opened.pop() != tag["name"]:
            return False
    return not opened
