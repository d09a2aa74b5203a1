"""The heartbeat of a process: a row in the database, written again and again by its event loop."""

import asyncio
import hashlib
import logging
import secrets
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final, Literal

from chatbot.storage import Database, DatabaseUnavailableError
from chatbot.storage.organizer import heartbeats

logger = logging.getLogger(__name__)

ProcessKind = Literal["run", "web", "worker"]

PAUSE: Final = 30.0
"""Seconds between two beats."""
TROUBLED: Final = 5.0
"""The same while something is wrong, so that its end is seen soon."""
STALE: Final = timedelta(seconds=90)
"""A process whose last beat is older does not work: three are missing."""
STALE_IN_TROUBLE: Final = timedelta(seconds=3 * TROUBLED)
"""The same if its last beat told of trouble: what was wrong then says nothing of now, and it may have been killed."""
PATIENCE: Final = 600.0
"""Seconds without a stored beat after which systemd is to start the process anew.

A process goes on with a database that was away for minutes. After ten minutes a fresh
start may help: it opens the file that is there now, and asks for the server's address again.
"""
_LAST_WORD: Final = 3.0
"""Seconds to delete the row at the end: on a busy machine its turn comes late. A row that stays says for 90 seconds
that the process works. Docker kills after ten seconds, so the end may not take longer."""


class Heartbeat:
    """Beats for this process. `find_trouble` returns what is wrong with it, None if nothing is."""

    def __init__(
        self,
        database: Database,
        kind: ProcessKind,
        find_trouble: Callable[[], str | None],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._kind = kind
        self._process = secrets.token_hex(8)
        self._clock = clock
        self._beaten_at = clock()
        self._told_of_trouble = False
        self._writing = asyncio.Lock()
        self.find_trouble = find_trouble

    @property
    def is_stored(self) -> bool:
        """Whether a beat could be stored in the last ten minutes, not counting those in which the machine slept."""
        return self._clock() - self._beaten_at < PATIENCE

    async def beat(self, now: datetime) -> None:
        """Store that this process works, or what is wrong with it. Raises `DatabaseUnavailableError`."""
        trouble, machine = self.find_trouble(), name_machine()
        async with self._writing:
            await self._database.transact(heartbeats.beat, self._process, self._kind, machine, trouble, now)
        self._beaten_at, self._told_of_trouble = self._clock(), trouble is not None

    def wait(self, _now: datetime) -> float:
        """Return the seconds until the next beat. Trouble that is stored, and over now, is taken back soon."""
        return TROUBLED if self._told_of_trouble or self.find_trouble() else PAUSE

    async def end(self) -> None:
        """Delete the row: this process stops on purpose."""
        with suppress(DatabaseUnavailableError, TimeoutError):
            # A beat that was cancelled may be committed all the same, and would come back after the deletion.
            async with asyncio.timeout(_LAST_WORD), self._writing:
                await self._database.transact(heartbeats.end, self._process)


def name_machine() -> str:
    """Name this machine or container by a hash: the database tells nobody where the bot runs."""
    return hashlib.sha256(f"chatbot {socket.gethostname()}".encode()).hexdigest()[:12]
