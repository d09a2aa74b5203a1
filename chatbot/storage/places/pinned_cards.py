"""Stores which message in a linked place is the pinned card.

`ask` marks that a card is on its way, so that two organizers get one card. The job `PIN` posts it and calls `keep`.
"""

from typing import Final

from chatbot.petition.broadcasts.place import CARD_ASKED, Place
from chatbot.storage.engine.database import Transaction
from chatbot.storage.places import places

PIN: Final = "pin_card"
"""The kind of job that posts and pins a card. Its details are the `code` of the place and the `link` of the button."""
UNPIN: Final = "unpin_card"
"""The kind of job that unpins one. Its details are the `chat` and the `message`."""


async def ask(tx: Transaction, code: str) -> bool:
    """Mark that a card is on its way. False if there is one already, or the place is unlinked."""
    return bool(
        await tx.run(
            "UPDATE places SET card_message_id = :asked "
            "WHERE code = :code AND card_message_id IS NULL AND unlinked_at IS NULL",
            code=code,
            asked=CARD_ASKED,
        )
    )


async def keep(tx: Transaction, code: str, message_id: int | None) -> bool:
    """Store the message of the card that was on its way; None if there is none. False if nobody waits for it now."""
    return bool(
        await tx.run(
            "UPDATE places SET card_message_id = :message_id "
            "WHERE code = :code AND card_message_id = :asked AND unlinked_at IS NULL",
            code=code,
            message_id=message_id,
            asked=CARD_ASKED,
        )
    )


async def let_go(tx: Transaction, person_id: int) -> None:
    """Keep the jobs of an organizer who is erased, without their id: the cards are the team's."""
    await tx.run(
        "UPDATE jobs SET chat_id = NULL WHERE chat_id = :person_id AND kind IN (:pin, :unpin)",
        person_id=person_id,
        pin=PIN,
        unpin=UNPIN,
    )


async def mark_unsure(tx: Transaction) -> None:
    """Mark each card that waits to be posted as perhaps posted: the database comes from a copy."""
    await tx.run(
        "UPDATE jobs SET progress = :sending WHERE kind = :pin AND progress = '{}'", sending='{"sending":1}', pin=PIN
    )


async def remove(tx: Transaction, code: str, message_id: int | None) -> bool:
    """Forget this card, so that its number stays as it is. False if it is forgotten already."""
    return bool(
        await tx.run(
            "UPDATE places SET card_message_id = NULL WHERE code = :code AND card_message_id = :message_id",
            code=code,
            message_id=message_id,
        )
    )


async def list_pinned(tx: Transaction) -> list[Place]:
    """List the places whose card is kept up to date now."""
    return [place for place in await places.list_linked(tx) if place.has_card and place.takes_posts]
