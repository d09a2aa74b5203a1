"""SIGTERM ends the bot cleanly within five seconds, whatever it is doing, and nothing is lost."""

import asyncio
import signal
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from pathlib import Path

import pytest

from chatbot.emulator import Emulator
from tests.support.bot_process import BotProcess
from tests.support.crowd import gather, numbers
from tests.support.database_reader import DatabaseReader
from tests.support.recorded_calls import Wire

pytestmark = pytest.mark.slow

LIMIT = 8.0
"""Seconds, less than the ten after which Docker kills. The longest wait is for the heartbeat in a locked database."""
PEOPLE = 40


class Scene:
    """A listening bot and its emulator."""

    def __init__(self, emulator: Emulator, wire: Wire, bot: BotProcess) -> None:
        self.emulator = emulator
        self.wire = wire
        self.bot = bot

    def somebody_starts(self) -> None:
        """Let somebody new write to the bot."""
        self.emulator.world.starts(self.emulator.world.add_person("Sam"))


@asynccontextmanager
async def scene(folder: Path) -> AsyncIterator[Scene]:
    """Start a bot, and wait until it listens."""
    wire = Wire(checked=False)
    async with (
        Emulator(on_request=wire.on_request, on_answer=wire.on_answer) as emulator,
        BotProcess(emulator, folder) as bot,
    ):
        await wire.until(lambda: wire.calls["getUpdates"] > 0, 30)
        yield Scene(emulator, wire, bot)


@asynccontextmanager
async def idle(_: Scene) -> AsyncIterator[None]:
    """Leave a long poll open."""
    yield


@asynccontextmanager
async def signing(scene: Scene) -> AsyncIterator[None]:
    """Let people sign; after the next start they continue without repeating a step."""
    crowd = gather(scene.emulator.world, PEOPLE)
    everybody = asyncio.gather(*(supporter.signs() for supporter in crowd))
    await scene.wire.until(lambda: scene.wire.calls["editMessageText"] > PEOPLE, 30)
    yield
    await scene.bot.starts()
    await everybody
    ledger = DatabaseReader(scene.bot.file)
    ledger.assert_consistent(signatures=PEOPLE)
    assert numbers(crowd) == ledger.numbers()


@asynccontextmanager
async def hanging(scene: Scene) -> AsyncIterator[None]:
    """Let Telegram accept every call and answer none."""
    fault = scene.emulator.faults.slow(3600, "*")
    scene.somebody_starts()
    await fault.hit.wait()
    yield


@asynccontextmanager
async def unplugged(scene: Scene) -> AsyncIterator[None]:
    """Let every connection to Telegram fail."""
    await scene.emulator.stop()
    await scene.bot.says("Cannot connect")
    yield


@asynccontextmanager
async def locked(scene: Scene) -> AsyncIterator[None]:
    """Lock the database by another process; the waiting turn runs after the next start."""
    hana = scene.emulator.world.add_person("하나", language_code="ko")
    with closing(sqlite3.connect(scene.bot.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        delivered = scene.wire.answered["getUpdates"]
        scene.emulator.world.starts(hana)
        await scene.wire.until(lambda: scene.wire.answered["getUpdates"] > delivered)
        yield
    await scene.bot.starts()
    with scene.emulator.world.watch(hana) as watch:
        assert "탈북 난민" in (await watch.next_message(30))["text"]


@pytest.mark.parametrize("state", [idle, signing, hanging, unplugged, locked])
async def test_sigterm_ends_the_bot_in_any_state(
    tmp_path: Path, state: Callable[[Scene], AbstractAsyncContextManager[None]]
) -> None:
    async with scene(tmp_path) as here, state(here):
        loop = asyncio.get_running_loop()
        begun = loop.time()
        here.bot.kill(signal.SIGTERM)
        assert await here.bot.ended() == 0
        assert loop.time() - begun < LIMIT
        troubles = [line for line in here.bot.log if " ERROR " in line or "Traceback" in line]
        # On a slow machine the bot has waited for the lock for so long that it says so.
        assert not [line for line in troubles if not (state is locked and line.endswith("(database is locked)"))]
