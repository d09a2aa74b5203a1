"""Compares the schema of a database with what the migrations make on the same engine.

A database that was restored in part, or made by an edited migration, would fail in the middle of a turn. So its columns
and the names of its indexes and constraints are compared before it is used. Additional ones are ignored there.

What is added may do more than a reader sees: a trigger changes what is written. So a copy from elsewhere has nothing
but what the migrations make, and further indexes, which only cost time.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
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
_OBJECTS: Final = (
    "SELECT type || ' ' || name AS added FROM sqlite_master "
    "WHERE type <> 'index' AND name NOT IN ('sqlite_sequence', 'sqlite_stat1', 'sqlite_stat4') "
    "UNION SELECT 'unique index ' || i.name FROM sqlite_master AS m, pragma_index_list(m.name) AS i "
    "WHERE m.type = 'table' AND i.origin <> 'pk' AND i.\"unique\" = 1 "
    "UNION SELECT 'column ' || m.name || '.' || c.name FROM sqlite_master AS m, pragma_table_xinfo(m.name) AS c "
    "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY 1"
)
_TRIGGERS_SQLITE: Final = "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
_TRIGGERS_POSTGRES: Final = (
    "SELECT t.tgname AS name FROM pg_catalog.pg_trigger AS t JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid "
    "WHERE NOT t.tgisinternal AND c.relnamespace = (SELECT relnamespace FROM pg_catalog.pg_class "
    "WHERE oid = pg_catalog.to_regclass('migrations')) "
    "UNION SELECT r.rulename FROM pg_catalog.pg_rewrite AS r JOIN pg_catalog.pg_class AS c ON c.oid = r.ev_class "
    "WHERE r.rulename <> '_RETURN' AND c.relnamespace = (SELECT relnamespace FROM pg_catalog.pg_class "
    "WHERE oid = pg_catalog.to_regclass('migrations')) ORDER BY name"
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
        _made[key] = _describe_in_memory(statements) if is_sqlite else await _make_apart(database, statements)
    return _made[key]


@contextmanager
def _make_in_memory(statements: Sequence[str]) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)
        yield connection


def _describe_in_memory(statements: Sequence[str]) -> frozenset[str]:
    with _make_in_memory(statements) as connection:
        return frozenset(row[0] for row in connection.execute(_SQLITE))


def find_additions(connection: sqlite3.Connection, statements: Sequence[str]) -> list[str]:
    """List what this file has beside what the statements make: tables, columns, views, triggers, unique indexes.

    A column of an added table is not listed beside the table.
    """
    with _make_in_memory(statements) as made:
        known = {row[0] for row in made.execute(_OBJECTS)}
    added = [row[0] for row in connection.execute(_OBJECTS) if row[0] not in known]
    tables = {each.removeprefix("table ") for each in added if each.startswith("table ")}
    return [each for each in added if each.removeprefix("column ").partition(".")[0] not in tables]


async def list_triggers(tx: Transaction, *, is_sqlite: bool) -> list[str]:
    """List the triggers and rules on the tables of the petition. The migrations make none."""
    return [str(row["name"]) for row in await tx.all(_TRIGGERS_SQLITE if is_sqlite else _TRIGGERS_POSTGRES)]


def list_columns(statements: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """List the columns of each table that these statements make, in order; they are the same on both engines."""
    columns: dict[str, tuple[str, ...]] = {}
    with _make_in_memory(statements) as connection:
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
