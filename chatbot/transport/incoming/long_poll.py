"""How long a long poll may last: as long as Telegram allows, or as what stands between lets an idle connection live.

Proxies and firewalls cut connections on which nothing moves, after 30 or 60 seconds and without a word. Such a cut is
no outage: nothing is lost by it, and the next poll asks for less time.
"""

import logging
from typing import Final

logger = logging.getLogger(__name__)

LONGEST: Final = 50
"""Seconds Telegram keeps a request open while nothing happens."""
WAITED: Final = 1.5
"""Seconds after which a poll that is cut had waited. Sooner, something is wrong with the connection."""
LATE: Final = 1.0
"""Seconds beyond its time after which a poll should have been answered: cut by then, Telegram is to blame."""
IN_A_ROW: Final = 5
"""Cuts without any answer between them after which it is an outage all the same."""
QUIET: Final = 20
"""Polls that end well before a longer one is tried; twice as many each time that it was cut again."""
QUIETEST: Final = 1_280


class LongPoll:
    """Learns from polls that are cut how long the next one may be, and carefully grows back."""

    def __init__(self) -> None:
        self.seconds = LONGEST
        """What to ask Telegram for."""
        self._told = LONGEST
        self._ended_well = 0
        self._quiet = QUIET
        self._trying = False
        self._cuts = 0

    def ended(self, lasted: float) -> None:
        """Note a poll that was answered after `lasted` seconds."""
        self._cuts = 0
        if self.seconds == LONGEST or lasted < self.seconds - LATE:
            return  # answered early, because somebody spoke: it says nothing about how long one may be
        self._trying = False
        self._ended_well += 1
        if self._ended_well >= self._quiet:
            self._ended_well = 0
            self._trying = True
            self.seconds = min(LONGEST, self.seconds + 1 + self.seconds // 4)

    def was_cut(self, lasted: float) -> bool:
        """Note a poll whose connection broke after `lasted` seconds; whether it had waited, and so did not fail."""
        self._cuts += 1
        if not WAITED <= lasted <= self.seconds + LATE or self._cuts > IN_A_ROW:
            return False
        if self._trying:
            self._quiet = min(2 * self._quiet, QUIETEST)
        self._shorten(max(1, int(lasted - max(1.0, lasted / 10))))
        return True

    def was_lost(self) -> None:
        """Note a poll without any answer: its connection may have been dropped silently, long ago."""
        self._shorten(max(1, self.seconds // 2))

    def _shorten(self, seconds: int) -> None:
        self._trying = False
        self._ended_well = 0
        self.seconds = min(self.seconds, seconds)
        if self.seconds < self._told:
            self._told = self.seconds
            logger.info("long polls do not last on this network: asking for %d s at a time", self.seconds)
