"""Broadcasts, and cards to be pinned, in a database that was brought back: what was sent since is not in it."""

from collections import Counter
from datetime import datetime

from chatbot.storage.broadcasts import audience, broadcasts, delivery_counts, mornings
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Transaction
from chatbot.storage.places import deliveries as place_deliveries
from chatbot.storage.places import pinned_cards


async def hold(tx: Transaction, now: datetime) -> None:
    """Pause broadcasts that were being sent, and make those that should have begun since wait for an organizer.

    Their deliveries may have been sent after the copy was made, so they are unknown: nobody gets one twice unless an
    organizer says so. Corrections and recalls can be repeated, and go on. Of a card nobody knows either.
    """
    for row in await tx.all(
        "SELECT id FROM broadcasts WHERE kind = 'update' AND started_at IS NOT NULL AND ended_at IS NULL"
    ):
        await tx.run(
            "UPDATE broadcasts SET paused_at = coalesce(paused_at, :now) WHERE id = :id",
            id=row["id"],
            now=timestamps.to_text(now),
        )
        asleep = await tx.all(
            "SELECT language, due_at, count(*) AS number FROM deliveries "
            "WHERE broadcast_id = :id AND state = 'waiting' AND state <> 'sent' GROUP BY language, due_at",
            id=row["id"],
        )
        await mornings.count(tx, row["id"], {(each["language"], each["due_at"]): -each["number"] for each in asleep})
        unknown = await tx.all(
            "UPDATE deliveries SET state = 'unknown', reason = 'crash', due_at = '' "
            "WHERE broadcast_id = :id AND state IN ('waiting', 'sending') RETURNING language",
            id=row["id"],
        )
        counts = Counter((each["language"], "unknown", "crash") for each in unknown)
        await delivery_counts.count(tx, row["id"], counts)
        broadcast = await broadcasts.get(tx, row["id"])
        if broadcast.place_codes and broadcast.places_gathered_at is None:
            await audience.gather_places(tx, broadcast, now)
        await place_deliveries.settle(tx, row["id"], "update", ("waiting", "sending"))
    await pinned_cards.mark_unsure(tx)
    await tx.run(
        "UPDATE broadcasts SET late_at = :now, reported_at = NULL WHERE scheduled_for <= :now "
        "AND late_at IS NULL AND started_at IS NULL AND ended_at IS NULL",
        now=timestamps.to_text(now),
    )
