"""Progress of a broadcast for organizers: one message that is edited while it runs, and a report at its end.

It is read from the ledger, so it continues in the same message after a restart and never delays the sending.
"""

import asyncio
import logging
import math
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from chatbot.broadcasting.followers import Followers
from chatbot.broadcasting.ledger import Ledger
from chatbot.broadcasting.pace import Pacer
from chatbot.broadcasting.scheduled_thanks import read_overtaken
from chatbot.broadcasting.sender import Sender, Show
from chatbot.i18n import Translator
from chatbot.logs import report_bug
from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastState, FollowedMessage
from chatbot.petition.broadcasts.rest import Recall
from chatbot.petition.broadcasts.tally import Tally
from chatbot.petition.dates.zones import read_zone
from chatbot.petition.job import RetryLaterError
from chatbot.petition.model import Campaign
from chatbot.petition.team import list_at_least
from chatbot.screens.organizer.broadcasts import ending, scheduling
from chatbot.screens.organizer.broadcasts import progress as screens
from chatbot.screens.screen import Screen
from chatbot.storage import DatabaseUnavailableError, Transaction
from chatbot.storage.broadcasts import approvals, broadcasts, deliveries, following, lifecycle, recalls
from chatbot.storage.organizer import team

logger = logging.getLogger(__name__)

EVERY: Final = 3.0
"""Seconds between two edits of the progress message. A change of state is shown at once."""
CHECK_EVERY: Final = 0.25
"""Seconds between two reads of the ledger."""
REMEMBERED: Final = 15.0
"""Seconds over which the sending rate is measured."""
LOST: Final = 2
"""Progress messages that could not be edited, after which the next one is left unchanged, not replaced."""
BRIEFLY: Final = 5.0
"""Seconds that the last edit of the progress message waits for the rate limit of its chat."""
TRIES: Final = 5
"""How often sending a report to one organizer is tried."""


@dataclass(frozen=True, slots=True)
class BroadcastProgress:
    """A broadcast and its tally, as the ledger has them."""

    broadcast: Broadcast
    tally: Tally
    unapproved: bool = False
    """Whether a second organizer was asked for approval and has not given it."""
    recall: Recall | None = None
    """How far its deletion is, if it was recalled."""
    followed: Sequence[FollowedMessage] = ()
    """Messages in which members opened it."""

    @property
    def tried(self) -> int:
        """Number of deliveries that have been tried."""
        return self.tally.total - self.tally.left


@dataclass(slots=True)
class ShownProgress:
    """What was last shown of a running broadcast, and its recent rate."""

    state: BroadcastState | None = None
    screen: Screen | None = None
    shown_at: float = -math.inf
    tried: deque[tuple[float, int]] = field(default_factory=deque)

    def measure(self, progress: BroadcastProgress, now: float) -> float | None:
        """Return the messages a second over the last seconds; None if it has not run long enough."""
        if progress.broadcast.state is not BroadcastState.RUNNING or progress.broadcast.gathered_at is None:
            self.tried.clear()
            return None
        self.tried.append((now, progress.tried))
        while now - self.tried[0][0] > REMEMBERED:
            self.tried.popleft()
        since, before = self.tried[0]
        rate = (progress.tried - before) / (now - since) if now - since >= 1 else 0
        return rate if rate > 0 else None


class Progress:
    """Shows the progress of every running broadcast, and reports those that have ended.

    `refusals` are the errors that mean that Telegram refuses the bot; `clock` returns seconds.
    """

    def __init__(
        self,
        ledger: Ledger,
        sender: Sender,
        show: Show,
        pace: Pacer,
        campaign: Campaign,
        translators: Mapping[str, Translator],
        configured_owners: frozenset[int],
        *,
        refusals: tuple[type[Exception], ...],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ledger = ledger
        self._sender = sender
        self._show_screen = show
        self._pace = pace
        self._campaign = campaign
        self._translators = translators
        self._configured_owners = configured_owners
        self._refusals = refusals
        self._clock = clock
        self._followers = Followers(show, pace, self._find_translator)
        self._shown: dict[int, ShownProgress] = {}
        self._lost: Counter[int] = Counter()
        """By broadcast, how often its progress message could not be edited and was replaced by a new one."""

    async def run(self) -> None:
        """Show progress and reports until the ledger is stopped. Raises only `refusals`."""
        while not self._ledger.stopping:
            pause = CHECK_EVERY
            try:
                if not await self._show_all():
                    pause = EVERY  # Telegram is unreachable, so nobody could read this
            except self._refusals:
                raise
            except DatabaseUnavailableError:
                raise
            except Exception as error:  # a bug in what is shown must not end the sending
                report_bug(logger, "the progress of a broadcast was not shown", error)
                pause = EVERY
            await self._ledger.rest(pause)

    async def _show_all(self) -> bool:
        under_way = await self._ledger.transact(_list_under_way)
        for progress in under_way:
            if not await self._follow(progress):
                return False
        open_ids = {progress.broadcast.id for progress in under_way}
        self._shown = {each: self._shown[each] for each in self._shown.keys() & open_ids}
        self._followers.keep_only(open_ids)
        for progress in await self._ledger.transact(_list_unreported):
            if not await self._report(progress):
                return False
        return True

    async def _follow(self, progress: BroadcastProgress) -> bool:
        """Show the progress if that is due; False if Telegram could not be reached."""
        shown_before = self._shown.setdefault(progress.broadcast.id, ShownProgress())
        now = self._clock()
        rate = shown_before.measure(progress, now)
        state = progress.broadcast.state
        awake = progress.tally.left - progress.broadcast.count_asleep(progress.tally)
        left = math.ceil(awake / rate) if rate and awake else None

        def draw(_: Translator) -> Screen:
            return screens.progress(_, progress.broadcast, progress.tally, rate, left, progress.recall)

        await self._followers.refresh(progress.broadcast, progress.followed, draw, now)
        if state is shown_before.state and now - shown_before.shown_at < EVERY:
            return True
        if self._is_left(progress.broadcast, 0):
            return True
        screen = draw(await self._find_translator(progress.broadcast.organizer_id))
        if screen != shown_before.screen and not await self._show(progress.broadcast, screen):
            return False
        shown_before.state, shown_before.screen, shown_before.shown_at = state, screen, self._clock()
        return True

    async def _report(self, progress: BroadcastProgress) -> bool:
        """Send the report to the organizers once; False if Telegram could not be reached and it is still due."""
        broadcast = progress.broadcast
        followed = broadcast.progress_message_id is not None and broadcast.ended_at is not None
        if followed and not self._is_left(broadcast, BRIEFLY):
            _ = await self._find_translator(broadcast.organizer_id)
            screen = screens.progress(_, broadcast, progress.tally, None, None, progress.recall)
            # If only this chat has to wait, the other organizers still get their reports.
            if not await self._show(broadcast, screen) and not self._is_left(broadcast, BRIEFLY):
                return False
        elif not await self._sender.probe():
            return False
        if await self._ledger.transact(lifecycle.note_report, broadcast.id, self._ledger.now()):
            await asyncio.gather(*(self._send_report(each, progress) for each in await self._list_readers(progress)))
            del self._lost[broadcast.id]
        return True

    def _is_left(self, broadcast: Broadcast, patience: float) -> bool:
        """Tell whether to leave the progress message as it is: it cannot be edited, or its chat has to wait."""
        return self._lost[broadcast.id] >= LOST or self._pace.delay(broadcast.organizer_id, edit=True) > patience

    async def _list_readers(self, progress: BroadcastProgress) -> list[int]:
        """List all members who run broadcasts if a decision is needed, otherwise those who did something with it.

        If few people signed, nobody else learns that one of them was refused.
        """
        broadcast = progress.broadcast
        is_few = broadcast.hides_outcomes(progress.tally)
        members = await self._ledger.transact(team.find_members, self._configured_owners)
        readers = {member.id for member in list_at_least(members, "organizer")}
        if broadcast.ended_at is not None and (is_few or broadcast.ending not in ("content", "strangers")):
            readers &= await self._ledger.transact(following.list_steering, broadcast.id)
        return sorted(readers | {broadcast.organizer_id})

    async def _send_report(self, organizer_id: int, progress: BroadcastProgress) -> None:
        _ = await self._find_translator(organizer_id)
        broadcast = progress.broadcast
        if broadcast.ended_at is None:
            overtaken = await self._ledger.transact(read_overtaken, self._campaign, self._translators, broadcast)
            screen = scheduling.late(_, broadcast, unapproved=progress.unapproved, overtaken=overtaken)
        else:
            screen = ending.report(_, self._campaign, broadcast, progress.tally, progress.recall)
        for _try in range(TRIES):
            try:
                await self._show_screen(organizer_id, screen, None)
            except RetryLaterError as later:
                await asyncio.sleep(later.seconds)
            else:
                return
        logger.error("an organizer could not be told how broadcast %d ended", broadcast.id)

    async def _show(self, broadcast: Broadcast, screen: Screen) -> bool:
        """Show `screen` in the progress message of the broadcast; False if Telegram could not be reached."""
        before = broadcast.progress_message_id
        try:
            shown = await self._show_screen(broadcast.organizer_id, screen, before)
        except RetryLaterError:
            return False
        if shown is not None and shown != before:
            self._lost[broadcast.id] += before is not None
            await self._ledger.transact(lifecycle.note_progress_message, broadcast.id, shown)
        return True

    async def _find_translator(self, organizer_id: int) -> Translator:
        reader = await self._ledger.transact(team.find_reader, organizer_id)
        zone = read_zone(reader.zone) or self._campaign.zone
        return self._translators[reader.language or ""].in_zone(zone)


async def _list_under_way(tx: Transaction) -> list[BroadcastProgress]:
    return [
        BroadcastProgress(
            await broadcasts.get(tx, each),
            await deliveries.tally(tx, each),
            followed=await following.list_progress(tx, each),
        )
        for each in await deliveries.list_open(tx)
    ]


async def _list_unreported(tx: Transaction) -> list[BroadcastProgress]:
    return [
        BroadcastProgress(
            each,
            await deliveries.tally(tx, each.id),
            await approvals.is_open(tx, each),
            await recalls.find(tx, each),
        )
        for each in await lifecycle.list_unreported(tx)
        if not await deliveries.has_in_flight(tx, each.id)
    ]
