"""How tests open a database whose tables are made already."""

from chatbot import storage
from chatbot.storage import Database


async def open_migrated(url: str) -> Database:
    """Open it without a look at its schema, which takes 15 ms of `open_database`."""
    return await storage._open(url)
