"""Trouble of the machine that nobody would notice otherwise: a wrong clock, and a second bot on the same file."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from chatbot.storage import Database, Transaction
from chatbot.storage.engine import timestamps
from chatbot.storage.organizer import app_state, jobs

logger = logging.getLogger(__name__)

LISTENING: Final = "listening"
"""The lock of the process that talks to people, where the database is a file."""
CHECKED: Final = 10.0
"""Seconds between two tries to take the lock: a bot that is being restarted ends sooner."""
AGAIN: Final = timedelta(days=1)
"""How often the team is told of the clock while it stays wrong."""
_CLOCK_TOLD: Final = "clock_told"
"""When the team was told, in the state of the app."""


class SecondBot:
    """Warns once if another process talks to people with the same file."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._failed = 0

    async def check(self, _now: datetime) -> None:
        """Take the lock, or note that another process has it. A warning comes at the second time."""
        if await self._database.try_lock(LISTENING):
            return
        self._failed += 1
        if self._failed == 2:
            logger.warning("another bot is running with this database file: one is enough, so stop one of them")


async def tell_of_clock(database: Database, find_ahead: Callable[[], float | None], now: datetime) -> None:
    """Tell the team, at most once a day, if the clock of this machine is wrong."""
    if (ahead := find_ahead()) is not None:
        await database.transact(_notify, int(ahead), now)


async def _notify(tx: Transaction, ahead: int, now: datetime) -> None:
    told = await app_state.find(tx, _CLOCK_TOLD)
    if told is None or abs(timestamps.from_text(told) - now) > AGAIN:
        await app_state.replace(tx, _CLOCK_TOLD, timestamps.to_text(now))
        await jobs.tell(tx, "clock", {"ahead": ahead}, now)
