"""Compares this machine's clock with Telegram's: a wrong one sends broadcasts at the wrong time."""

import logging
import time
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

logger = logging.getLogger(__name__)

LIMIT: Final = 30.0
"""Seconds by which the clock may differ."""
PAUSE: Final = 60.0
"""Seconds between two comparisons."""
AGAIN: Final = 5.0
"""Seconds until a difference is checked again: one answer may have a wrong date from a program in between."""


class ClockWatch:
    """Notes what Telegram's answers say about the time."""

    def __init__(self) -> None:
        self.ahead: float | None = None
        """Seconds by which this clock is ahead of Telegram's, negative if it is behind; None if it is right."""
        self._next_at = 0.0
        self._is_suspected = False

    def note(self, sent_at: float, date: str) -> None:
        """Note the date of an answer to a request that was sent at `sent_at` by this clock."""
        now = time.monotonic()
        if now < self._next_at:
            return
        ahead = _compare(sent_at, time.time(), date)
        self._next_at = now + PAUSE
        if ahead is None:
            return
        if abs(ahead) <= LIMIT:
            if self.ahead is not None:
                logger.info("the clock agrees with Telegram's again")
            self.ahead, self._is_suspected = None, False
        elif not self._is_suspected:
            self._is_suspected = True
            self._next_at = now + AGAIN
        else:
            if self.ahead is None:
                how = "ahead of" if ahead > 0 else "behind"
                logger.warning(
                    "this machine's clock is %d s %s Telegram's: set it right (timedatectl set-ntp true), or "
                    "broadcasts go out at the wrong time",
                    abs(ahead),
                    how,
                )
            self.ahead = ahead


def _compare(sent_at: float, received_at: float, date: str) -> float | None:
    """Return how far this clock is ahead; 0 if the date is between sending and receiving, as it should be."""
    try:
        told = parsedate_to_datetime(date)
    except ValueError:
        return None
    at = (told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp()
    if sent_at <= received_at and sent_at - 1 <= at <= received_at:
        return 0.0
    return sent_at - at if at < sent_at else received_at - at
