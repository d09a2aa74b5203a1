"""Periods of statistics, in days of the campaign's time zone."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final, Literal, get_args

from chatbot.petition.dates.zones import find_midnight

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
    return find_midnight(now.astimezone(zone).date(), zone, later=-_DAYS_BEFORE[period])


_MOST_PARTS: Final = 60
_DAYS: Final = (1, 7, 30, 90, 365)
_HOUR: Final = timedelta(hours=1)
_QUARTERS: Final = (time(0), time(6), time(12), time(18))


def divide_period(period: Period, now: datetime, zone: tzinfo, first: datetime) -> list[datetime]:
    """List the starts of a chart's intervals, and the end of the last one, which is not before `now`.

    Today is divided into hours, seven days into quarters of a day, thirty into days; everything since `first` into at
    most 60 parts. All but hours are those of the clock, so that days begin at midnight also after it was changed.
    """
    today = now.astimezone(zone).date()
    end = find_midnight(today, zone, later=1)
    if period == "day":
        beginning = find_midnight(today, zone)
        hours = -((beginning - end) // _HOUR)  # 23 or 25 when the clock is changed
        return [*(beginning + nth * _HOUR for nth in range(hours)), end]
    if period == "all":
        begins_on = min(first, now).astimezone(zone).date()
        days = (today - begins_on).days + 1
        step = next((each for each in _DAYS if days <= each * _MOST_PARTS), _DAYS[-1])
        parts = max(-(-days // step), 2)
        return [find_midnight(begins_on, zone, later=nth * step) for nth in range(parts + 1)]
    days_on = [today - timedelta(days=before) for before in range(_DAYS_BEFORE[period], -1, -1)]
    times = _QUARTERS if period == "week" else _QUARTERS[:1]
    return [*(_begin(day, at, zone) for day in days_on for at in times), end]


def _begin(day: date, at: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
