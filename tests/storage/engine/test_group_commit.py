"""Transactions that wait at the same time share one commit, and return after it."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from chatbot.storage import Transaction
from chatbot.storage.engine.group_commit import Committed, GroupCommit, Request, WorkOutcome
from chatbot.storage.engine.migrate import migrate
from chatbot.storage.engine.sqlite import GROUP_AT_MOST, SqliteDatabase, open_sqlite
from chatbot.storage.people import counters
from tests.storage.engine.conftest import raise_a
from tests.support.limits import GIVE_UP


@pytest.fixture
async def database(file: Path) -> AsyncIterator[SqliteDatabase]:
    opened = await open_sqlite(str(file))
    await migrate(opened)
    yield opened
    await opened.close()


@pytest.fixture
async def statements(database: SqliteDatabase) -> list[str]:
    """The statements that the database runs from now on."""
    seen: list[str] = []
    await database._connection.set_trace_callback(seen.append)
    return seen


class Hold:
    """Keeps the connection's thread busy until `release`."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._released = threading.Event()
        self._started = threading.Event()
        self.answer = asyncio.create_task(database.transact(self._work))

    async def _work(self, tx: Transaction) -> int:
        self._started.set()
        assert self._released.wait(GIVE_UP)
        return await counters.increase(tx, "a")

    async def started(self) -> None:
        assert await asyncio.to_thread(self._started.wait, GIVE_UP)

    def release(self) -> None:
        self._released.set()


async def test_waiting_transactions_share_a_commit(database: SqliteDatabase, statements: list[str]) -> None:
    hold = Hold(database)
    await hold.started()
    waiting = [asyncio.create_task(database.transact(raise_a)) for _ in range(100)]
    await asyncio.sleep(0)
    hold.release()
    assert await asyncio.gather(hold.answer, *waiting) == list(range(1, 102))
    assert statements.count("COMMIT") == 2, "one commit for the first, one for all that waited meanwhile"


async def test_group_is_bounded(database: SqliteDatabase, statements: list[str]) -> None:
    await asyncio.gather(*(database.transact(raise_a) for _ in range(2 * GROUP_AT_MOST + 1)))
    assert statements.count("COMMIT") == 3


async def test_callers_get_results_after_the_commit(database: SqliteDatabase, file: Path) -> None:
    with closing(sqlite3.connect(file)) as bystander:

        async def raise_and_look() -> tuple[int, int]:
            value = await database.transact(raise_a)
            (kept,) = bystander.execute("SELECT value FROM counters WHERE name = 'a'").fetchone()
            return value, kept

        for value, kept in await asyncio.gather(*(raise_and_look() for _ in range(50))):
            assert kept >= value


async def test_caller_cancelled_while_waiting_runs_nothing(database: SqliteDatabase) -> None:
    hold = Hold(database)
    await hold.started()
    staying = asyncio.create_task(database.transact(raise_a))
    leaving = asyncio.create_task(database.transact(raise_a))
    await asyncio.sleep(0)
    leaving.cancel()
    hold.release()
    assert (await hold.answer, await staying) == (1, 2)
    assert leaving.cancelled()
    assert await database.transact(raise_a) == 3, "the cancelled work never began"


async def test_caller_cancelled_while_its_work_runs_affects_no_other(database: SqliteDatabase) -> None:
    hold = Hold(database)
    beside = asyncio.create_task(database.transact(raise_a))
    await hold.started()
    hold.answer.cancel()
    await asyncio.sleep(0)
    hold.release()
    assert await beside == 2
    assert hold.answer.cancelled()


async def test_ending_loop_cancels_waiting_callers() -> None:
    """A loop that ends cancels all tasks, the one that empties the queue among them."""
    begun = asyncio.Event()

    async def never(group: Sequence[Request]) -> Sequence[WorkOutcome]:
        begun.set()
        await asyncio.Event().wait()
        return []

    group_commit = GroupCommit(never, at_most=1)
    asked = [asyncio.create_task(group_commit.transact(raise_a)) for _ in range(2)]
    await begun.wait()
    assert group_commit._pump is not None
    group_commit._pump.cancel()
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(answer) for answer in answers] == [asyncio.CancelledError] * 2


async def test_broken_engine_fails_the_group_and_serves_the_next() -> None:
    broken = True

    async def sometimes(group: Sequence[Request]) -> Sequence[WorkOutcome]:
        if broken:
            raise OSError("the thread is gone")
        return [Committed(7) for _ in group]

    group_commit = GroupCommit(sometimes, at_most=10)
    answers = await asyncio.gather(*(group_commit.transact(raise_a) for _ in range(3)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [OSError] * 3
    broken = False
    assert await group_commit.transact(raise_a) == 7


async def test_aiosqlite_runs_a_call_in_its_thread(database: SqliteDatabase) -> None:
    """The engine calls `Connection._execute`, which is not public: this test notices a change."""
    threads = [await database._connection._execute(threading.get_ident) for _ in range(2)]  # type: ignore[no-untyped-call]
    assert threads[0] == threads[1] != threading.get_ident()
    with pytest.raises(LookupError):
        await database._connection._execute({}.__getitem__, "nothing")  # type: ignore[no-untyped-call]
