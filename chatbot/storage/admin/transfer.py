"""Moves a petition into another database, counted and checked on both sides.

If a move is interrupted, a mark stays in the target, and only another move opens it.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from chatbot.problem import Problem, ProblemError
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.admin.unfinished_transfer import MARK
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import (
    ConflictError,
    Database,
    Row,
    StoredTable,
    Transaction,
    UnstorableValueError,
)
from chatbot.storage.engine.schema import list_triggers
from chatbot.storage.engine.sqlite import SqliteDatabase
from chatbot.storage.organizer import app_state
from chatbot.storage.privacy.tables import TABLES, list_columns

AT_ONCE: Final = 2_000
"""Rows copied in one transaction."""
HELD_BY_BOTS: Final = ("broadcasting", "jobs", "errands")
"""The locks of a running bot: that for sending broadcasts, and that for running jobs under its two names.

A server's database locks it for `web` alone as `jobs`, and did so as `errands` before migration 17.
"""


class TransferError(ProblemError):
    """The move must not start, or failed; the message says in one line why, and what to do."""


async def move(source: Database, target: Database, tell: Callable[[str], None]) -> None:
    """Copy everything from `source` into `target`, which has the schema and no rows. Nothing changes in `source`.

    `tell` gets a line for each table with rows. Raises `TransferError` if a bot runs with either database, if the
    target holds rows already, if `source` has columns or values that it cannot hold, and if the two sides differ in the
    end. Rows of an interrupted move are deleted first: `source` may have changed since.
    """
    for database in (source, target):
        for name in HELD_BY_BOTS:
            if not await database.try_lock(name):
                raise TransferError(Problem("a bot is running with one of the two databases: stop it first"))
    await _refuse_triggers(source, Problem("the old database"))
    await _refuse_triggers(target, Problem("the new database"))
    if problems := await find_problems(source):
        problem = Problem(
            "the old database is not in order: {problem} (python -m chatbot check says more)", problem=problems[0]
        )
        raise TransferError(problem)
    for table in TABLES.values():
        await source.read_snapshot(_refuse_unknown_columns, table)
    if await target.read_snapshot(app_state.find, MARK) is not None:
        tell(Problem("The new database holds a part of an earlier move: it is emptied first."))
        for table in reversed(TABLES.values()):
            await _empty(target, table)
    elif any([await _count(target, table) for table in TABLES.values()]):
        raise TransferError(Problem("the new database holds something already: name an empty one"))
    await target.transact(app_state.store_once, MARK, timestamps.to_text(datetime.now(UTC)))
    for table in TABLES.values():
        carried = await _carry(source, target, table)
        if carried:
            tell(f"{table.name}: {carried:,}")
    for table in TABLES.values():
        before, after = await _count(source, table), await _count(target, table)
        if before != after:
            problem = Problem(
                "{table}: {before} in the old database, {after} in the new one",
                table=table.name,
                before=before,
                after=after,
            )
            raise TransferError(problem)
    if problems := await find_problems(target):
        raise TransferError(Problem("the new database is not in order: {problem}", problem=problems[0]))
    await target.transact(app_state.drop, MARK)


async def _count(database: Database, table: StoredTable) -> int:
    sql = f"SELECT count(*) AS n FROM {table.name} {_leave_mark(table)}"  # noqa: S608 - our own table
    [row] = await database.read_snapshot(lambda tx: tx.all(sql))
    return int(row["n"])


async def _empty(target: Database, table: StoredTable) -> None:
    """Delete all rows but the mark, batch by batch."""
    key = ", ".join(table.key)
    some = f"SELECT {key} FROM {table.name} {_leave_mark(table)} ORDER BY {key} LIMIT {AT_ONCE}"  # noqa: S608 - our own names
    while await target.transact(lambda tx: tx.run(f"DELETE FROM {table.name} WHERE ({key}) IN ({some})")):  # noqa: S608 - our own names
        pass


def _leave_mark(table: StoredTable) -> str:
    return f"WHERE name <> '{MARK}'" if table == app_state.TABLE else ""


async def _refuse_triggers(database: Database, which: Problem) -> None:
    """Refuse triggers and rules: those of the new database change what arrives, those of the old one would be gone."""
    is_sqlite = isinstance(database, SqliteDatabase)
    if found := await database.read_snapshot(partial(list_triggers, is_sqlite=is_sqlite)):
        problem = Problem(
            "{which} has triggers that the bot did not make ({names}): drop them first",
            which=which,
            names=", ".join(map(ascii, found[:3])),
        )
        raise TransferError(problem)


async def _refuse_unknown_columns(tx: Transaction, table: StoredTable) -> None:
    """Refuse columns that somebody added: the new database has no place for what they hold."""
    row = await tx.one(f"SELECT * FROM {table.name} LIMIT 1")  # noqa: S608 - our own names
    if row is not None and (unknown := set(row.keys()) - set(list_columns()[table.name])):
        names = ", ".join(map(ascii, sorted(unknown)))
        problem = Problem(
            "{table} of the old database has columns that the bot did not make: {names}", table=table.name, names=names
        )
        raise TransferError(problem)


async def _carry(source: Database, target: Database, table: StoredTable) -> int:
    carried = 0
    last: Row | None = None
    while rows := await source.read_snapshot(_read_some, table, last):
        try:
            await target.transact(_write_some, table, rows)
        except (ConflictError, UnstorableValueError) as error:
            problem = Problem("{table}: the new database refuses a row ({reason})", table=table.name, reason=error)
            raise TransferError(problem) from None
        carried += len(rows)
        last = rows[-1]
    return carried


async def _read_some(tx: Transaction, table: StoredTable, last: Row | None) -> list[Row]:
    where, values = _after(table.key, last)
    return await tx.all(
        f"SELECT * FROM {table.name} {where} ORDER BY {', '.join(table.key)} LIMIT {AT_ONCE}",  # noqa: S608 - our own names
        **values,
    )


async def _write_some(tx: Transaction, table: StoredTable, rows: list[Row]) -> None:
    columns = list_columns()[table.name]
    values = ", ".join(f":{column}" for column in columns)
    insert = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({values})"  # noqa: S608 - our own names
    for row in rows:
        await tx.run(insert, **{column: row[column] for column in columns})


def _after(key: tuple[str, ...], last: Row | None) -> tuple[str, dict[str, Any]]:
    """Build the WHERE that continues after a row in the order of the key: both engines know row values."""
    if last is None:
        return "", {}
    left, right = ", ".join(key), ", ".join(f":after_{column}" for column in key)
    return f"WHERE ({left}) > ({right})", {f"after_{column}": last[column] for column in key}
