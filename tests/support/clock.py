"""A clock that a test moves."""

from typing import Any


class Clock:
    """Gives the same moment, in seconds or as a datetime, until a test moves it."""

    def __init__(self, now: Any) -> None:
        self.now = now

    def __call__(self) -> Any:
        return self.now

    def advance(self, seconds: Any) -> None:
        """Move it by seconds, or by a timedelta."""
        self.now += seconds
