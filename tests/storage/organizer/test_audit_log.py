"""The journal: one chain whoever writes it, and every change afterwards is seen."""

import asyncio
from datetime import datetime, timedelta

import pytest

from chatbot.storage import Database, Transaction, open_database
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.organizer import audit_log

YUNA, HANA = 3003, 1001


async def write(database: Database, now: datetime, lines: int = 3) -> None:
    async def work(tx: Transaction) -> None:
        for nth in range(lines):
            who, entry = ((YUNA, "team.invited"), (HANA, "broadcast.paused"))[nth % 2]
            await audit_log.add(tx, who, entry, now + timedelta(seconds=nth), role="viewer", nth=nth)

    await database.transact(work)


async def test_it_is_read_in_its_order_and_looked_back_upon(database: Database, now: datetime) -> None:
    await write(database, now, 5)

    async def work(tx: Transaction) -> None:
        first, second = await audit_log.read(tx, 0, 2)
        assert (first.number, first.who, first.what, first.kind) == (1, YUNA, "team.invited", "team")
        assert (first.details, first.done_at) == ({"role": "viewer", "nth": 0}, now)
        assert [entry.number for entry in await audit_log.read(tx, second.number, 9)] == [3, 4, 5]
        assert [entry.number for entry in await audit_log.list_before(tx, None, 2)] == [5, 4]
        assert [entry.number for entry in await audit_log.list_before(tx, 4, 9)] == [3, 2, 1]
        assert [entry.number for entry in await audit_log.list_before(tx, None, 9, kind="broadcast")] == [4, 2]
        assert [entry.number for entry in await audit_log.list_before(tx, None, 9, who=YUNA)] == [5, 3, 1]
        assert await audit_log.list_before(tx, None, 9, kind="team", who=HANA) == []
        assert (await audit_log.find_end(tx))[0] == 5

    await database.transact(work)
    assert await find_problems(database) == []


async def test_many_who_write_at_once_in_several_processes_write_one_chain(url: str, now: datetime) -> None:
    databases = [await open_database(url) for _ in range(3)]
    await asyncio.gather(*(write(database, now, 2) for database in databases for _ in range(10)))
    assert await find_problems(databases[0]) == []
    assert (await databases[0].transact(audit_log.find_end))[0] == 60
    for database in databases:
        await database.close()


async def test_who_is_hidden_while_others_write_breaks_no_chain(url: str, now: datetime) -> None:
    databases = [await open_database(url) for _ in range(3)]
    await write(databases[0], now, 300)
    await asyncio.gather(
        *(write(database, now, 1) for database in databases for _ in range(5)),
        databases[0].transact(audit_log.anonymise, YUNA, "유나", -7),
        *(write(database, now, 1) for database in databases for _ in range(5)),
    )
    assert await find_problems(databases[0]) == []
    for database in databases:
        await database.close()


async def test_a_turn_that_fails_leaves_no_gap(database: Database, now: datetime) -> None:
    await write(database, now)

    async def failing(tx: Transaction) -> None:
        await audit_log.add(tx, YUNA, "team.invited", now)
        raise LookupError

    with pytest.raises(LookupError):
        await database.transact(failing)
    await write(database, now)
    assert await find_problems(database) == []


@pytest.mark.parametrize(
    ("tampering", "said"),
    [
        ('UPDATE audit_log SET details = \'{"role":"owner"}\' WHERE number = 2', "line 2, of 2026"),
        ("UPDATE audit_log SET member_id = 1001 WHERE number = 1", "line 1, of 2026"),
        ("UPDATE audit_log SET action = 'team.left' WHERE number = 3", "line 3, of 2026"),
        ("UPDATE audit_log SET kind = 'other' WHERE number = 3", "line 3, of 2026"),
        ("UPDATE audit_log SET done_at = '2026-03-02T00:00:00.000000Z' WHERE number = 3", "line 3, of 2026-03-02"),
        ("DELETE FROM audit_log WHERE number = 2", "line 2 is missing"),
        ("DELETE FROM audit_log WHERE number = 3", "it ends after 2 lines, but 3 were written"),
        ("DELETE FROM audit_log", "it ends after 0 lines, but 3 were written"),
        ("DELETE FROM audit_log_end", "it ends after 3 lines, but 0 were written"),
        ("UPDATE audit_log SET number = number + 10 WHERE number = 3", "line 3 is missing"),
    ],
)
async def test_whatever_is_changed_afterwards_is_seen(
    database: Database, now: datetime, tampering: str, said: str
) -> None:
    await write(database, now)
    await database.transact(lambda tx: tx.run(tampering))
    [problem] = await find_problems(database)
    assert said in problem
