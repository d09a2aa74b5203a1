"""Timestamps as text: UTC, ISO 8601, of one width, so that they sort as texts."""

from datetime import UTC, datetime
from functools import lru_cache


@lru_cache(maxsize=8)
def to_text(moment: datetime) -> str:
    """Write an aware `moment` as `2026-03-01T09:00:00.000000Z`; a naive one raises `ValueError`.

    It is remembered: a turn writes its moment several times.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def from_text(text: str) -> datetime:
    """Read the aware UTC moment that `to_text` wrote."""
    return datetime.fromisoformat(text)
