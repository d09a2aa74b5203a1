"""Reads the stored history of the number of signatures."""

from datetime import datetime

from chatbot.storage import Transaction
from chatbot.storage.engine import timestamps
from chatbot.storage.people import counters


async def read_history(tx: Transaction) -> list[tuple[datetime, int]]:
    """Return the number of signatures at the end of each hour in which it changed."""
    rows = await tx.all("SELECT hour, value FROM history WHERE name = :name ORDER BY hour", name=counters.SIGNATURES)
    return [(timestamps.from_text(row["hour"]), row["value"]) for row in rows]
