"""Compares the schema of a database with what the migrations make on the same engine.

A database that was restored in part, or made by an edited migration, would fail in the middle of a turn. So its columns
and the names of its indexes and constraints are compared before it is used. Additional ones are ignored.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from typing import Final

from chatbot.storage.engine.database import Database, Transaction

_SQLITE: Final = (
    "SELECT m.name || '.' || c.name || CASE WHEN c.\"notnull\" = 1 THEN ' NOT NULL' ELSE '' END AS fact "
    "FROM sqlite_master AS m, pragma_table_info(m.name) AS c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' "
    "UNION ALL SELECT 'index ' || name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL "
    "UNION ALL SELECT m.name || ' unique ' || i.name FROM sqlite_master AS m, pragma_index_list(m.name) AS i "
    "WHERE m.type = 'table' AND i.origin <> 'c' "
    "UNION ALL SELECT m.name || ' refers to ' || f.\"table\" FROM sqlite_master AS m, pragma_foreign_key_list(m.name) "
    "AS f WHERE m.type = 'table'"
)
_POSTGRES: Final = (
    "SELECT c.relname || '.' || a.attname || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END AS fact "
    "FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid "
    "WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND pg_catalog.pg_table_is_visible(c.oid) "
    "AND c.relnamespace = (SELECT relnamespace FROM pg_catalog.pg_class "
    "WHERE oid = pg_catalog.to_regclass('migrations')) "
    "UNION ALL SELECT 'index ' || i.relname FROM pg_catalog.pg_class AS i "
    "WHERE i.relkind IN ('i', 'I') AND i.relnamespace = (SELECT relnamespace FROM pg_catalog.pg_class "
    "WHERE oid = pg_catalog.to_regclass('migrations')) "
    "UNION ALL SELECT c.relname || ' ' || o.conname FROM pg_catalog.pg_constraint AS o "
    "JOIN pg_catalog.pg_class AS c ON c.oid = o.conrelid WHERE o.contype IN ('p', 'u', 'f', 'c') "
    "AND c.relnamespace = (SELECT relnamespace FROM pg_catalog.pg_class "
    "WHERE oid = pg_catalog.to_regclass('migrations'))"
)
_COLUMNS: Final = (
    "SELECT m.name, c.name FROM sqlite_master AS m, pragma_table_info(m.name) AS c WHERE m.type = 'table' "
    "ORDER BY m.name, c.cid"
)
_made: dict[tuple[bool, tuple[str, ...]], frozenset[str]] = {}
"""What scripts make, by engine; computed once in a process."""


async def describe(tx: Transaction, *, is_sqlite: bool) -> frozenset[str]:
    """Describe the columns, indexes and constraints of the schema, one text each."""
    rows = await tx.all(_SQLITE if is_sqlite else _POSTGRES)
    return frozenset(str(row["fact"]) for row in rows)


async def find_made(database: Database, statements: Sequence[str], *, is_sqlite: bool) -> frozenset[str]:
    """Describe what these statements would make in an empty database of this engine."""
    key = is_sqlite, tuple(statements)
    if key not in _made:
        _made[key] = _make_in_memory(statements) if is_sqlite else await _make_apart(database, statements)
    return _made[key]


def _make_in_memory(statements: Sequence[str]) -> frozenset[str]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)
        return frozenset(row[0] for row in connection.execute(_SQLITE))


def list_columns(statements: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """List the columns of each table that these statements make, in order; they are the same on both engines."""
    columns: dict[str, tuple[str, ...]] = {}
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)
        for table, column in connection.execute(_COLUMNS):
            columns[table] = (*columns.get(table, ()), column)
    return columns


class _UndoError(Exception):
    def __init__(self, facts: frozenset[str]) -> None:
        super().__init__()
        self.facts = facts


async def _make_apart(database: Database, statements: Sequence[str]) -> frozenset[str]:
    """Run the statements on temporary tables of the session, and roll them back."""

    async def work(tx: Transaction) -> None:
        await tx.run("SET LOCAL search_path TO pg_temp")
        for statement in statements:
            await tx.run(statement)
        raise _UndoError(await describe(tx, is_sqlite=False))

    try:
        await database.transact_exclusive(work)
    except _UndoError as made:
        return made.facts
    raise AssertionError("the work always raises")
