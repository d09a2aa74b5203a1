"""Migrations run once, in order, and all or none, even in concurrent starts."""

import asyncio
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.storage import Database, DatabaseUnavailableError, NewerSchemaError, Transaction, open_database
from chatbot.storage.engine.migrate import Migration, bundled, migrate, split
from chatbot.storage.engine.sqlite import open_sqlite
from tests.storage.conftest import POSTGRES_SLOWLY
from tests.support.limits import GIVE_UP

PEOPLE = Migration(1, "people", "CREATE TABLE people (id BIGINT PRIMARY KEY); INSERT INTO people VALUES (1);")
PLACES = Migration(2, "places", "CREATE TABLE places (id BIGINT PRIMARY KEY); INSERT INTO places SELECT id FROM people")
MISTAKE = Migration(3, "mistake", "INSERT INTO people VALUES (2); INSERT INTO nowhere VALUES (1)")


async def applied(tx: Transaction) -> list[tuple[int, str]]:
    return [(row["number"], row["name"]) for row in await tx.all("SELECT * FROM migrations ORDER BY number")]


def test_bundled_migrations_are_numbered_from_one_without_a_gap() -> None:
    assert [migration.number for migration in bundled()] == list(range(1, len(bundled()) + 1))
    assert bundled()[0].name == "petition"


async def test_new_database_has_every_migration_once(database: Database) -> None:
    assert await database.transact(applied) == [(migration.number, migration.name) for migration in bundled()]
    assert await migrate(database) == []


async def test_migrate_applies_missing_migrations_in_order(file: Path) -> None:
    database = await open_sqlite(str(file))
    assert await migrate(database, [PEOPLE]) == [PEOPLE]
    assert await migrate(database, [PEOPLE, PLACES]) == [PLACES]
    assert await database.transact(applied) == [(1, "people"), (2, "places")]
    await database.close()


async def test_failed_migration_leaves_the_schema_unchanged(file: Path) -> None:
    database = await open_sqlite(str(file))
    await migrate(database, [PEOPLE])
    with pytest.raises(Exception, match="nowhere"):
        await migrate(database, [PEOPLE, PLACES, MISTAKE])
    assert await database.transact(applied) == [(1, "people")]
    assert await migrate(database, [PEOPLE, PLACES]) == [PLACES]
    await database.close()


async def test_newer_schema_is_refused(database: Database, url: str) -> None:
    async def note_newer_migration(tx: Transaction) -> None:
        await tx.run("INSERT INTO migrations VALUES (4711, 'from the future', '2036-01-01T00:00:00.000000Z')")

    await database.transact(note_newer_migration)
    with pytest.raises(NewerSchemaError, match="4711"):
        await open_database(url)


async def test_concurrent_starts_migrate_once(new_url: str) -> None:
    databases = await asyncio.gather(*(open_database(new_url) for _ in range(8)))
    assert await databases[0].transact(applied) == [(migration.number, migration.name) for migration in bundled()]
    await asyncio.gather(*(database.close() for database in databases))


@pytest.mark.parametrize("new_url", POSTGRES_SLOWLY, indirect=True)
async def test_five_processes_migrate_once(new_url: str) -> None:
    program = (
        "import asyncio, sys; from chatbot.storage import open_database\n"
        "from chatbot.storage.engine.postgres import database as postgres\n"
        f"postgres.PATIENCE = {GIVE_UP}\n"  # a busy machine is slow to open connections
        "async def main():\n"
        "    sys.stdin.read(1)\n"  # all five are started
        "    await (await open_database(sys.argv[1])).close()\n"
        "asyncio.run(main())"
    )
    pipe = asyncio.subprocess.PIPE
    processes = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", program, new_url, stdin=pipe, stderr=pipe)
        for _ in range(5)
    ]
    ends = await asyncio.gather(*(process.communicate(b"!") for process in processes))
    assert [(process.returncode, errors) for process, (_, errors) in zip(processes, ends, strict=True)] == [
        (0, b"")
    ] * 5
    database = await open_database(new_url)
    assert await database.transact(applied) == [(migration.number, migration.name) for migration in bundled()]
    await database.close()


async def test_locked_database_is_not_migrated(file: Path) -> None:
    holder = await open_sqlite(str(file))
    late = await open_sqlite(str(file), busy_timeout=0.05)
    await holder._connection.execute_fetchall("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseUnavailableError, match="locked"):
        await migrate(late)
    await holder._connection.execute_fetchall("ROLLBACK")
    assert await migrate(late) == bundled()
    await holder.close()
    await late.close()


def test_semicolon_in_quotes_or_comment_ends_no_statement() -> None:
    script = """
    -- a comment; with a semicolon and 'half a quote
    INSERT INTO words VALUES ('one; two''s', "a;b"); /* another; 'one */
    ;; DELETE FROM words -- the end
    """
    assert split(script) == ("INSERT INTO words VALUES ('one; two''s', \"a;b\")", "DELETE FROM words")


@given(st.lists(st.text(max_size=20)))
def test_quoted_texts_survive_splitting(texts: list[str]) -> None:
    statements = ["SELECT '" + text.replace("'", "''") + "'" for text in texts]
    assert list(split(";".join(statements))) == statements


def test_migrations_use_no_words_of_one_engine() -> None:
    for migration in bundled():
        script = " ".join(split(migration.sql)).upper()
        for word in ("AUTOINCREMENT", "INTEGER", "PRAGMA", "WITHOUT ROWID", "STRICT", "DATETIME", "BOOLEAN", "SERIAL"):
            assert word not in script, f"{migration.number} {migration.name}"
