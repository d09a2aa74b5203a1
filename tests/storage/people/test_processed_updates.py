"""Updates are processed once, and remembered for as long as Telegram may deliver them again."""

from datetime import datetime, timedelta

import pytest

from chatbot.storage import Database, Transaction
from chatbot.storage.people import processed_updates


async def test_update_is_new_once(database: Database, now: datetime) -> None:
    async def note(tx: Transaction) -> bool:
        return await processed_updates.note(tx, 10, now)

    assert await database.transact(note)
    assert not await database.transact(note)
    assert await database.transact(processed_updates.note, 9, now), "Telegram may begin again with lower ids"


async def test_update_of_a_failed_turn_is_still_new(database: Database, now: datetime) -> None:
    async def fail(tx: Transaction) -> None:
        assert await processed_updates.note(tx, 10, now)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await database.transact(fail)
    assert await database.transact(processed_updates.note, 10, now)


async def test_oldest_updates_are_deleted_in_batches(database: Database, now: datetime) -> None:
    async def note_ten(tx: Transaction) -> None:
        for nth in range(10):
            await processed_updates.note(tx, 100 - nth, now + timedelta(hours=nth))

    async def left(tx: Transaction) -> list[int]:
        return [row["update_id"] for row in await tx.all("SELECT update_id FROM processed_updates ORDER BY update_id")]

    await database.transact(note_ten)
    before = now + timedelta(hours=7)
    pruned = [await database.transact(processed_updates.prune, before, 5) for _ in range(3)]
    assert pruned == [5, 2, 0]
    assert await database.transact(left) == [91, 92, 93]


async def test_updates_of_one_moment_are_deleted_together(database: Database, now: datetime) -> None:
    async def note_four(tx: Transaction) -> None:
        for update_id, second in ((1, 0), (2, 1), (3, 1), (4, 2)):
            await processed_updates.note(tx, update_id, now + timedelta(seconds=second))

    await database.transact(note_four)
    later = now + timedelta(hours=1)
    assert [await database.transact(processed_updates.prune, later, 2) for _ in range(3)] == [3, 1, 0]
