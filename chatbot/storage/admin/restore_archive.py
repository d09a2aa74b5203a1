"""Restores an archive of `pg_dump` into a database on a server, whole or not at all.

PostgreSQL's programs do the work: `pg_restore` writes a script, and `psql` runs it in one transaction after it has
dropped the tables of this petition.
"""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from chatbot.problem import Problem
from chatbot.storage.admin.backup import read_program, run_program
from chatbot.storage.admin.restore import NO_COPY, DatabaseContents, RestoreError
from chatbot.storage.admin.unfinished_restore import write_mark
from chatbot.storage.engine.database import DatabaseUnavailableError, Transaction
from chatbot.storage.engine.migrate import DatabaseOrigin, bundled, split
from chatbot.storage.engine.postgres.address import read_address
from chatbot.storage.engine.schema import list_columns

_OWN_TABLES: Final = (
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() AND tableowner = current_user"
)
_NEWEST: Final = "SELECT max(number) AS newest FROM migrations"
_EVERY_VERSION: Final = (
    "migrations", "migration_hashes", "keepsakes", "errands", "journal", "course", "received", "milestones",
)  # fmt: skip


def read_archive(copy: Path) -> DatabaseContents:
    """Read what an archive holds. Raises `RestoreError` if it is damaged, or no petition."""
    try:
        migrations = list(_read_table(copy, "migrations"))
        signatures = sum(1 for _ in _read_table(copy, "signatures"))
        subscriptions = sum(1 for row in _read_table(copy, "subscriptions") if row.get("ended_at") == "\\N")
        last_used_at = max((row["last_seen_at"] for row in _read_table(copy, "supporters")), default="")
    except DatabaseUnavailableError as error:
        problem = Problem("{file}: cannot be read ({reason})")
        if shutil.which("pg_restore") is None:
            problem = Problem(
                "{file}: cannot be read ({reason}); where it is: "
                "pg_restore --clean --if-exists --single-transaction --dbname=… {file}"
            )
        raise RestoreError(problem.fill(file=copy, reason=error.problems[0])) from None
    if not migrations:
        raise RestoreError(NO_COPY.fill(file=copy))
    schema = max(int(row["number"]) for row in migrations)
    if schema > bundled()[-1].number:
        problem = Problem(
            "{file}: has schema {schema}, made by a newer version of the bot than this one: take that version"
        )
        raise RestoreError(problem.fill(file=copy, schema=schema))
    origin = DatabaseOrigin(schema, min(row["applied_at"] for row in migrations))
    return DatabaseContents(origin, signatures, subscriptions, last_used_at)


async def list_tables(tx: Transaction) -> list[str]:
    """List the tables of this user in the database."""
    return sorted(row["name"] for row in await tx.all(_OWN_TABLES))


def refuse_unknown_tables(tables: list[str]) -> None:
    """Raise `RestoreError` if there are tables that no version of the bot up to this one made."""
    made = list_columns([statement for each in bundled() for statement in split(each.sql)])
    known = {*made, *_EVERY_VERSION}
    if unknown := [name for name in tables if name not in known]:
        problem = Problem(
            "the database has tables that this version does not know ({tables}): restore into an empty database"
        )
        raise RestoreError(problem.fill(tables=", ".join(map(ascii, unknown[:3]))))


def replace(url: str, copy: Path, script: Path, tables: list[str], last_used_at: str) -> None:
    """Replace these tables by the archive, in one transaction. `script` is a private file that may be written.

    The next start stops what was under way; see `unfinished_restore`. Raises `DatabaseUnavailableError`; then nothing
    has changed.
    """
    address, password = read_address(url).for_programs()
    with script.open("wb") as file:
        if tables:
            names = ", ".join('"' + name.replace('"', '""') + '"' for name in tables)
            file.write(f"DROP TABLE {names} CASCADE;\n".encode())
            file.flush()  # the program writes behind it
        run_program(["pg_restore", "--no-owner", "--no-privileges", "--file=-", str(copy)], None, stdout=file)
    with script.open("ab") as file:
        file.write(write_mark(last_used_at).encode())
    options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    run_program(["psql", *options, f"--dbname={address}", f"--file={script}"], password, stdout=subprocess.DEVNULL)


def _read_table(copy: Path, table: str) -> Iterator[dict[str, str]]:
    """Yield the rows of one table, as COPY writes them."""
    command = ["pg_restore", "--data-only", f"--table={table}", "--file=-", str(copy)]
    columns: list[str] | None = None
    for line in read_program(command):
        if columns is None:
            if line.startswith("COPY ") and " (" in line:
                columns = [name.strip(' "') for name in line.partition(" (")[2].partition(")")[0].split(",")]
        elif line == "\\.":
            columns = None
        else:
            yield dict(zip(columns, line.split("\t"), strict=False))
