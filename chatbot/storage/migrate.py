"""The schema's history: numbered .sql files, each applied once, in order."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from typing import Final

from chatbot.storage import moments
from chatbot.storage.database import Database, NewerSchema, Transaction

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


def bundled() -> list[Migration]:
    """The migrations that come with this version, in order."""
    files = [file for file in resources.files("chatbot.storage").joinpath("migrations").iterdir() if file.is_file()]
    named = [(re.fullmatch(r"(\d{4})_(\w+)\.sql", file.name), file) for file in files]
    migrations = [Migration(int(name[1]), name[2], file.read_text("utf-8")) for name, file in named if name]
    return sorted(migrations, key=lambda migration: migration.number)


def split(sql: str) -> list[str]:
    """The statements of a script, without comments; a semicolon inside quotes or a comment ends nothing."""
    statements = [""]
    for piece in _PIECES.finditer(sql):
        if piece["end"]:
            statements.append("")
        else:
            statements[-1] += " " if piece["comment"] else piece[0]
    return [statement.strip() for statement in statements if statement.strip()]


async def is_current(tx: Transaction) -> bool:
    """Whether the schema is the one that this code knows."""
    row = await tx.one("SELECT max(number) AS newest FROM migrations")
    return row is not None and row["newest"] == bundled()[-1].number


async def migrate(database: Database, migrations: list[Migration] | None = None) -> list[Migration]:
    """Apply the migrations (the bundled ones) that `database` has not seen, all or none of them; returns those.

    Safe when several processes do it at once: whoever comes second finds nothing left to do. Raises `NewerSchema`.
    """
    known = bundled() if migrations is None else migrations

    async def apply_missing(tx: Transaction) -> list[Migration]:
        await tx.run(
            "CREATE TABLE IF NOT EXISTS migrations "
            "(number BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL)"
        )
        applied = {row["number"] for row in await tx.all("SELECT number FROM migrations")}
        if unknown := applied - {migration.number for migration in known}:
            raise NewerSchema(
                f"the database has schema {max(unknown)}, made by a newer version of the bot than this one: "
                "start that version, or restore a backup"
            )
        missing = [migration for migration in known if migration.number not in applied]
        for migration in missing:
            for statement in split(migration.sql):
                await tx.run(statement)
            await tx.run(
                "INSERT INTO migrations (number, name, applied_at) VALUES (:number, :name, :now)",
                number=migration.number,
                name=migration.name,
                now=moments.to_text(datetime.now(UTC)),
            )
        return missing

    return await database.transact_alone(apply_missing)
