"""Parses a date and time: "2026-12-01 9:00" in any language, words where `dates/words` has them: "tomorrow 6:30 pm"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from chatbot.petition.dates.grammar import YEARS, Grammar, find_name, load_grammar, normalize
from chatbot.petition.dates.zones import find_moments, find_neighbours

FARTHEST: Final = timedelta(days=366)
_LONGEST: Final = 200
"""Longest text that is parsed, in characters."""
_ROLLED: Final = timedelta(days=300)
"""A day without a year that is further ahead than this means the day that has just passed."""
SOON: Final = timedelta(minutes=1)


class TimeProblem(StrEnum):
    """Why a time is refused."""

    UNCLEAR = "unclear"
    """It contains no time, or a day that does not exist."""
    PAST = "past"
    """It is in the past or less than a minute ahead."""
    FAR = "far"
    """It is more than a year ahead."""


class TimeRefusedError(ValueError):
    """The time is refused; `problem` says why."""

    def __init__(self, problem: TimeProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class TimeChangeError(ValueError):
    """Clocks are changed at the time, so that it must be asked which of the `moments` is meant."""

    def __init__(self, local: datetime, moments: Sequence[datetime], *, is_skipped: bool) -> None:
        super().__init__("clocks are changed then")
        self.local = local
        """The time as it was typed."""
        self.moments = moments
        self.is_skipped = is_skipped
        """Whether clocks skip the time, so that the moments are those beside it; otherwise they show it twice."""


def parse_time(text: str, now: datetime, languages: Sequence[str]) -> datetime:
    """Return the moment that `text` names, in the zone of the aware moment `now`.

    Raises `TimeRefusedError`, or `TimeChangeError` if clocks are set forward or back at that time.

    A time alone is the next such time; a day without its year, or a weekday, is the next such day. `languages` are
    those whose words are understood, the reader's first.
    """
    grammar, words = load_grammar(tuple(languages)), prepare(text, languages)
    found = _read(words, now, grammar)
    if found is None and (clock := _write_colon(words, grammar)):
        found = _read(clock, now, grammar)
    if found is None:
        raise TimeRefusedError(TimeProblem.UNCLEAR)
    if abs(found.date() - now.date()) > 2 * FARTHEST:  # at the ends of the calendar a time may have no moment
        raise TimeRefusedError(TimeProblem.FAR if found.date() > now.date() else TimeProblem.PAST)
    shown = find_moments(found)
    ahead = list_ahead(found, now)
    if not ahead:
        raise TimeRefusedError(TimeProblem.PAST)
    if ahead[0] > now.astimezone(UTC) + FARTHEST:
        raise TimeRefusedError(TimeProblem.FAR)
    if len(ahead) > 1 or not shown:
        raise TimeChangeError(found, ahead, is_skipped=not shown)
    return ahead[0].astimezone(now.tzinfo)


def list_ahead(local: datetime, now: datetime) -> list[datetime]:
    """List the moments that a time may mean and that are not past, in UTC: those beside it if clocks skip it."""
    soon = now.astimezone(UTC) + SOON
    return [each for each in find_moments(local) or find_neighbours(local) if each >= soon]


def means_now(text: str, languages: Sequence[str]) -> bool:
    """Whether `text` says that it shall go out at once."""
    grammar, rest = load_grammar(tuple(languages)), Rest(prepare(text, languages))
    return rest.take(grammar.now) is not None and not grammar.small.sub("", rest.text)


def prepare(text: str, languages: Sequence[str]) -> str:
    """Return a text as `Rest` expects it; empty if it is too long to be a time."""
    words = normalize(text) if len(text) <= _LONGEST else ""
    words = words if len(words) <= _LONGEST else ""  # some characters become eighteen
    return _ISO.sub(r"\1 \2", load_grammar(tuple(languages)).rewrite(words))


class Rest:
    """The part of the text that is not parsed yet."""

    def __init__(self, text: str) -> None:
        self.text = text

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Remove the first match of `pattern` from the text and return it."""
        found = pattern.search(self.text)
        if found:
            self.text = f"{self.text[: found.start()]} {self.text[found.end() :]}"
        return found


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A named day. If it has passed, the next such day is `step` days later."""

    day: date
    step: int = 0


_LAST: Final = date.max
_ISO: Final = re.compile(r"(?<!\d)(\d{4}-\d{2}-\d{2})t(\d{2}:\d{2})")
_DOTTED: Final = re.compile(r"(?<![\d.])(?P<hour>\d{1,2})\.(?P<minute>[0-5]\d)(?![\d.])(?!\s*[-./]\s*\d)")
_CLOCK: Final = re.compile(r"(?<!\d)(?P<hour>\d{1,2})\s*:\s*(?P<minute>\d{2})(?!\d)(?::00)?")
_TOGETHER: Final = re.compile(r"(?<!\d)(?!19|20)(?P<hour>[012]\d)(?P<minute>[0-5]\d)(?!\d)")
"""A time without a colon beside a day: 1830. 19 and 20 may begin a year."""
_BARE: Final = re.compile(r"(?<!\d)(?P<hour>\d{1,2})(?!\d)")
_NIGHT: Final = range(1, 6)
"""Hours that may be those before a night's midnight or after it: "1 at night". Alone they may be of an afternoon."""


def _read(text: str, now: datetime, grammar: Grammar) -> datetime | None:
    rest = Rest(text)
    later = grammar.later.search(rest.text)
    if later and (later["before"] or later["after"]) and (found := count_on(later, now)):
        return found
    zone = rest.take(grammar.zone)
    there = now.astimezone(ZoneInfo(grammar.zones[zone[0]])) if zone else now
    try:
        named = read_day(rest, there.date(), grammar)
        clock = read_clock(rest, grammar, bare=named is not None, sure=True)
    except ValueError:  # the 30th of February, 25 o'clock, 3 o'clock of either half of the day
        return None
    if clock is None or grammar.small.sub("", rest.text):
        return None
    return put_together(named, clock, there)


def put_together(named: NamedDay | None, clock: timedelta, now: datetime) -> datetime:
    """Return the next moment of a day and a time; without a day, that of the time."""
    day = named or NamedDay(now.date(), step=1)
    found = datetime.combine(day.day, time(), now.tzinfo)
    if day.day < _LAST:  # the last day that Python knows has no midnight after it, and is too far ahead anyway
        found += clock
    if day.step and not list_ahead(found, now):
        found += timedelta(days=day.step)
    return found


def count_on(found: re.Match[str], now: datetime) -> datetime | None:
    """Return the moment that `later` of a grammar names, in UTC if hours are counted; None if it names no time at all.

    Hours are counted, days are those of the calendar: they differ when clocks are changed between.
    """
    days = int(found["weeks"] or 0) * 7 + int(found["days"] or 0)
    hours = float((found["hours"] or "0").replace(",", ".")) + (0.5 if found["half"] else 0)
    passing = timedelta(hours=hours, minutes=int(found["minutes"] or 0))
    if not days and not passing:
        return None
    begin = now.replace(second=0, microsecond=0)
    if days:  # otherwise it stays in the second of two hours of the same name
        begin += timedelta(days=days)
    return begin.astimezone(UTC) + passing if passing else begin


def _write_colon(text: str, grammar: Grammar) -> str | None:
    """Write the last `18.30` of a text as 18:30, if it is surely a time; otherwise None.

    It is one beside a named day or part of a day, or if it can be no day and month in any order.
    """
    found = list(_DOTTED.finditer(text))
    if not found:
        return None
    hour, minute = int(found[-1]["hour"]), int(found[-1]["minute"])
    others = f"{text[: found[-1].start()]}\0{text[found[-1].end() :]}"
    parts = (grammar.near, grammar.tonight, grammar.weekday, grammar.ahead, *grammar.dates)
    halves, after = (grammar.morning, grammar.later_half, grammar.night), (grammar.am, grammar.pm)
    written = others.replace("\0", f"{hour}:{minute:02}")
    is_beside = any(part.search(others) for part in (*parts, *halves)) or any(part.search(written) for part in after)
    is_date = (1 <= hour <= 12 and 1 <= minute <= 31) or (1 <= minute <= 12 and 1 <= hour <= 31)
    return written if is_beside or not is_date else None


def read_day(rest: Rest, today: date, grammar: Grammar) -> NamedDay | None:
    """Take the day that a text names. Raises `ValueError` for a day that does not exist."""
    ahead = grammar.ahead.search(rest.text)
    if ahead and (ahead["before"] or ahead["after"]):
        rest.take(grammar.ahead)
        return NamedDay(today + timedelta(int(ahead["number"]) * (7 if ahead["weeks"] else 1)))
    for pattern in grammar.dates:
        if found := rest.take(pattern):
            return NamedDay(_agree(_dated(found, today, grammar), rest, grammar))
    if found := rest.take(grammar.near):
        return NamedDay(today + timedelta(grammar.near_days[found[0]]))
    if grammar.tonight.search(rest.text):
        return NamedDay(today)
    if found := rest.take(grammar.day_alone):
        return NamedDay(_agree(_of_month(int(found["day"]), today), rest, grammar))
    if found := rest.take(grammar.weekday):
        wanted = find_name(grammar.weekdays, found["weekday"])
        ahead_by = (wanted - today.weekday()) % 7
        if found["next"]:
            # The week after this one, which begins on Monday.
            ahead_by = 7 - today.weekday() + wanted
        if found["this"]:
            ahead_by = wanted - today.weekday()
        return NamedDay(today + timedelta(ahead_by), step=0 if found["this"] else 7)
    return None


def _agree(day: date, rest: Rest, grammar: Grammar) -> date:
    """Take the weekday beside a day. Raises `ValueError` if it is another one."""
    found = rest.take(grammar.weekday)
    if found and find_name(grammar.weekdays, found["weekday"]) != day.weekday():
        raise ValueError("another weekday")
    return day


def _of_month(day: int, today: date) -> date:
    """Return the next day with this number. Raises `ValueError` if the month to come has no such day."""
    if day >= today.day:
        return today.replace(day=day)
    return (today.replace(day=1) + timedelta(days=31)).replace(day=day)


def _dated(found: re.Match[str], today: date, grammar: Grammar) -> date:
    parts = found.groupdict()
    month = grammar.read_month(parts["month"])
    if parts.get("year"):
        if int(parts["year"]) not in YEARS:
            raise ValueError("a year of another calendar")
        return date(int(parts["year"]), month, int(parts["day"]))
    this_year = _of_year(today.year, month, int(parts["day"]))
    if this_year and this_year >= today:
        return this_year
    next_year = _of_year(today.year + 1, month, int(parts["day"]))
    if this_year and next_year and next_year > today + _ROLLED:
        return this_year
    if next_year is None:
        raise ValueError("no such day")
    return next_year


def _of_year(year: int, month: int, day: int) -> date | None:
    """Return the day; None for 29 February in a year without it. Raises `ValueError` for a day that no year has."""
    date(2024, month, day)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_clock(rest: Rest, grammar: Grammar, *, bare: bool, sure: bool = False) -> timedelta | None:
    """Take a time, and return how long after midnight it is; None if no time is named.

    `bare`: a number alone is an hour. Raises `ValueError` for a time that does not exist or is unsure; with `sure` also
    for "at 3", which is rarely meant as an hour of the night.
    """
    noon, midnight = rest.take(grammar.noon), rest.take(grammar.midnight)
    am, pm = rest.take(grammar.am), rest.take(grammar.pm)
    morning, evening, night = (rest.take(part) for part in (grammar.morning, grammar.later_half, grammar.night))
    if noon or midnight:
        return timedelta(hours=12 if noon else 24)
    is_half = am or pm or morning or evening or night
    forms = (_CLOCK, grammar.hour, _TOGETHER, _BARE)[: 4 if bare or is_half else 2]
    found = next((found for form in forms if (found := rest.take(form))), None)
    if found is None:
        return None
    parts = found.groupdict()
    hour, minute = int(parts["hour"]), int(parts.get("minute") or (30 if parts.get("half") else 0))
    if sure and hour in _NIGHT and found.re in (grammar.hour, _BARE) and not is_half:
        raise ValueError("which half of the day")
    if am or morning:
        hour = 0 if hour == 12 else hour
    elif night and hour in _NIGHT:
        raise ValueError("before or after midnight")
    elif pm or evening or night:
        hour = hour + 12 if hour < 12 or (night and hour == 12) else hour
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise ValueError("no such time")
    return timedelta(hours=hour, minutes=minute)
