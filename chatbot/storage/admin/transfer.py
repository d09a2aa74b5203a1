"""Moving house: everything from one database into another one, counted and checked on both sides.

Where it ends in the middle, the target is marked, and nothing but another move opens it.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.admin.unfinished_transfer import MARK
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Database, Row, Transaction
from chatbot.storage.organizer import app_state
from chatbot.storage.privacy.tables import TABLES

AT_ONCE: Final = 2_000
"""Rows carried in one transaction."""
HELD_BY_BOTS: Final = ("broadcasting", "errands")
"""What one process of a running bot holds: who sends updates, and who does the work asked for, `web` included."""


class TransferError(Exception):
    """It must not be done, or was not done rightly; the message says in a line why, and what to do."""


async def move(source: Database, target: Database, tell: Callable[[str], None]) -> None:
    """Carry everything from `source` to `target`, whose schema is there and empty. Nothing changes in `source`.

    `tell` hears a line for each table. Raises `TransferError` where somebody still works with either side, where the
    target holds something already, and where the two sides differ in the end. What an earlier move left there by halves
    is emptied first: `source` may have gone on since.
    """
    for database in (source, target):
        for name in HELD_BY_BOTS:
            if not await database.try_lock(name):
                raise TransferError("a bot is running with one of the two databases: stop it first")
    if problems := await find_problems(source):
        raise TransferError(f"the old database is not in order: {problems[0]} (python -m chatbot check says more)")
    if await target.read_snapshot(lambda tx: app_state.find(tx, MARK)) is not None:
        tell("The new database holds a part of an earlier move: it is emptied first.")
        for table in reversed(TABLES):
            await _empty(target, table)
    elif any([await _count(target, table) for table in TABLES]):
        raise TransferError("the new database holds something already: name an empty one")
    await target.transact(lambda tx: app_state.keep(tx, MARK, timestamps.to_text(datetime.now(UTC))))
    for table in TABLES:
        carried = await _carry(source, target, table)
        tell(f"{table}: {carried:,}")
    for table in TABLES:
        before, after = await _count(source, table), await _count(target, table)
        if before != after:
            raise TransferError(f"{table}: {before} in the old database, {after} in the new one")
    if problems := await find_problems(target):
        raise TransferError(f"the new database is not in order: {problems[0]}")
    await target.transact(lambda tx: app_state.drop(tx, MARK))


async def _count(database: Database, table: str) -> int:
    async def work(tx: Transaction) -> int:
        but = f"WHERE name <> '{MARK}'" if table == "app_state" else ""
        row = await tx.one(f"SELECT count(*) AS n FROM {table} {but}")  # noqa: S608 - a table of ours
        return row["n"] if row else 0

    return await database.read_snapshot(work)


async def _empty(target: Database, table: str) -> None:
    """Take everything out of a table, little by little, but the mark."""
    key = ", ".join(TABLES[table][0])
    but = f"WHERE name <> '{MARK}'" if table == "app_state" else ""

    async def empty_some(tx: Transaction) -> int:
        return await tx.run(
            f"DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} {but} ORDER BY {key} LIMIT :at_once)",  # noqa: S608
            at_once=AT_ONCE,
        )

    while await target.transact(empty_some):
        pass


async def _carry(source: Database, target: Database, table: str) -> int:
    key, columns = TABLES[table]
    names = ", ".join(columns)
    insert = f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{column}' for column in columns)})"  # noqa: S608
    carried = 0
    last: Row | None = None
    while True:

        async def read(tx: Transaction, last: Row | None = last) -> list[Row]:
            where, values = _after(key, last)
            return await tx.all(
                f"SELECT {names} FROM {table} {where} ORDER BY {', '.join(key)} LIMIT :at_once",  # noqa: S608
                at_once=AT_ONCE,
                **values,
            )

        rows = await source.read_snapshot(read)
        if not rows:
            return carried

        async def write(tx: Transaction, rows: list[Row] = rows) -> None:
            for row in rows:
                await tx.run(insert, **{column: row[column] for column in columns})

        await target.transact(write)
        carried += len(rows)
        last = rows[-1]


def _after(key: tuple[str, ...], last: Row | None) -> tuple[str, dict[str, Any]]:
    """Give the WHERE that goes on after a row, in the order of the key: row values read the same on both engines."""
    if last is None:
        return "", {}
    left, right = ", ".join(key), ", ".join(f":after_{column}" for column in key)
    return f"WHERE ({left}) > ({right})", {f"after_{column}": last[column] for column in key}
