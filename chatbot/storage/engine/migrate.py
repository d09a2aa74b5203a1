"""Applies the migrations of the schema: numbered .sql files, each once, in order."""

import hashlib
import itertools
import re
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial
from importlib import resources
from typing import Final

from chatbot.problem import Problem
from chatbot.storage.engine import schema, timestamps
from chatbot.storage.engine.database import (
    NO_PETITION,
    ChangedMigrationError,
    Database,
    IncompleteDatabaseError,
    NewerSchemaError,
    Transaction,
)
from chatbot.storage.engine.sqlite import SqliteDatabase

_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS migrations (number BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL)"
)
_HASHES: Final = "CREATE TABLE IF NOT EXISTS migration_hashes (number BIGINT PRIMARY KEY, hash TEXT NOT NULL)"
_SHOWN: Final = 3

# A quoted text or name, a comment, the end of a statement, or anything else.
_PIECES: Final = re.compile(
    r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|(?P<comment>--[^\n]*|/\*.*?\*/)|(?P<end>;)|.", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema: `0001_petition.sql` has the number 1 and the name `petition`."""

    number: int
    name: str
    sql: str

    @property
    def hash(self) -> str:
        """The hash of what it does: comments, line ends and white space change nothing."""
        return _hash(self.sql)


def bundled() -> list[Migration]:
    """List the migrations of this version, in order."""
    files = [
        file for file in resources.files("chatbot.storage.engine").joinpath("migrations").iterdir() if file.is_file()
    ]
    named = [(re.fullmatch(r"(\d{4})_(\w+)\.sql", file.name), file) for file in files]
    migrations = [Migration(int(name[1]), name[2], file.read_text("utf-8")) for name, file in named if name]
    return sorted(migrations, key=lambda migration: migration.number)


def list_statements(applied: Collection[int]) -> list[str]:
    """List the statements that made a database in which these migrations were applied."""
    made = (split(each.sql) for each in bundled() if each.number in applied)
    return [_TABLE, _HASHES, *itertools.chain.from_iterable(made)]


@lru_cache(maxsize=256)
def _hash(sql: str) -> str:
    return hashlib.sha256(";".join(_tidy(statement) for statement in split(sql)).encode()).hexdigest()


@lru_cache(maxsize=256)
def split(sql: str) -> tuple[str, ...]:
    """Split a script into statements, without comments. A semicolon inside quotes or a comment ends nothing."""
    statements = [""]
    for piece in _PIECES.finditer(sql):
        if piece["end"]:
            statements.append("")
        else:
            statements[-1] += " " if piece["comment"] else piece[0]
    return tuple(statement.strip() for statement in statements if statement.strip())


def _tidy(statement: str) -> str:
    """Collapse white space outside quotes."""
    pieces = ""
    for piece in _PIECES.finditer(statement):
        if not piece[0].isspace():
            pieces += piece[0].replace("\r\n", "\n")
        elif not pieces.endswith(" "):
            pieces += " "
    return pieces


async def is_current(tx: Transaction) -> bool:
    """Whether the schema is that of this version."""
    row = await tx.one("SELECT max(number) AS newest FROM migrations")
    return row is not None and row["newest"] == bundled()[-1].number


@dataclass(frozen=True, slots=True)
class DatabaseOrigin:
    """Where a database comes from: which schema it has, and when it was begun, which copies of it share."""

    schema: int
    begun_at: str


async def find_origin(tx: Transaction) -> DatabaseOrigin:
    """Return the origin of a database that was migrated before."""
    row = await tx.one("SELECT max(number) AS newest, min(applied_at) AS begun_at FROM migrations")
    assert row is not None
    return DatabaseOrigin(row["newest"] or 0, row["begun_at"] or "")


async def migrate(
    database: Database,
    migrations: list[Migration] | None = None,
    *,
    new: bool = True,
    before_change: Callable[[DatabaseOrigin], Awaitable[None]] | None = None,
) -> list[Migration]:
    """Apply the missing migrations, the bundled ones by default, all or none of them; returns those it applied.

    Several processes may call it at once: the second finds nothing to do. Raises `UnusableDatabaseError`, and changes
    nothing, if the database was made by a newer version, by a changed migration, or from a part of a backup; and if it
    is empty and must not be `new`. `before_change` is called if a schema with data is about to change.
    """
    known = bundled() if migrations is None else migrations
    applied = await database.transact_exclusive(_find_applied, new=new)
    is_sqlite = isinstance(database, SqliteDatabase)
    before = [statement for each in known if each.number in applied for statement in (_TABLE, *split(each.sql))]
    made = await schema.find_made(database, before, is_sqlite=is_sqlite) if applied else frozenset()
    describe = partial(schema.describe, is_sqlite=is_sqlite)
    if before_change is not None and applied and applied < {each.number for each in known}:
        await before_change(await database.transact(find_origin))

    async def apply_missing(tx: Transaction) -> list[Migration]:
        await tx.run(_HASHES)
        now_applied = await _find_applied(tx)
        kept = await _refuse_other(tx, known, now_applied)
        if not now_applied and any(fact.startswith("signatures.") for fact in await describe(tx)):
            problem = Problem(
                "the database holds signatures, but not which migrations made it: it was restored only in part; "
                "restore a backup whole"
            )
            raise IncompleteDatabaseError(problem)
        # A process that migrated meanwhile has compared the schema itself.
        if now_applied == applied and (lacking := made - await describe(tx)):
            problem = Problem(
                "the database lacks {what}: it was restored only in part, or made by a version that was never "
                "released; restore a backup whole, or go on with the version that made it",
                what=_list(lacking),
            )
            raise IncompleteDatabaseError(problem)
        missing = [migration for migration in known if migration.number not in now_applied]
        for migration in missing:
            for statement in split(migration.sql):
                await tx.run(statement)
            await tx.run(
                "INSERT INTO migrations (number, name, applied_at) VALUES (:number, :name, :now)",
                number=migration.number,
                name=migration.name,
                now=timestamps.to_text(datetime.now(UTC)),
            )
        for migration in known:
            if migration.number in kept:
                continue
            await tx.run(
                "INSERT INTO migration_hashes (number, hash) VALUES (:number, :hash) ON CONFLICT (number) DO NOTHING",
                number=migration.number,
                hash=migration.hash,
            )
        return missing

    return await database.transact_exclusive(apply_missing)


async def _find_applied(tx: Transaction, *, new: bool = True) -> frozenset[int]:
    await tx.run(_TABLE)
    applied = frozenset(row["number"] for row in await tx.all("SELECT number FROM migrations"))
    if not applied and not new:
        raise IncompleteDatabaseError(NO_PETITION)
    return applied


async def _refuse_other(tx: Transaction, known: list[Migration], applied: frozenset[int]) -> dict[int, str]:
    """Refuse a newer schema and changed migrations; returns the stored hashes."""
    if unknown := applied - {migration.number for migration in known}:
        problem = Problem(
            "the database has schema {number}, made by a newer version of the bot than this one: start that version, "
            "or restore a backup",
            number=max(unknown),
        )
        raise NewerSchemaError(problem)
    kept = {row["number"]: row["hash"] for row in await tx.all("SELECT number, hash FROM migration_hashes")}
    changed = [each for each in known if each.number in applied and kept.get(each.number, each.hash) != each.hash]
    if changed:
        names = ", ".join(f"{each.number:04}_{each.name}.sql" for each in changed)
        problem = Problem(
            "{names} is not what it was when it was applied to this database: put the file back as it was "
            "(git checkout), or take the version of the bot that made the database",
            names=names,
        )
        raise ChangedMigrationError(problem)
    return kept


def _list(lacking: frozenset[str]) -> str:
    shown = ", ".join(sorted(lacking)[:_SHOWN])
    more = len(lacking) - _SHOWN
    return Problem("{shown} and {count} more", shown=shown, count=more) if more > 0 else shown
