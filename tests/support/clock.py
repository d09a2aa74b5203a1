"""A clock that a test moves."""

from typing import Any


class Clock:
    """Returns the same time, in seconds or as a datetime, until a test changes it."""

    def __init__(self, now: Any) -> None:
        self.now = now

    def __call__(self) -> Any:
        return self.now

    def advance(self, seconds: Any) -> None:
        """Advance it by seconds, or by a timedelta."""
        self.now += seconds
