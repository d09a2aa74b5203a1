"""What `restore` refuses: it says why in one line, and changes nothing."""

import asyncio
import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from chatbot import storage
from chatbot.app.backups.restore import restore
from chatbot.app.commands.command import Terminal
from chatbot.settings import Settings, SettingsError
from chatbot.storage import open_database
from chatbot.storage.admin import backup
from chatbot.storage.engine.migrate import list_statements
from tests.app.backups.restoring import AFTER, BEFORE, carry_out, fill, on_postgres, on_sqlite, refuse, replaced, signed
from tests.support.postgres_server import PostgresServer


def test_newer_schema_is_refused(filled_url: str, tmp_path: Path) -> None:
    async def change() -> None:
        database = await storage.connect(filled_url)
        await database.transact(
            lambda tx: tx.run("INSERT INTO migrations (number, name, applied_at) VALUES (4711, 'x', 'y')")
        )
        await database.close()

    asyncio.run(change())
    (tmp_path / "copy").unlink()
    backup.copy(filled_url, tmp_path / "copy")

    async def change_back() -> None:
        database = await storage.connect(filled_url)
        await database.transact(lambda tx: tx.run("DELETE FROM migrations WHERE number = 4711"))
        await database.close()

    asyncio.run(change_back())
    assert "has schema 4711, made by a newer version of the bot than this one" in refuse(filled_url, tmp_path / "copy")


@on_sqlite
@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_damaged_copy_is_refused(filled_url: str, tmp_path: Path, at: float) -> None:
    copy = tmp_path / "copy"
    whole = copy.read_bytes()
    place = int(len(whole) * at) // 4096 * 4096
    copy.write_bytes(whole[:place] + b"?" * 4096 + whole[place + 4096 :])
    assert "damaged" in refuse(filled_url, copy)


def test_cut_copy_is_refused(filled_url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
    assert refuse(filled_url, copy).startswith(f"{copy}: ")


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\0" + b"\0" * 4096, b"PGDMP" + b"\0" * 4096])
def test_other_files_are_refused(filled_url: str, tmp_path: Path, content: bytes) -> None:
    copy = tmp_path / "other"
    copy.write_bytes(content)
    refuse(filled_url, copy)
    refuse(filled_url, tmp_path / "missing")
    refuse(filled_url, tmp_path)


@on_sqlite
def test_database_without_a_petition_is_refused(filled_url: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE cats (name TEXT)")
    assert "there is no petition in this database" in refuse(filled_url, tmp_path / "other.db")


@on_sqlite
def test_database_itself_is_refused(filled_url: str, tmp_path: Path) -> None:
    assert "is the database itself" in refuse(filled_url, tmp_path / "chatbot.db")


ADDED = {
    "trigger": (
        "CREATE TRIGGER gotcha AFTER INSERT ON signatures BEGIN DELETE FROM signatures; END",
        "DROP TRIGGER gotcha",
    ),
    "view": ("CREATE VIEW gotcha AS SELECT name FROM signatures", "DROP VIEW gotcha"),
    "table": ("CREATE TABLE gotcha (name TEXT)", "DROP TABLE gotcha"),
    "virtual table": ("CREATE VIRTUAL TABLE gotcha USING fts5(name)", "DROP TABLE gotcha"),
    "column": ("ALTER TABLE signatures ADD COLUMN gotcha TEXT", "ALTER TABLE signatures DROP COLUMN gotcha"),
    "unique index": ("CREATE UNIQUE INDEX gotcha ON signatures (country, number)", "DROP INDEX gotcha"),
}
"""What somebody may have added to a copy, and what takes it away."""


def change(copy: Path, statement: str) -> None:
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute(statement)


@on_sqlite
@pytest.mark.parametrize("kind", ADDED)
def test_copy_with_an_addition_is_refused_until_it_is_dropped(filled_url: str, tmp_path: Path, kind: str) -> None:
    add, drop = ADDED[kind]
    change(tmp_path / "copy", add)
    told = refuse(filled_url, tmp_path / "copy")
    assert "has what the bot did not make ('" in told
    assert kind.removeprefix("virtual ") in told
    assert "gotcha" in told
    change(tmp_path / "copy", drop)
    assert carry_out(filled_url, tmp_path / "copy", yes=True)[0]
    assert signed(filled_url) == BEFORE


@on_sqlite
def test_copy_with_a_further_index_is_restored(filled_url: str, tmp_path: Path) -> None:
    change(tmp_path / "copy", "CREATE INDEX of_mine ON signatures (country)")
    change(tmp_path / "copy", "ANALYZE")
    assert carry_out(filled_url, tmp_path / "copy", yes=True)[0]


@on_sqlite
def test_trigger_in_a_copy_of_an_old_schema_never_runs(filled_url: str, tmp_path: Path) -> None:
    """The migrations would run it: they fill the table of hashes."""
    old = tmp_path / "old"
    with closing(sqlite3.connect(old)) as connection:
        for statement in list_statements(range(1, 17)):
            connection.execute(statement)
        for number in range(1, 17):
            connection.execute("INSERT INTO migrations VALUES (?, 'x', '2026')", (number,))
        connection.execute(
            "CREATE TRIGGER gotcha AFTER INSERT ON migration_hashes BEGIN SELECT load_extension('gotcha'); END"
        )
        connection.commit()
    assert "'trigger gotcha'" in refuse(filled_url, old)


def test_copy_of_another_petition_is_refused(filled_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if filled_url.startswith("sqlite"):
        asyncio.run(fill(f"sqlite:///{tmp_path}/other.db", range(9)))
        backup.copy(f"sqlite:///{tmp_path}/other.db", tmp_path / "theirs")
    else:
        server: PostgresServer = request.getfixturevalue("server")
        with server.fresh_database() as other:
            asyncio.run(fill(other, range(9)))
            backup.copy(other, tmp_path / "theirs")
    assert "is a copy of another petition, begun on " in refuse(filled_url, tmp_path / "theirs")


def test_running_bot_is_refused(filled_url: str, tmp_path: Path) -> None:
    async def with_bot() -> None:
        bot = await open_database(filled_url)
        assert await bot.try_lock("jobs")
        settings = Settings(database_url=filled_url, backups=str(tmp_path / "backups"))
        with pytest.raises(SettingsError, match="a bot is running with this database: stop it first"):
            await restore(settings, tmp_path / "copy", Terminal(out=io.StringIO()), yes=True)
        await bot.close()

    asyncio.run(with_bot())
    assert signed(filled_url) == AFTER


@on_sqlite
def test_bot_that_opened_a_link_is_refused(filled_url: str, tmp_path: Path) -> None:
    file, link = tmp_path / "chatbot.db", tmp_path / "link" / "petition.db"
    file.write_bytes(b"?" * 50_000)
    link.parent.mkdir()
    link.symlink_to(file)
    with closing(sqlite3.connect(file.with_name("chatbot.db-jobs"))) as bot:
        bot.execute("BEGIN EXCLUSIVE")
        with pytest.raises(SettingsError, match="a bot is running with this database: stop it first"):
            carry_out(f"sqlite:///{link}", tmp_path / "copy", yes=True)
    assert file.read_bytes() == b"?" * 50_000


@on_sqlite
def test_database_in_use_by_another_process_is_refused(filled_url: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "chatbot.db")) as reader:
        reader.execute("PRAGMA journal_mode=WAL")
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM signatures").fetchone()
        with pytest.raises(SettingsError, match="another process uses this database: stop it first"):
            carry_out(filled_url, tmp_path / "copy", yes=True)
    assert replaced(tmp_path) == []
    assert signed(filled_url) == AFTER


def test_copy_of_the_other_engine_is_refused(filled_url: str, tmp_path: Path) -> None:
    copy = tmp_path / "of-the-other"
    copy.write_bytes(b"PGDMP...." if filled_url.startswith("sqlite") else b"SQLite format 3\0")
    assert "is a copy of a" in refuse(filled_url, copy)


@on_postgres
def test_tables_of_others_are_never_dropped(filled_url: str, tmp_path: Path) -> None:
    async def add() -> None:
        database = await storage.connect(filled_url)
        await database.transact(lambda tx: tx.run("CREATE TABLE cats (name TEXT)"))
        await database.close()

    asyncio.run(add())
    assert "has tables that this version does not know ('cats')" in refuse(filled_url, tmp_path / "copy")


@on_postgres
def test_refusal_names_the_missing_program(filled_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    told = refuse(filled_url, tmp_path / "copy")
    assert "pg_restore is not installed here" in told
    assert "pg_restore --clean --if-exists --single-transaction" in told
