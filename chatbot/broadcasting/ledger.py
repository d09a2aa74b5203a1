"""Ledger of deliveries for the worker: waits while the database is unavailable and writes in one transaction."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, ParamSpec, TypeVar

from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastEnding
from chatbot.petition.broadcasts.outcome import Delivery, Result
from chatbot.petition.model import Campaign
from chatbot.problem import Problem
from chatbot.storage import Database, DatabaseUnavailableError, Transaction
from chatbot.storage.broadcasts import deliveries, lifecycle
from chatbot.storage.broadcasts.mornings import ReadersClock
from chatbot.storage.engine.database import Work
from chatbot.waiting import wait_at_most

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")
PAUSE: Final = 1.0
"""Seconds between two tries while the database is unavailable."""
LAST_TRY: Final = 1.0
"""Seconds that a transaction gets when the bot stops: another process may lock the database for long."""
_ROUNDS: Final = 50
"""How often a claim is repeated in one transaction while all its subscribers have unsubscribed or are asleep."""


@dataclass(slots=True)
class LedgerEntry:
    """Changes to write into the ledger of one broadcast."""

    results: list[tuple[Delivery, Result]] = field(default_factory=list)
    returned: list[Delivery] = field(default_factory=list)
    """Claimed and surely not sent: they wait in the queue again."""
    ending: BroadcastEnding | None = None
    refusal: str | None = None
    """What Telegram said, if the ending is `content`."""
    claim_limit: int = 0
    """How many deliveries to claim at most."""


@dataclass(frozen=True, slots=True)
class ClaimedBatch:
    """The state of the broadcast after a write, with newly claimed deliveries."""

    is_current: bool
    """Whether this broadcast is still the one to send: running by day, with unchanged posts."""
    claimed: Sequence[Delivery] = ()
    is_empty: bool = False
    """Whether no delivery is waiting in the queue any more."""


class Ledger:
    """Repeats transactions until they succeed. `clock` returns aware timestamps."""

    def __init__(self, database: Database, campaign: Campaign, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._campaign = campaign
        self._stopping = asyncio.Event()
        self._away = False
        self._limits: set[asyncio.Timeout] = set()
        self.now = clock

    @property
    def stopping(self) -> bool:
        """Whether `stop` was called."""
        return self._stopping.is_set()

    def stop(self) -> None:
        """From now on, try a transaction once, for at most `LAST_TRY` seconds."""
        self._stopping.set()
        deadline = asyncio.get_running_loop().time() + LAST_TRY
        for limit in self._limits:
            limit.reschedule(deadline)

    async def transact(self, work: Work[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work` once the database is available; raises `DatabaseUnavailableError` only after `stop`."""
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
            raise DatabaseUnavailableError(Problem("the database did not answer before the stop")) from None

    async def try_lock(self, name: str) -> bool:
        """See `Database.try_lock`; False also while the database is unavailable."""
        try:
            return await self._database.try_lock(name)
        except DatabaseUnavailableError:
            return False

    async def write(self, broadcast: Broadcast, entry: LedgerEntry) -> ClaimedBatch:
        """Write an entry, read the state of the broadcast and claim deliveries, all in one transaction."""
        return await self.transact(_write, broadcast, entry, ReadersClock(self._campaign, self.now()))

    async def rest(self, seconds: float) -> None:
        """Wait `seconds`, or until stopped."""
        await wait_at_most(seconds, self._stopping)

    def _note(self, *, away: bool) -> None:
        if away and not self._away:
            logger.warning("the database is unavailable: nothing is sent until it is back")
        elif self._away and not away:
            logger.info("the database is back")
        self._away = away


async def _write(tx: Transaction, broadcast: Broadcast, entry: LedgerEntry, clock: ReadersClock) -> ClaimedBatch:
    await deliveries.record(tx, broadcast.id, entry.results, clock.now)
    await deliveries.give_back(tx, broadcast.id, entry.returned)
    if entry.ending is not None:
        await lifecycle.end(tx, broadcast.id, entry.ending, clock.now, entry.refusal)
    running = await deliveries.find_running(tx, clock.now, clock.campaign)
    # A correction changes the posts of a broadcast that is still running, and may have ended by now.
    if running is None or running.id != broadcast.id or running.contents != broadcast.contents:
        return ClaimedBatch(is_current=False)
    return await _claim(tx, running, entry.claim_limit, clock)


async def _claim(tx: Transaction, broadcast: Broadcast, claim_limit: int, clock: ReadersClock) -> ClaimedBatch:
    for _ in range(_ROUNDS if claim_limit > 0 else 0):
        claim = await deliveries.claim(tx, broadcast, claim_limit, clock)
        if claim.deliveries:
            return ClaimedBatch(is_current=True, claimed=claim.deliveries)
        if not claim.skipped and not claim.put_off:
            return ClaimedBatch(is_current=True, is_empty=True)
    return ClaimedBatch(is_current=True)
