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
    """The address of a petition with signatures and subscriptions; no bot is running."""
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


def begin(url: str) -> Settings:
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
    """Move, and get killed once `table` is copied and before the next one is."""
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
        asyncio.run(check(begin(target), Terminal(out=io.StringIO())))
    with pytest.raises(SettingsError, match="only in part"):  # and it cannot be moved on
        asyncio.run(move_to(begin(target), old, Terminal(out=io.StringIO())))

    async def go_on() -> None:
        """Let the old bot run meanwhile: one person signs and one is erased."""
        database = await open_database(old)
        await database.transact(subscribe, range(SIGNED, SIGNED + 3), NOW, country="KR")
        await database.transact(signatures.take_back, 7)
        await database.close()

    asyncio.run(go_on())
    told = io.StringIO()
    asyncio.run(move_to(begin(old), target, Terminal(out=told)))
    assert "it is emptied first" in told.getvalue()

    async def compare() -> None:
        before, after = await open_database(old), await open_database(target)
        assert await after.read_snapshot(read_rows) == await before.read_snapshot(read_rows)
        assert await find_problems(after) == []
        assert await after.transact(app_state.find, "move_unfinished") is None
        await before.close()
        await after.close()

    asyncio.run(compare())


def test_missing_database_is_not_moved(tmp_path: Path) -> None:
    mistyped = begin(f"sqlite:///{tmp_path}/mistyped.db")
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


def test_backup_beside_another_log_is_refused(old: str, tmp_path: Path) -> None:
    """The bot was killed, its write-ahead log stayed, and only the main file was replaced by a backup."""
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
        asyncio.run(check(begin(old), Terminal(out=io.StringIO())))
    link = tmp_path / "links" / "link.db"
    link.parent.mkdir()
    link.symlink_to(file)
    assert "old.db-wal is left" in run_bot(f"sqlite:///{link}").stderr, "SQLite has the log beside the file itself"
    assert log.read_bytes() == kept
    log.unlink()
    index.unlink(missing_ok=True)
    assert asyncio.run(check(begin(old), Terminal(out=io.StringIO())))


def test_own_log_is_read(old: str) -> None:
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


@pytest.mark.parametrize("sections", [("pre-data",), ("data of one table",)])
def test_incomplete_restore_is_noticed(server: PostgresServer, tmp_path: Path, sections: tuple[str, ...]) -> None:
    archive = tmp_path / "copy"
    with server.fresh_database() as whole, server.fresh_database() as half:

        async def fill() -> None:
            database = await open_database(whole)
            await database.transact(subscribe, range(50), NOW, country="KR")
            await database.close()

        asyncio.run(fill())
        copying.copy(whole, archive)
        restore = [str(server.binaries / "pg_restore"), f"--dbname={half}"]
        ways = {
            "data of one table": [
                ["--section=pre-data"],
                ["--data-only", "--table=signatures"],
                ["--section=post-data"],
            ]
        }
        for options in ways.get(sections[0], [[f"--section={each}" for each in sections]]):
            subprocess.run([*restore, *options, str(archive)], check=False, stderr=subprocess.DEVNULL)
        with pytest.raises(IncompleteDatabaseError, match="restored only in part"):
            asyncio.run(open_database(half))
        refused = run_bot(half)
        assert refused.returncode == 1
        assert refused.stderr.startswith("DATABASE_URL: the database ")
        subprocess.run(
            [*restore, "--clean", "--if-exists", "--single-transaction", str(archive)], check=True
        )  # as docs/operating.md says
        assert asyncio.run(check(begin(half), Terminal(out=io.StringIO())))
