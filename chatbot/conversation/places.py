"""Groups and channels: answers a request with the card, and notes changes of the chat that Telegram reports.

No name and no id of a person is read, and nothing that people say there is stored.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from chatbot.conversation.interface import (
    Answer,
    BotAdded,
    BotStatus,
    Heard,
    InGroup,
    PlaceEvent,
    PlaceMoved,
    PlaceRenamed,
)
from chatbot.i18n import Translator
from chatbot.petition.broadcasts.live_card import IN_GROUPS, LiveCard
from chatbot.petition.broadcasts.place import Place
from chatbot.petition.lifecycle import PetitionStatus
from chatbot.petition.model import Campaign
from chatbot.screens.supporter import card, general
from chatbot.storage import Database, DatabaseUnavailableError, Transaction
from chatbot.storage.organizer import petition_status
from chatbot.storage.people import processed_updates
from chatbot.storage.places import places, refusals

EVERY: Final = timedelta(minutes=1)
"""A group gets one card, and one way to the private chat, in this time, however many ask."""
_MOST: Final = 10_000
"""Answers in groups that are remembered."""


class GroupAnswers:
    """Answers in the language of the group if it is linked, otherwise in that of the person who asks."""

    def __init__(
        self,
        database: Database,
        campaign: Campaign,
        translators: Mapping[str, Translator],
        on_team_turn: Callable[[], None],
        follow: Callable[[LiveCard, datetime], Awaitable[None]],
    ) -> None:
        self._database = database
        self._follow = follow
        self._on_team_turn = on_team_turn
        self._campaign = campaign
        self._translators = translators
        self._last: dict[tuple[int, bool], datetime] = {}
        """When a group got its last card (True), and its last way to the private chat."""
        self._joined: dict[int, tuple[type[PlaceEvent], datetime]] = {}
        """Groups where one of two updates has told so far that the bot was added."""

    async def hear(self, heard: Heard, event: InGroup | PlaceEvent, bot_link: str, now: datetime) -> Answer | None:
        """Note what changed, and answer if the bot was asked for something or has just been added."""
        if isinstance(event, BotAdded):
            if not self._greets(event, now):
                return None
        elif not isinstance(event, InGroup):
            joined = isinstance(event, BotStatus) and event.joined
            if not joined and not await self._database.read_snapshot(places.is_known, event.chat_id):
                return None  # of no interest: anybody may make the bot an admin of a thousand groups
            is_new = await self._database.transact(note_change, heard.update_id, event, now)
            if isinstance(event, BotStatus | PlaceMoved):
                self._on_team_turn()  # there may be a notice for them
            if not is_new or not isinstance(event, BotStatus) or not event.joined or not self._greets(event, now):
                return None
        return await self.answer(heard, event, bot_link, now)

    async def answer(
        self, heard: Heard, event: InGroup | BotStatus | BotAdded, bot_link: str, now: datetime
    ) -> Answer | None:
        """Answer with the card, or with the way to the private chat."""
        language = self._campaign.match(heard.person.language_code)
        if isinstance(event, InGroup) and not event.wants_card:
            is_due = self._is_due(event.chat_id, now, card=False)
            screen = general.go_to_private_chat(self._translators[language], bot_link) if is_due else None
            return Answer(event.chat_id, screen, query_id=event.query_id) if screen or event.query_id else None
        if not self._is_due(event.chat_id, now, card=True):
            return None
        place, status, signed_here = await self._database.read_snapshot(_read, event.chat_id)
        _ = self._translators[self._campaign.find_offered(place.language) if place else language]
        start = place.code if place else IN_GROUPS
        numbers = card.read_numbers(self._campaign, status, signed_here)
        screen = card.card(_, self._campaign, numbers, f"{bot_link}?start={start}", now)
        posted = LiveCard(_.language, chat_id=event.chat_id, start=start)
        return Answer(event.chat_id, screen, on_posted=partial(self._note, posted, now))

    async def _note(self, posted: LiveCard, now: datetime, message_id: int) -> None:
        with suppress(DatabaseUnavailableError):  # its number stays as it is
            await self._follow(replace(posted, message_id=message_id), now)

    def _greets(self, event: BotStatus | BotAdded, now: datetime) -> bool:
        """Whether both have told, in any order: Telegram that the bot is a member, and the group that it was added.

        In a group that becomes a supergroup the bot is a new member, too.
        """
        other, at = self._joined.pop(event.chat_id, (type(event), now))
        if other is not type(event) and timedelta() <= now - at < EVERY:
            return True
        if len(self._joined) >= _MOST:
            self._joined = {each: told for each, told in self._joined.items() if now - told[1] < EVERY}
        self._joined[event.chat_id] = type(event), now
        return False

    def _is_due(self, chat_id: int, now: datetime, *, card: bool) -> bool:
        last = self._last.get((chat_id, card))
        if last is not None and timedelta() <= now - last < EVERY:
            return False
        if len(self._last) >= _MOST:
            self._last = {each: at for each, at in self._last.items() if now - at < EVERY}
        self._last[chat_id, card] = now
        return True


async def note_change(tx: Transaction, update_id: int, event: PlaceEvent, now: datetime) -> bool:
    """Note what Telegram tells of a group or channel, if it is linked. False if this update was noted before."""
    if not await processed_updates.note(tx, update_id, now):
        return False
    match event:
        case BotStatus(chat_id, title, trouble):
            await refusals.note_rights(tx, chat_id, trouble, now)
            if title:
                await places.rename(tx, chat_id, title)
        case PlaceRenamed(chat_id, title):
            await places.rename(tx, chat_id, title)
        case PlaceMoved(chat_id, new_chat_id):
            await refusals.note_new_chat(tx, chat_id, new_chat_id, now)
    return True


async def _read(tx: Transaction, chat_id: int) -> tuple[Place | None, PetitionStatus, int]:
    return await places.find_by_chat(tx, chat_id), *await petition_status.find_with_count(tx)
