"""The pinned cards of linked channels and groups, as a source of live cards."""

from collections.abc import Sequence
from datetime import datetime

from chatbot.petition.broadcasts.live_card import CardEdit, LiveCard
from chatbot.storage import Database
from chatbot.storage.engine.database import Transaction
from chatbot.storage.places import pinned_cards, refusals


class PinnedCards:
    """The cards are in the language of their place and open its link. In a paused place the old number stays."""

    begins_up_to_date = False
    """The language of the place may have changed since."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listed_at: datetime | None = None

    async def list_cards(self, now: datetime) -> Sequence[LiveCard]:
        """List the cards of places that take posts."""
        self._listed_at = now
        return [
            LiveCard(place.language, chat_id=place.chat_id, message_id=place.card_message_id, start=place.code)
            for place in await self._database.read_snapshot(pinned_cards.list_pinned)
        ]

    async def note(self, card: LiveCard, edit: CardEdit) -> None:
        """Forget a card that somebody deleted, and note what Telegram accepts and refuses in its place."""
        assert self._listed_at is not None  # the keeper lists cards before it edits them
        await self._database.transact(_note, card, edit, self._listed_at)


async def _note(tx: Transaction, card: LiveCard, edit: CardEdit, now: datetime) -> None:
    match edit.outcome:
        case "shown":
            await refusals.note_accepted(tx, card.start, now)
        case "lost":
            await pinned_cards.remove(tx, card.start, card.message_id)
        case "gone":
            await refusals.note_refusal(tx, card.start, now)
