"""A start detects that a migration was changed after it was applied, or that an older text of it made the database."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chatbot import storage
from chatbot.storage import Database, IncompleteDatabaseError, Transaction, open_database
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import ChangedMigrationError
from chatbot.storage.engine.migrate import Migration, bundled, migrate
from chatbot.storage.people import counters
from tests.support.cast import NOW
from tests.support.postgres_server import PostgresServer


@pytest.fixture(params=["sqlite", "postgres"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database that was never opened."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/chatbot.db"
        return
    with request.getfixturevalue("server").fresh_database() as address:
        yield address


async def make_database(url: str, migrations: list[Migration], *, hashes: bool) -> None:
    """Make a database by these migrations, with or without the hashes that earlier versions did not store."""
    database = await storage.connect(url)
    await migrate(database, migrations)
    if not hashes:
        await database.transact(lambda tx: tx.run("DROP TABLE migration_hashes"))
    await database.close()


def edit_migration(number: int, old: str, new: str) -> list[Migration]:
    """Return the bundled migrations with a text replaced in one of them."""
    found = []
    for each in bundled():
        if each.number == number:
            assert old in each.sql
            found.append(replace(each, sql=each.sql.replace(old, new)))
        else:
            found.append(each)
    return found


async def read_hashes(database: Database) -> dict[int, str]:
    rows = await database.transact(lambda tx: tx.all("SELECT number, hash FROM migration_hashes"))
    return {row["number"]: row["hash"] for row in rows}


@pytest.mark.slow
async def test_start_refuses_a_changed_migration(new_url: str) -> None:
    migrations = edit_migration(7, "next_milestone BIGINT", "next_milestone TEXT")
    await make_database(new_url, [each for each in migrations if each.number <= 7], hashes=True)
    with pytest.raises(ChangedMigrationError, match=r"0007_course\.sql is not what it was when it was applied"):
        await open_database(new_url)
    command = [sys.executable, "-m", "chatbot", "migrate"]
    environment = {**os.environ, "DATABASE_URL": new_url}
    refused = await asyncio.to_thread(
        subprocess.run, command, env=environment, capture_output=True, text=True, check=False
    )
    assert refused.returncode == 1
    assert refused.stderr.startswith("DATABASE_URL: 0007_course.sql is not what it was")
    assert len(refused.stderr.splitlines()) == 1


async def test_hash_ignores_line_ends_comments_and_space(new_url: str) -> None:
    """Git on Windows writes CRLF."""
    await make_database(new_url, [replace(each, sql=each.sql.replace("\n", "\r\n")) for each in bundled()], hashes=True)
    database = await open_database(new_url)
    assert await read_hashes(database) == {each.number: each.hash for each in bundled()}
    await database.close()


@pytest.mark.parametrize(
    ("one", "another", "same"),
    [
        ("CREATE TABLE a (b TEXT)", "create table a (b TEXT)", False),
        ("CREATE TABLE a (b TEXT)", "CREATE  TABLE a\r\n (b TEXT);\n-- why\n", True),
        ("INSERT INTO a VALUES ('x  y')", "INSERT INTO a VALUES ('x y')", False),
        ("INSERT INTO a VALUES ('x\ny')", "INSERT INTO a VALUES ('x\r\ny')", True),
        ("SELECT 1; SELECT 2", "SELECT 1 SELECT 2", False),
    ],
)
def test_hash_differs_only_with_the_statements(one: str, another: str, same: bool) -> None:
    assert (Migration(1, "a", one).hash == Migration(1, "a", another).hash) is same


async def test_first_start_stores_the_hashes_of_an_older_database(new_url: str) -> None:
    await make_database(new_url, bundled(), hashes=False)
    await (await open_database(new_url)).close()
    database = await open_database(new_url)
    assert await read_hashes(database) == {each.number: each.hash for each in bundled()}
    await database.close()


@pytest.mark.parametrize(
    ("number", "old", "new", "lacking"),
    [
        (1, "country TEXT,  -- of their signature", "country_x TEXT,  -- of their signature", "subscriptions.country"),
        (2, "INDEX broadcasts_open", "INDEX broadcasts_opened", "index broadcasts_open"),
        (1, "step TEXT NOT NULL DEFAULT", "step TEXT DEFAULT", "supporters.step NOT NULL"),
        (1, " REFERENCES supporters (id) ON UPDATE CASCADE,\n    number", ",\n    number", "signatures"),
    ],
)
async def test_start_refuses_a_schema_of_an_older_text(
    new_url: str, number: int, old: str, new: str, lacking: str
) -> None:
    migrations = edit_migration(number, old, new)
    # Later migrations would fail without the column.
    migrations = [each for each in migrations if each.number <= 5]
    await make_database(new_url, migrations, hashes=False)
    for _ in range(2):
        with pytest.raises(IncompleteDatabaseError, match=rf"the database lacks .*{lacking}"):
            await open_database(new_url)
    database = await storage.connect(new_url)
    applied = await database.transact(lambda tx: tx.all("SELECT number FROM migrations"))
    assert len(applied) == len(migrations), "a refused start applies nothing"
    await database.close()


async def test_start_accepts_additional_tables(database: Database, url: str) -> None:
    await database.transact(lambda tx: tx.run("CREATE TABLE own (id BIGINT PRIMARY KEY)"))
    await database.transact(lambda tx: tx.run("CREATE INDEX own_index ON signatures (country)"))
    await (await open_database(url)).close()
    await database.transact(lambda tx: tx.run("DROP TABLE own"))
    await database.transact(lambda tx: tx.run("DROP INDEX own_index"))


async def test_start_adds_missing_counters(new_url: str) -> None:
    """Without them, every nightly check of such a database reports a problem."""
    migrations = [each for each in bundled() if each.number <= 7]
    database = await storage.connect(new_url)
    await migrate(database, migrations)

    async def sign(tx: Transaction) -> None:
        for each in (1, 2):
            await tx.run(
                "INSERT INTO supporters (id, language, first_seen_at, last_seen_at) VALUES (:id, 'ko', :now, :now)",
                id=each,
                now=timestamps.to_text(NOW),
            )
            await tx.run(
                "INSERT INTO signatures (supporter_id, number, name, country, language, appeal_version, signed_at) "
                "VALUES (:id, :id, '하나', 'KR', 'ko', 'v1', :now)",
                id=each,
                now=timestamps.to_text(NOW),
            )
        await tx.run("INSERT INTO counters (name, value) VALUES ('signatures', 2), ('signatures:KR', 2)")
        await tx.run("DROP TABLE migration_hashes")

    await database.transact(sign)
    await database.close()
    healed = await open_database(new_url)
    assert await find_problems(healed) == []
    assert await healed.transact(counters.read_all, counters.READERS) == {"v1:ko": 2}
    await healed.close()


async def test_concurrent_starts_store_the_same_hashes(server: PostgresServer) -> None:
    with server.fresh_database() as url:
        await make_database(url, [each for each in bundled() if each.number <= 8], hashes=False)
        opened = await asyncio.gather(*(open_database(url) for _ in range(4)))
        assert await read_hashes(opened[0]) == {each.number: each.hash for each in bundled()}
        await asyncio.gather(*(each.close() for each in opened))
