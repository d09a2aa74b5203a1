"""Copies of one petition may share a folder for backups: each of them deletes only its own."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from chatbot.app.backups.folder import KEPT, Backup, Backups, delete_old, find_backups
from chatbot.app.backups.ownership import Ownership
from chatbot.settings import Settings
from chatbot.storage import DatabaseOrigin, find_origin, open_database
from tests.app.backups.conftest import NIGHT

DAY = timedelta(days=1)


def find(url: str, folder: Path | None) -> Backups:
    found = find_backups(Settings(database_url=url, backups=None if folder is None else str(folder)))
    assert found is not None
    return found


async def night(backups: Backups, now: datetime) -> list[Backup]:
    """Make a backup, delete old ones, and list what is left."""
    database = await open_database(backups.url)
    try:
        origin = await database.transact(find_origin)
        await backups.make(origin, now)
        await delete_old(database, backups, now)
    finally:
        await database.close()
    return backups.list(origin, now)


@pytest.fixture
async def petition(tmp_path: Path) -> Path:
    """The file of a petition, in its own folder."""
    (tmp_path / "real").mkdir()
    file = tmp_path / "real" / "chatbot.db"
    await (await open_database(f"sqlite:///{file}")).close()
    return file


async def test_copy_of_a_petition_deletes_none_of_its_backups(petition: Path, tmp_path: Path) -> None:
    trial = tmp_path / "trial" / petition.name
    trial.parent.mkdir()
    shutil.copy(petition, trial)
    folder = tmp_path / "usb"
    real, copied = (find(f"sqlite:///{file}", folder) for file in (petition, trial))
    [kept] = await night(real, NIGHT)
    for hour in range(KEPT + 2):
        own = await night(copied, NIGHT + DAY + hour * timedelta(hours=1))
    assert len(own) == KEPT
    assert kept.file.exists()
    assert len(await night(real, NIGHT + DAY)) == 2
    # Without the real database, the copy owns the backups of both, and deletes them.
    petition.unlink()  # noqa: ASYNC240 - asks no disk for long
    assert kept.file in [each.file for each in copied.list(DatabaseOrigin(1, await begun(trial)), NIGHT)]
    await night(copied, NIGHT + 9 * DAY)
    assert not kept.file.exists()


async def begun(file: Path) -> str:
    database = await open_database(f"sqlite:///{file}")
    try:
        return (await database.transact(find_origin)).begun_at
    finally:
        await database.close()


async def test_folder_copied_with_its_database_has_backups_of_the_copy(petition: Path, tmp_path: Path) -> None:
    [kept] = await night(find(f"sqlite:///{petition}", None), NIGHT)
    shutil.copytree(petition.parent, tmp_path / "trial")
    await night(find(f"sqlite:///{tmp_path}/trial/{petition.name}", None), NIGHT + 9 * DAY)
    assert len([*(tmp_path / "trial" / "backups").glob("*.db")]) == 1, (
        "the copied backup may hold erased names, and is deleted too"
    )
    assert kept.file.exists()


async def test_moved_folder_keeps_its_backups(petition: Path, tmp_path: Path) -> None:
    await night(find(f"sqlite:///{petition}", None), NIGHT)
    petition.parent.rename(tmp_path / "moved")
    assert len(await night(find(f"sqlite:///{tmp_path}/moved/{petition.name}", None), NIGHT + DAY)) == 2


async def test_backup_with_the_name_of_an_older_version_is_known(petition: Path) -> None:
    backups = find(f"sqlite:///{petition}", None)
    [made] = await night(backups, NIGHT)
    old = made.file.with_name(made.file.name[: -len("123456.db")] + ".db")
    made.file.rename(old)
    assert [each.file for each in await night(backups, NIGHT + DAY)][1:] == [old]


def test_backups_of_a_copy_on_another_server_are_not_listed(tmp_path: Path) -> None:
    folder, origin = tmp_path / "usb", DatabaseOrigin(1, "2026-11-01")
    here, there = (find(f"postgresql://bot:secret@{host}/petition", folder) for host in ("one", "two:5433"))
    folder.mkdir()
    name = f"petition-2026-11-27T183000Z-schema1-{Ownership(here.url, folder).mark(origin)}.dump"
    (folder / name).touch()
    assert [each.file.name for each in here.list(origin, NIGHT)] == [name]
    assert there.list(origin, NIGHT) == []
    again = find("postgres://bot:another@ONE/petition?sslmode=require", folder)
    assert [each.file.name for each in again.list(origin, NIGHT)] == [name], "a new password makes no other database"
