"""The audit log is one chain for all writers, and shows every later change."""

import asyncio
from datetime import datetime, timedelta

import pytest

from chatbot.storage import Database, Transaction, open_database
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.engine.database import Row, Value
from chatbot.storage.organizer import audit_log
from tests.storage.conftest import until
from tests.support.cast import HANA, YUNA


async def write(database: Database, now: datetime, lines: int = 3) -> None:
    async def work(tx: Transaction) -> None:
        for nth in range(lines):
            member_id, action = ((YUNA, "team.invited"), (HANA, "broadcast.paused"))[nth % 2]
            await audit_log.add(tx, member_id, action, now + timedelta(seconds=nth), role="viewer", nth=nth)

    await database.transact(work)


async def test_entries_are_read_forwards_and_backwards(database: Database, now: datetime) -> None:
    await write(database, now, 5)

    async def work(tx: Transaction) -> None:
        first, second = await audit_log.read(tx, 0, 2)
        assert (first.number, first.member_id, first.action, first.kind) == (1, YUNA, "team.invited", "team")
        assert (first.details, first.done_at) == ({"role": "viewer", "nth": 0}, now)
        assert [entry.number for entry in await audit_log.read(tx, second.number, 9)] == [3, 4, 5]
        assert [entry.number for entry in await audit_log.list_before(tx, None, 2)] == [5, 4]
        assert [entry.number for entry in await audit_log.list_before(tx, 4, 9)] == [3, 2, 1]
        assert [entry.number for entry in await audit_log.list_before(tx, None, 9, kind="broadcast")] == [4, 2]
        assert [entry.number for entry in await audit_log.list_before(tx, None, 9, member_id=YUNA)] == [5, 3, 1]
        assert await audit_log.list_before(tx, None, 9, kind="team", member_id=HANA) == []
        assert (await audit_log.find_end(tx))[0] == 5

    await database.transact(work)
    assert await find_problems(database) == []


async def test_concurrent_writers_write_one_chain(url: str, now: datetime) -> None:
    databases = [await open_database(url) for _ in range(3)]
    await asyncio.gather(*(write(database, now, 2) for database in databases for _ in range(10)))
    assert await find_problems(databases[0]) == []
    assert (await databases[0].transact(audit_log.find_end))[0] == 60
    for database in databases:
        await database.close()


class PausedTransaction:
    """A transaction that pauses when a query finds no more rows."""

    def __init__(self, tx: Transaction, is_paused: asyncio.Event, may_go_on: asyncio.Event) -> None:
        self._tx, self._is_paused, self._may_go_on = tx, is_paused, may_go_on
        self.one, self.run = tx.one, tx.run

    async def all(self, sql: str, /, **values: Value) -> list[Row]:
        rows = await self._tx.all(sql, **values)
        if not rows:
            self._is_paused.set()
            await self._may_go_on.wait()
        return rows


async def is_waiting_for_a_lock(tx: Transaction) -> bool:
    return bool(await tx.all("SELECT pid FROM pg_locks WHERE NOT granted"))


@pytest.mark.parametrize("url", ["postgres"], indirect=True)  # on SQLite one transaction writes at a time
async def test_writer_waits_while_entries_are_anonymised(database: Database, now: datetime) -> None:
    await write(database, now)
    is_paused, may_go_on = asyncio.Event(), asyncio.Event()
    anonymising = asyncio.create_task(
        database.transact(lambda tx: audit_log.anonymise(PausedTransaction(tx, is_paused, may_go_on), YUNA, "유나", -7))
    )
    await is_paused.wait()
    writing = asyncio.create_task(write(database, now, 1))

    async def is_done_or_waiting() -> bool:
        return writing.done() or await database.transact(is_waiting_for_a_lock)

    await until(is_done_or_waiting)
    may_go_on.set()
    await asyncio.gather(anonymising, writing)
    assert await find_problems(database) == []
    entries = await database.transact(audit_log.read, 0, 9)
    assert [entry.member_id for entry in entries] == [-7, HANA, -7, YUNA]


async def test_failed_turn_leaves_no_gap(database: Database, now: datetime) -> None:
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
async def test_chain_shows_every_later_change(database: Database, now: datetime, tampering: str, said: str) -> None:
    await write(database, now)
    await database.transact(lambda tx: tx.run(tampering))
    [problem] = await find_problems(database)
    assert said in problem
