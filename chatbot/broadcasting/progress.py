"""What organizers see of a broadcast: one message that follows it, and a report when it has ended.

All of it is read from the ledger, so it goes on in the same message after a restart, and never holds up the sending.
"""

import asyncio
import logging
import math
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from chatbot.broadcasting.ledger import Ledger
from chatbot.broadcasting.pace import Pacer
from chatbot.broadcasting.sender import Sender, Show
from chatbot.i18n import Translator
from chatbot.logs import report_bug
from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastState, Tally
from chatbot.petition.job import RetryLaterError
from chatbot.petition.team import who_reach
from chatbot.screens.organizer.broadcasts import progress as screens
from chatbot.screens.screen import Screen
from chatbot.storage import DatabaseUnavailableError, Transaction
from chatbot.storage.broadcasts import approvals, broadcasts, deliveries, lifecycle
from chatbot.storage.organizer import team
from chatbot.storage.people import supporters

logger = logging.getLogger(__name__)

EVERY: Final = 3.0
"""Seconds between two edits of the message that shows how far it is. A change of state is shown at once."""
LOOK: Final = 0.25
"""Seconds between two looks into the ledger."""
REMEMBERED: Final = 15.0
"""Seconds over which the rate is measured."""
LOST: Final = 2
"""Messages that could not be edited, after which the next one is left as it is: no new message every few seconds."""
BRIEFLY: Final = 5.0
"""Seconds that the last word of a broadcast waits for the chat's own limits."""
TRIES: Final = 5
"""How often a report is tried to be shown to one organizer."""


@dataclass(frozen=True, slots=True)
class BroadcastProgress:
    """A broadcast as the ledger has it at this moment."""

    broadcast: Broadcast
    tally: Tally
    unapproved: bool = False
    """No second organizer has approved what they were asked about."""

    @property
    def tried(self) -> int:
        """How many people's turn has come."""
        return self.tally.total - self.tally.left


@dataclass(slots=True)
class Following:
    """What was shown of a running broadcast so far, and how fast it has been lately."""

    state: BroadcastState | None = None
    screen: Screen | None = None
    shown_at: float = -math.inf
    tried: deque[tuple[float, int]] = field(default_factory=deque)

    def measure(self, standing: BroadcastProgress, now: float) -> float | None:
        """Messages a second over the last seconds; None while it does not run, or not long enough."""
        if standing.broadcast.state is not BroadcastState.RUNNING or standing.broadcast.gathered_at is None:
            self.tried.clear()
            return None
        self.tried.append((now, standing.tried))
        while now - self.tried[0][0] > REMEMBERED:
            self.tried.popleft()
        since, before = self.tried[0]
        rate = (standing.tried - before) / (now - since) if now - since >= 1 else 0
        return rate if rate > 0 else None


class Progress:
    """Follows every broadcast that is under way, and reports those that have ended.

    `refusals` are the errors by which the sender says that Telegram refuses the bot; `clock` gives seconds.
    """

    def __init__(
        self,
        ledger: Ledger,
        sender: Sender,
        show: Show,
        pace: Pacer,
        translators: Mapping[str, Translator],
        organizers: frozenset[int],
        *,
        refusals: tuple[type[Exception], ...],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ledger = ledger
        self._sender = sender
        self._show_screen = show
        self._pace = pace
        self._translators = translators
        self._organizers = organizers
        self._refusals = refusals
        self._clock = clock
        self._following: dict[int, Following] = {}
        self._lost: Counter[int] = Counter()
        """How often the message that follows a broadcast could not be edited, and a new one took its place."""

    async def run(self) -> None:
        """Follow and report until the ledger is stopped. Raises only that Telegram refuses the bot."""
        while not self._ledger.stopping:
            pause = LOOK
            try:
                if not await self._look():
                    pause = EVERY  # Telegram is away, and so is everybody who could read this
            except self._refusals:
                raise
            except DatabaseUnavailableError:
                raise
            except Exception as error:  # a bug in what is shown must not end the sending
                report_bug(logger, "the progress of a broadcast was not shown", error)
                pause = EVERY
            await self._ledger.rest(pause)

    async def _look(self) -> bool:
        under_way = await self._ledger.transact(_list_under_way)
        for standing in under_way:
            if not await self._follow(standing):
                return False
        open_ids = {standing.broadcast.id for standing in under_way}
        self._following = {each: self._following[each] for each in self._following.keys() & open_ids}
        for standing in await self._ledger.transact(_list_unreported):
            if not await self._report(standing):
                return False
        return True

    async def _follow(self, standing: BroadcastProgress) -> bool:
        """Show how far it is, if that is due; False when Telegram could not be reached."""
        following = self._following.setdefault(standing.broadcast.id, Following())
        now = self._clock()
        rate = following.measure(standing, now)
        state = standing.broadcast.state
        if state is following.state and now - following.shown_at < EVERY:
            return True
        if self._is_left(standing.broadcast, 0):
            return True
        _ = await self._speak(standing.broadcast.organizer_id)
        left = math.ceil(standing.tally.left / rate) if rate else None
        screen = screens.progress(_, standing.broadcast, standing.tally, rate, left)
        if screen != following.screen and not await self._show(standing.broadcast, screen):
            return False
        following.state, following.screen, following.shown_at = state, screen, self._clock()
        return True

    async def _report(self, standing: BroadcastProgress) -> bool:
        """Tell the organizers how it ended, once; False when Telegram could not be reached: nothing is lost then."""
        broadcast = standing.broadcast
        followed = broadcast.progress_message_id is not None and broadcast.ended_at is not None
        if followed and not self._is_left(broadcast, BRIEFLY):
            _ = await self._speak(broadcast.organizer_id)
            screen = screens.progress(_, broadcast, standing.tally, None, None)
            # Where only this chat may get nothing, the others are told all the same.
            if not await self._show(broadcast, screen) and not self._is_left(broadcast, BRIEFLY):
                return False
        elif not await self._sender.probe():
            return False
        if await self._ledger.transact(lifecycle.note_report, broadcast.id, self._ledger.now()):
            await asyncio.gather(*(self._tell(each, standing) for each in await self._whom(standing)))
            del self._lost[broadcast.id]
        return True

    def _is_left(self, broadcast: Broadcast, patience: float) -> bool:
        """Whether the message that follows it stays as it is: edits are in vain, or the chat gets nothing so soon."""
        return self._lost[broadcast.id] >= LOST or self._pace.delay(broadcast.organizer_id, edit=True) > patience

    async def _whom(self, standing: BroadcastProgress) -> list[int]:
        """Everybody of the team who runs broadcasts, where it takes a decision; otherwise who let it go out.

        Of few who signed nobody hears that there was one of them to be refused.
        """
        broadcast = standing.broadcast
        is_few = screens.is_few(broadcast, standing.tally)
        if broadcast.ended_at is not None and (is_few or broadcast.ending not in ("content", "strangers")):
            return [broadcast.organizer_id]
        members = await self._ledger.transact(team.find_members, self._organizers)
        return sorted({member.id for member in who_reach(members, "organizer")} | {broadcast.organizer_id})

    async def _tell(self, organizer_id: int, standing: BroadcastProgress) -> None:
        _ = await self._speak(organizer_id)
        broadcast = standing.broadcast
        late = broadcast.ended_at is None
        screen = (
            screens.late(_, broadcast, unapproved=standing.unapproved)
            if late
            else screens.report(_, broadcast, standing.tally)
        )
        for _try in range(TRIES):
            try:
                await self._show_screen(organizer_id, screen, None)
            except RetryLaterError as later:
                await asyncio.sleep(later.seconds)
            else:
                return
        logger.error("an organizer could not be told how broadcast %d stands", broadcast.id)

    async def _show(self, broadcast: Broadcast, screen: Screen) -> bool:
        """Show `screen` in the message that follows the broadcast; False when Telegram could not be reached."""
        before = broadcast.progress_message_id
        try:
            shown = await self._show_screen(broadcast.organizer_id, screen, before)
        except RetryLaterError:
            return False
        if shown is not None and shown != before:
            self._lost[broadcast.id] += before is not None
            await self._ledger.transact(lifecycle.note_progress_message, broadcast.id, shown)
        return True

    async def _speak(self, organizer_id: int) -> Translator:
        language = await self._ledger.transact(supporters.find_language, organizer_id)
        return self._translators[language or "en"]


async def _list_under_way(tx: Transaction) -> list[BroadcastProgress]:
    return [
        BroadcastProgress(await broadcasts.get(tx, each), await deliveries.tally(tx, each))
        for each in await deliveries.list_open(tx)
    ]


async def _list_unreported(tx: Transaction) -> list[BroadcastProgress]:
    return [
        BroadcastProgress(each, await deliveries.tally(tx, each.id), await approvals.is_open(tx, each))
        for each in await lifecycle.list_unreported(tx)
        if not await deliveries.is_landing(tx, each.id)
    ]
