"""Stores the live cards: sealed message id, language, day and order. Who posted one is not stored anywhere."""

from datetime import datetime, timedelta
from typing import Final

from chatbot.petition.languages import Language
from chatbot.storage.engine.database import StoredTable, Transaction

TABLE: Final = StoredTable(name="cards", key=("sealed_id",), grows=True)
LIVE: Final = timedelta(days=7)
"""How long the number of a card is kept up to date."""


async def add(tx: Transaction, sealed_id: str, language: Language, now: datetime) -> bool:
    """Store a card that was posted now. False if it is stored already: Telegram may tell of it twice."""
    added = await tx.run(
        "INSERT INTO cards (sealed_id, language, posted_on, place) "
        "VALUES (:sealed_id, :language, :day, coalesce((SELECT max(place) FROM cards), 0) + 1) "
        "ON CONFLICT (sealed_id) DO NOTHING",
        sealed_id=sealed_id,
        language=language,
        day=_write_day(now),
    )
    return bool(added)


async def list_newest(tx: Transaction, now: datetime, limit: int) -> list[tuple[str, Language]]:
    """List the sealed ids and the languages of the newest live cards, the newest first."""
    rows = await tx.all(
        "SELECT sealed_id, language, posted_on FROM cards ORDER BY place DESC LIMIT :limit", limit=limit
    )
    first = _write_day(now - LIVE)
    return [(row["sealed_id"], row["language"]) for row in rows if row["posted_on"] >= first]


async def drop(tx: Transaction, sealed_id: str) -> bool:
    """Delete a card. False if it is deleted already."""
    return bool(await tx.run("DELETE FROM cards WHERE sealed_id = :sealed_id", sealed_id=sealed_id))


async def prune(tx: Transaction, now: datetime, limit: int) -> int:
    """Delete the `limit` oldest cards that are no longer live, and all of their last day; return how many."""
    return await tx.run(
        "DELETE FROM cards WHERE posted_on <= (SELECT max(posted_on) FROM "
        "(SELECT posted_on FROM cards WHERE posted_on < :first ORDER BY posted_on LIMIT :limit) AS oldest)",
        first=_write_day(now - LIVE),
        limit=limit,
    )


def _write_day(now: datetime) -> str:
    return now.date().isoformat()
