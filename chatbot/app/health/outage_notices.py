"""Tells the team when what people send cannot be stored, and when it can again.

A job cannot be stored meanwhile, so these notices are sent at once, to the members who were read before the outage.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Final

from chatbot.i18n import Translator
from chatbot.petition.job import RetryLaterError
from chatbot.petition.team import list_at_least
from chatbot.screens.organizer import machine_notices
from chatbot.screens.screen import Screen
from chatbot.storage import Database, DatabaseUnavailableError, Transaction
from chatbot.storage.organizer import team
from chatbot.transport.outgoing.retry import TokenRefusedError

CHECKED: Final = 5.0
"""Seconds between two checks."""
TOLD_AFTER: Final = 15.0
"""Seconds of an outage before the team is told: a database that restarts is back sooner."""
AGAIN: Final = 3600.0
"""Seconds between two notices: a disk that is nearly full has many short outages."""
_LOCK: Final = "retention"
"""The process that has this lock sends the notices. It is the lock of a periodic job, which spares one of its own."""
_READING: Final = 5.0
"""Seconds to read the team: a server that is away does not answer."""
_REMEMBERED: Final = 60.0
"""Seconds after which the team is read again."""


class OutageNotices:
    """Writes to the organizers, from one process of several. `find_seconds` returns how long the outage lasts."""

    def __init__(
        self,
        database: Database,
        translators: Mapping[str, Translator],
        configured_owners: frozenset[int],
        find_seconds: Callable[[], float | None],
        show: Callable[[int, Screen], Awaitable[object]],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._translators = translators
        self._configured_owners = configured_owners
        self._find_seconds = find_seconds
        self._show = show
        self._clock = clock
        self._languages: dict[int, str] = {}
        """By the id of the member."""
        self._is_sender = False
        self._remembered_at = self._announced_at = float("-inf")
        self._is_announced = False
        self._untold: set[int] = set()
        self._told: set[int] = set()

    async def check(self, _now: datetime) -> None:
        """Send the notices that are due. What Telegram does not take is sent again at the next check."""
        seconds = self._find_seconds()
        if seconds is None:
            self._is_announced = False
            self._untold.clear()
            self._told -= await self._write_to(self._told, machine_notices.stored_again)
            await self._remember()
            return
        if seconds < TOLD_AFTER or not self._is_sender:
            return
        if not self._is_announced and self._clock() - self._announced_at >= AGAIN:
            self._is_announced, self._announced_at = True, self._clock()
            await self._read_team()  # a full disk can be read
            self._untold = {*self._languages}
        told = await self._write_to(self._untold, machine_notices.not_stored)
        self._untold -= told
        self._told |= told

    async def _write_to(self, member_ids: set[int], write: Callable[[Translator], Screen]) -> set[int]:
        """Write to members; return those who need not be written to again."""
        told: set[int] = set()
        for member_id in sorted(member_ids):
            try:
                await self._show(member_id, write(self._translators[self._languages.get(member_id, "")]))
            except RetryLaterError as error:
                if not error.unsure:
                    continue
            except TokenRefusedError:  # the bot is about to end
                return told
            told.add(member_id)
        return told

    async def _remember(self) -> None:
        if self._clock() - self._remembered_at < _REMEMBERED:
            return
        with suppress(DatabaseUnavailableError):
            self._is_sender = await self._database.try_lock(_LOCK)
            self._remembered_at = self._clock()
        await self._read_team()

    async def _read_team(self) -> None:
        with suppress(DatabaseUnavailableError, TimeoutError):
            async with asyncio.timeout(_READING):
                self._languages = await self._database.read_snapshot(_read_languages, self._configured_owners)


async def _read_languages(tx: Transaction, configured_owners: frozenset[int]) -> dict[int, str]:
    organizers = list_at_least(await team.find_members(tx, configured_owners), "organizer")
    return {each.id: (await team.find_reader(tx, each.id)).language or "" for each in organizers}
