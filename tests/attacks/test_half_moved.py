"""Every command refuses a partly moved or partly restored database, and says what to do."""

import asyncio
import io
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot.app.commands.check import check
from chatbot.app.commands.command import Terminal
from chatbot.app.commands.move import move_to
from chatbot.settings import Settings, SettingsError
from chatbot.storage import IncompleteDatabaseError, open_database
from chatbot.storage.admin import backup as copying
from chatbot.storage.admin import transfer
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.organizer import app_state
from chatbot.storage.people import signatures
from chatbot.storage.privacy.tables import TABLES
from tests.support.broadcasts import subscribe
from tests.support.cast import NOW
from tests.support.postgres_server import PostgresServer
from tests.support.stored_rows import read_rows

pytestmark = pytest.mark.slow

SIGNED = 50


@pytest.fixture
def old(tmp_path: Path) -> str:
    """The address of a database with signatures and subscriptions that no bot uses."""
    url = f"sqlite:///{tmp_path}/old.db"

    async def fill() -> None:
        database = await open_database(url)
        await database.transact(subscribe, range(SIGNED), NOW, country="KR")
        await database.close()

    asyncio.run(fill())
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/new.db"
        return
    with request.getfixturevalue("server").fresh_database() as address:
        yield address


def run_bot(url: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DATABASE_URL": url, "TELEGRAM_TOKEN": "1:" + "a" * 35}
    return subprocess.run(
        [sys.executable, "-m", "chatbot", "run"], env=environment, capture_output=True, text=True, check=False
    )


def settings_with(url: str) -> Settings:
    return Settings(database_url=url)


_MOVING_AND_KILLED = """
import asyncio, os, sys
from chatbot.storage import open_database
from chatbot.storage.admin import transfer

old, target, table = sys.argv[1:]
transfer.AT_ONCE = 20

carry = transfer._carry

async def carry_and_die(source, target, each):
    await carry(source, target, each)
    if each.name == table:
        os.kill(os.getpid(), 9)

transfer._carry = carry_and_die

async def main():
    await transfer.move(await open_database(old), await open_database(target, unfinished=True), print)

asyncio.run(main())
"""


def move_until(old: str, target: str, table: str) -> None:
    """Move in a process that is killed after it has copied `table`."""
    killed = subprocess.run([sys.executable, "-c", _MOVING_AND_KILLED, old, target, table], check=False)
    assert killed.returncode == -9


def test_half_moved_database_opens_only_for_the_next_move(
    old: str, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "AT_ONCE", 20)
    for table in ("supporters", random.choice(sorted(TABLES.keys() - {"supporters"}))):
        move_until(old, target, table)
        with pytest.raises(IncompleteDatabaseError, match="only in part"):
            asyncio.run(open_database(target))
    refused = run_bot(target)
    assert refused.returncode == 1
    assert refused.stderr.startswith("DATABASE_URL: a petition was moved into this database only in part")
    assert len(refused.stderr.splitlines()) == 1
    with pytest.raises(SettingsError, match=r"^DATABASE_URL: a petition was moved .* only in part"):
        asyncio.run(check(settings_with(target), Terminal(out=io.StringIO())))
    with pytest.raises(SettingsError, match="only in part"):  # a half-moved database cannot be moved
        asyncio.run(move_to(settings_with(target), old, Terminal(out=io.StringIO())))

    async def run_on() -> None:
        """The old bot runs meanwhile: three people sign, and one withdraws."""
        database = await open_database(old)
        await database.transact(subscribe, range(SIGNED, SIGNED + 3), NOW, country="KR")
        await database.transact(signatures.take_back, 7)
        await database.close()

    asyncio.run(run_on())
    told = io.StringIO()
    asyncio.run(move_to(settings_with(old), target, Terminal(out=told)))
    assert "it is emptied first" in told.getvalue()

    async def compare() -> None:
        before, after = await open_database(old), await open_database(target)
        assert await after.read_snapshot(read_rows) == await before.read_snapshot(read_rows)
        assert await find_problems(after) == []
        assert await after.transact(app_state.find, "move_unfinished") is None
        await before.close()
        await after.close()

    asyncio.run(compare())


def test_move_refuses_a_missing_database(tmp_path: Path) -> None:
    mistyped = settings_with(f"sqlite:///{tmp_path}/mistyped.db")
    with pytest.raises(SettingsError, match=r"^DATABASE_URL: there is no such database; nothing to move$"):
        asyncio.run(move_to(mistyped, f"sqlite:///{tmp_path}/new.db", Terminal(out=io.StringIO())))
    assert list(tmp_path.iterdir()) == []


_SIGNING_AND_KILLED = """
import asyncio, os, sys
from chatbot.storage import open_database
from tests.support.broadcasts import subscribe
from tests.support.cast import NOW

async def main():
    database = await open_database(sys.argv[1])
    await database.transact(subscribe, range(20_000, 20_200), NOW, country="KR")
    os.kill(os.getpid(), 9)

asyncio.run(main())
"""


def test_start_refuses_a_backup_beside_the_log_of_another_file(old: str, tmp_path: Path) -> None:
    """The bot was killed and left its write-ahead log. Then somebody replaced the main file alone by a backup."""
    file, backup = tmp_path / "old.db", tmp_path / "copy.db"
    copying.copy(old, backup)
    killed = subprocess.run(
        [sys.executable, "-c", _SIGNING_AND_KILLED, old], cwd=Path(__file__).parents[2], check=False
    )
    assert killed.returncode == -9
    log, index = tmp_path / "old.db-wal", tmp_path / "old.db-shm"
    assert log.stat().st_size > 0
    file.unlink()
    shutil.copy(backup, file)
    kept = log.read_bytes()
    refused = run_bot(old)
    assert refused.returncode == 1
    assert "old.db-wal is left: remove old.db-wal and old.db-shm, then start" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    with pytest.raises(SettingsError, match=r"old\.db-wal is left"):
        asyncio.run(check(settings_with(old), Terminal(out=io.StringIO())))
    link = tmp_path / "links" / "link.db"
    link.parent.mkdir()
    link.symlink_to(file)
    assert "old.db-wal is left" in run_bot(f"sqlite:///{link}").stderr, (
        "the log is beside the file that a link leads to"
    )
    assert log.read_bytes() == kept
    log.unlink()
    index.unlink(missing_ok=True)
    assert asyncio.run(check(settings_with(old), Terminal(out=io.StringIO())))


def test_start_reads_the_log_of_a_killed_bot(old: str) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", _SIGNING_AND_KILLED, old], cwd=Path(__file__).parents[2], check=False
    )
    assert killed.returncode == -9

    async def count() -> int:
        database = await open_database(old)
        found = await database.transact(signatures.count)
        await database.close()
        return found

    assert asyncio.run(count()) == SIGNED + 200


@pytest.mark.parametrize(
    "steps",
    [
        [["--section=pre-data"]],
        [["--section=pre-data"], ["--data-only", "--table=signatures"], ["--section=post-data"]],
    ],
    ids=["tables alone", "data of one table"],
)
def test_start_refuses_an_incomplete_restore(server: PostgresServer, tmp_path: Path, steps: list[list[str]]) -> None:
    archive = tmp_path / "copy"
    with server.fresh_database() as whole, server.fresh_database() as half:

        async def fill() -> None:
            database = await open_database(whole)
            await database.transact(subscribe, range(50), NOW, country="KR")
            await database.close()

        asyncio.run(fill())
        copying.copy(whole, archive)
        restore = [str(server.binaries / "pg_restore"), f"--dbname={half}"]
        for options in steps:
            subprocess.run([*restore, *options, str(archive)], check=False, stderr=subprocess.DEVNULL)
        with pytest.raises(IncompleteDatabaseError, match="restored only in part"):
            asyncio.run(open_database(half))
        refused = run_bot(half)
        assert refused.returncode == 1
        assert refused.stderr.startswith("DATABASE_URL: the database ")
        # The command that `chatbot/storage/admin/restore_archive.py` recommends.
        subprocess.run([*restore, "--clean", "--if-exists", "--single-transaction", str(archive)], check=True)
        assert asyncio.run(check(settings_with(half), Terminal(out=io.StringIO())))
