"""Parses days as organizers type them: "2026-11-01 2026-11-30", "11/1 – 11/30", "11월 1일부터 11월 30일까지"."""

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

LONGEST: Final = 400
"""Longest text that is parsed, in characters: two days, a country, and words around them."""
_FIRST: Final = date(1, 1, 3)
_LAST: Final = date(9999, 12, 29)
"""Earlier and later days have no midnight in some zones."""
_DAY: Final = re.compile(
    r"(?<!\d)(?:(?P<year>\d{4})\s*(?:[-./]|년)\s*)?(?P<month>\d{1,2})\s*(?:[-./]|월)\s*(?P<day>\d{1,2})(?!\d)\s*일?\.?"
)


def find_midnight(day: date, zone: tzinfo, *, later: int = 0) -> datetime:
    """Return the start of a day, or of the day `later` days after it, in UTC. Works for any day somebody types."""
    midnight = datetime.combine(min(max(day, _FIRST), _LAST) + timedelta(days=later), time(), zone)
    return midnight.astimezone(UTC)


def read_days(text: str, today: date) -> tuple[tuple[date, date] | None, str]:
    """Return the first and last day named in `text`, or None, and the rest of the text. One day alone is both.

    A day without a year is the last such day up to `today`. A day that does not exist is ignored.
    """
    if len(text) > LONGEST:
        return None, text.strip()
    rest = unicodedata.normalize("NFKC", text)
    days = []
    for found in _DAY.finditer(rest):
        day = _make(found, today)
        if day is not None:
            days.append((day, found))
    for _, found in reversed(days):
        rest = rest[: found.start()] + " " + rest[found.end() :]
    if not days:
        return None, rest.strip()
    named = [day for day, _ in days[:2]]
    return (min(named), max(named)), rest.strip(" -–—~,부터까지")


def _make(found: re.Match[str], today: date) -> date | None:
    month, day = int(found["month"]), int(found["day"])
    try:
        if found["year"]:
            return date(int(found["year"]), month, day)
        this_year = date(today.year, month, day)
        return this_year if this_year <= today else date(today.year - 1, month, day)
    except ValueError:
        return None
