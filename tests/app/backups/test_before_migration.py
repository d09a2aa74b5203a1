"""A schema changes only after a private, verified backup."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from chatbot import storage
from chatbot.app.database import open_configured_database
from chatbot.settings import Settings, SettingsError
from chatbot.storage.admin import backup
from chatbot.storage.engine.migrate import bundled, migrate
from chatbot.storage.people import counters

PREVIOUS, NEWEST = (each.number for each in bundled()[-2:])


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A SQLite database with the schema before the newest one, and a counter named 유나."""
    file = tmp_path / "older.db"

    async def make() -> None:
        database = await storage.connect(f"sqlite:///{file}")
        await migrate(database, bundled()[:-1])
        await database.transact(counters.change, ["유나"], 7)
        await database.close()

    asyncio.run(make())
    return file


def schema_of(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("SELECT max(number) FROM migrations").fetchone()[0])


def test_schema_changes_only_after_a_private_backup(older: Path, tmp_path: Path) -> None:
    async def change() -> None:
        await (await open_configured_database(Settings(database_url=f"sqlite:///{older}"))).close()

    asyncio.run(change())
    asyncio.run(change())
    [copy] = (tmp_path / "backups").glob("*.db")
    assert f"-schema{PREVIOUS}-" in copy.name
    assert copy.name.startswith("older-20")
    assert (schema_of(older), schema_of(copy)) == (NEWEST, PREVIOUS)
    assert (copy.parent.stat().st_mode & 0o777, copy.stat().st_mode & 0o777) == (0o700, 0o600)
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT value FROM counters WHERE name = '유나'").fetchone() == (7,)


def refuse_to_change(older: Path, **more: str) -> str:
    with pytest.raises(SettingsError) as refused:
        asyncio.run(open_configured_database(Settings(database_url=f"sqlite:///{older}", **more)))  # type: ignore[arg-type]
    assert schema_of(older) == PREVIOUS
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_schema_stays_without_a_place_for_the_backup(older: Path, tmp_path: Path) -> None:
    (tmp_path / "backups").touch()
    told = refuse_to_change(older)
    assert told.startswith("DATABASE_URL: no backup could be made, and without one the schema does not change (")
    assert told.endswith("; name another folder in BACKUPS, or set BACKUPS=off")
    asyncio.run(open_configured_database(Settings(database_url=f"sqlite:///{older}", backups="off")))
    assert schema_of(older) == NEWEST


def test_schema_stays_without_room_for_the_backup(older: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 1000))
    assert "backups has not enough room: 1 MB must be free" in refuse_to_change(older)
    assert list((tmp_path / "backups").iterdir()) == []


def test_schema_stays_if_the_backup_is_damaged(older: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def copy_badly(file: Path, target: Path) -> None:
        whole = file.read_bytes()
        target.write_bytes(whole[:4096] + b"?" * 20_000 + whole[24_096:])

    monkeypatch.setattr(backup, "copy_file", copy_badly)
    assert "damaged" in refuse_to_change(older)
    assert list((tmp_path / "backups").iterdir()) == []


def test_folder_of_backups_must_be_a_folder(older: Path) -> None:
    assert refuse_to_change(older, backups=str(older)) == "BACKUPS: must name a folder, or be off"


def test_new_database_has_no_backup(tmp_path: Path) -> None:
    asyncio.run(open_configured_database(Settings(database_url=f"sqlite:///{tmp_path}/chatbot.db")))
    assert not (tmp_path / "backups").exists()
