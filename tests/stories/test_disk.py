"""The database is locked, or its disk full, while people sign: they wait, are told so, and all of them sign."""

import asyncio
import logging
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from pathlib import Path

import pytest

from chatbot.app.health import outage_notices
from chatbot.emulator import Emulator
from chatbot.transport.incoming import outage, polling
from tests.support.bot_process import BotProcess
from tests.support.crowd import gather, numbers, read_number
from tests.support.database_reader import DatabaseReader
from tests.support.postgres_server import PostgresServer
from tests.support.recorded_calls import Wire
from tests.support.retry_log_lines import drop_retry_lines
from tests.support.stage import Stage

pytestmark = pytest.mark.slow

PEOPLE = 40
TRIED_AGAIN = "a turn could not be stored and is tried again"


@pytest.fixture
def wire() -> Wire:
    return Wire(checked=False)


@asynccontextmanager
async def people_signing(emulator: Emulator, wire: Wire, bot: BotProcess) -> AsyncIterator[None]:
    """Let people sign; afterwards check that all of them signed without repeating a step."""
    crowd = gather(emulator.world, PEOPLE)
    async with bot:
        everybody = asyncio.gather(*(supporter.signs() for supporter in crowd))
        await wire.until(lambda: wire.calls["editMessageText"] > PEOPLE)
        yield
        await everybody
        await wire.until_heard(emulator.world)
        assert emulator.world.queries == {}, "a button spins for ever"
        assert bot.lives == 1
        assert bot.is_alive
    ledger = DatabaseReader(bot.file)
    ledger.assert_consistent(signatures=PEOPLE)
    assert numbers(crowd) == ledger.numbers()


def assert_told(bot: BotProcess, why: str) -> None:
    """Check the log: one line for each time the database became unavailable, and retries besides."""
    told = drop_retry_lines(bot.troubles, TRIED_AGAIN)
    assert told
    assert all("nothing can be stored" in line and why in line for line in told), told
    assert len(told) <= 1 + sum("everything can be stored again" in line for line in bot.log), told


async def test_supporters_sign_after_another_process_locks_the_database(
    emulator: Emulator, wire: Wire, tmp_path: Path
) -> None:
    bot = BotProcess(emulator, tmp_path)
    async with people_signing(emulator, wire, bot):
        with closing(sqlite3.connect(bot.file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            [[before]] = other.execute("SELECT count(*) FROM processed_updates")
            await asyncio.sleep(0.5)
            assert other.execute("SELECT count(*) FROM processed_updates").fetchall() == [(before,)]
    assert drop_retry_lines(bot.troubles) == []


async def test_supporters_sign_after_the_file_may_not_grow(emulator: Emulator, wire: Wire, tmp_path: Path) -> None:
    bot = BotProcess(emulator, tmp_path)
    async with people_signing(emulator, wire, bot):
        bot.lets_files_grow(False)
        await bot.says(TRIED_AGAIN)
        bot.lets_files_grow(True)
    assert_told(bot, "cannot be read or written")


@contextmanager
def mounted(disk: Path, megabytes: int) -> Iterator[Path]:
    """Mount a small disk."""
    disk.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs"]
    if subprocess.run(["mount", *options, disk], capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a disk")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


def fill(disk: Path) -> Path:
    """Fill the disk to the last byte; return the file to delete."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    return ballast


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of 2 MB."""
    with mounted(tmp_path / "disk", 2) as disk:
        yield disk


async def test_supporters_sign_after_the_disk_was_full(
    emulator: Emulator, wire: Wire, small_disk: Path, tmp_path: Path
) -> None:
    bot = BotProcess(emulator, tmp_path, DATABASE_URL=f"sqlite:///{small_disk}/chatbot.db")
    async with people_signing(emulator, wire, bot):
        ballast = fill(small_disk)
        await bot.says(TRIED_AGAIN)
        ballast.unlink()
    assert_told(bot, "has no room left on its disk")


@pytest.fixture(params=["sqlite", "postgres"])
def disk_and_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A small disk, and the address of a database on it."""
    if request.param == "sqlite":
        with mounted(tmp_path / "disk", 2) as disk:
            yield disk, f"sqlite:///{disk}/chatbot.db"
        return
    server: PostgresServer = request.getfixturevalue("server")
    with mounted(server.directory / "disk", 30) as disk, server.fresh_database(disk) as url:
        yield disk, url


async def test_those_who_wait_and_the_team_are_told_of_a_full_disk(
    disk_and_url: tuple[Path, str],  # the disk goes after the bot
    empty_stage: Stage,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for module, name, seconds in (
        (outage, "CALM", 2.0),
        (polling, "LOOK_AHEAD", 0.1),
        (outage_notices, "CHECKED", 0.1),
    ):
        monkeypatch.setattr(module, name, seconds)
    monkeypatch.setattr(outage_notices, "TOLD_AFTER", 1.5)
    monkeypatch.setattr(outage_notices, "_REMEMBERED", 0.1)
    stage, (disk, url) = empty_stage, disk_and_url
    yuna, hana, sam = (stage.actor(name) for name in ("유나", "하나", "Sam"))
    stage.settings |= {"database_url": url, "organizers": (yuna.id,), "backups": "off"}
    await stage.opens()
    yuna.is_organizer = True
    await yuna.says("/start")
    await hana.says("/start")
    await hana.taps("서명하기")
    assert "이대로 서명" in hana.screen
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(disk / "chatbot.db")) as other:  # its log would have some room left
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    ballast = fill(disk)

    stage.world.presses(hana.person, hana.message["message_id"], hana.find("✍️ 서명하기")["callback_data"])
    asked = await hana.watch.next_message()
    assert asked["text"].startswith("⏳ 지금은 저장이 되지 않아, 아직 서명되거나 바뀐 것이 없습니다.")
    await hana.watch.next_answer()
    stage.world.says(sam.person, "/start")
    asked = await sam.watch.next_message()
    assert asked["text"].startswith("⏳ I can't save anything right now, so nothing has been signed or changed yet.")
    told = await yuna.watch.next_message()
    assert told["text"].startswith("💾 봇이 지금 아무것도 저장하지 못합니다.")
    assert [event for event in hana.watch.taken_so_far() if event["type"] == "message"] == [], "she was told once"

    ballast.unlink()
    thanks = await hana.watch.next_message(timeout=60)
    assert read_number(thanks) == 178_922, "below the request to wait"
    assert "Save North Korean Refugees" in (await sam.watch.next_message(timeout=60))["text"]
    told = await yuna.watch.next_message(timeout=60)
    assert told["text"] == "✅ 봇이 다시 저장할 수 있게 되었고, 기다리던 분들께 답하고 있습니다."
    await stage.wire.until_heard(stage.world)
    assert stage.world.queries == {}
    await stage.closes()
    errors = [record for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
    stage.expected_errors = [record.getMessage() for record in errors]
    # A connection of PostgreSQL that the end of the stage cuts is told by asyncio.
    assert all("the database" in record.getMessage() for record in errors if record.name != "asyncio"), errors
