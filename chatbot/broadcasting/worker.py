"""The worker: carries every broadcast from its start to its end. One process does so at a time, and only one.

what is due starts ─→ which comes first? ─→ gather its audience ─→ send ─→ everybody tried? ─→ it has ended
                         └────────── paused, over, or another comes first ──────┘
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from chatbot.broadcasting.ledger import Ledger
from chatbot.broadcasting.pace import Pacer
from chatbot.broadcasting.progress import Progress
from chatbot.broadcasting.run import Sending
from chatbot.broadcasting.sender import Sender, Show
from chatbot.i18n import Translator
from chatbot.logs import report_bug
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.model import Language
from chatbot.screens.organizer.broadcasts.message import render_posts
from chatbot.screens.screen import Screen
from chatbot.storage import Database, DatabaseUnavailableError, Transaction
from chatbot.storage.broadcasts import audience, deliveries, lifecycle
from chatbot.storage.people import subscriptions

logger = logging.getLogger(__name__)

HOLD: Final = "broadcasting"
PATIENCE: Final = 0.5
"""Seconds between two tries to become the one that sends."""
IDLE: Final = 0.25
"""Seconds between two looks for something to do."""
TICK: Final = 0.5
"""Seconds between two looks at the schedule."""
GATHERED_AT_ONCE: Final = 1_000
"""Rows of the ledger written in one transaction. People's turns wait behind it."""
PARTED_AT_ONCE: Final = 500
GRACE: Final = 2.5
"""Seconds that what is in the air gets to land when the bot stops."""
LAST_WORD: Final = 1.0
"""Seconds for the progress to finish its sentence then."""
CONVALESCENCE: Final = 5.0
"""Seconds between a failure by a mistake of ours and the next try; twice as many after each further one,"""
LONGEST_CONVALESCENCE: Final = 320.0
"""but no more than this: each leaves a line in the log."""


class Worker:
    """Sends what the organizers want sent, until `stop`.

    `window` bounds how many deliveries a crash may leave unknown; `refusals` are the errors by which the sender says
    that Telegram refuses the bot; `back_off` gives the seconds to wait after so many failures; `clock` gives aware
    moments.
    """

    def __init__(
        self,
        database: Database,
        sender: Sender,
        show: Show,
        pace: Pacer,
        translators: Mapping[str, Translator],
        organizers: frozenset[int],
        *,
        window: int,
        refusals: tuple[type[Exception], ...],
        back_off: Callable[[int], float],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._ledger = Ledger(database, clock)
        self._sender = sender
        self._pace = pace
        self._translators = translators
        self._window = window
        self._refusals = refusals
        self._back_off = back_off
        self._progress = Progress(self._ledger, sender, show, pace, translators, organizers, refusals=refusals)
        self._sending: Sending | None = None
        self._limit: asyncio.Timeout | None = None
        self._holds = False
        self._failure: Exception | None = None

    def stop(self) -> None:
        """Let nothing more go out; `run` returns within `GRACE + LAST_WORD`. For a signal handler.

        A second call gives no second grace: whatever runs beside this stops it again when it has ended itself.
        """
        if self._ledger.stopping:
            return
        self._ledger.stop()
        self._land()
        if self._limit is not None:
            self._limit.reschedule(asyncio.get_running_loop().time() + GRACE)

    async def run(self) -> None:
        """Work until `stop`. After a mistake of ours, which is reported, the work begins anew.

        Raises what the sender raises when Telegram refuses the bot: everybody whose turn did not come waits on, and
        the work goes on when the bot is started with the right token.
        """
        pause = CONVALESCENCE
        while not self._ledger.stopping:
            begun = asyncio.get_running_loop().time()
            try:
                await self._work_alone()
            except self._refusals:
                raise
            except DatabaseUnavailableError:
                pass  # only raised once stopped: what could not be written down is unknown after the next start
            except Exception as error:
                report_bug(logger, "the sending of broadcasts failed, and begins anew", _innermost(error))
                if asyncio.get_running_loop().time() - begun > LONGEST_CONVALESCENCE:
                    pause = CONVALESCENCE
                await self._ledger.rest(pause)
                pause = min(2 * pause, LONGEST_CONVALESCENCE)

    async def _work_alone(self) -> None:
        while not await self._take_hold():
            await self._ledger.rest(PATIENCE)
            if self._ledger.stopping:
                return
        if lost := await self._ledger.transact(deliveries.recover):
            logger.warning("%d deliveries were in the air when sending ended last time: unknown", lost)
        self._failure = None
        beside = [asyncio.create_task(self._beside(each)) for each in (self._keep_time, self._progress.run)]
        try:
            await self._work()
            if self._ledger.stopping:
                await asyncio.wait(beside, timeout=LAST_WORD)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)

    async def _take_hold(self) -> bool:
        self._holds = await self._ledger.try_lock(HOLD)
        return self._holds

    async def _beside(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except DatabaseUnavailableError:
            pass  # stopped
        except Exception as error:  # raised by `_work`, once what is in the air has landed
            self._failure = error
            self._land()

    async def _keep_time(self) -> None:
        """Start what is due; and stop sending when another process may be at it, for a lock lost with a connection."""
        while not self._ledger.stopping:
            if not await self._take_hold():
                logger.warning("another process may be sending broadcasts by now: this one stops")
                self._land()
                return
            await self._ledger.transact(deliveries.start_due, self._ledger.now())
            await self._ledger.rest(TICK)

    async def _work(self) -> None:
        while self._holds and not self._ledger.stopping:
            broadcast = await self._find_ready()
            if broadcast is None:
                await self._ledger.rest(IDLE)
            else:
                await self._send(broadcast)
            if self._failure is not None:
                raise self._failure

    async def _find_ready(self) -> Broadcast | None:
        """The broadcast that comes first, once everybody who is to get it waits; None when there is none."""
        now = self._ledger.now()
        while not self._ledger.stopping:
            broadcast, ready = await self._ledger.transact(_gather_some, now)
            if ready:
                return broadcast
        return None

    async def _send(self, broadcast: Broadcast) -> None:
        sending = Sending(
            self._ledger,
            self._sender,
            self._pace,
            broadcast,
            self._write_screens(broadcast),
            window=self._window,
            refusals=self._refusals,
            back_off=self._back_off,
        )
        self._sending = sending
        try:
            async with asyncio.timeout(None) as self._limit:
                await sending.run()
        except TimeoutError:
            await sending.settle()  # stopped, and not everything in the air has landed
        finally:
            self._sending = self._limit = None
        if sending.refusal is not None:
            raise sending.refusal
        if sending.is_through:
            await self._conclude(broadcast)

    def _write_screens(self, broadcast: Broadcast) -> Mapping[Language, Screen]:
        if broadcast.kind == "recall":
            return {}
        return render_posts(self._translators, broadcast)

    async def _conclude(self, broadcast: Broadcast) -> None:
        """Nobody waits and nothing is in hand: end the broadcast."""
        tally = await self._ledger.transact(deliveries.tally, broadcast.id)
        if tally.left:
            # Claimed by a transaction whose answer was lost with the connection: nobody knows them, and nobody sends.
            await self._ledger.transact(deliveries.recover)
            return
        strangers = sum(count for (_, _, reason), count in tally.outcomes.items() if reason == "not_found")
        if 2 * strangers < tally.total:  # or it is the bot that is wrong, not they
            await self._part_with_strangers(broadcast)
        await self._ledger.transact(lifecycle.end, broadcast.id, "done", self._ledger.now())

    async def _part_with_strangers(self, broadcast: Broadcast) -> None:
        now = self._ledger.now()
        after = -(2**62)
        while parted := await self._ledger.transact(_part_with_some, broadcast.id, after, now):
            after = parted[-1]

    def _land(self) -> None:
        if self._sending is not None:
            self._sending.stop()


async def _gather_some(tx: Transaction, now: datetime) -> tuple[Broadcast | None, bool]:
    broadcast = await deliveries.find_running(tx)
    if broadcast is None:
        return None, True
    if broadcast.gathered_at is None:
        await audience.gather(tx, broadcast, GATHERED_AT_ONCE, now)
        return broadcast, False
    return broadcast, await audience.put_back(tx, broadcast, GATHERED_AT_ONCE)


async def _part_with_some(tx: Transaction, broadcast_id: int, after: int, now: datetime) -> list[int]:
    strangers = await deliveries.list_strangers(tx, broadcast_id, after, PARTED_AT_ONCE)
    for supporter_id in strangers:
        await subscriptions.end(tx, supporter_id, "not_found", now)
    return strangers


def _innermost(error: Exception) -> Exception:
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error
