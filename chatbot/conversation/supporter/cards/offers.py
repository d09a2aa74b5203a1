"""Offers the card in chats without the bot: as results of an inline query, and where the bot is called as a guest.

Nothing is stored of a query or a call. Of a posted card, only what is needed to edit its number is stored; see
`storage.places.cards`.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Final

from chatbot.conversation.interface import (
    Answer,
    AskedForCards,
    CalledAsGuest,
    CardEvent,
    CardOffer,
    Heard,
    OfferedCard,
    PostedCard,
)
from chatbot.conversation.supporter.cards.sharers import Sharers
from chatbot.i18n import Translator
from chatbot.petition.broadcasts.live_card import START, LiveCard
from chatbot.petition.languages import Language
from chatbot.petition.lifecycle import PetitionStatus
from chatbot.petition.model import Campaign
from chatbot.petition.sealing.message_ids import MessageIdSeal
from chatbot.screens.supporter import card
from chatbot.storage import Database, DatabaseUnavailableError
from chatbot.storage.organizer import petition_status
from chatbot.storage.places import cards
from chatbot.storage.privacy.share_codes import ShareCodes

SIGN_FIRST: Final = "sign-first"
"""The start parameter of the button above the cards. It is no source."""
MOST: Final = 50
"""Results that Telegram accepts at most."""


class CardOffers:
    """Answers queries and calls. Without a `seal`, posted cards are not stored, and their numbers stay as they are."""

    def __init__(
        self,
        database: Database,
        campaign: Campaign,
        translators: Mapping[Language, Translator],
        seal: MessageIdSeal | None,
        share_codes: ShareCodes,
    ) -> None:
        self._database = database
        self._campaign = campaign
        self._translators = translators
        self._seal = seal
        self._sharers = Sharers(database, share_codes)

    async def answer(self, heard: Heard, event: CardEvent, bot_link: str, now: datetime) -> Answer | None:
        """Offer cards, or note one that was posted."""
        match event:
            case AskedForCards():
                offer = await self._offer(heard, event, bot_link, now)
                return Answer(heard.person.id, offer=offer) if offer else None
            case CalledAsGuest(query_id):
                language = self._campaign.match(heard.person.language_code)  # what they chose here is their secret
                status, signed_here = await self._database.read_snapshot(petition_status.find_with_count)
                offered = self._draw(language, status, signed_here, f"{bot_link}?start={START}", now)
                note = partial(self._note_guest, language=language, now=now)
                return Answer(heard.person.id, offer=CardOffer(query_id, (offered,), is_guest=True, on_posted=note))
            case PostedCard(message_id, language):
                await self.follow(LiveCard(language, message_id), now)
        return None

    async def _offer(self, heard: Heard, asked: AskedForCards, bot_link: str, now: datetime) -> CardOffer | None:
        sharer = await self._sharers.read(heard.person.id)
        if sharer is None:
            return None
        status = sharer.status
        own = self._campaign.find_offered(sharer.language) if sharer.language else None
        own = own or self._campaign.match(heard.person.language_code)
        # By their own link, who posts for a channel would be recognised in other chats.
        link = f"{bot_link}?start={START if asked.in_channel else sharer.code}"
        languages = list(dict.fromkeys((own, *self._campaign.languages)))[:MOST]
        offered = tuple(self._draw(language, status, sharer.signed_here, link, now) for language in languages)
        is_open = status.find_ending(self._campaign) is None
        label = None if sharer.has_signed or not is_open else card.sign_first(self._translators[own])
        return CardOffer(asked.query_id, offered, button=(label, SIGN_FIRST) if label else None)

    def _draw(
        self, language: Language, status: PetitionStatus, signed_here: int, link: str, now: datetime
    ) -> OfferedCard:
        _, numbers = self._translators[language], card.read_numbers(self._campaign, status, signed_here)
        screen = card.card(_, self._campaign, numbers, link, now)
        return OfferedCard(language, self._campaign.words[language].title, card.describe(_, numbers), screen)

    async def follow(self, posted: LiveCard, now: datetime) -> None:
        """Keep the number on a posted card up to date from now on."""
        if self._seal is not None and posted.language in self._campaign.languages:
            await self._database.transact(cards.add, self._seal.close(posted.key), posted.language, now)

    async def _note_guest(self, message_id: str, *, language: Language, now: datetime) -> None:
        with suppress(DatabaseUnavailableError):  # its number stays as it is
            await self.follow(LiveCard(language, message_id), now)
