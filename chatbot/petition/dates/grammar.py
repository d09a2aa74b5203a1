"""Grammar of the dates and times that people type in their language.

Numbers need no words. Names of months and weekdays come from CLDR, all other words from `words/<language>.toml`, where
there is such a file.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from chatbot.petition.cldr import read_chain
from chatbot.petition.dates.words_as_patterns import LETTERS, bound, match_any, sort_longest_first, write_spoken
from chatbot.petition.text.scripts import list_scripts

Names = Mapping[str, int]

YEARS: Final = range(1900, 2400)
"""Years of the Gregorian calendar. Others are of another one: 2026 is 1405 in Iran and 2569 in Thailand."""
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_NEAR: Final = {"before_yesterday": -2, "yesterday": -1, "today": 0, "tomorrow": 1, "after_tomorrow": 2}
_SIGNS: Final = r"[\s,.()!~…@–—\-]"
"""One of the signs that mean nothing beside a date or time."""
_SHORTEST_NAME: Final = 2
"""Shorter names of months and weekdays, such as the Korean `월`, are too often something else."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """Patterns of all words; the ones that a language does not have match nothing."""

    dates: tuple[re.Pattern[str], ...]
    """Groups: `month` (a number or a name), `day`, and `year` where there is one. `1 Nov` comes before `Nov 1`."""
    dates_month_first: tuple[re.Pattern[str], ...]
    """The same, with `Nov 1` before `1 Nov`."""
    months: Names
    weekday: re.Pattern[str]
    """Groups: `this`, `next`, `weekday`."""
    weekdays: Names
    near: re.Pattern[str]
    near_days: Names
    tonight: re.Pattern[str]
    later: re.Pattern[str]
    """The whole text. Groups: `before`, `weeks`, `days`, `hours`, `half`, `minutes`, `after`."""
    ahead: re.Pattern[str]
    """A day so many days or weeks ahead. Groups: `before`, `number`, `weeks` or `days`, `after`."""
    day_alone: re.Pattern[str]
    """A day of this month or the next. Group: `day`."""
    now: re.Pattern[str]
    zone: re.Pattern[str]
    zones: Mapping[str, str]
    """The names of time zones in IANA's database, by the words for them."""
    spoken: tuple[tuple[re.Pattern[str], str], ...]
    """Words, and what is read in their place: `half an hour` is `30 minutes`, `three` is `3`."""
    am: re.Pattern[str]
    pm: re.Pattern[str]
    past: re.Pattern[str]
    """Minutes after an hour: `30 past 8`. Groups: `minute`, `hour`."""
    unsure: re.Pattern[str]
    """Words that change a day or time to another one, which is not parsed: `quarter to 9`."""
    morning: re.Pattern[str]
    later_half: re.Pattern[str]
    """Any word of the next three: with them 1 to 11 are 13 to 23."""
    lunch: re.Pattern[str]
    afternoon: re.Pattern[str]
    evening: re.Pattern[str]
    night: re.Pattern[str]
    noon: re.Pattern[str]
    midnight: re.Pattern[str]
    hour: re.Pattern[str]
    """An hour with its sign. Groups: `hour`, `minute`, `half`."""
    small: re.Pattern[str]
    range: re.Pattern[str]
    """The words around the first and the last of several days."""
    since: re.Pattern[str]
    """Words beside one day that mean it and all after it."""

    def rewrite(self, text: str) -> str:
        """Return a normalized text with numbers instead of words for them.

        A time of the 12-hour clock without its half of the day gets a question mark: `30 past 8` is `8:30 ?`.
        """
        for pattern, written in self.spoken:
            text = pattern.sub(written, text)
        is_half = any(part.search(text) for part in (self.am, self.pm, self.morning, self.later_half, self.night))
        return self.past.sub(rf"\g<hour>:\g<minute>{'' if is_half else ' ?'}", text)

    def read_month(self, found: str) -> int:
        """Return the month of a number or name."""
        return int(found) if found.isdigit() else find_name(self.months, found)


def normalize(text: str) -> str:
    """Return `text` as all patterns expect it: in lower case, with single spaces, without invisible characters."""
    shown = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return " ".join(shown.lower().split())


def find_name(names: Names, found: str) -> int:
    """Return the number of the month or weekday that `found` is the name of, or begins like."""
    return names[found] if found in names else next(names[each] for each in names if found.startswith(each))


@lru_cache(maxsize=32)
def load_grammar(languages: tuple[str, ...]) -> Grammar:
    """Load the grammar for a reader of the first of `languages`.

    The words of the others are understood as well where their script is another, because then they mean nothing else.
    """
    understood = list(choose_understood(languages))
    words: dict[str, list[str]] = {}
    tables: dict[str, dict[str, Any]] = {"spoken": {}, "numbers": {}, "zones": {}}
    months: dict[str, int] = {}
    weekdays: dict[str, int] = {}
    stems: set[str] = set()
    for language in understood:
        own = read_words(language)
        for key, value in own.items():
            if isinstance(value, list):
                words.setdefault(key, []).extend(map(normalize, value))
            elif key in tables:
                tables[key] |= {normalize(word): meant for word, meant in value.items()}
        size = own.get("first_letters")
        for table, names in ((months, read_names(language, "months")), (weekdays, read_names(language, "days"))):
            shown = _distinct((name[:size] if size else name, number) for name, number in names)
            table.update(shown)
            stems.update(shown if size else ())
        words.setdefault("small", []).extend(_read_connectives(language))
    for name in months.keys() & weekdays.keys():
        del months[name], weekdays[name]
    return _compile(words, tables, months, weekdays, stems, _reads_day_first(languages[0] if languages else ""))


def list_examples(language: str) -> list[str]:
    """List examples of a time in words; empty for a language that has no words."""
    return list(read_words(language).get("examples", ()))


@lru_cache(maxsize=32)
def read_words(language: str) -> Mapping[str, Any]:
    """Return the words of a language's file, or of the language without script and territory; empty without a file."""
    folder = files("chatbot.petition.dates").joinpath("words")
    while language:
        file = folder.joinpath(f"{language}.toml")
        if language.replace("_", "").isalnum() and file.is_file():
            return tomllib.loads(file.read_text(encoding="utf-8"))
        language = language.rpartition("_")[0]
    return {}


def choose_understood(languages: Sequence[str]) -> Iterator[str]:
    """Yield the first language, and those of the others whose scripts are different."""
    seen: set[str] = set()
    for language in languages:
        scripts = list_scripts(language)
        if not seen & scripts:
            yield language
            seen |= scripts


def read_names(language: str, what: str) -> Iterator[tuple[str, int]]:
    """Yield CLDR's names of months (1 to 12) or days (0 is Monday), with their numbers."""
    for data in read_chain(language):
        for widths in data.get(what, {}).values():
            for width in ("wide", "abbreviated"):
                names = widths.get(width) if isinstance(widths, Mapping) else None
                for number, name in names.items() if isinstance(names, Mapping) else ():
                    written = normalize(name).rstrip(".")
                    if len(written) >= _SHORTEST_NAME and not written[0].isdigit():
                        yield written, number


def _distinct(named: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return the names that mean one number only."""
    found: dict[str, set[int]] = {}
    for name, number in named:
        found.setdefault(name, set()).add(number)
    return {name: min(numbers) for name, numbers in found.items() if len(numbers) == 1}


def _read_connectives(language: str) -> Iterator[str]:
    """Yield the words of CLDR's long date, such as the Spanish `de`."""
    for data in read_chain(language):
        if pattern := data.get("date_formats", {}).get("long"):
            yield from (normalize(word).strip(" .") for word in re.findall(r"'\s*([^\W\d_][^']*)'", pattern.pattern))
            return


def _reads_day_first(language: str) -> bool | None:
    """Whether `12/1` is the 12th of January; None if CLDR does not know the language."""
    for data in read_chain(language):
        if pattern := data.get("datetime_skeletons", {}).get("Md") or data.get("date_formats", {}).get("short"):
            return "d" in pattern.pattern.lower().partition("m")[0]
    return None


def _compile(
    words: Mapping[str, list[str]],
    tables: Mapping[str, Mapping[str, Any]],
    months: Names,
    weekdays: Names,
    stems: set[str],
    day_first: bool | None,
) -> Grammar:
    def any_of(*keys: str) -> str:
        return match_any(bound(word) for key in keys for word in sort_longest_first(words.get(key, ())))

    def one_of(names: Iterable[str]) -> str:
        return match_any(
            f"{bound(name, end=False)}{LETTERS}*\\.?" if name in stems else f"{bound(name)}\\.?"
            for name in sort_longest_first(names)
        )

    near = {word: days for key, days in _NEAR.items() for word in words.get(key, ())}
    small = rf"(?:{any_of('small')}|{_SIGNS})"
    later = (
        rf"^(?:{small})*(?P<before>{any_of('in')})?\s*(?:(?P<weeks>\d{{1,2}})\s*(?:{any_of('weeks')}))?"
        rf"\s*(?:(?P<days>\d{{1,3}})\s*(?:{any_of('days')}))?"
        rf"\s*(?:(?P<hours>\d{{1,3}}(?:[.,]5)?)\s*(?:{any_of('hours')})\s*(?P<half>{any_of('half')})?)?"
        rf"\s*(?:{any_of('and')})?\s*(?:(?P<minutes>\d{{1,3}})\s*(?:{any_of('minutes')}))?"
        rf"\s*(?P<after>{any_of('later')})?(?:{small})*$"
    )
    ahead = (
        rf"(?P<before>{any_of('in')})?\s*(?<!\d)(?P<number>\d{{1,3}})\s*"
        rf"(?:(?P<weeks>{any_of('weeks')})|(?P<days>{any_of('days')}))\s*(?P<after>{any_of('later')})?"
    )
    full, signed, day_month, month_day, *numbers = _write_dates(any_of, one_of(months), day_first)
    return Grammar(
        dates=(full, signed, day_month, month_day, *numbers),
        dates_month_first=(full, signed, month_day, day_month, *numbers),
        months=months,
        weekday=re.compile(
            rf"(?:(?P<this>{any_of('this')})|(?P<next>{any_of('next')}))?\s*(?P<weekday>{one_of(weekdays)})"
        ),
        weekdays=weekdays,
        near=re.compile(match_any(bound(word) for word in sort_longest_first(near))),
        near_days=near,
        tonight=re.compile(any_of("tonight")),
        later=re.compile(later),
        ahead=re.compile(ahead),
        day_alone=re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})\s*(?:{any_of('day', 'ordinals')})"),
        now=re.compile(any_of("now")),
        zone=re.compile(match_any(bound(word) for word in sort_longest_first(tables["zones"]))),
        zones=tables["zones"],
        spoken=tuple(write_spoken(tables["spoken"], tables["numbers"], words)),
        am=re.compile(rf"(?<=\d)\s*(?:{any_of('am')})"),
        pm=re.compile(rf"(?<=\d)\s*(?:{any_of('pm')})"),
        past=re.compile(
            rf"(?<!\d)(?P<minute>[0-5]?\d)\s*(?:{any_of('minutes')})?\s*(?:{any_of('past')})\s*(?P<hour>\d{{1,2}})(?![\d:])"
        ),
        unsure=re.compile(any_of("unsure")),
        morning=re.compile(any_of("morning")),
        lunch=re.compile(any_of("lunch")),
        afternoon=re.compile(any_of("afternoon")),
        evening=re.compile(any_of("evening")),
        later_half=re.compile(any_of("lunch", "afternoon", "evening")),
        night=re.compile(any_of("night", "tonight")),
        noon=re.compile(any_of("noon")),
        midnight=re.compile(any_of("midnight")),
        hour=re.compile(
            rf"(?<!\d)(?P<hour>\d{{1,2}})\s*(?:{any_of('hour')})"
            rf"\s*(?:(?P<minute>\d{{1,2}})(?!\d|\s*(?:{any_of('hour')})|\s*:)\s*(?:{any_of('minute')})?"
            rf"|(?P<half>{any_of('half')}))?"
        ),
        small=re.compile(small),
        range=re.compile(any_of("range", "since")),
        since=re.compile(any_of("since")),
    )


def _write_dates(any_of: Any, month: str, day_first: bool | None) -> Iterator[re.Pattern[str]]:
    year_sign, month_sign, day_sign = any_of("year"), any_of("month"), any_of("day")
    between = rf"[\s.]*(?:{any_of('small')})?[\s.]*"
    day = rf"(?P<day>\d{{1,2}})(?:{any_of('ordinals')})?(?!\d|\s*:|{LETTERS})"
    year = rf"(?:,?{between}(?P<year>\d{{4}})(?!\d))?"
    yield re.compile(
        rf"(?<!\d)(?P<year>\d{{4}})\s*(?:[-./]|{year_sign})\s*(?P<month>\d{{1,2}})\s*(?:[-./]|{month_sign})"
        rf"\s*(?P<day>\d{{1,2}})(?!\d)\s*(?:{day_sign}|\.)?"
    )
    yield re.compile(
        rf"(?<!\d)(?P<month>\d{{1,2}})\s*(?:{month_sign})\s*(?P<day>\d{{1,2}})(?!\d|\s*:)\s*(?:{day_sign})?"
    )
    yield re.compile(rf"(?<![\d:]){day}{between}(?P<month>{month}){year}")
    yield re.compile(rf"(?P<month>{month}){between}{day}{year}")
    day, month = r"(?P<day>\d{1,2})", r"(?P<month>\d{1,2})"
    if day_first is None:  # then only a number above 12 tells which is the day
        day, month = r"(?P<day>1[3-9]|[23]\d)", r"(?P<month>0?\d|1[0-2])"
    for first, second in {True: [(day, month)], False: [(month, day)], None: [(day, month), (month, day)]}[day_first]:
        yield re.compile(rf"(?<![\d:]){first}\s*[-./]\s*{second}(?:[-./]\s*(?P<year>\d{{4}}))?(?![\d:])\.?")
