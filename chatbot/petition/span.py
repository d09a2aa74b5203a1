"""Spans of time that numbers are looked at in, in the days of whoever reads them."""

import math
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, Literal, get_args

Span = Literal["day", "week", "month", "all"]
"""Today, the last seven days, the last thirty, and everything."""
SPANS: Final[tuple[Span, ...]] = get_args(Span)
_DAYS_BEFORE: Final[dict[Span, int]] = {"day": 0, "week": 6, "month": 29}


def read_span(text: str) -> Span | None:
    """The span that a word names."""
    return next((span for span in SPANS if span == text), None)


def find_beginning(span: Span, now: datetime, zone: tzinfo) -> datetime | None:
    """When a span that ends now began: at a midnight of the readers'; None for everything."""
    if span == "all":
        return None
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight - timedelta(days=_DAYS_BEFORE[span])).astimezone(UTC)


_MOST_PARTS: Final = 60
_DAYS: Final = (1, 7, 30, 90, 365)


def divide(span: Span, now: datetime, zone: tzinfo, first: datetime) -> list[datetime]:
    """Where the parts of a span begin that a curve is drawn of, and where the last one ends, not before `now`.

    Today has hours, seven days have quarters of a day, thirty have days; everything since `first` at most 60 parts.
    """
    beginning = find_beginning(span, now, zone)
    if beginning is None:
        beginning = find_beginning("day", min(first, now), zone)
        assert beginning is not None  # a day begins
        days = (now - beginning) / timedelta(days=1)
        step = timedelta(days=next((each for each in _DAYS if days <= each * _MOST_PARTS), _DAYS[-1]))
        parts = max(math.floor(days / (step / timedelta(days=1))) + 1, 2)
    else:
        step, parts = _PARTS[span]
    return [beginning + nth * step for nth in range(parts + 1)]


_PARTS: Final[dict[Span, tuple[timedelta, int]]] = {
    "day": (timedelta(hours=1), 24),
    "week": (timedelta(hours=6), 28),
    "month": (timedelta(days=1), 30),
}
