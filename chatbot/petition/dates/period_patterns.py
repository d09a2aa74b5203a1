"""Patterns of days and periods that people name in words: "November", "지난주 월요일", "last 7 days"."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Final, Literal

from chatbot.petition.dates.grammar import YEARS
from chatbot.petition.dates.words_as_patterns import LETTERS, bound, match_any, sort_longest_first

_MONTHS: Final = 12
_WEEK: Final = 7

Kind = Literal["day", "near", "weekday", "month", "period", "number"]
"""A day with its month, one counted from today, a weekday alone, a month, a week or the like, a number alone."""


@dataclass(frozen=True, slots=True)
class NamedPeriod:
    """Days that a text names, and where. What it leaves out follows from the day on which it is typed."""

    kind: Kind
    start: int
    end: int
    first: date
    last: date
    is_dated: bool = True
    """Whether it has a year, or needs none."""
    leads: bool = False
    """Whether "1 –" before it is one of the same: its day comes first, "5 Nov", or its month is a number, "5월"."""
    in_week: bool = False
    """Whether it is a weekday of a named week."""
    number: int = 0
    """The number alone, or the weekday."""
    year: int | None = None
    """The year after a number alone: "– 5, 2026"."""
    weekday: int | None = None
    """The weekday beside a day."""


Maker = Callable[[re.Match[str], date], NamedPeriod | None]


def locate(found: re.Match[str], kind: Kind, first: date, last: date | None = None, **more: bool | int) -> NamedPeriod:
    """Make a period of what a pattern found; without `last` of one day."""
    return NamedPeriod(kind, found.start(), found.end(), first, last or first, **more)  # type: ignore[arg-type]


def list_patterns(
    any_of: Callable[..., str], months: Mapping[str, int], weekdays: Mapping[str, int]
) -> Iterator[tuple[re.Pattern[str], Maker]]:
    """Yield patterns, in the order in which they are looked for, and what makes a period of what they find."""
    weekday, of = rf"(?P<weekday>{one_of(weekdays)})\.?", any_of("belongs")
    for key, weeks_ago in (("this_week", 0), ("last_week", 1)):
        week = any_of(key)
        for pattern in (rf"(?:{week})\s*(?:{of})?\s*{weekday}", rf"{weekday}\s*(?:{of})?\s*(?:{week})"):
            yield re.compile(pattern), partial(_make_day_of_week, weekdays, weeks_ago)
    yield re.compile(rf"(?:{any_of('present')})"), lambda found, today: locate(found, "near", today)
    days = rf"(?<!\d)(?P<number>\d{{1,3}})\s*(?:{any_of('days')})"
    yield re.compile(rf"{days}\s*(?:{any_of('ago')})"), _make_ago
    yield re.compile(rf"(?:{any_of('recent')})\s*{days}(?:\s*(?:{any_of('lasting')}))?"), _make_recent
    yield re.compile(rf"(?:{any_of('past')})\s*{days}\s*(?:{any_of('lasting')})"), _make_recent
    year_sign, month_sign = any_of("year"), any_of("month")
    name, last, this = one_of(months), any_of("last_year"), any_of("this_year")
    year, no_name = r"(?P<year>\d{4})", rf"(?![-’']?{LETTERS}| mayen)"
    for pattern in (
        rf"(?<!\d){year}\s*(?:[-./]|{year_sign})\s*(?P<month>\d{{1,2}})\s*(?:{month_sign}|\.)?(?!\d|[-./]\d)",
        rf"(?<![\d./-])(?P<month>\d{{1,2}})\s*[./]\s*{year}(?!\d|[-./]\d)",
        rf"(?<!\d)(?P<month>\d{{1,2}})\s*(?:{month_sign})(?!\s*\d)",
        rf"(?:(?P<last>{last})|(?P<this>{this}))\s*(?:{of})?\s*(?P<month>{name})\.?",
        rf"(?P<month>{name})\.?(?:\s*(?:,|{of})?\s*(?:{year}(?!\d)|(?P<last>{last})|(?P<this>{this})))?{no_name}",
    ):
        yield re.compile(pattern), partial(_make_month, months)
    for ago, age in enumerate(("this", "last")):
        yield re.compile(any_of(f"{age}_week")), partial(_make_week, ago)
        yield re.compile(any_of(f"{age}_month")), partial(_make_near_month, ago)
        yield re.compile(any_of(f"{age}_year")), partial(_make_near_year, ago)
    yield re.compile(rf"(?<!\d){year}\s*(?:{year_sign})(?!\s*\d)"), _make_year
    yield re.compile(weekday), partial(_make_weekday, weekdays)
    number = rf"(?<![\d:./])(?P<number>\d{{1,2}})(?![\d:]|[./]\d)(?:\s*(?:{any_of('day', 'ordinals')})|(?!{LETTERS}))"
    yield re.compile(rf"{number}(?:,?\s*{year}(?!\d))?"), _make_number


def _make_day_of_week(weekdays: Mapping[str, int], weeks_ago: int, found: re.Match[str], today: date) -> NamedPeriod:
    day = _find_monday(today, weeks_ago) + timedelta(weekdays[found["weekday"]])
    return locate(found, "near", day, in_week=True)


def _make_ago(found: re.Match[str], today: date) -> NamedPeriod:
    return locate(found, "near", today - timedelta(int(found["number"])))


def _make_recent(found: re.Match[str], today: date) -> NamedPeriod | None:
    number = int(found["number"])
    return locate(found, "period", today - timedelta(number - 1), today) if number else None


def _make_month(months: Mapping[str, int], found: re.Match[str], today: date) -> NamedPeriod | None:
    parts = found.groupdict()
    month = int(found["month"]) if found["month"].isdigit() else months[found["month"]]
    if not 1 <= month <= _MONTHS:
        return None
    is_dated, year = True, today.year
    if parts.get("year"):
        year = int(parts["year"])
    elif parts.get("last"):
        year -= 1
    elif not parts.get("this"):
        is_dated, year = False, year if month <= today.month else year - 1
    if year not in YEARS:
        return None
    first, leads = date(year, month, 1), found["month"].isdigit() and not is_dated
    return locate(found, "month", first, end_month(first), is_dated=is_dated, leads=leads)


def _make_year(found: re.Match[str], _today: date) -> NamedPeriod | None:
    year = int(found["year"])
    return locate(found, "period", date(year, 1, 1), date(year, 12, 31)) if year in YEARS else None


def _make_weekday(weekdays: Mapping[str, int], found: re.Match[str], today: date) -> NamedPeriod:
    number = weekdays[found["weekday"]]
    return locate(found, "weekday", today - timedelta((today.weekday() - number) % _WEEK), number=number)


def _make_number(found: re.Match[str], today: date) -> NamedPeriod:
    year = int(found["year"]) if found["year"] else None
    return replace(locate(found, "number", today, number=int(found["number"])), year=year)


def _make_week(weeks_ago: int, found: re.Match[str], today: date) -> NamedPeriod:
    monday = _find_monday(today, weeks_ago)
    return locate(found, "period", monday, monday + timedelta(_WEEK - 1))


def _make_near_month(months_ago: int, found: re.Match[str], today: date) -> NamedPeriod:
    first = (today.replace(day=1) - timedelta(months_ago)).replace(day=1)
    return locate(found, "month", first, end_month(first))


def _make_near_year(years_ago: int, found: re.Match[str], today: date) -> NamedPeriod:
    year = today.year - years_ago
    return locate(found, "period", date(year, 1, 1), date(year, 12, 31))


def _find_monday(today: date, weeks_ago: int) -> date:
    return today - timedelta(today.weekday() + _WEEK * weeks_ago)


def end_month(first: date) -> date:
    """Return the last day of the month that begins with `first`."""
    return (first + timedelta(31)).replace(day=1) - timedelta(1)


def one_of(names: Iterable[str]) -> str:
    """Return a pattern for any of these names, and nothing longer."""
    return match_any(map(bound, sort_longest_first(names)))
