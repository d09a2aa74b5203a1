"""Chats with the organizers' menu are remembered until it is removed."""

from datetime import datetime, timedelta

from chatbot.storage import Database, Transaction
from chatbot.storage.organizer import chat_menus


async def test_chat_with_menu_is_remembered_once(database: Database, now: datetime) -> None:
    async def greet(tx: Transaction) -> None:
        await chat_menus.note_given(tx, 7, now)
        await chat_menus.note_given(tx, 3_003, now)
        await chat_menus.note_given(tx, 7, now + timedelta(days=1))

    async def first(tx: Transaction) -> list[str]:
        return [row["given_at"] for row in await tx.all("SELECT given_at FROM chat_menus WHERE chat_id = 7")]

    assert await database.transact(chat_menus.list_with_menu) == frozenset()
    await database.transact(greet)
    assert await database.transact(chat_menus.list_with_menu) == {7, 3_003}
    assert await database.transact(first) == ["2026-11-24T03:00:00.000000Z"]


async def test_chat_without_menu_is_forgotten(database: Database, now: datetime) -> None:
    await database.transact(chat_menus.note_given, 7, now)
    for _ in range(2):  # the second time there is nothing left to remove
        await database.transact(chat_menus.note_taken_back, 7)
    assert await database.transact(chat_menus.list_with_menu) == frozenset()
