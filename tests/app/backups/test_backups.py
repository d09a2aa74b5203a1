"""The bot's own backups: private, verified, one each night, and only the last five are kept."""

import asyncio
import logging
import os
import shutil
import signal
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from chatbot import storage
from chatbot.app.backups.folder import KEPT, Backups, back_up_nightly, delete_old, find_backups
from chatbot.app.database import open_configured_database
from chatbot.settings import Settings
from chatbot.storage import Database, DatabaseUnavailableError, find_origin, open_database
from chatbot.storage.admin import backup
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.migrate import bundled, migrate
from chatbot.storage.organizer import app_state
from chatbot.storage.people import counters
from chatbot.storage.privacy.retention import UNCLEAN_BEFORE
from tests.app.backups.conftest import NIGHT
from tests.storage.conftest import on_postgres, on_sqlite
from tests.support.limits import GIVE_UP
from tests.support.postgres_server import PostgresServer

DAY = timedelta(days=1)


@pytest.fixture
def settings(url: str, tmp_path: Path) -> Settings:
    return Settings(database_url=url, backups=str(tmp_path / "kept"))


@pytest.fixture
def backups(settings: Settings) -> Backups:
    found = find_backups(settings)
    assert found is not None
    return found


def names(backups: Backups) -> list[str]:
    """Return the names of all files, except the notes that say where databases are."""
    if not backups.folder.exists():
        return []
    return sorted(file.name for file in backups.folder.iterdir() if not file.name.startswith(".database-"))


async def make(backups: Backups, database: Database, *moments: datetime) -> None:
    origin = await database.transact(find_origin)
    for moment in moments:
        await backups.make(origin, moment)


@on_postgres
async def test_log_says_that_a_schema_changes_without_a_backup(
    server: PostgresServer, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with server.fresh_database() as old:
        database = await storage.connect(old)
        await migrate(database, bundled()[:-1])
        await database.close()
        monkeypatch.setenv("PATH", str(tmp_path))
        changed = await open_configured_database(Settings(database_url=old, backups=str(tmp_path / "kept")))
        assert (await changed.transact(find_origin)).schema == bundled()[-1].number
        await changed.close()
    assert "the schema changes without a backup (pg_dump is not installed here" in caplog.text


async def test_night_makes_a_private_backup(
    settings: Settings, backups: Backups, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await back_up_nightly(database, backups, NIGHT)
    [name] = names(backups)
    assert "-2026-11-27T183000Z-schema" in name
    assert await database.transact(app_state.find, app_state.BACKUP_MADE_AT) == timestamps.to_text(NIGHT)
    assert "a backup was made: " in caplog.text
    assert (backups.folder / name).stat().st_mode & 0o777 == 0o600


async def test_failed_night_deletes_no_good_backup(
    backups: Backups, database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await make(backups, database, NIGHT)

    def fail(_url: str, _target: Path) -> None:
        raise DatabaseUnavailableError("the database is damaged")

    monkeypatch.setattr(backup, "copy", fail)
    await back_up_nightly(database, backups, NIGHT + 30 * DAY)
    assert len(names(backups)) == 1
    assert "no backup was made (the database is damaged)" in caplog.text
    assert await database.transact(app_state.find, app_state.BACKUP_MADE_AT) is None


@on_sqlite
async def test_last_five_are_kept_and_nothing_else_is_touched(backups: Backups, database: Database) -> None:
    backups.folder.mkdir()
    others = [
        "notes.txt",
        "chatbot.db",
        "chatbot-2020-01-01T000000Z-schema24-ffffff.db",  # of another petition
        "other-2020-01-01T000000Z-schema24-ffffff.db",
        "copy of chatbot-2020-01-01T000000Z-schema24-ffffff.db",
    ]
    for name in others:
        (backups.folder / name).touch()
    nights = [NIGHT + hour * timedelta(hours=6) for hour in range(8)]
    await make(backups, database, *nights[:1])
    [own] = set(names(backups)) - set(others)
    others += [f"keep-{own}", f"copy of {own}", f"{own}.old", own.replace(".db", " (copy).db")]  # made by somebody
    for name in others:
        (backups.folder / name).touch()
    await make(backups, database, *nights[1:])
    await delete_old(database, backups, nights[-1])
    origin = await database.transact(find_origin)
    assert [each.made_at for each in backups.list(origin, nights[-1])] == nights[: -KEPT - 1 : -1]
    assert set(others) <= set(names(backups))
    assert len(names(backups)) == len(others) + KEPT


@on_sqlite
async def test_no_backup_outlives_five_nights_but_the_newest(backups: Backups, database: Database) -> None:
    await make(backups, database, NIGHT, NIGHT + DAY)
    origin = await database.transact(find_origin)
    await delete_old(database, backups, NIGHT + 5 * DAY)
    assert len(names(backups)) == 2
    await delete_old(database, backups, NIGHT + 6 * DAY)
    assert [each.made_at for each in backups.list(origin, NIGHT)] == [NIGHT + DAY]
    await delete_old(database, backups, NIGHT + 60 * DAY)
    assert [each.made_at for each in backups.list(origin, NIGHT)] == [NIGHT + DAY]


@on_sqlite
async def test_wrong_clock_deletes_no_good_backup(backups: Backups, database: Database) -> None:
    await make(backups, database, NIGHT, NIGHT + 4000 * DAY, NIGHT + DAY)
    origin = await database.transact(find_origin)
    assert backups.list(origin, NIGHT + DAY)[0].made_at == NIGHT + DAY
    await delete_old(database, backups, NIGHT + DAY)
    assert [each.made_at for each in backups.list(origin, NIGHT + DAY)] == [NIGHT + DAY, NIGHT]
    long_ago = NIGHT - 9000 * DAY
    await make(backups, database, long_ago)
    await delete_old(database, backups, long_ago)
    assert backups.list(origin, long_ago)[0].made_at == long_ago


async def test_backups_from_before_the_file_was_renamed_are_deleted_too(tmp_path: Path) -> None:
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    database = await open_database(f"sqlite:///{old}")
    origin = await database.transact(find_origin)
    assert await database.try_lock("listening"), "the file of the lock stays behind"
    made = find_backups(Settings(database_url=f"sqlite:///{old}"))
    renamed = find_backups(Settings(database_url=f"sqlite:///{new}"))
    assert made is not None
    assert renamed is not None
    await make(made, database, NIGHT, NIGHT + DAY)
    await database.close()
    shutil.copy(old, new)
    copied = await open_database(f"sqlite:///{new}")
    await make(renamed, copied, NIGHT + 8 * DAY)
    await delete_old(copied, renamed, NIGHT + 8 * DAY)
    assert len(names(made)) == 3, "the copy deletes no backups of the other database, which still exists"
    old.unlink()
    await delete_old(copied, renamed, NIGHT + 8 * DAY)
    await copied.close()
    [left] = names(made)
    assert left.startswith("new-")
    assert made.list(origin, NIGHT) == [], "the backup that is left belongs to the new database"


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
@on_sqlite
async def test_folder_that_is_a_link_keeps_five_and_touches_nothing_else(
    url: str, database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    disk = tmp_path / "other-disk"
    disk.mkdir()
    (disk / "photo.jpg").touch()
    (tmp_path / "kept").symlink_to(disk)
    backups = find_backups(Settings(database_url=url, backups=str(tmp_path / "kept")))
    assert backups is not None
    nights = [NIGHT + hour * timedelta(hours=6) for hour in range(8)]
    await make(backups, database, *nights)
    stranger = tmp_path / "stranger.db"
    stranger.write_text("not ours")
    newest = sorted(name for name in names(backups) if name.endswith(".db"))[-1]
    (disk / newest.replace("2026-11-2", "2026-10-2")).symlink_to(stranger)
    await delete_old(database, backups, nights[-1])
    assert (tmp_path / "kept").is_symlink()
    assert stranger.read_text() == "not ours"
    assert (disk / "photo.jpg").exists()
    assert len([name for name in names(backups) if name.endswith(".db")]) == KEPT
    assert all(file.stat().st_mode & 0o077 == 0 for file in disk.glob("*.db"))
    (tmp_path / "kept").unlink()
    (tmp_path / "kept").symlink_to(tmp_path / "gone")
    await back_up_nightly(database, backups, NIGHT)
    assert "no backup was made" in caplog.text, "the link leads nowhere now"


@pytest.mark.parametrize("fails", [False, True])
async def test_erasure_replaces_older_backups(
    backups: Backups, database: Database, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    await make(backups, database, NIGHT - 2 * DAY, NIGHT - DAY)
    await database.transact(app_state.replace, UNCLEAN_BEFORE, timestamps.to_text(NIGHT))
    if fails:
        monkeypatch.setattr(shutil, "which", lambda _: None)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 1000))
    await delete_old(database, backups, NIGHT + timedelta(minutes=5))
    origin = await database.transact(find_origin)
    kept = [each.made_at for each in backups.list(origin, NIGHT + DAY)]
    assert kept == ([NIGHT - DAY] if fails else [NIGHT + timedelta(minutes=5)])


async def test_concurrent_backups_get_different_names(backups: Backups, database: Database) -> None:
    origin = await database.transact(find_origin)
    await asyncio.gather(*(backups.make(origin, NIGHT) for _ in range(3)))
    assert len(names(backups)) == 3


def test_backups_can_be_switched_off(tmp_path: Path) -> None:
    assert find_backups(Settings(backups="off")) is None


KILLED = """
import asyncio, os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from chatbot.app.backups.folder import find_backups
from chatbot.settings import Settings
from chatbot.storage.admin import backup
from chatbot.storage.engine.migrate import DatabaseOrigin
copy = backup.copy
def copy_half(url, target):
    copy(url, target)
    os.truncate(target, target.stat().st_size // 2)
    os.kill(os.getpid(), signal.SIGKILL)
backup.copy = copy_half
backups = find_backups(Settings(database_url=sys.argv[1]))
asyncio.run(backups.make(DatabaseOrigin(1, "x"), datetime.now(UTC)))
"""


@pytest.mark.slow
@on_sqlite
async def test_killed_copy_leaves_no_half_file(url: str, database: Database, tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, url)
    assert await asyncio.wait_for(process.wait(), GIVE_UP) == -signal.SIGKILL
    folder = tmp_path / "backups"
    assert os.listdir(folder) == [".making"]  # noqa: PTH208 - names are enough
    backups = find_backups(Settings(database_url=url))
    assert backups is not None
    await make(backups, database, NIGHT)
    [name] = names(backups)
    assert name.endswith(".db")


@on_sqlite
async def test_damaged_database_has_no_backup(url: str, tmp_path: Path, log_put_back: None) -> None:
    database = await open_database(url)
    for each in range(300):
        await database.transact(counters.change, [f"name-{each}-{'x' * 200}"], 1)
    await database.close()
    file = tmp_path / "chatbot.db"
    damage(file, lambda page: page[:200] + b"\xff" * 600 + page[800:])
    with pytest.raises(DatabaseUnavailableError, match="damaged"):
        backup.copy(url, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def damage(file: Path, change: Callable[[bytes], bytes]) -> None:
    """Damage the pages that hold the counters named `name-1` and so on."""
    pages = [file.read_bytes()[at : at + 4096] for at in range(0, file.stat().st_size, 4096)]
    file.write_bytes(b"".join(change(page) if b"name-1" in page else page for page in pages))
