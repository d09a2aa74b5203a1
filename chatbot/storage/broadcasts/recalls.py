"""Recalls: how far the deletion of a recalled broadcast is."""

from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.rest import Recall
from chatbot.storage.broadcasts import broadcasts, delivery_counts
from chatbot.storage.engine.database import Transaction


async def find(tx: Transaction, broadcast: Broadcast) -> Recall | None:
    """Return the recall of this broadcast; None if it was not recalled."""
    if broadcast.recalled_at is None:
        return None
    row = await tx.one(
        "SELECT id FROM broadcasts WHERE of_id = :id AND kind = 'recall' AND started_at IS NOT NULL "
        "ORDER BY id DESC LIMIT 1",
        id=broadcast.id,
    )
    if row is None:
        return None
    recall, had = await broadcasts.get(tx, row["id"]), await delivery_counts.read(tx, broadcast.id)
    return Recall(recall, await delivery_counts.read(tx, recall.id), had.count("sent"))
