"""Keeps the number on live cards up to date, one edit at a time, in one process of several.

It stores nothing: after a restart each card is edited once. A failed edit makes the card wait, and further ones
in a row make all cards wait, longer each time, so that nothing is ever repeated quickly.
"""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final, Protocol

from chatbot.broadcasting.pace import Pacer
from chatbot.i18n import Translator
from chatbot.logs import report_bug
from chatbot.petition.broadcasts.live_card import CardEdit, LiveCard
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.petition.sealing.message_ids import MessageIdSeal
from chatbot.screens.screen import Screen
from chatbot.screens.supporter.card import CardNumbers, card, read_numbers
from chatbot.storage import Database, DatabaseUnavailableError
from chatbot.storage.organizer import petition_status
from chatbot.storage.places import cards
from chatbot.waiting import cancel_all, wait_at_most

logger = logging.getLogger(__name__)

LOCK: Final = "cards"
EVERY: Final = 10.0
"""Seconds between two readings of the number and of the list of cards."""
PAUSES: Final = (30.0, 60.0)
"""Between two edits of a card, in seconds: at random, so that an edit does not tell when somebody signed."""
MOST: Final = 2_000
"""Live cards at most, the newest first."""
IN_A_ROW: Final = 20
"""Edits after which the number and the cards are read again."""
CARD_RESTS: Final = 60.0
"""Seconds that a card waits after a failed edit; twice as long after each further one."""
ALL_REST: Final = 5.0
"""The same for all cards, after failures in a row."""
LONGEST_REST: Final = 3_600.0
GRACE: Final = 1.0
"""Seconds for an edit to end after `stop`."""

EditCard = Callable[[LiveCard, Screen], Awaitable[CardEdit]]
"""Edits a card in Telegram. Never raises."""


class CardSource(Protocol):
    """A kind of cards: how to list them, the newest first, and what follows from an edit."""

    begins_up_to_date: bool
    """Whether a new card shows the present numbers, in its language."""

    async def list_cards(self, now: datetime) -> Sequence[LiveCard]:
        """List the live cards."""

    async def note(self, card: LiveCard, edit: CardEdit) -> None:
        """Note the outcome of an edit. A card that is lost, gone or moved is not edited again."""


class PostedCards:
    """The cards that people posted in any chat, and those with which the bot answered in groups."""

    begins_up_to_date = True

    def __init__(self, database: Database, seal: MessageIdSeal) -> None:
        self._database = database
        self._seal = seal
        self._opened: dict[str, str | None] = {}
        self._pruned_on: date | None = None

    async def list_cards(self, now: datetime) -> list[LiveCard]:
        """List the newest; those of an earlier token cannot be opened and are left out."""
        if self._pruned_on != now.date():
            while await self._database.transact(cards.prune, now, MOST):
                pass
            self._pruned_on = now.date()
        stored = await self._database.read_snapshot(cards.list_newest, now, MOST)
        known, self._opened = self._opened, {}
        for sealed, _language in stored:
            self._opened[sealed] = known[sealed] if sealed in known else self._seal.open(sealed)
        return [LiveCard.from_key(language, opened) for sealed, language in stored if (opened := self._opened[sealed])]

    async def note(self, card: LiveCard, edit: CardEdit) -> None:
        """Delete a card that was lost: its message does not come back."""
        if edit.outcome != "shown":
            await self._database.transact(cards.drop, self._seal.close(card.key))


@dataclass(slots=True)
class _Kept:
    """What is remembered of a card: the numbers that it shows, if they are known, and when it may be edited."""

    shows: CardNumbers | None
    next_at: float
    failures: int = 0


class CardKeeper:
    """Keeps the cards of all sources up to date until `stop`. `bot_link` is `https://t.me/<bot>`; it may change."""

    def __init__(
        self,
        database: Database,
        campaign: Campaign,
        translators: Mapping[Language, Translator],
        pace: Pacer,
        edit: EditCard,
        sources: Sequence[CardSource],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self.bot_link = ""
        self._database = database
        self._campaign = campaign
        self._translators = translators
        self._pace = pace
        self._edit = edit
        self._sources = sources
        self._clock = clock
        self._now = seconds
        self._kept: dict[LiveCard, _Kept] = {}
        self._read: CardNumbers | None = None
        """The numbers as they were read last."""
        self._failures = 0
        """How many edits failed in a row."""
        self._rests_until = 0.0
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Edit nothing more; `run` returns within `GRACE` seconds. For a signal handler."""
        self._stopping.set()

    async def run(self) -> None:
        """Work until `stop`. Never raises."""
        work = asyncio.create_task(self._work())
        try:
            await self._stopping.wait()
            await asyncio.wait((work,), timeout=GRACE)
        finally:
            await cancel_all((work,))

    async def _work(self) -> None:
        failed = False
        while not self._stopping.is_set():
            has_more = False
            try:
                if await self._database.try_lock(LOCK):
                    has_more = await self.refresh()
                else:
                    self._kept, self._read = {}, None
                failed = False
            except DatabaseUnavailableError:
                pass
            except Exception as error:  # a bug leaves the cards as they are, and everything else running
                if not failed:
                    report_bug(logger, "the cards could not be brought up to date; the keeper keeps trying", error)
                failed = True
            if not has_more:
                await wait_at_most(EVERY, self._stopping)

    async def refresh(self) -> bool:
        """Edit the cards that are due, the newest first, up to `IN_A_ROW`; return whether there are more."""
        if self._now() < self._rests_until or not self.bot_link:
            return False
        read_at, edited = self._clock(), 0
        listed: dict[LiveCard, CardSource] = {}
        for source in self._sources:
            listed |= dict.fromkeys(await source.list_cards(read_at), source)
        status, signed_here = await self._database.read_snapshot(petition_status.find_with_count)
        numbers = read_numbers(self._campaign, status, signed_here)
        self._note(listed, numbers)
        # Cards that Telegram refuses come last, or many of them would use up what there is.
        for live, source in sorted(listed.items(), key=lambda each: self._kept[each[0]].failures):
            if self._stopping.is_set() or self._now() < self._rests_until:
                return False
            if self._is_due(live, numbers):
                if edited >= IN_A_ROW:
                    return True
                edited += 1
                await self._bring_up_to_date(live, source, numbers, read_at)
        return False

    def _note(self, listed: Mapping[LiveCard, CardSource], numbers: CardNumbers) -> None:
        """Remember new cards, and forget those that are no longer listed.

        A new card shows the present numbers, unless they have just changed. What a card from before the start shows is
        not known.
        """
        is_same, later = numbers == self._read, self._now() + _choose_pause()
        self._read = numbers
        up_to_date, outdated = _Kept(numbers, later), _Kept(None, 0.0)
        self._kept = {
            live: self._kept.get(live) or replace(up_to_date if is_same and source.begins_up_to_date else outdated)
            for live, source in listed.items()
        }

    def _is_due(self, live: LiveCard, numbers: CardNumbers) -> bool:
        kept = self._kept[live]
        if kept.shows == numbers or self._now() < kept.next_at or live.language not in self._campaign.languages:
            return False
        return live.chat_id is None or self._pace.delay(live.chat_id, edit=True) == 0

    async def _bring_up_to_date(
        self, live: LiveCard, source: CardSource, numbers: CardNumbers, read_at: datetime
    ) -> None:
        link = f"{self.bot_link}?start={live.start}"
        screen = card(self._translators[live.language], self._campaign, numbers, link, read_at)
        await self._pace.admit_card()
        if not await self._database.try_lock(LOCK):
            return  # lost with its connection while this waited: another process edits by now
        departed_at = self._pace.depart(live.chat_id, edit=True)
        try:
            edit = await self._edit(live, screen)
        finally:
            self._pace.land(departed_at)
        kept, now = self._kept[live], self._now()
        if edit.outcome == "failed":
            kept.failures, self._failures = kept.failures + 1, self._failures + 1
            kept.next_at = now + _back_off(CARD_RESTS, kept.failures, edit.seconds)
            self._rests_until = now + _back_off(ALL_REST, self._failures, edit.seconds)
            if edit.seconds:
                self._pace.note_flood(live.chat_id, edit.seconds)
            return
        self._failures = 0
        self._pace.note_answer(live.chat_id)
        if edit.outcome == "refused":  # of no other card, so the others do not wait
            kept.failures += 1
            kept.next_at = now + _back_off(CARD_RESTS, kept.failures, 0.0)
            return
        kept.failures = 0
        kept.shows, kept.next_at = numbers, now + _choose_pause()
        await source.note(live, edit)


def _choose_pause() -> float:
    return random.uniform(*PAUSES)  # noqa: S311 - nothing to guess


def _back_off(first: float, failures: int, asked: float) -> float:
    return min(max(first * 2.0 ** min(failures - 1, 20), asked), LONGEST_REST)
