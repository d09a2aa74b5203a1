"""Length of long polls: as long as Telegram allows, or as long as the network keeps an idle connection open.

Proxies and firewalls cut idle connections silently after 30 or 60 seconds. Such a cut is not an outage: nothing is
lost, and the next poll asks for less time.
"""

import logging
from typing import Final

logger = logging.getLogger(__name__)

LONGEST: Final = 50
"""Seconds for which Telegram keeps a request open."""
WAITED: Final = 1.5
"""Seconds after which a cut poll counts as idle. An earlier cut is a failure of the connection."""
LATE: Final = 1.0
"""Seconds after its time within which Telegram should have answered a poll: a later cut is a failure."""
IN_A_ROW: Final = 5
"""Cuts in a row, without any response between them, that are an outage all the same."""
QUIET: Final = 20
"""Successful polls before a longer one is tried; doubled each time that one is cut again."""
QUIETEST: Final = 1_280


class LongPoll:
    """Shortens polls after cuts, and carefully lengthens them again."""

    def __init__(self) -> None:
        self.seconds = LONGEST
        """Length of the next poll."""
        self._told = LONGEST
        self._ended_well = 0
        self._quiet = QUIET
        self._trying = False
        self._cuts = 0

    def ended(self, lasted: float) -> None:
        """Note that a poll was answered after `lasted` seconds."""
        self._cuts = 0
        if self.seconds == LONGEST or lasted < self.seconds - LATE:
            return  # answered early because of an update, so it does not show how long a poll may last
        self._trying = False
        self._ended_well += 1
        if self._ended_well >= self._quiet:
            self._ended_well = 0
            self._trying = True
            self.seconds = min(LONGEST, self.seconds + 1 + self.seconds // 4)

    def was_cut(self, lasted: float) -> bool:
        """Note that a poll was cut after `lasted` seconds; return whether it was idle, so that this is no failure."""
        self._cuts += 1
        if not WAITED <= lasted <= self.seconds + LATE or self._cuts > IN_A_ROW:
            return False
        if self._trying:
            self._quiet = min(2 * self._quiet, QUIETEST)
        self._shorten(max(1, int(lasted - max(1.0, lasted / 10))))
        return True

    def was_lost(self) -> None:
        """Note a poll without any response: its connection may have been dropped silently long before."""
        self._shorten(max(1, self.seconds // 2))

    def _shorten(self, seconds: int) -> None:
        self._trying = False
        self._ended_well = 0
        self.seconds = min(self.seconds, seconds)
        if self.seconds < self._told:
            self._told = self.seconds
            logger.info("long polls do not last on this network: asking for %d s at a time", self.seconds)
