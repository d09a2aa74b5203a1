"""Set-asides of the same signatures by two members at the same moment: the first one counts."""

from chatbot.petition.review.filter import SetAside
from chatbot.storage.engine.database import Transaction
from chatbot.storage.organizer.review import set_asides
from chatbot.storage.people import signatures


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
    single = await signatures.find_by_number(tx, one.review_filter.number or 0)
    for row in await tx.all("SELECT id FROM set_asides WHERE state = 'running'"):
        begun = await set_asides.find(tx, row["id"])
        if begun is None:
            continue
        covers = single and single.number <= begun.last_number and begun.review_filter.fits(single)
        if covers or begun.review_filter == one.review_filter:
            return begun
    return None
