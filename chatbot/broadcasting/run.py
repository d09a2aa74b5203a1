"""One broadcast on its way out, from the first delivery to the last one that is known about.

One loop, and one call to Telegram at a time for each delivery it lets go:

    wait for the pace ─→ look into the ledger, if the last look is old ─→ let the next delivery go
        └─ not yet? write down what came back meanwhile

Whatever is claimed is in hand until what became of it is written down; `window` bounds how much that is, and so how
much a crash may leave unknown.
"""

import asyncio
import logging
import math
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Final

from chatbot.broadcasting.ledger import ClaimedBatch, Entry, Ledger
from chatbot.broadcasting.pace import FREE, Pacer
from chatbot.broadcasting.postponed import Aside
from chatbot.broadcasting.sender import Sender
from chatbot.logs import report_bug
from chatbot.petition.broadcasts import outcome as outcomes
from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastEnding
from chatbot.petition.broadcasts.outcome import Delivery
from chatbot.petition.model import Language
from chatbot.screens.screen import Screen

logger = logging.getLogger(__name__)

LOOK: Final = 0.02
"""Seconds a look into the ledger is good for at a paid rate. At Telegram's free one every message has one of its own,
so that a pause, a cancellation, an opt-out counts before the next message."""
AHEAD: Final = 0.05
"""Seconds' worth of deliveries that may be claimed before their turn."""
STALE: Final = 1.0
"""Seconds after which what was claimed and could not be sent goes back to wait."""
MOST_UNKNOWN: Final = 5
"""Deliveries in a row that nobody knows about: Telegram is down, and nothing more is sent until it answers."""
FEW_STRANGERS: Final = 10
STRANGERS: Final = 0.05
"""More than a few recipients who do not exist, and more than this share of those tried: something is wrong."""


class Sending:
    """Sends one broadcast until it is through, paused, ended, or has to stand back for another one.

    `screens` are what its deliveries show, by language (None deletes); `refusals` are the errors by which the sender
    says that Telegram refuses the bot itself; `back_off` gives the seconds to wait after so many failed tries.
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
        self._as_edit = broadcast.kind != "update"
        self._window = window
        self._look_lasts = 0.0 if pace.rate <= FREE else LOOK
        self._ahead = max(1, int(pace.rate * AHEAD))
        self._refusals = refusals
        self._back_off = back_off
        self._clock = clock
        self._claimed: deque[Delivery] = deque()
        self._claimed_at = 0.0
        self._aside = Aside(clock)
        """Claimed, and their chat may get nothing yet, by its own limits or a 429 of its own."""
        self._flying = 0
        self._entry = Entry()
        self._looked_at = -math.inf
        self._news = asyncio.Event()
        self._over = False
        self._unknowns = 0
        self._outages = 0
        self._tried = self._strangers = 0
        self.is_through = False
        """Nobody waits, and nothing is in hand."""
        self.refusal: Exception | None = None
        """Why Telegram refused the bot, if it did."""

    def stop(self) -> None:
        """Let nothing more go; `run` returns when everybody in the air has landed."""
        self._over = True
        self._news.set()

    async def run(self) -> None:
        """Send until there is a reason not to, and write everything down.

        Cancelled, it leaves what came back, and what never left, to `settle`.
        """
        async with asyncio.TaskGroup() as flights:
            while not self._over:
                if self._unknowns >= MOST_UNKNOWN:
                    await self._wait_for_telegram()
                elif not self._has_room:
                    await self._wait_for_landing()
                elif not await self._pace.broadcast(LOOK):
                    await self._keep()
                elif delivery := await self._next():
                    self._let_go(flights, delivery)
                    # It leaves now, and not when everybody who is late has been let go.
                    await asyncio.sleep(0)
            while self._flying:
                await self._wait_for_landing()
        await self.settle()

    async def settle(self) -> None:
        """Write down what came back, and let those wait again whose turn did not come."""
        self._give_back_claimed()
        if self._has_news:
            await self._look(claim=False)

    @property
    def _at_most(self) -> int:
        """How many deliveries may be in hand: after an outage one in the air, until Telegram took it."""
        return min(1 + len(self._aside), self._window) if self._outages else self._window

    @property
    def _has_room(self) -> bool:
        return bool(self._claimed) or self._in_hand < self._at_most

    @property
    def _in_hand(self) -> int:
        return self._flying + len(self._aside)

    @property
    def _has_news(self) -> bool:
        return bool(self._entry.results or self._entry.back or self._entry.ending)

    async def _wait_for_landing(self) -> None:
        """Wait until one lands, or somebody may get theirs who was put aside; and look whether all this goes on."""
        try:
            async with asyncio.timeout(min(self._aside.rest, STALE) if self._aside else None):
                await self._news.wait()
        except TimeoutError:
            pass
        await self._look(claim=False)

    async def _keep(self) -> None:
        """While nothing may go: write down what came back, give back what has waited too long for its turn."""
        if self._claimed and self._clock() - self._claimed_at > STALE:
            self._give_back_claimed()
        if self._has_news:
            await self._look(claim=False)

    async def _next(self) -> Delivery | None:
        """The delivery whose turn it is; None where there is none, or not yet."""
        if not self._claimed or self._clock() - self._looked_at >= self._look_lasts:
            page = await self._look(claim=True)
            if page.dry and not self._claimed:
                if self._in_hand:
                    await self._wait_for_landing()
                elif not self._has_news:
                    self._over = self.is_through = True
        if self._over or not self._claimed:
            return None
        delivery = self._claimed.popleft()
        if (delay := self._pace.delay(delivery.supporter_id, edit=self._as_edit)) > 0:
            self._aside.put(delivery, delay)
            return None
        return delivery

    async def _look(self, *, claim: bool) -> ClaimedBatch:
        """Write down what there is, see how things stand, and claim the next deliveries."""
        self._news.clear()
        self._entry.back += self._aside.take_due()
        entry, self._entry = self._entry, Entry()
        if claim:
            entry.room = min(self._ahead, self._at_most - self._in_hand) - len(self._claimed)
        self._looked_at = self._clock()
        try:
            page = await self._ledger.write(self._broadcast, entry)
        except BaseException:
            # Perhaps it was written, perhaps not; writing it once more changes nothing.
            self._entry.results[:0] = entry.results
            self._entry.back[:0] = entry.back
            if entry.ending is not None:
                self._entry.ending, self._entry.refusal = entry.ending, entry.refusal
            raise
        if not page.goes_on:
            self._over = True
        if page.claimed:
            self._claimed_at = self._looked_at
            self._claimed.extend(page.claimed)
        return page

    def _give_back_claimed(self) -> None:
        self._entry.back += [*self._claimed, *self._aside.take_all()]
        self._claimed.clear()

    async def _wait_for_telegram(self) -> None:
        """Send nothing until Telegram answers, and then one delivery, until that is known to have arrived.

        So what an outage leaves unknown is what was in the air when it began, however long it lasts.
        """
        if not self._outages:
            logger.warning("Telegram is down: broadcast %d waits", self._broadcast.id)
        self._give_back_claimed()
        until = self._clock() + self._back_off(self._outages)
        self._outages += 1
        while not self._over and (left := until - self._clock()) > 0:
            await self._look(claim=False)
            try:
                async with asyncio.timeout(min(left, STALE)):
                    await self._news.wait()
            except TimeoutError:
                pass
        if not self._over and await self._sender.probe():
            self._unknowns = MOST_UNKNOWN - 1

    def _let_go(self, flights: asyncio.TaskGroup, delivery: Delivery) -> None:
        departed_at, outages = self._pace.depart(delivery.supporter_id, edit=self._as_edit), self._outages

        def land(flight: asyncio.Task[outcomes.DeliveryOutcome]) -> None:
            self._pace.land(departed_at)
            self._flying -= 1
            # Cancelled, or broken by a mistake of ours: it may have been sent.
            outcome = outcomes.Unknown("stopped") if flight.cancelled() or flight.exception() else flight.result()
            self._note(delivery, outcome, fresh=outages == self._outages)
            self._news.set()

        self._flying += 1
        flights.create_task(self._call(delivery)).add_done_callback(land)

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
            report_bug(logger, "a delivery broke, and may have been sent", error)
            return outcomes.Unknown("bug")

    def _note(self, delivery: Delivery, outcome: outcomes.DeliveryOutcome, *, fresh: bool) -> None:
        """`fresh`: it left after the last outage, so it says something about Telegram as it is now."""
        match outcome:
            case outcomes.NotSent(seconds, flood=True):
                self._pace.refused(delivery.supporter_id, seconds)
                self._hold_back(delivery)
            case outcomes.NotSent():
                self._entry.back.append(delivery)
                if fresh:
                    self._unknowns = MOST_UNKNOWN
            case outcomes.ContentRefused(said):
                self._entry.results.append((delivery, outcomes.Failed("content")))
                self._end("content", said)
                self._pace.answered(delivery.supporter_id)
            case outcomes.Unknown():
                self._entry.results.append((delivery, outcome))
                self._unknowns += fresh
            case _:
                self._entry.results.append((delivery, outcome))
                self._pace.answered(delivery.supporter_id)
                self._note_answer(outcome, fresh=fresh)

    def _hold_back(self, delivery: Delivery) -> None:
        """After a 429: everybody's, and it waits as all others do; of this chat alone, and the others go on."""
        if self._pace.is_halted:
            self._entry.back.append(delivery)
            self._aside.forgive()
        elif self._aside.refused(delivery):
            self._entry.results.append((delivery, outcomes.Failed("flood")))
        else:
            self._aside.put(delivery, self._pace.delay(delivery.supporter_id, edit=self._as_edit))

    def _note_answer(self, outcome: outcomes.Result, *, fresh: bool) -> None:
        if fresh:
            if self._outages:
                logger.info("Telegram answers again: broadcast %d goes on", self._broadcast.id)
            self._unknowns = self._outages = 0
        self._tried += 1
        self._strangers += outcome == outcomes.Gone("not_found")
        if self._strangers > max(FEW_STRANGERS, STRANGERS * self._tried):
            self._end("strangers")

    def _end(self, ending: BroadcastEnding, refusal: str | None = None) -> None:
        if self._entry.ending is None:
            self._entry.ending, self._entry.refusal = ending, refusal
        self.stop()
