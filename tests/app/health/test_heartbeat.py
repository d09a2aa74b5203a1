"""Heartbeats: rows of running processes, and what the command `healthy` says about them, on both engines."""

import asyncio
import io
import os
import re
import signal
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chatbot.__main__ import main
from chatbot.app.commands.command import Terminal
from chatbot.app.commands.healthy import is_healthy
from chatbot.app.health.heartbeat import PATIENCE, PAUSE, TROUBLED, Heartbeat, name_machine
from chatbot.emulator import Emulator
from chatbot.settings import Settings, SettingsError
from chatbot.storage import Database, DatabaseUnavailableError
from chatbot.storage.organizer import heartbeats
from tests.support.bot_process import BotProcess
from tests.support.cast import NOW
from tests.support.databases import open_migrated
from tests.support.limits import GIVE_UP


async def ask(url: str, seconds: float = 0, **asked: str | bool) -> tuple[bool, str]:
    """Ask `healthy`, this many seconds after NOW. Return whether the bot is healthy, and the printed line."""
    out = io.StringIO()
    at = NOW + timedelta(seconds=seconds)
    is_well = await is_healthy(Settings(database_url=url), Terminal(out=out), at, **asked)  # type: ignore[arg-type]
    [line] = out.getvalue().splitlines()
    return is_well, line


async def list_kinds(database: Database) -> list[str]:
    return [each.kind for each in await database.transact(heartbeats.list_newest, None)]


async def test_process_that_beats_is_healthy(database: Database, url: str) -> None:
    await Heartbeat(database, "run", lambda: None).beat(NOW)
    assert await ask(url, 89) == (True, "healthy: run")
    assert await ask(url, 91) == (False, "run: no sign of life for 91 seconds")
    assert await ask(url, -3_600) == (False, "run: no sign of life for 3,600 seconds"), "a clock was put back"


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("starting", "run: is starting, and waits for Telegram"),
        ("telegram", "run: has not reached Telegram for minutes"),
        ("webhook", "run: the webhook at Telegram does not lead here"),
        ("lock", "run: does not come to its work"),
    ],
)
async def test_healthy_names_the_trouble(database: Database, url: str, trouble: str, said: str) -> None:
    await Heartbeat(database, "run", lambda: trouble).beat(NOW)
    assert await ask(url) == (False, said)


async def test_healthy_says_starting_of_a_killed_process_for_15_seconds(database: Database, url: str) -> None:
    await Heartbeat(database, "run", lambda: "starting").beat(NOW)
    assert await ask(url, 3 * TROUBLED) == (False, "run: is starting, and waits for Telegram")
    assert await ask(url, 3 * TROUBLED + 1) == (False, "run: no sign of life for 16 seconds")
    assert await ask(url, -30) == (False, "run: is starting, and waits for Telegram"), "the clocks of machines differ"


async def test_heartbeat_soon_tells_the_end_of_trouble(database: Database, url: str) -> None:
    troubles = ["telegram", None]
    heartbeat = Heartbeat(database, "run", lambda: troubles[0])
    assert heartbeat.wait(NOW) == TROUBLED
    await heartbeat.beat(NOW)
    del troubles[0]
    assert heartbeat.wait(NOW) == TROUBLED, "the row still tells of it"
    await heartbeat.beat(NOW)
    assert heartbeat.wait(NOW) == PAUSE
    assert await ask(url) == (True, "healthy: run")


async def test_one_process_of_several_makes_the_bot_unhealthy(database: Database, url: str) -> None:
    await Heartbeat(database, "web", lambda: None).beat(NOW)
    await Heartbeat(database, "worker", lambda: "lock").beat(NOW)
    assert await ask(url) == (False, "worker: does not come to its work")
    assert await ask(url, kind="web") == (True, "healthy: web")
    assert await ask(url, kind="run") == (False, "no process of the bot works here, or it has only just begun")


async def test_process_started_again_after_a_kill_is_healthy(database: Database, url: str) -> None:
    await Heartbeat(database, "run", lambda: None).beat(NOW)
    await Heartbeat(database, "run", lambda: None).beat(NOW + timedelta(minutes=5))
    assert await ask(url, 310) == (True, "healthy: run")
    await Heartbeat(database, "web", lambda: None).beat(NOW + timedelta(minutes=10))
    assert await ask(url, 610) == (True, "healthy: web"), "web listens in place of run"
    await Heartbeat(database, "worker", lambda: None).beat(NOW + timedelta(minutes=15))
    assert await ask(url, 910) == (False, "web: no sign of life for 310 seconds")


async def test_process_of_another_machine_does_not_count(database: Database, url: str) -> None:
    await database.transact(heartbeats.beat, "a", "worker", "elsewhere", None, NOW)
    assert (await ask(url))[0] is False
    assert await ask(url, everywhere=True) == (True, "healthy: worker")


async def test_process_that_ends_deletes_its_row(database: Database) -> None:
    heartbeat = Heartbeat(database, "run", lambda: None)
    await heartbeat.beat(NOW)
    await heartbeat.end()
    assert await list_kinds(database) == []


async def test_busy_file_does_not_keep_the_row_of_a_bot_that_stops(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that stays would tell monitors for 90 seconds that the bot works."""
    database = await open_migrated(sqlite_url)
    heartbeat = Heartbeat(database, "run", lambda: None)
    await heartbeat.beat(NOW)
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    ending = asyncio.create_task(heartbeat.end())
    await asyncio.sleep(0)
    loop = asyncio.get_running_loop()
    two_seconds_later = loop.time() + 2
    with monkeypatch.context() as patched:
        patched.setattr(loop, "time", lambda: two_seconds_later)  # and no later: a busy machine is no reason to give up
        for _ in range(5):
            await asyncio.sleep(0)
        assert not ending.done(), "it still waits for the other process"
        other.execute("ROLLBACK")
        other.close()
        await ending
    await database.close()
    database = await open_migrated(sqlite_url)
    assert await list_kinds(database) == []
    await database.close()


async def test_beat_that_is_committed_late_does_not_come_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The beat is cancelled after the server got its COMMIT, as when a bot stops while it beats."""
    sent, late = asyncio.Event(), asyncio.Event()
    transact = database.transact

    async def commit_late(work: Any, *given: Any) -> Any:
        try:
            if work is heartbeats.beat:
                sent.set()
                await late.wait()
        finally:
            await late.wait()
            await transact(work, *given)

    heartbeat = Heartbeat(database, "run", lambda: None)
    with monkeypatch.context() as patched:
        patched.setattr(database, "transact", commit_late)
        beating = asyncio.create_task(heartbeat.beat(NOW))
        await sent.wait()
        beating.cancel()
        await asyncio.sleep(0)
        patched.undo()
        ending = asyncio.create_task(heartbeat.end())
        await database.transact(heartbeats.list_newest, None)  # a deletion that does not wait is done by then
        late.set()
        await asyncio.gather(beating, ending, return_exceptions=True)
    assert await list_kinds(database) == []


async def test_rows_of_killed_processes_are_deleted_after_a_day(database: Database) -> None:
    await Heartbeat(database, "web", lambda: None).beat(NOW)
    worker = Heartbeat(database, "worker", lambda: None)
    await worker.beat(NOW + timedelta(hours=23))
    assert await list_kinds(database) == ["web", "worker"]
    await worker.beat(NOW + timedelta(hours=25))
    assert await list_kinds(database) == ["worker"]


async def test_heartbeat_hides_the_name_of_the_machine(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "yunas-laptop")
    await Heartbeat(database, "run", lambda: None).beat(NOW)
    [row] = await database.transact(lambda tx: tx.all("SELECT * FROM heartbeats"))
    assert "yuna" not in str(dict(row)).lower()
    assert re.fullmatch("[0-9a-f]{12}", name_machine())


async def test_beats_that_cannot_be_stored_for_long_are_noticed(database: Database) -> None:
    now = [0.0]
    heartbeat = Heartbeat(database, "run", lambda: None, clock=lambda: now[0])
    await database.close()
    now[0] = PATIENCE - 1
    with pytest.raises(DatabaseUnavailableError):
        await heartbeat.beat(NOW)
    assert heartbeat.is_stored
    now[0] = PATIENCE + 1
    assert not heartbeat.is_stored
    await heartbeat.end()  # it can do nothing, and does not fail


# The command


def test_missing_database_is_not_made(tmp_path: Path) -> None:
    assert asyncio.run(ask(f"sqlite:///{tmp_path}/none.db"))[0] is False
    assert list(tmp_path.iterdir()) == []


async def test_database_without_tables_is_not_healthy(url: str) -> None:
    """A process that has just begun to set the database up leaves it like this."""
    opened = await open_migrated(url)
    await opened.transact(lambda tx: tx.run("DROP TABLE migrations"))
    await opened.close()
    assert (await ask(url))[0] is False


async def test_healthy_does_not_migrate_an_older_database(sqlite_url: str) -> None:
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DELETE FROM migrations WHERE number >= 29")
    assert (await ask(sqlite_url))[0] is False, "the schema is that of an older version"
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT max(number) FROM migrations").fetchone()[0] < 29


async def test_error_names_the_setting_of_a_database_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "chatbot.db").write_text("no database, but a longer text than a header of one hundred bytes" * 9)
    with pytest.raises(SettingsError, match=r"^DATABASE_URL: the database is not an SQLite database"):
        await ask(f"sqlite:///{tmp_path}/chatbot.db")


async def test_user_without_the_right_to_read_is_told_what_to_do(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda _file, mode: mode != os.R_OK)
    with pytest.raises(SettingsError, match=r"Permission denied\); start it as the user who owns it \(sudo -u …\)"):
        await ask(sqlite_url)


@pytest.fixture
def installation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/chatbot.db")
    return tmp_path


@pytest.mark.slow
async def test_running_bot_is_healthy_until_it_stops(installation: Path) -> None:
    url = f"sqlite:///{installation}/chatbot.db"

    async def ask_now() -> tuple[bool, str]:
        out = io.StringIO()
        is_well = await is_healthy(Settings(database_url=url), Terminal(out=out), datetime.now(UTC))
        return is_well, out.getvalue()

    async with Emulator() as emulator, BotProcess(emulator, installation) as bot:
        async with asyncio.timeout(GIVE_UP):
            while await ask_now() != (True, "healthy: run\n"):  # noqa: ASYNC110 - a database has no events
                await asyncio.sleep(0.05)
        bot.kill(signal.SIGTERM)
        assert await bot.ended() == 0
        assert (await ask_now())[0] is False
        assert bot.troubles == []


def test_exit_code_is_1_without_a_bot(installation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["healthy"]) == 1
    assert capsys.readouterr().out == "no process of the bot works here, or it has only just begun\n"
