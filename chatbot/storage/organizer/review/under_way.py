"""Set-asides of the same signatures by two members at the same moment: the first one counts."""

import orjson

from chatbot.petition.review.filter import SetAside
from chatbot.storage.engine.database import Transaction
from chatbot.storage.organizer.review import set_asides


async def find_first(tx: Transaction, one: SetAside) -> SetAside | None:
    """Return the set-aside that excludes the same signatures already, or is about to; None if they count.

    Of two that are to begin at the same moment, the second waits here until the first has begun.
    """
    row = await tx.one(
        "UPDATE signatures SET set_aside_id = set_aside_id WHERE number = :number RETURNING set_aside_id",
        number=one.example or 0,
    )
    found = await set_asides.find(tx, row["set_aside_id"]) if row and row["set_aside_id"] is not None else None
    if found is not None and (found.review_filter == one.review_filter or one.review_filter.number is not None):
        return found if found.state in ("running", "done") else None
    row = await tx.one(
        "SELECT id FROM set_asides WHERE conditions = :conditions AND state = 'running' LIMIT 1",
        conditions=orjson.dumps(one.review_filter.to_mapping()).decode(),
    )
    return await set_asides.find(tx, row["id"]) if row else None
