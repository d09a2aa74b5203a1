"""The worker's way to the ledger: patient while the database is away, and one transaction for all there is to write."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, ParamSpec, TypeVar

from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastEnding
from chatbot.petition.broadcasts.outcome import Delivery, Result
from chatbot.storage import Database, DatabaseUnavailableError, Transaction
from chatbot.storage.broadcasts import deliveries, lifecycle
from chatbot.storage.engine.database import Work

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")
PAUSE: Final = 1.0
"""Seconds between two tries while the database is away."""
LAST_TRY: Final = 1.0
"""Seconds that a transaction gets when the bot stops: another process may have the database for long."""
_ROUNDS: Final = 50
"""How often a claim is repeated in one transaction while everybody in it has unsubscribed."""


@dataclass(slots=True)
class Entry:
    """What is to be written into the ledger of one broadcast."""

    results: list[tuple[Delivery, Result]] = field(default_factory=list)
    back: list[Delivery] = field(default_factory=list)
    """Claimed, and surely not sent: somebody's turn comes again."""
    ending: BroadcastEnding | None = None
    refusal: str | None = None
    """What Telegram said, where the ending is `content`."""
    room: int = 0
    """How many deliveries to claim."""


@dataclass(frozen=True, slots=True)
class ClaimedBatch:
    """How things stand after an entry."""

    goes_on: bool
    """Whether this broadcast is the one to send: it is not paused, not over, its words are as they were."""
    claimed: Sequence[Delivery] = ()
    dry: bool = False
    """Nobody waits for their turn any more."""


class Ledger:
    """Carries out transactions until they succeed. `clock` gives aware moments."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._stopping = asyncio.Event()
        self._away = False
        self._limits: set[asyncio.Timeout] = set()
        self.now = clock

    @property
    def stopping(self) -> bool:
        """Whether `stop` was called."""
        return self._stopping.is_set()

    def stop(self) -> None:
        """Have patience no longer: from now on a transaction is tried once, and for `LAST_TRY`."""
        self._stopping.set()
        deadline = asyncio.get_running_loop().time() + LAST_TRY
        for limit in self._limits:
            limit.reschedule(deadline)

    async def transact(self, work: Work[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work` when the database is there; raises `DatabaseUnavailableError` only after `stop`."""
        while True:
            try:
                result = await self._try(work, *args, **kwargs)
            except DatabaseUnavailableError:
                if self.stopping:
                    raise
                self._note(away=True)
                await self.rest(PAUSE)
            else:
                self._note(away=False)
                return result

    async def _try(self, work: Work[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            async with asyncio.timeout(LAST_TRY if self.stopping else None) as limit:
                self._limits.add(limit)
                try:
                    return await self._database.transact(work, *args, **kwargs)
                finally:
                    self._limits.discard(limit)
        except TimeoutError:
            raise DatabaseUnavailableError("the database did not answer before the stop") from None

    async def try_lock(self, name: str) -> bool:
        """See `Database.try_lock`; False also while the database is away."""
        try:
            return await self._database.try_lock(name)
        except DatabaseUnavailableError:
            return False

    async def write(self, broadcast: Broadcast, entry: Entry) -> ClaimedBatch:
        """Write an entry, look how things stand now, and claim what there is room for, all in one transaction."""
        return await self.transact(_write, broadcast, entry, self.now())

    async def rest(self, seconds: float) -> None:
        """Wait `seconds`, or until stopped."""
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            pass

    def _note(self, *, away: bool) -> None:
        if away and not self._away:
            logger.warning("the database is away: nothing is sent until it is back")
        elif self._away and not away:
            logger.info("the database is back")
        self._away = away


async def _write(tx: Transaction, broadcast: Broadcast, entry: Entry, now: datetime) -> ClaimedBatch:
    await deliveries.record(tx, broadcast.id, entry.results, now)
    await deliveries.give_back(tx, broadcast.id, entry.back)
    if entry.ending is not None:
        await lifecycle.end(tx, broadcast.id, entry.ending, now, entry.refusal)
    running = await deliveries.find_running(tx)
    # A correction puts other words into an update that is still running, and may be over by now.
    if running is None or running.id != broadcast.id or running.posts != broadcast.posts:
        return ClaimedBatch(goes_on=False)
    return await _claim(tx, broadcast, entry.room)


async def _claim(tx: Transaction, broadcast: Broadcast, room: int) -> ClaimedBatch:
    for _ in range(_ROUNDS if room > 0 else 0):
        claim = await deliveries.claim(tx, broadcast, room)
        if claim.deliveries:
            return ClaimedBatch(goes_on=True, claimed=claim.deliveries)
        if not claim.skipped:
            return ClaimedBatch(goes_on=True, dry=True)
    return ClaimedBatch(goes_on=True)
