"""Moments at rest: UTC, ISO 8601, always the same width, so that text sorts as time does."""

from datetime import UTC, datetime


def to_text(moment: datetime) -> str:
    """An aware `moment` as `2026-03-01T09:00:00.000000Z`; a naive one is refused with a `ValueError`."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def from_text(text: str) -> datetime:
    """The aware UTC moment that `to_text` wrote."""
    return datetime.fromisoformat(text)
