"""Commands on a petition with data: check, backup and move."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatbot.__main__ import main
from chatbot.app.backups.folder import find_backups
from chatbot.settings import Settings
from chatbot.storage import find_origin, open_database

pytestmark = pytest.mark.usefixtures("environment")


@pytest.fixture
def file(environment: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The file of a migrated database, which the settings name."""
    file = tmp_path / "chatbot.db"
    environment.setenv("DATABASE_URL", f"sqlite:///{file}")
    assert main(["migrate"]) == 0
    return file


def test_check_reports_a_wrong_count(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert capsys.readouterr().out.endswith("The database is in order: every count equals its recount.\n")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("INSERT INTO counters VALUES ('signatures', 7)")
    assert main(["check"]) == 1
    assert capsys.readouterr().out.endswith("signatures: counted 7, but there are 0\n")


def test_backup_can_be_restored(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = file.with_name("copy.db")
    assert main(["backup", str(copy)]) == 0
    assert main(["backup", str(copy)]) == 1
    assert capsys.readouterr().err == f"{copy}: already exists; name a new file\n"
    for each in (file, file.with_name("chatbot.db-wal"), file.with_name("chatbot.db-shm")):
        each.unlink(missing_ok=True)
    copy.rename(file)
    assert main(["check"]) == 0


def test_move_from_a_database_without_a_petition_is_refused(
    environment: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mistyped.db").touch()
    for name, told in (("mistyped.db", "there is no petition in this database"), ("missing.db", "no such database")):
        environment.setenv("DATABASE_URL", f"sqlite:///{name}")
        assert main(["move", "--to", "sqlite:///new.db"]) == 1
        assert told in capsys.readouterr().err
    assert not (tmp_path / "new.db").exists()


def test_move_names_the_backups_that_stay(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    backups = find_backups(Settings(database_url=f"sqlite:///{file}"))
    assert backups is not None

    async def back_up() -> None:
        database = await open_database(backups.url)
        await backups.make(await database.transact(find_origin), datetime.now(UTC))
        await database.close()

    asyncio.run(back_up())
    assert main(["move", "--to", f"sqlite:///{file.with_name('new.db')}"]) == 0
    told = capsys.readouterr().out.splitlines()[-1]
    assert told.startswith(f"The old database and its backups in {backups.folder} still hold people's names.")
    assert len([*backups.folder.glob("*.db")]) == 1


def test_move_copies_a_petition(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = file.with_name("new.db")
    assert main(["move", "--to", f"sqlite:///{target}"]) == 0
    assert capsys.readouterr().out.endswith("Set DATABASE_URL to the new address.\n")
    with closing(sqlite3.connect(target)) as connection, connection:
        connection.execute("INSERT INTO counters VALUES ('signatures', 0)")
    assert main(["move", "--to", f"sqlite:///{target}"]) == 1
    assert capsys.readouterr().err == "--to: the new database holds something already: name an empty one\n"
