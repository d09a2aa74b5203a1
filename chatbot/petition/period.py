"""Periods of statistics, in days of the reader's time zone."""

import math
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, Literal, get_args

Period = Literal["day", "week", "month", "all"]
"""Today, the last seven days, the last thirty days, everything."""
PERIODS: Final[tuple[Period, ...]] = get_args(Period)
_DAYS_BEFORE: Final[dict[Period, int]] = {"day": 0, "week": 6, "month": 29}


def read_period(text: str) -> Period | None:
    """Return the period of this name; None for any other text."""
    return next((period for period in PERIODS if period == text), None)


def find_beginning(period: Period, now: datetime, zone: tzinfo) -> datetime | None:
    """Return the midnight at which the period that ends now began; None for everything."""
    if period == "all":
        return None
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight - timedelta(days=_DAYS_BEFORE[period])).astimezone(UTC)


_MOST_PARTS: Final = 60
_DAYS: Final = (1, 7, 30, 90, 365)


def divide_period(period: Period, now: datetime, zone: tzinfo, first: datetime) -> list[datetime]:
    """List the starts of a chart's intervals, and the end of the last one, which is not before `now`.

    Today is divided into hours, seven days into quarters of a day, thirty into days; everything since `first` into at
    most 60 parts.
    """
    beginning = find_beginning(period, now, zone)
    if beginning is None:
        beginning = find_beginning("day", min(first, now), zone)
        assert beginning is not None  # a day has a beginning
        days = (now - beginning) / timedelta(days=1)
        step = timedelta(days=next((each for each in _DAYS if days <= each * _MOST_PARTS), _DAYS[-1]))
        parts = max(math.floor(days / (step / timedelta(days=1))) + 1, 2)
    else:
        step, parts = _PARTS[period]
    return [beginning + nth * step for nth in range(parts + 1)]


_PARTS: Final[dict[Period, tuple[timedelta, int]]] = {
    "day": (timedelta(hours=1), 24),
    "week": (timedelta(hours=6), 28),
    "month": (timedelta(days=1), 30),
}
