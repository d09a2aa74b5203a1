"""Sends one broadcast, from its first delivery to the last known outcome.

One loop starts a task with one call to Telegram for each delivery:

    wait for the pace ─→ read the ledger, if the last read is old ─→ start the next delivery
        └─ not yet? write the outcomes that have come in

A claimed delivery is in hand until its outcome is written. `window` bounds how many are in hand, and so how many a
crash may leave unknown.
"""

import asyncio
import logging
import math
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Final

from chatbot.broadcasting.ledger import ClaimedBatch, Ledger, LedgerEntry
from chatbot.broadcasting.pace import FREE, Pacer
from chatbot.broadcasting.postponed import Postponed
from chatbot.broadcasting.sender import Sender
from chatbot.logs import report_bug
from chatbot.petition.broadcasts import outcome as outcomes
from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastEnding
from chatbot.petition.broadcasts.outcome import Delivery
from chatbot.petition.languages import Language
from chatbot.screens.screen import Screen
from chatbot.waiting import wait_at_most

logger = logging.getLogger(__name__)

CLAIM_LASTS: Final = 0.02
"""Seconds that a read of the ledger is valid at a paid rate. At the free rate the ledger is read for every message, so
that a pause, a cancellation or an opt-out counts before the next message."""
AHEAD: Final = 0.05
"""Deliveries that may be claimed ahead, in seconds of sending."""
STALE: Final = 1.0
"""Seconds after which claimed deliveries that could not be sent go back to the queue."""
MOST_UNKNOWN: Final = 5
"""Unknown outcomes in a row that mean that Telegram is down: nothing more is sent until it answers."""
FEW_STRANGERS: Final = 10
STRANGERS: Final = 0.05
"""If more than `FEW_STRANGERS` and more than this share of the recipients tried do not exist, the broadcast stops."""


class Sending:
    """Sends one broadcast until it is complete, paused or ended, or another one comes first.

    `screens` are the messages by language (None deletes); `refusals` are the errors that mean that Telegram refuses
    the bot; `back_off` returns the seconds to wait after a number of failed tries.
    """

    def __init__(
        self,
        ledger: Ledger,
        sender: Sender,
        pace: Pacer,
        broadcast: Broadcast,
        screens: Mapping[Language, Screen | None],
        *,
        window: int,
        refusals: tuple[type[Exception], ...],
        back_off: Callable[[int], float],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ledger = ledger
        self._sender = sender
        self._pace = pace
        self._broadcast = broadcast
        self._screens = screens
        self._is_edit = broadcast.kind != "update"
        self._window = window
        self._claim_lasts = 0.0 if pace.rate <= FREE else CLAIM_LASTS
        self._ahead = max(1, int(pace.rate * AHEAD))
        self._refusals = refusals
        self._back_off = back_off
        self._clock = clock
        self._claimed: deque[Delivery] = deque()
        self._claimed_at = 0.0
        self._postponed = Postponed(clock)
        """Claimed deliveries whose chat has to wait, for its rate limit or after a 429."""
        self._in_flight = 0
        self._entry = LedgerEntry()
        self._synced_at = -math.inf
        self._changed = asyncio.Event()
        self._stopped = False
        self._unknown_in_row = 0
        self._outages = 0
        self._tried = self._strangers = 0
        self.is_complete = False
        """Whether no delivery waits or is in hand."""
        self.refusal: Exception | None = None
        """The error with which Telegram refused the bot, if it did."""

    def stop(self) -> None:
        """Start no more deliveries; `run` returns when those in flight have ended."""
        self._stopped = True
        self._changed.set()

    async def run(self) -> None:
        """Send until there is a reason to stop, and write all outcomes.

        If it is cancelled, `settle` has to write the remaining outcomes.
        """
        async with asyncio.TaskGroup() as tasks:
            while not self._stopped:
                if self._unknown_in_row >= MOST_UNKNOWN:
                    await self._wait_for_telegram()
                elif not self._has_room:
                    await self._wait_for_result()
                elif not await self._pace.admit_broadcast(CLAIM_LASTS):
                    await self._tidy()
                elif delivery := await self._find_next():
                    self._launch(tasks, delivery)
                    # Let it leave now, not when all late deliveries have been started.
                    await asyncio.sleep(0)
            while self._in_flight:
                await self._wait_for_result()
        await self.settle()

    async def settle(self) -> None:
        """Write the outcomes, and give back claimed deliveries that were not sent."""
        self._give_back_claimed()
        if self._has_results:
            await self._sync(claim=False)

    @property
    def _hand_limit(self) -> int:
        """How many deliveries may be in hand. After an outage: one in flight, until Telegram has accepted it."""
        return min(1 + len(self._postponed), self._window) if self._outages else self._window

    @property
    def _has_room(self) -> bool:
        return bool(self._claimed) or self._in_hand < self._hand_limit

    @property
    def _in_hand(self) -> int:
        return self._in_flight + len(self._postponed)

    @property
    def _has_results(self) -> bool:
        return bool(self._entry.results or self._entry.returned or self._entry.ending)

    async def _wait_for_result(self) -> None:
        """Wait until a delivery ends or a postponed one is due, then read and write the ledger."""
        await wait_at_most(min(self._postponed.wait, STALE) if self._postponed else None, self._changed)
        await self._sync(claim=False)

    async def _tidy(self) -> None:
        """While nothing may be sent, write outcomes and give back deliveries that were claimed too long ago."""
        if self._claimed and self._clock() - self._claimed_at > STALE:
            self._give_back_claimed()
        if self._has_results:
            await self._sync(claim=False)

    async def _find_next(self) -> Delivery | None:
        """Return the next delivery; None if there is none, or none yet."""
        if not self._claimed or self._clock() - self._synced_at >= self._claim_lasts:
            batch = await self._sync(claim=True)
            if batch.is_empty and not self._claimed:
                if self._in_hand:
                    await self._wait_for_result()
                elif not self._has_results:
                    self._stopped = self.is_complete = True
        if self._stopped or not self._claimed:
            return None
        delivery = self._claimed.popleft()
        if (delay := self._pace.delay(delivery.supporter_id, edit=self._is_edit)) > 0:
            self._postponed.put(delivery, delay)
            return None
        return delivery

    async def _sync(self, *, claim: bool) -> ClaimedBatch:
        """Write the outcomes, read the state of the broadcast, and claim the next deliveries."""
        self._changed.clear()
        self._entry.returned += self._postponed.take_due()
        entry, self._entry = self._entry, LedgerEntry()
        if claim:
            entry.claim_limit = min(self._ahead, self._hand_limit - self._in_hand) - len(self._claimed)
        self._synced_at = self._clock()
        try:
            batch = await self._ledger.write(self._broadcast, entry)
        except BaseException:
            # It may have been written or not; writing it again changes nothing.
            self._entry.results[:0] = entry.results
            self._entry.returned[:0] = entry.returned
            if entry.ending is not None:
                self._entry.ending, self._entry.refusal = entry.ending, entry.refusal
            raise
        if not batch.is_current:
            self._stopped = True
        if batch.claimed:
            self._claimed_at = self._synced_at
            self._claimed.extend(batch.claimed)
        return batch

    def _give_back_claimed(self) -> None:
        self._entry.returned += [*self._claimed, *self._postponed.take_all()]
        self._claimed.clear()

    async def _wait_for_telegram(self) -> None:
        """Send nothing until Telegram answers, then a single delivery until that is known to have arrived.

        So an outage leaves unknown only what was sent before it was noticed, however long it lasts.
        """
        if not self._outages:
            logger.warning("Telegram is down: broadcast %d waits", self._broadcast.id)
        self._give_back_claimed()
        until = self._clock() + self._back_off(self._outages)
        self._outages += 1
        while not self._stopped and (left := until - self._clock()) > 0:
            await self._sync(claim=False)
            await wait_at_most(min(left, STALE), self._changed)
        if not self._stopped and await self._sender.probe():
            self._unknown_in_row = MOST_UNKNOWN - 1

    def _launch(self, tasks: asyncio.TaskGroup, delivery: Delivery) -> None:
        departed_at, outages = self._pace.depart(delivery.supporter_id, edit=self._is_edit), self._outages

        def finish(task: asyncio.Task[outcomes.DeliveryOutcome]) -> None:
            self._pace.land(departed_at)
            self._in_flight -= 1
            # Cancelled, or ended by a bug: it may have been sent.
            outcome = outcomes.Unknown("stopped") if task.cancelled() or task.exception() else task.result()
            self._note(delivery, outcome, fresh=outages == self._outages)
            self._changed.set()

        self._in_flight += 1
        tasks.create_task(self._call(delivery)).add_done_callback(finish)

    async def _call(self, delivery: Delivery) -> outcomes.DeliveryOutcome:
        screen = self._screens.get(delivery.language)
        if screen is None and self._broadcast.kind != "recall":
            return outcomes.Failed("no_words")
        try:
            return await self._sender.send(self._broadcast.kind, screen, delivery)
        except self._refusals as error:
            self.refusal = error
            self.stop()
            return outcomes.NotSent()
        except Exception as error:
            report_bug(logger, "a delivery failed and may have been sent", error)
            return outcomes.Unknown("bug")

    def _note(self, delivery: Delivery, outcome: outcomes.DeliveryOutcome, *, fresh: bool) -> None:
        """Note an outcome. A `fresh` delivery left after the last outage, so it shows whether Telegram answers now."""
        match outcome:
            case outcomes.NotSent(seconds, flood=True):
                self._pace.note_flood(delivery.supporter_id, seconds)
                self._hold_back(delivery)
            case outcomes.NotSent():
                self._entry.returned.append(delivery)
                if fresh:
                    self._unknown_in_row = MOST_UNKNOWN
            case outcomes.ContentRefused(said):
                self._entry.results.append((delivery, outcomes.Failed("content")))
                self._end("content", said)
                self._pace.note_answer(delivery.supporter_id)
            case outcomes.Unknown():
                self._entry.results.append((delivery, outcome))
                self._unknown_in_row += fresh
            case _:
                self._entry.results.append((delivery, outcome))
                self._pace.note_answer(delivery.supporter_id)
                self._note_answer(outcome, fresh=fresh)

    def _hold_back(self, delivery: Delivery) -> None:
        """Hold back a delivery after a 429: with all others if the whole bot is halted, otherwise alone."""
        if self._pace.is_halted:
            self._entry.returned.append(delivery)
            self._postponed.clear_floods()
        elif self._postponed.count_flood(delivery):
            self._entry.results.append((delivery, outcomes.Failed("flood")))
        else:
            self._postponed.put(delivery, self._pace.delay(delivery.supporter_id, edit=self._is_edit))

    def _note_answer(self, outcome: outcomes.Result, *, fresh: bool) -> None:
        if fresh:
            if self._outages:
                logger.info("Telegram answers again: broadcast %d continues", self._broadcast.id)
            self._unknown_in_row = self._outages = 0
        self._tried += 1
        self._strangers += outcome == outcomes.Gone("not_found")
        if self._strangers > max(FEW_STRANGERS, STRANGERS * self._tried):
            self._end("strangers")

    def _end(self, ending: BroadcastEnding, refusal: str | None = None) -> None:
        if self._entry.ending is None:
            self._entry.ending, self._entry.refusal = ending, refusal
        self.stop()
