"""Storage rate of signatures: `python -m tests.benchmarks.signing_storage [--seconds 3] [--folder FOLDER]`.

64 supporters sign at once, durably (synchronous=FULL), in a new file for each of three ways: statement by statement
through aiosqlite's public methods, one call into its thread and one commit for each transaction, and group commit.
The ways alternate for three rounds, and the best round counts: trust the ratios more than the numbers.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import ParamSpec, TypeVar

import aiosqlite

from chatbot.storage import Database, Transaction
from chatbot.storage.engine import group_commit as grouping
from chatbot.storage.engine.database import Row, Value, Work
from chatbot.storage.engine.migrate import migrate
from chatbot.storage.engine.sqlite import SqliteDatabase, open_sqlite
from chatbot.storage.people import processed_updates, supporters
from tests.support.signers import add_signer

P = ParamSpec("P")
T = TypeVar("T")

AT_ONCE = 64
NOW = datetime.now(UTC)


class StatementByStatement:
    """The textbook way: every statement is a call to aiosqlite's thread, and every transaction has its own commit."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self._turn = asyncio.Lock()

    async def transact(self, work: Work[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        async with self._turn:
            await self._connection.execute("BEGIN IMMEDIATE")
            result = await work(self, *args, **kwargs)
            await self._connection.commit()
            return result

    async def close(self) -> None:
        await self._connection.close()

    async def all(self, sql: str, /, **values: Value) -> list[Row]:
        return list(await self._connection.execute_fetchall(sql, values))

    async def one(self, sql: str, /, **values: Value) -> Row | None:
        rows = await self.all(sql, **values)
        return rows[0] if rows else None

    async def run(self, sql: str, /, **values: Value) -> int:
        cursor = await self._connection.execute(sql, values)
        return cursor.rowcount


async def open_statement_by_statement(file: Path) -> Database:
    await (await open_grouped(file)).close()
    connection = await aiosqlite.connect(file, isolation_level=None)
    connection.row_factory = aiosqlite.Row
    for pragma in ("foreign_keys=ON", "synchronous=FULL", "secure_delete=ON", "temp_store=MEMORY"):
        await connection.execute(f"PRAGMA {pragma}")
    return StatementByStatement(connection)


async def open_one_commit_each(file: Path) -> Database:
    database = await open_grouped(file)
    database._group_commit = grouping.GroupCommit(database._carry_out, at_most=1)
    return database


async def open_grouped(file: Path) -> SqliteDatabase:
    database = await open_sqlite(str(file))
    await migrate(database)
    return database


async def sign(tx: Transaction, supporter_id: int) -> None:
    """Run the statements of a turn that signs."""
    await processed_updates.note(tx, supporter_id, NOW)
    assert await add_signer(tx, supporter_id, now=NOW) is not None
    await supporters.store_step(tx, supporter_id, step="signed", draft={}, update_id=supporter_id, now=NOW)


async def measure(database: Database, seconds: float) -> tuple[float, float]:
    """Return the signing transactions a second, and the 99th percentile of their latency in milliseconds."""
    latencies: list[float] = []
    begin = time.perf_counter()

    async def sign_on(first: int) -> None:
        supporter_id = first
        while (asked := time.perf_counter()) < begin + seconds:
            await database.transact(sign, supporter_id=supporter_id)
            latencies.append(time.perf_counter() - asked)
            supporter_id += AT_ONCE

    await asyncio.gather(*(sign_on(first) for first in range(AT_ONCE)))
    rate = len(latencies) / (time.perf_counter() - begin)
    return rate, sorted(latencies)[len(latencies) * 99 // 100] * 1000


WAYS: dict[str, Callable[[Path], Awaitable[Database]]] = {
    "statement by statement": open_statement_by_statement,
    "one commit each": open_one_commit_each,
    "group commit": open_grouped,
}


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each round takes")
    parser.add_argument("--folder", type=Path, default=None, help="where to put the files: a disk, not memory")
    options = parser.parse_args()
    best = dict.fromkeys(WAYS, (0.0, 0.0))
    for _ in range(3):
        for way, opened in WAYS.items():
            with tempfile.TemporaryDirectory(dir=options.folder) as folder:
                database = await opened(Path(folder) / "chatbot.db")
                best[way] = max(best[way], await measure(database, options.seconds))
                await database.close()
    reference = best["one commit each"][0]
    write = sys.stdout.write
    write(f"{'signing, ' + str(AT_ONCE) + ' at once':24}{'per second':>12}{'p99 ms':>9}{'ratio':>8}\n")
    for way, (rate, p99) in best.items():
        write(f"{way:24}{rate:12,.0f}{p99:9.1f}{rate / reference:7.1f}x\n")


if __name__ == "__main__":
    asyncio.run(main())
