"""Parses a date and time in Korean or English: "12월 1일 9시", "12/1 9:00", "tomorrow 6:30 pm"."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

FARTHEST: Final = timedelta(days=366)
_LONGEST: Final = 200
"""Longest text that is parsed, in characters."""
_ROLLED: Final = timedelta(days=300)
"""A day without a year that is further ahead than this means the day that has just passed."""
_SOON: Final = timedelta(minutes=1)


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


def parse_time(text: str, now: datetime) -> datetime:
    """Return the moment that `text` names, in the zone of the aware moment `now`. Raises `TimeRefusedError`.

    A time alone is the next such time; a day without its year, or a weekday, is the next such day.
    """
    # Runs of spaces would slow the patterns down: they search from every position.
    words = "" if len(text) > _LONGEST else " ".join(unicodedata.normalize("NFKC", text).lower().split())
    found = _read(_Rest(words), now)
    if found is None:
        raise TimeRefusedError(TimeProblem.UNCLEAR)
    if found < now + _SOON:
        raise TimeRefusedError(TimeProblem.PAST)
    if found > now + FARTHEST:
        raise TimeRefusedError(TimeProblem.FAR)
    return found


class _Rest:
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
class _Day:
    """A named day. If it has passed, the next such day is `step` days later."""

    day: date
    step: int = 0


_LAST: Final = date.max
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_ORDINAL: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\b"
_YEAR: Final = r"(?:,?\s*(?P<year>\d{4})\b)?"
_DATES: Final = (
    re.compile(
        r"(?<!\d)(?P<year>\d{4})\s*(?:[-./]|년)\s*(?P<month>\d{1,2})\s*(?:[-./]|월)\s*(?P<day>\d{1,2})(?!\d)\s*[일.]?"
    ),
    re.compile(r"(?<!\d)(?P<month>\d{1,2})\s*월\s*(?P<day>\d{1,2})(?!\d)\s*일?"),
    re.compile(r"(?<![\d:])(?P<month>\d{1,2})\s*[-./]\s*(?P<day>\d{1,2})(?![\d:])\.?"),
    re.compile(rf"(?<![\d:]){_ORDINAL}\s*(?:of\s+)?{_MONTH}{_YEAR}"),
    re.compile(rf"\b{_MONTH}\s*{_ORDINAL}(?!:){_YEAR}"),
)
_WEEKDAYS: Final = ("월", "화", "수", "목", "금", "토", "일")
_WEEKDAY: Final = re.compile(
    r"(?P<next>다음\s*주|next)?\s*(?:(?P<ko>[월화수목금토일])요일|\b(?P<en>mon|tue|wed|thu|fri|sat|sun)[a-z]*\b)"
)
_EN_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NEAR: Final = (
    (re.compile("내일\\s*모레|모레|(?:the\\s+)?day after tomorrow"), 2),
    (re.compile("내일|tomorrow|tmrw"), 1),
    (re.compile("오늘|today|(?=tonight)"), 0),
)
_LATER: Final = re.compile(
    r"(?:\bin\s+)?(?P<number>\d{1,3})\s*(?P<unit>분|시간|일|min(?:ute)?s?|h(?:ou)?rs?|h|days?)"
    r"\s*(?P<after>뒤|후|later|from now)?\s*(?:에)?\s*$"
)
_MORNING: Final = re.compile("오전|아침|새벽|(?:in the )?morning")
_EVENING: Final = re.compile("오후|저녁|밤|낮|tonight|(?:in the )?(?:afternoon|evening)|at night")
_HALF: Final = re.compile(r"(?<=\d)\s*(?P<half>[ap])\.?\s*m\b\.?")
_NOON: Final = re.compile("정오|noon")
_MIDNIGHT: Final = re.compile("자정|midnight")
_CLOCKS: Final = (
    re.compile(r"(?<!\d)(?P<hour>\d{1,2})\s*:\s*(?P<minute>\d{2})(?!\d)(?::00)?"),
    re.compile(r"(?<!\d)(?P<hour>\d{1,2})\s*시\s*(?:(?P<minute>\d{1,2})\s*분|(?P<half>반))?"),
)
_BARE: Final = re.compile(r"(?<!\d)(?P<hour>\d{1,2})(?!\d)(?:\s*o'?clock)?")
_SMALL: Final = re.compile(r"\b(?:at|on|the|of)\b|에|정각|[\s,.()]+")


def _read(rest: _Rest, now: datetime) -> datetime | None:
    later = _LATER.search(rest.text)
    if later and not rest.text[: later.start()].strip() and (later["after"] or rest.text.lstrip().startswith("in ")):
        return _later(int(later["number"]), later["unit"], now)
    try:
        named = _read_day(rest, now.date())
        clock = _read_clock(rest, bare=named is not None)
    except ValueError:  # the 30th of February, 25 o'clock
        return None
    if clock is None or _SMALL.sub("", rest.text):
        return None
    day = named or _Day(now.date(), step=1)
    found = datetime.combine(day.day, time(), now.tzinfo)
    if day.day < _LAST:  # the last day that Python knows has no midnight after it, and is too far ahead anyway
        found += clock
    if day.step and found < now + _SOON:
        found += timedelta(days=day.step)
    return found


def _later(number: int, unit: str, now: datetime) -> datetime:
    step = {"분": "minutes", "m": "minutes", "시": "hours", "h": "hours"}.get(unit[0], "days")
    return (now + timedelta(**{step: number})).replace(second=0, microsecond=0)


def _read_day(rest: _Rest, today: date) -> _Day | None:
    for pattern in _DATES:
        if found := rest.take(pattern):
            rest.take(_WEEKDAY)  # "Tuesday, December 1": the day of the month decides
            return _Day(_dated(found, today))
    for word, days in _NEAR:
        if rest.take(word):
            return _Day(today + timedelta(days))
    if found := rest.take(_WEEKDAY):
        wanted = _WEEKDAYS.index(found["ko"]) if found["ko"] else _EN_WEEKDAYS.index(found["en"])
        ahead = (wanted - today.weekday()) % 7
        if found["next"]:
            # The week after this one, which begins on Monday.
            ahead = 7 - today.weekday() + wanted
        return _Day(today + timedelta(ahead), step=7)
    return None


def _dated(found: re.Match[str], today: date) -> date:
    parts = found.groupdict()
    month = int(parts["month"]) if parts["month"].isdigit() else _MONTHS.index(parts["month"]) + 1
    if parts.get("year"):
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


def _read_clock(rest: _Rest, *, bare: bool) -> timedelta | None:
    """Return the time since midnight; None if no time is named. `bare`: a number alone is an hour."""
    half = rest.take(_HALF)
    at_night = "밤" in rest.text
    morning, evening = rest.take(_MORNING), rest.take(_EVENING)
    if rest.take(_NOON):
        return timedelta(hours=12)
    if rest.take(_MIDNIGHT):
        return timedelta(days=1)
    patterns = (*_CLOCKS, _BARE) if bare or half or morning or evening else _CLOCKS
    found = _first(rest.take, patterns)
    if found is None:
        return None
    parts = found.groupdict()
    hour, minute = int(parts["hour"]), int(parts.get("minute") or (30 if parts.get("half") else 0))
    if (half and half["half"] == "a") or morning:
        hour = 0 if hour == 12 else hour
    elif half or evening:
        hour = hour + 12 if hour < 12 or (at_night and hour == 12) else hour
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise ValueError("no such time")
    return timedelta(hours=hour, minutes=minute)


def _first(
    take: Callable[[re.Pattern[str]], re.Match[str] | None], patterns: tuple[re.Pattern[str], ...]
) -> re.Match[str] | None:
    return next((found for pattern in patterns if (found := take(pattern))), None)
