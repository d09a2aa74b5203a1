"""Worker: sends every broadcast from its start to its end. A lock ensures that one process does so.

start what is due ─→ choose the first ─→ gather its audience ─→ send ─→ all tried? ─→ end it
                         └── paused, ended, another comes first, or night ────┘
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from chatbot.broadcasting import places, scheduled_thanks
from chatbot.broadcasting.ledger import Ledger
from chatbot.broadcasting.pace import Pacer
from chatbot.broadcasting.progress import Progress
from chatbot.broadcasting.run import Sending
from chatbot.broadcasting.sender import Sender, Show
from chatbot.i18n import Translator
from chatbot.logs import report_bug
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.screens.organizer.broadcasts.message import render_posts
from chatbot.screens.screen import Screen
from chatbot.storage import Database, DatabaseUnavailableError, Transaction
from chatbot.storage.broadcasts import audience, broadcasts, deliveries, lifecycle
from chatbot.storage.people import subscriptions
from chatbot.waiting import cancel_all

logger = logging.getLogger(__name__)

LOCK: Final = "broadcasting"
PATIENCE: Final = 0.5
"""Seconds between two tries to take the lock."""
LATE: Final = 60.0
"""Seconds after the last try to take the lock when something is wrong."""
IDLE: Final = 0.25
"""Seconds between two checks for a broadcast to send."""
TICK: Final = 0.5
"""Seconds between two checks of the schedule."""
GATHERED_AT_ONCE: Final = 1_000
"""Rows of the ledger written in one transaction. Turns of people wait for it."""
UNSUBSCRIBED_AT_ONCE: Final = 500
GRACE: Final = 2.5
"""Seconds for deliveries in flight to end when the bot stops."""
PROGRESS_GRACE: Final = 1.0
"""Seconds after that for the progress to be shown."""
RESTART_PAUSE: Final = 5.0
"""Seconds between a failure caused by a bug and the next try, doubled after each further failure."""
LONGEST_RESTART_PAUSE: Final = 320.0
"""The longest such pause in seconds: each failure writes a log line."""


class Worker:
    """Sends the organizers' broadcasts until `stop`.

    `window` bounds how many deliveries a crash may leave unknown; `refusals` are the errors that mean that Telegram
    refuses the bot; `back_off` returns the seconds to wait after a number of failures; `clock` returns aware times.
    """

    def __init__(
        self,
        database: Database,
        sender: Sender,
        show: Show,
        pace: Pacer,
        campaign: Campaign,
        translators: Mapping[str, Translator],
        configured_owners: frozenset[int],
        *,
        window: int,
        refusals: tuple[type[Exception], ...],
        back_off: Callable[[int], float],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._ledger = Ledger(database, campaign, clock)
        self._sender = sender
        self._pace = pace
        self._campaign = campaign
        self._translators = translators
        self._window = window
        self._refusals = refusals
        self._back_off = back_off
        self._progress = Progress(
            self._ledger, sender, show, pace, campaign, translators, configured_owners, refusals=refusals
        )
        self._places = places.PlaceSending(
            ledger=self._ledger, sender=sender, pace=pace, campaign=campaign, translators=translators, refusals=refusals
        )
        self._sending: Sending | None = None
        self._limit: asyncio.Timeout | None = None
        self._has_lock = False
        self._tried_at: float | None = None
        self._failure: Exception | None = None

    def is_at_work(self) -> bool:
        """Whether it sends what there is to send, or waits for the lock of another process that does."""
        if self._has_lock:
            return True
        return self._tried_at is not None and asyncio.get_running_loop().time() - self._tried_at < LATE

    def stop(self) -> None:
        """Send nothing more; `run` returns within `GRACE + LAST_TRY + PROGRESS_GRACE` seconds. For a signal handler.

        A second call does not extend the time: other tasks call this again when they end.
        """
        if self._ledger.stopping:
            return
        self._ledger.stop()
        self._stop_sending()
        if self._limit is not None:
            self._limit.reschedule(asyncio.get_running_loop().time() + GRACE)

    async def run(self) -> None:
        """Work until `stop`. After a bug, which is reported, start again.

        Raises `refusals` if Telegram refuses the bot. The remaining deliveries wait in the queue until the bot is
        started with the right token.
        """
        pause = RESTART_PAUSE
        while not self._ledger.stopping:
            begun = asyncio.get_running_loop().time()
            try:
                await self._work_alone()
            except self._refusals:
                raise
            except DatabaseUnavailableError:
                pass  # raised only after `stop`: outcomes that could not be written are unknown after the next start
            except Exception as error:
                report_bug(logger, "sending broadcasts failed and starts again", _innermost(error))
                if asyncio.get_running_loop().time() - begun > LONGEST_RESTART_PAUSE:
                    pause = RESTART_PAUSE
                await self._ledger.rest(pause)
                pause = min(2 * pause, LONGEST_RESTART_PAUSE)

    async def _work_alone(self) -> None:
        while not await self._take_lock():
            await self._ledger.rest(PATIENCE)
            if self._ledger.stopping:
                return
        lost = await self._ledger.transact(deliveries.recover) + await self._ledger.transact(places.recover)
        if lost:
            logger.warning("%d deliveries were in flight when the last process ended: their outcome is unknown", lost)
        self._failure = None
        beside = (self._watch_schedule, self._progress.run, self._run_places)
        tasks = [asyncio.create_task(self._run_beside(each)) for each in beside]
        try:
            await self._work()
            if self._ledger.stopping:
                await asyncio.wait(tasks, timeout=PROGRESS_GRACE)
        finally:
            await cancel_all(tasks)

    async def _run_places(self) -> None:
        """Send to places while the lock is held. A bug there does not stop the sending to people."""
        while self._has_lock and not self._ledger.stopping:
            pause = places.IDLE
            try:
                pause = 0.0 if await self._places.send_next() else places.IDLE
            except DatabaseUnavailableError:
                raise
            except self._refusals:
                raise
            except Exception as error:
                report_bug(logger, "posting in places failed and starts again", error)
                pause = RESTART_PAUSE
            await self._ledger.rest(pause)

    async def _take_lock(self) -> bool:
        self._has_lock = await self._ledger.try_lock(LOCK)
        self._tried_at = asyncio.get_running_loop().time()
        return self._has_lock

    async def _run_beside(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except DatabaseUnavailableError:
            pass  # stopped
        except Exception as error:  # `_work` raises it once the deliveries in flight have ended
            self._failure = error
            self._stop_sending()

    async def _watch_schedule(self) -> None:
        """Start broadcasts that are due; stop if the lock is lost with the connection and another process may send."""
        while not self._ledger.stopping:
            if not await self._take_lock():
                logger.warning("the lock is lost, so another process may send broadcasts: this one stops")
                self._stop_sending()
                return
            now = self._ledger.now()
            await self._ledger.transact(scheduled_thanks.start_due, self._campaign, self._translators, now)
            await self._ledger.rest(TICK)

    async def _work(self) -> None:
        while self._has_lock and not self._ledger.stopping:
            broadcast = await self._find_ready()
            if broadcast is None:
                await self._ledger.rest(IDLE)
            else:
                await self._send(broadcast)
            if self._failure is not None:
                raise self._failure

    async def _find_ready(self) -> Broadcast | None:
        """Return the broadcast to send, once its audience is gathered; None if there is none."""
        now = self._ledger.now()
        while not self._ledger.stopping:
            broadcast, ready = await self._ledger.transact(_gather_some, self._campaign, now)
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
            await sending.settle()  # stopped while deliveries were in flight
        finally:
            self._sending = self._limit = None
        if sending.refusal is not None:
            raise sending.refusal
        if sending.is_complete:
            await self._conclude(broadcast)

    def _write_screens(self, broadcast: Broadcast) -> Mapping[Language, Screen]:
        if broadcast.kind == "recall":
            return {}
        return render_posts(self._translators, self._campaign, broadcast)

    async def _conclude(self, broadcast: Broadcast) -> None:
        """End the broadcast: no delivery waits or is in hand."""
        tally = await self._ledger.transact(deliveries.tally, broadcast.id)
        if tally.left:
            # Claimed by a transaction whose response was lost with the connection, so they were never sent.
            await self._ledger.transact(deliveries.recover)
            return
        if (await self._ledger.transact(broadcasts.get, broadcast.id)).has_open_places:
            return  # it ends with the last of them, see `deliveries.find_running`
        strangers = sum(count for (_, _, reason), count in tally.outcomes.items() if reason == "not_found")
        if 2 * strangers < tally.total:  # otherwise the bot is at fault, not the recipients
            await self._unsubscribe_strangers(broadcast)
        await self._ledger.transact(lifecycle.end, broadcast.id, "done", self._ledger.now())

    async def _unsubscribe_strangers(self, broadcast: Broadcast) -> None:
        now = self._ledger.now()
        after = -(2**62)
        while unsubscribed := await self._ledger.transact(_unsubscribe_some, broadcast.id, after, now):
            after = unsubscribed[-1]

    def _stop_sending(self) -> None:
        if self._sending is not None:
            self._sending.stop()


async def _gather_some(tx: Transaction, campaign: Campaign, now: datetime) -> tuple[Broadcast | None, bool]:
    broadcast = await deliveries.find_running(tx, now, campaign)
    if broadcast is None:
        return None, True
    if broadcast.gathered_at is None:
        await audience.gather(tx, broadcast, campaign, GATHERED_AT_ONCE, now)
        return broadcast, False
    return broadcast, await audience.put_back(tx, broadcast, GATHERED_AT_ONCE)


async def _unsubscribe_some(tx: Transaction, broadcast_id: int, after: int, now: datetime) -> list[int]:
    strangers = await deliveries.list_strangers(tx, broadcast_id, after, UNSUBSCRIBED_AT_ONCE)
    for supporter_id in strangers:
        await subscriptions.end(tx, supporter_id, "not_found", now)
    return strangers


def _innermost(error: Exception) -> Exception:
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error
