"""Finds queries of the bot that scan a table which grows with the petition.

`Recorder` wraps a real database and records the bot's statements; `find_scans` asks the engine for the plan of each.
Reading a range of a growing table is no scan if something bounds it: a LIMIT, both ends, or a condition in `FEW`.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

import orjson

from chatbot.storage import Database, Transaction
from chatbot.storage.engine.database import Row, Value, Work
from chatbot.storage.engine.sqlite import SqliteDatabase
from chatbot.storage.privacy.tables import TABLES

P = ParamSpec("P")
T = TypeVar("T")

GROWING: Final = frozenset(name for name, table in TABLES.items() if table.grows)
FEW: Final = {
    "state = 'sending'": "what is in flight, 200 rows at most",
    "DELETE FROM broadcasts WHERE id = :id AND started_at IS NULL": "a draft has no deliveries",
}
"""Conditions that match few rows of a growing table at any time, and why."""
HOUSE: Final = str(Path(__file__).parents[2] / "chatbot")

Said = dict[str, Mapping[str, Value]]
"""Statements, each with the values of its first run."""
_scans: dict[tuple[int, str], list[str]] = {}
"""SQLite's plan of each statement, by the version of the schema: without statistics nothing else has an influence."""


class Recorder:
    """A database that records the statements of the bot's turns, but not those of the test itself."""

    def __init__(self, database: Database, said: Said) -> None:
        self._database = database
        self._said = said
        self.transact_exclusive = database.transact_exclusive  # for changes of the schema
        self.read_snapshot = database.read_snapshot  # for long work
        self.find_damage = database.find_damage
        self.try_lock = database.try_lock
        self.purge_deleted = database.purge_deleted
        self.rewrite = database.rewrite
        self.close = database.close

    async def transact(self, work: Work[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """See `Database.transact`."""

        async def record(tx: Transaction) -> T:
            return await work(_Recording(tx, self._said), *args, **kwargs)

        return await self._database.transact(record)


class _Recording:
    def __init__(self, tx: Transaction, said: Said) -> None:
        self._tx = tx
        self._said = said

    async def all(self, sql: str, /, **values: Value) -> list[Row]:
        self._note(sql, values)
        return await self._tx.all(sql, **values)

    async def one(self, sql: str, /, **values: Value) -> Row | None:
        self._note(sql, values)
        return await self._tx.one(sql, **values)

    async def run(self, sql: str, /, **values: Value) -> int:
        self._note(sql, values)
        return await self._tx.run(sql, **values)

    def _note(self, sql: str, values: Mapping[str, Value]) -> None:
        if sys._getframe(2).f_code.co_filename.startswith(HOUSE):
            self._said.setdefault(sql, values)


async def find_scans(database: Database, said: Said) -> list[str]:
    """List the statements that scan a growing table, each with the engine's plan."""
    explain = _explain_sqlite_once if isinstance(database, SqliteDatabase) else _explain_postgres

    async def ask(tx: Transaction) -> list[str]:
        return [f"{step}: {sql}" for sql, values in said.items() for step in await explain(tx, sql, values)]

    return await database.transact(ask)


def _is_bounded(sql: str, conditions: str) -> bool:
    """Whether a range is bounded: at both ends, by the end of a batch, or because few rows match."""
    above, below = (set(re.findall(rf"(\w+) ?{sign}", conditions)) for sign in "><")
    is_batch = re.search(r"<= (\$\d|\(InitPlan)", conditions) is not None and "LIMIT" in sql
    # A person's own deliveries: at most one for each broadcast.
    is_ones_own = re.search(r"\bsupporter_id ?= ?", conditions) is not None
    return bool(above & below) or is_batch or is_ones_own or any(few in sql for few in FEW)


# SQLite: https://www.sqlite.org/eqp.html

_STEP: Final = re.compile(r"(?P<how>SCAN|SEARCH) (?P<name>\w+)(?: USING [^(]+)?(?:\((?P<conditions>.*)\))?")


async def _explain_sqlite_once(tx: Transaction, sql: str, values: Mapping[str, Value]) -> list[str]:
    schema = await tx.one("SELECT schema_version AS version FROM pragma_schema_version")
    assert schema is not None  # every database has one
    key = schema["version"], sql
    if key not in _scans:
        _scans[key] = await _explain_sqlite(tx, sql, values)
    return _scans[key]


async def _explain_sqlite(tx: Transaction, sql: str, values: Mapping[str, Value]) -> list[str]:
    steps = [row["detail"] for row in await tx.all(f"EXPLAIN QUERY PLAN {sql}", **values)]
    in_order = not any("USE TEMP B-TREE" in step for step in steps)
    found = []
    for step in steps:
        read = _STEP.fullmatch(step)
        if read is None:
            continue
        before = re.findall(rf"\b(\w+) (?:AS )?{read['name']}\b", sql)
        table = next((each for each in before if each in GROWING), read["name"])
        if table not in GROWING:
            continue
        if table not in re.findall(r"\w+", sql) and sql.startswith("INSERT"):
            continue  # a foreign key that this row might repair: checked only if the transaction broke one before.
        conditions = read["conditions"]
        if "AUTOMATIC" in step:  # a temporary index over the whole table
            found.append(step)
        elif read["how"] == "SCAN":
            if not ("LIMIT" in sql and "WHERE" not in sql and in_order):
                found.append(step)
        elif conditions and not (
            await _is_one_row_sqlite(tx, table, conditions) or "LIMIT" in sql or _is_bounded(sql, conditions)
        ):
            found.append(step)
    return found


async def _is_one_row_sqlite(tx: Transaction, table: str, conditions: str) -> bool:
    indexes = await tx.all(
        "SELECT group_concat(c.name) AS columns FROM pragma_index_list(:table) AS i, pragma_index_info(i.name) AS c "
        'WHERE i."unique" = 1 GROUP BY i.name',
        table=table,
    )
    return _is_one_row(conditions, [row["columns"] for row in indexes])


def _is_one_row(conditions: str, unique: list[str]) -> bool:
    equal = set(re.findall(r"(\w+) ?= ?", conditions))
    return any(set(columns.split(",")) <= equal for columns in unique)


# PostgreSQL: plans without statistics, as for a new ledger, but with sequential scans disabled.


async def _explain_postgres(tx: Transaction, sql: str, values: Mapping[str, Value]) -> list[str]:
    await tx.one("SELECT set_config('enable_seqscan', 'off', true)")
    row = await tx.one(f"EXPLAIN (FORMAT JSON) {sql}", **values)
    assert row is not None  # EXPLAIN always says something
    [explained] = orjson.loads(row["QUERY PLAN"])
    found = []
    for node, limited in _walk(explained["Plan"], limited=False):
        table = node.get("Relation Name")
        if table not in GROWING or "Scan" not in node["Node Type"]:
            continue
        conditions = node.get("Index Cond", "")
        if conditions:
            fine = limited or _is_bounded(sql, conditions) or await _is_one_row_postgres(tx, table, conditions)
        else:
            fine = limited and "Filter" not in node
        if not fine:
            found.append(f"{node['Node Type']} of {table} {conditions}")
    return found


def _walk(node: Mapping[str, Any], *, limited: bool) -> Iterator[tuple[Mapping[str, Any], bool]]:
    """Yield every step of a plan, and whether it stops early because its parent needs no more rows."""
    yield node, limited
    if node["Node Type"] in (
        "Sort",
        "Aggregate",
        "Hash",
        "ModifyTable",
    ):  # these read everything, even if their parent needs less
        limited = False
    limited = limited or node["Node Type"] == "Limit"
    for below in node.get("Plans", ()):
        # An EXISTS needs one row.
        yield from _walk(below, limited=limited or "EXISTS" in below.get("Subplan Name", ""))


async def _is_one_row_postgres(tx: Transaction, table: str, conditions: str) -> bool:
    indexes = await tx.all(
        "SELECT string_agg(a.attname, ',') AS columns FROM pg_index AS i JOIN pg_attribute AS a "
        "ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) "
        "WHERE i.indisunique AND i.indrelid = CAST(CAST(:table AS text) AS regclass) GROUP BY i.indexrelid",
        table=table,
    )
    return _is_one_row(conditions, [row["columns"] for row in indexes])
