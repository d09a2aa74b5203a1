"""Remembers which chats have the organizers' menu of commands."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import StoredTable, Transaction
from chatbot.storage.organizer import jobs, team

TABLE: Final = StoredTable(name="chat_menus", key=("chat_id",), person=("chat_id",))


async def list_with_menu(tx: Transaction) -> frozenset[int]:
    """List the chats that have the menu, or may have it."""
    return frozenset([row["chat_id"] for row in await tx.all("SELECT chat_id FROM chat_menus")])


async def note_given(tx: Transaction, chat_id: int, now: datetime) -> bool:
    """Note that this chat gets the menu; False if that is noted already."""
    return bool(
        await tx.run(
            "INSERT INTO chat_menus (chat_id, given_at) VALUES (:id, :now) ON CONFLICT (chat_id) DO NOTHING",
            id=chat_id,
            now=timestamps.to_text(now),
        )
    )


async def note_taken_back(tx: Transaction, chat_id: int) -> None:
    """Note that a chat no longer has the menu."""
    await tx.run("DELETE FROM chat_menus WHERE chat_id = :id", id=chat_id)


async def request(tx: Transaction, chat_ids: Iterable[int], now: datetime) -> None:
    """Ask for jobs that bring the menus of these chats up to date; a few that wait already are enough."""
    for chat_id in sorted(chat_ids):
        if not await jobs.is_at_limit(tx, team.MENU, chat_id):
            await jobs.add(tx, team.MENU, {}, now, chat_id=chat_id)
