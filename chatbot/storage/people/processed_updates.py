"""Ids of processed updates. Telegram delivers an update again until it is confirmed."""

from datetime import datetime
from typing import Final

from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import StoredTable, Transaction

TABLE: Final = StoredTable(name="processed_updates", key=("update_id",), grows=True)


async def note(tx: Transaction, update_id: int, now: datetime) -> bool:
    """Note that this transaction processes the update; False if one did before: then change nothing.

    The person is not noted, so the note survives their erasure.
    """
    added = await tx.run(
        "INSERT INTO processed_updates (update_id, processed_at) VALUES (:update_id, :now) "
        "ON CONFLICT (update_id) DO NOTHING",
        update_id=update_id,
        now=timestamps.to_text(now),
    )
    return added == 1


async def prune(tx: Transaction, before: datetime, limit: int) -> int:
    """Delete the `limit` oldest ids received before `before`, and those of the same moment as the last.

    Returns how many were deleted.
    Telegram keeps an update for a day (https://core.telegram.org/bots/api#getting-updates).
    """
    return await tx.run(
        # A range and no join: PostgreSQL might read all rows.
        "DELETE FROM processed_updates WHERE processed_at <= (SELECT max(processed_at) FROM "
        "(SELECT processed_at FROM processed_updates WHERE processed_at < :before "
        "ORDER BY processed_at LIMIT :limit) AS oldest)",
        before=timestamps.to_text(before),
        limit=limit,
    )
