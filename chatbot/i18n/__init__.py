"""Translators: texts of one language from the .po files, and its numbers and dates by Babel.

In `screens/` the translator is the parameter `_`, so that `pybabel extract -k label -k plural:1,2` finds every text.
"""

import io
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from copy import copy
from datetime import date, datetime, tzinfo
from functools import lru_cache, reduce
from gettext import GNUTranslations, NullTranslations
from html import unescape
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel import localedata
from babel.dates import format_date, format_time, get_datetime_format
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.numbers import format_percent
from markupsafe import Markup

from chatbot.i18n.catalog import CATALOG, CatalogError, list_translated, parse_catalog, read_text
from chatbot.i18n.formatting import fill_in, fill_nothing_in, find_group_sign, group_digits, name_language, write_day
from chatbot.petition.countries.names import country_name
from chatbot.petition.languages import (
    SOURCE_LOCALE,
    Language,
    LanguageFacts,
    find_offered,
    find_own_name,
    list_fallbacks,
    parse_locale,
)
from chatbot.problem import Problem

__all__ = ["CATALOG", "CatalogError", "Translator", "Translators", "load_translators"]

_PLACEHOLDER: Final = re.compile(
    r"(?P<left>\{\{|<(?!code>)[^<>]*>)|(?P<value><code>.*?</code>|\{\w+\}|(?<![\w/&])[/#]\w+)", re.DOTALL
)
"""What stands apart in a text: placeholders, code, commands, hashtags; tags and escaped braces do not."""
_HASHTAG: Final = re.compile(r"(?<![\w/&\u2068])#\w+")
_ISOLATE: Final = "\u2068"
"""Unicode's first strong isolate: the text until its end has a direction of its own, that of its first letter."""
_END: Final = "\u2069"
_RIGHT_TO_LEFT_MARK: Final = "\u200f"
"""A letter without a shape that is written right to left."""
_TAG: Final = re.compile("</?[a-z][^<>]*>")


class Translator:
    """Texts, numbers and dates of one language.

    A call returns Telegram's HTML: messages are trusted, and all values are escaped here, once. `label` returns plain
    text for buttons and notices, which Telegram does not parse.
    """

    def __init__(
        self,
        facts: LanguageFacts,
        catalog: NullTranslations,
        languages: Mapping[Language, LanguageFacts],
        translated: Set[str] = frozenset(),
    ) -> None:
        self.language = facts.code
        self.direction = facts.direction
        self.zone: tzinfo = ZoneInfo(facts.zone)
        self.languages = languages
        """The languages that people can choose, in the order of lists."""
        self.translated = translated
        """The texts that its own catalogs have, as the source has them. The others come from its fallback."""
        self._chain = tuple(list_fallbacks(facts.code, languages))
        self.locale = next(filter(None, map(parse_locale, self._chain)), SOURCE_LOCALE)
        """The locale of numbers and dates. Where CLDR does not have the language, it is that of its fallback."""
        # All are loaded before one is used: Babel writes what a locale borrows from the root into the root, where those
        # loaded later find it. After Bashkir, March would be “M03” in Korean.
        localedata.load(str(self.locale))
        self._group_sign = find_group_sign(self.locale)
        self._catalog = catalog
        self._texts: dict[str, str] = {}
        self._labels: dict[str, str] = {}

    @property
    def is_alone(self) -> bool:
        """Whether people are offered no other language."""
        return len(self.languages) == 1

    def in_zone(self, zone: tzinfo) -> "Translator":
        """Return the translator of the same language that writes moments in another time zone."""
        moved = copy(self)
        moved.zone = zone
        return moved

    def __call__(self, message: str, /, **values: object) -> Markup:
        """Translate `message` (HTML) and fill in `{name}` placeholders, escaped."""
        text = self._get(message)
        return fill_in(text, self._isolate_hashtags(values)) if values else fill_nothing_in(text)

    def label(self, message: str, /, **values: object) -> str:
        """Translate `message` as plain text without tags, and fill in its placeholders unescaped."""
        text = self._labels.get(message)
        if text is None:
            # A translation may contain tags or &amp;, as in a message; a button would show them as written.
            text = self._labels[message] = unescape(_TAG.sub("", self._get(message)))
        return text.format(**self._isolate_hashtags(values))

    def plural(self, singular: str, plural: str, count: int, /, **values: object) -> Markup:
        """Translate the form for `count`, as HTML; `{count}` is replaced by the number as readers write it."""
        message = self._isolate(self._catalog.ngettext(singular, plural, count))
        return fill_in(message, {"count": self.number(count), **values})

    def _get(self, message: str) -> str:
        """Translate a message. There are as many as in the source, so all of them are remembered."""
        text = self._texts.get(message)
        if text is None:
            text = self._texts[message] = self._isolate(self._catalog.gettext(message))
        return text

    def _isolate(self, message: str) -> str:
        """Put isolates around the placeholders and commands of a right-to-left text.

        Without them, Latin letters and numbers would change its order. Those around `<code>` are outside, since a tap
        copies what is inside.
        """
        return "\n".join(map(self._isolate_line, message.split("\n"))) if self.direction == "rtl" else message

    def _isolate_line(self, line: str) -> str:
        isolated, bare = _PLACEHOLDER.sub(_put_isolates, line), _PLACEHOLDER.sub("", line)
        # Isolates do not count for the direction: values with nothing but signs between them would run left to right.
        is_undirected = isolated != line and " " in bare and not any(map(str.isalpha, bare))
        return self.direct(isolated) if is_undirected else isolated

    def _isolate_hashtags(self, values: dict[str, object]) -> dict[str, object]:
        """Put isolates around the hashtags in values: beside right-to-left letters, the sign would be at their end."""
        if self.direction == "ltr":
            return values
        return {
            name: _HASHTAG.sub(f"{_ISOLATE}\\g<0>{_END}", value) if type(value) is str else value
            for name, value in values.items()
        }

    def page(self, text: Markup) -> Markup:
        """Put isolates around the hashtags of a page of the campaign."""
        return Markup(self._isolate(text))  # noqa: S704 - the same text

    def isolate(self, value: str) -> str:
        """Put isolates around a value that stands beside other words without a message around both."""
        return f"{_ISOLATE}{value}{_END}" if self.direction == "rtl" else value

    def direct(self, value: str) -> str:
        """Give a value the direction of the language, whatever its first sign says.

        A flag is of Latin letters to Unicode, and a bar of no letters: both would make the value run left to right.
        """
        return f"{_RIGHT_TO_LEFT_MARK}{value}" if self.direction == "rtl" else value

    def number(self, value: int) -> str:
        """Group digits as readers of this language do: 178,921."""
        return group_digits(value, self.locale, self._group_sign)

    def percent(self, share: float) -> str:
        """Write a share of 1 in whole percent, rounded down: 100 % only when it is complete."""
        whole = int(round(share * 100, 9))  # 0.29 * 100 is a little less than 29
        return format_percent(whole / 100, locale=self.locale)

    def join(self, items: Iterable[str], *, either: bool = False) -> str:
        """Write a list as readers of this language do: “A, B, and C”, or “A, B, or C” with `either`."""
        return self.direct(format_list([*map(self.isolate, items)], "or" if either else "standard", self.locale))

    def row(self, items: Iterable[str]) -> str:
        """Write words one after the other, without an “and” before the last: “A, B, C”. Empty ones are left out."""
        written = [self.isolate(each) for each in items if each]
        return self.direct(reduce(self.locale.list_patterns["standard"]["middle"].format, written)) if written else ""

    def language_name(self, language: Language) -> str:
        """Return the name of a language for readers of this one: Korean, 영어."""
        return name_language(language, self.locale) or self.own_name(language)

    def own_name(self, language: Language) -> str:
        """Return the name of a language for its own readers: 한국어, English."""
        return self.languages[language].name if language in self.languages else find_own_name(language)

    def country(self, code: str) -> str:
        """Return the name of a country for readers of this language, by its ISO code."""
        return country_name(code, *self._chain)

    def date(self, day: date) -> str:
        """Write a calendar day in full: February 14, 2012 or 2012년 2월 14일."""
        return write_day(day, self.locale)

    def moment(self, at: datetime) -> str:
        """Write the day of an aware moment in the reader's zone."""
        return write_day(at.astimezone(self.zone).date(), self.locale)

    def clock(self, at: datetime) -> str:
        """Write the day and time of an aware moment in the readers' zone: 2026. 3. 2. 오전 12:30."""
        local = at.astimezone(self.zone)
        # In the Korean locale, only the wide form of AM and PM is Korean.
        time = format_time(local, self.locale.time_formats["short"].pattern.replace("a", "aaaa"), locale=self.locale)
        date = format_date(local.date(), format="medium", locale=self.locale)
        return str(get_datetime_format("medium", self.locale)).format(time, date)


def _put_isolates(found: re.Match[str]) -> str:
    return found["left"] or f"{_ISOLATE}{found['value']}{_END}"


class Translators(dict[Language, Translator]):
    """The translators of the languages that people are offered, in the order of lists.

    For any other language, `translators[language]` is the translator in which its readers are written to.
    """

    def __init__(self, offered: Mapping[Language, Translator], listed: Mapping[Language, LanguageFacts]) -> None:
        super().__init__(offered)
        self._listed = listed

    def __missing__(self, language: Language) -> Translator:
        """Return the translator of an offered fallback."""
        return self[find_offered(language, self, self._listed)]

    def in_zone(self, zone: tzinfo) -> "Translators":
        """Return the translators that write moments in one time zone, whatever the language."""
        return Translators({language: each.in_zone(zone) for language, each in self.items()}, self._listed)

    def limit(self, languages: Mapping[Language, LanguageFacts]) -> "Translators":
        """Return the translators of these languages only, among which people can choose."""
        offered = {language: copy(self[language]) for language in languages}
        for translator in offered.values():
            translator.languages = languages
        return Translators(offered, self._listed)


def load_translators(
    languages: Mapping[Language, LanguageFacts],
    directories: Iterable[Path],
    mistakes: dict[Language, tuple[Problem, ...]] | None = None,
) -> Translators:
    """Read `<directory>/<language>/LC_MESSAGES/chatbot.po` and compile it in memory.

    A text missing in the first directory is looked up in the next ones, then in those of the language's fallback and
    so on, and otherwise stays English, the language of the source: a campaign overrides only some texts. Raises
    `CatalogError` with every problem found, so that mistakes show at the start and not during a conversation; or puts
    them into `mistakes`, if given, and reads the other catalogs only.
    """
    places = list(directories)
    catalogs: dict[Language, list[tuple[bytes, frozenset[str]]]] = {language: [] for language in languages}
    found: dict[Language, tuple[Problem, ...]] = {}
    for language in languages:
        for file in filter(Path.is_file, (place / language / CATALOG for place in places)):
            try:
                catalogs[language].append(_compile(read_text(file, language), language))
            except CatalogError as error:
                found[language] = (*found.get(language, ()), *error.problems)
    if found and mistakes is None:
        raise CatalogError(*(line for lines in found.values() for line in lines))
    if mistakes is not None:
        mistakes |= found
    compiled = {language: [each for each, _ in read] for language, read in catalogs.items()}
    return Translators(
        {
            language: Translator(
                facts,
                _chain(language, languages, compiled),
                languages,
                frozenset[str]().union(*(translated for _, translated in catalogs[language])),
            )
            for language, facts in languages.items()
        },
        languages,
    )


@lru_cache(maxsize=64)
def _compile(text: str, language: Language) -> tuple[bytes, frozenset[str]]:
    """Return a catalog in gettext's form, and what it translates. It takes 20 ms, and some processes do it again."""
    catalog = parse_catalog(text, language)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    return compiled.getvalue(), list_translated(catalog)


def _chain(
    language: Language, languages: Mapping[Language, LanguageFacts], catalogs: Mapping[Language, Sequence[bytes]]
) -> NullTranslations:
    """Return the catalogs of a language and of its fallbacks as one. Behind English, the source needs no other."""
    chain = NullTranslations()
    followed = list(list_fallbacks(language, languages))
    if SOURCE_LOCALE.language in followed:
        followed = followed[: followed.index(SOURCE_LOCALE.language) + 1]
    for compiled in reversed([each for code in followed for each in catalogs[code]]):
        catalog = GNUTranslations(io.BytesIO(compiled))
        catalog.add_fallback(chain)
        chain = catalog
    return chain
