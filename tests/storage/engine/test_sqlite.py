"""The SQLite engine: its settings, its file, other processes, and failures of the disk."""

# ruff: noqa: ASYNC240 - a test may wait for the disk

import asyncio
import os
import sqlite3
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from chatbot.storage import DatabaseUnavailableError, Transaction, UnsupportedDatabaseError, open_database
from chatbot.storage.engine import sqlite
from chatbot.storage.engine.migrate import migrate
from chatbot.storage.engine.sqlite import SqliteDatabase, open_sqlite
from tests.storage.engine.conftest import raise_a
from tests.support.limits import GIVE_UP

READ_AND_CLOSE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT * FROM counters").fetchall()
connection.close()
"""


@pytest.fixture
async def database(file: Path) -> AsyncIterator[SqliteDatabase]:
    opened = await open_sqlite(str(file), busy_timeout=0.1)
    await migrate(opened)
    yield opened
    await opened.close()


@pytest.mark.parametrize(
    ("setting", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1), ("temp_store", 2)],
)
async def test_connection_has_its_settings(database: SqliteDatabase, setting: str, value: object) -> None:
    async def read(tx: Transaction) -> object:
        row = await tx.one(f"PRAGMA {setting}")
        return row and row[setting]

    assert await database.transact(read) == value


async def test_file_holds_no_erased_name(database: SqliteDatabase, file: Path) -> None:
    async def write(tx: Transaction) -> None:
        await tx.run("INSERT INTO counters (name, value) VALUES (:name, 1)", name="하나의 비밀 이름")

    async def erase(tx: Transaction) -> None:
        await tx.run("DELETE FROM counters")

    await database.transact(write)
    await database._connection.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
    assert "하나의 비밀 이름".encode() in file.read_bytes()
    await database.transact(erase)
    await database._connection.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
    assert "하나의 비밀 이름".encode() not in file.read_bytes()


async def test_only_the_owner_can_read_the_files(database: SqliteDatabase, file: Path) -> None:
    await database.transact(raise_a)
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in file.parent.iterdir()}
    assert modes == dict.fromkeys(["chatbot.db", "chatbot.db-wal", "chatbot.db-shm"], "0o600")


async def test_readable_file_becomes_private(file: Path) -> None:
    file.touch(0o644)
    database = await open_sqlite(str(file))
    await database.close()
    assert file.stat().st_mode & 0o777 == 0o600


async def test_second_opening_keeps_the_locks_of_the_first(database: SqliteDatabase, file: Path) -> None:
    await database.transact(raise_a)
    second = await open_sqlite(str(file))
    assert sorted(await asyncio.gather(second.transact(raise_a), database.transact(raise_a))) == [2, 3]
    await second.close()
    # A process that finds no locks takes itself for the last one, and deletes the log when it closes the file.
    other = await asyncio.create_subprocess_exec(sys.executable, "-c", READ_AND_CLOSE, str(file))
    assert await other.wait() == 0
    assert file.with_name("chatbot.db-wal").exists()
    assert await database.transact(raise_a) == 4


async def test_relative_path_survives_a_change_of_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    database = await open_database("sqlite:///here.db")
    monkeypatch.chdir("/")
    assert await database.transact(raise_a) == 1
    await database.close()
    assert (tmp_path / "here.db").exists()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "chatbot.db",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite://yuna:hunter2@host/file.db",
        "mysql://yuna:hunter2@host/petition",
        "MySQL:///hunter2",
        "yuna:hunter2@host:///file.db",
    ],
)
async def test_unknown_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(UnsupportedDatabaseError) as refused:
        await open_database(url)
    assert isinstance(refused.value, ValueError)
    assert "sqlite:///" in str(refused.value)
    assert "hunter2" not in str(refused.value)
    assert "\n" not in str(refused.value)


async def test_refusal_names_the_scheme_of_the_address() -> None:
    with pytest.raises(UnsupportedDatabaseError, match="not mysql://"):
        await open_database("mysql://yuna@host/petition")


async def test_transaction_waits_for_the_lock_of_another_process(file: Path) -> None:
    database = await open_sqlite(str(file))
    await migrate(database)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(database.transact(raise_a))
        await asyncio.wait([waiting], timeout=0.05)
        assert not waiting.done()
        other.execute("COMMIT")
        assert await waiting == 1
    await database.close()


async def test_lasting_lock_is_reported_until_it_is_released(database: SqliteDatabase, file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answers = await asyncio.gather(*(database.transact(raise_a) for _ in range(3)), return_exceptions=True)
        for answer in answers:
            assert isinstance(answer, DatabaseUnavailableError)
            assert "locked by another process" in str(answer)
        assert len({id(answer) for answer in answers}) == 3, "each caller gets its own exception"
        other.execute("COMMIT")
    assert await database.transact(raise_a) == 1


async def test_log_tells_once_that_trouble_begins_and_ends(
    database: SqliteDatabase, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for _ in range(3):
            with pytest.raises(DatabaseUnavailableError):
                await database.transact(raise_a)
    for _ in range(2):
        await database.transact(raise_a)
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("ERROR", "nothing can be stored: the database is locked by another process (database is locked)"),
        ("INFO", "everything can be stored again"),
    ]


async def test_closing_ignores_a_lasting_lock(file: Path) -> None:
    database = await open_sqlite(str(file), busy_timeout=60)
    await migrate(database)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(database.transact(raise_a))
        await asyncio.wait([waiting], timeout=0.05)
        async with asyncio.timeout(GIVE_UP):
            await database.close()
    with pytest.raises(DatabaseUnavailableError, match="locked by another process"):
        await waiting


async def test_full_database_is_unavailable_until_there_is_room(database: SqliteDatabase) -> None:
    async def write_much(tx: Transaction) -> None:
        await tx.run("INSERT INTO counters (name, value) VALUES (:name, 1)", name="long " * 10_000)

    await database._connection.execute_fetchall("PRAGMA max_page_count=1")  # SQLite takes the present size instead
    small, full, beside = await asyncio.gather(
        database.transact(raise_a), database.transact(write_much), database.transact(raise_a), return_exceptions=True
    )
    assert isinstance(full, DatabaseUnavailableError)
    assert "no room" in str(full)
    kept = [answer for answer in (small, beside) if not isinstance(answer, DatabaseUnavailableError)]
    assert kept == list(range(1, len(kept) + 1))
    await database._connection.execute_fetchall("PRAGMA max_page_count=1000000")
    await database.transact(write_much)
    assert await database.transact(raise_a) == len(kept) + 1, "only what was acknowledged was kept"


async def test_rolled_back_group_fails_for_every_caller(database: SqliteDatabase) -> None:
    """Some disk errors end SQLite's transaction. ROLLBACK inside a work does the same."""

    async def ends_it_all(tx: Transaction) -> None:
        await tx.run("ROLLBACK")

    before, culprit, after = await asyncio.gather(
        database.transact(raise_a), database.transact(ends_it_all), database.transact(raise_a), return_exceptions=True
    )
    assert [type(answer) for answer in (before, culprit, after)] == [DatabaseUnavailableError] * 3
    assert await database.transact(raise_a) == 1


async def test_deleted_file_is_noticed(database: SqliteDatabase, file: Path) -> None:
    await database.transact(raise_a)
    file.unlink()
    with pytest.raises(DatabaseUnavailableError, match="deleted or replaced"):
        await database.transact(raise_a)
    file.touch()
    with pytest.raises(DatabaseUnavailableError, match="deleted or replaced"):
        await database.transact(raise_a)


async def test_other_file_is_refused_and_unchanged(file: Path) -> None:
    file.write_text("Dear diary, " * 500)
    with pytest.raises(DatabaseUnavailableError, match=r"chatbot\.db: .*not an SQLite database"):
        await open_database(f"sqlite:///{file}")
    assert file.read_text() == "Dear diary, " * 500


async def test_error_explains_links_that_lead_nowhere(tmp_path: Path) -> None:
    circle, lost = tmp_path / "circle.db", tmp_path / "lost.db"
    circle.symlink_to(circle)
    lost.symlink_to("unplugged/chatbot.db")
    with pytest.raises(DatabaseUnavailableError, match="cannot be opened"):
        await open_database(f"sqlite:///{circle}")
    with pytest.raises(DatabaseUnavailableError, match=f"there is no folder {tmp_path}/unplugged"):
        await open_database(f"sqlite:///{lost}")


async def test_damaged_file_is_reported(database: SqliteDatabase, file: Path) -> None:
    await database.close()
    pages = file.read_bytes()
    file.write_bytes(pages[:4096] + b"\xa5" * (len(pages) - 4096))
    with pytest.raises(DatabaseUnavailableError, match="damaged"):
        await open_database(f"sqlite:///{file}")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.parametrize(("folder_mode", "file_mode"), [(0o500, None), (0o500, 0o600), (0o700, 0o400)])
async def test_error_names_an_unwritable_place(file: Path, folder_mode: int, file_mode: int | None) -> None:
    if file_mode is not None:
        await (await open_database(f"sqlite:///{file}")).close()
        file.chmod(file_mode)
    file.parent.chmod(folder_mode)
    try:
        with pytest.raises(DatabaseUnavailableError, match=r"chatbot\.db: the database"):
            await open_database(f"sqlite:///{file}")
    finally:
        file.parent.chmod(0o700)


@pytest.mark.parametrize(("where", "why"), [("missing/chatbot.db", "cannot be opened"), (".", "is a folder")])
async def test_error_names_an_impossible_place(tmp_path: Path, where: str, why: str) -> None:
    with pytest.raises(DatabaseUnavailableError, match=why) as refused:
        await open_database(f"sqlite:///{tmp_path}/{where}")
    assert str(tmp_path) in str(refused.value)


async def test_read_only_database_is_unavailable(database: SqliteDatabase) -> None:
    await database._connection.execute_fetchall("PRAGMA query_only=ON")
    with pytest.raises(DatabaseUnavailableError, match="only be read"):
        await database.transact(raise_a)


async def test_cancelled_reader_leaves_no_log_behind(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "_READERS_WAIT", GIVE_UP)
    database = await open_database(f"sqlite:///{file}")
    begun, may_end = threading.Event(), threading.Event()

    async def read(tx: Transaction) -> None:
        await tx.all("SELECT * FROM counters")
        begun.set()
        may_end.wait(GIVE_UP)

    reading = asyncio.create_task(database.read_snapshot(read))
    assert await asyncio.to_thread(begun.wait, GIVE_UP)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    closing = asyncio.create_task(database.close())
    await asyncio.wait([closing], timeout=0.1)
    assert not closing.done(), "it waits for the thread of the reader"
    may_end.set()
    await closing
    assert [each.name for each in file.parent.glob(f"{file.name}*")] == [file.name]
