"""The database is locked, or its disk full, while people sign: they wait, and all of them sign."""

import asyncio
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path

import pytest

from chatbot.emulator import Emulator
from tests.support.bot_process import BotProcess
from tests.support.crowd import gather, numbers
from tests.support.database_reader import DatabaseReader
from tests.support.recorded_calls import Wire
from tests.support.retry_log_lines import drop_retry_lines

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


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of 2 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], capture_output=True, check=False)
    if mount.returncode:
        pytest.skip("only root may mount a disk")
    yield disk
    subprocess.run(["umount", disk], check=True)


async def test_supporters_sign_after_the_disk_was_full(
    emulator: Emulator, wire: Wire, small_disk: Path, tmp_path: Path
) -> None:
    bot = BotProcess(emulator, tmp_path, DATABASE_URL=f"sqlite:///{small_disk}/chatbot.db")
    async with people_signing(emulator, wire, bot):
        ballast = small_disk / "ballast"
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"x" * 4096)
        await bot.says(TRIED_AGAIN)
        ballast.unlink()
    assert_told(bot, "has no room left on its disk")
