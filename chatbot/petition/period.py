"""Spans of time that numbers are looked at in, in the days of whoever reads them."""

import math
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, Literal, get_args

Period = Literal["day", "week", "month", "all"]
"""Today, the last seven days, the last thirty, and everything."""
PERIODS: Final[tuple[Period, ...]] = get_args(Period)
_DAYS_BEFORE: Final[dict[Period, int]] = {"day": 0, "week": 6, "month": 29}


def read_period(text: str) -> Period | None:
    """The span that a word names."""
    return next((period for period in PERIODS if period == text), None)


def find_beginning(period: Period, now: datetime, zone: tzinfo) -> datetime | None:
    """When a span that ends now began: at a midnight of the readers'; None for everything."""
    if period == "all":
        return None
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight - timedelta(days=_DAYS_BEFORE[period])).astimezone(UTC)


_MOST_PARTS: Final = 60
_DAYS: Final = (1, 7, 30, 90, 365)


def divide_period(period: Period, now: datetime, zone: tzinfo, first: datetime) -> list[datetime]:
    """Where the parts of a span begin that a curve is drawn of, and where the last one ends, not before `now`.

    Today has hours, seven days have quarters of a day, thirty have days; everything since `first` at most 60 parts.
    """
    beginning = find_beginning(period, now, zone)
    if beginning is None:
        beginning = find_beginning("day", min(first, now), zone)
        assert beginning is not None  # a day begins
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
