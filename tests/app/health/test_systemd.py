"""What a process tells systemd, over a real datagram socket: ready, alive, stopping."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot.app.health.heartbeat import PATIENCE, Heartbeat
from chatbot.app.health.systemd import Systemd
from chatbot.emulator import Emulator
from chatbot.storage import Database
from tests.support.bot_process import BotProcess
from tests.support.notify_socket import NotifySocket

EXTEND = "EXTEND_TIMEOUT_USEC=30000000"
QUICK = {"WATCHDOG_USEC": "40000"}
"""A watchdog that expects a message every 40 ms."""


@pytest.fixture(params=["file", "abstract"])
def systemd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NotifySocket]:
    address = str(tmp_path / "notify") if request.param == "file" else f"@petition-{os.getpid()}-{time.monotonic_ns()}"
    with NotifySocket(address) as listening:
        yield listening


class Health:
    """The state of a process, which a test sets."""

    def __init__(self, database: Database) -> None:
        self.trouble: str | None = "starting"
        self.now = 0.0
        self.heartbeat = Heartbeat(database, "run", lambda: self.trouble, clock=lambda: self.now)


@pytest.fixture
def health(database: Database) -> Health:
    return Health(database)


def watch(systemd: NotifySocket, health: Health, **more: str) -> Systemd:
    """Watch a process that listens, with a quick watchdog."""
    manager = Systemd({"NOTIFY_SOCKET": systemd.address, **QUICK, **more})
    manager.watch(health.heartbeat)
    health.trouble = None
    return manager


async def test_process_tells_that_it_is_ready_once_it_listens(
    systemd: NotifySocket, health: Health, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatbot.app.health.systemd._STARTING_PAUSE", 0.01)
    manager = Systemd({"NOTIFY_SOCKET": systemd.address, **QUICK})
    async with manager.attend():
        await systemd.hears(EXTEND)  # the database is being opened
        manager.watch(health.heartbeat)
        await systemd.hears(EXTEND, 2)  # Telegram does not answer yet
        assert {*systemd.told} == {EXTEND}
        health.trouble = None
        await systemd.hears("READY=1")
        await systemd.hears("WATCHDOG=1", 3)
        assert systemd.told.count("READY=1") == 1
    assert systemd.take_waiting()[-1] == "STOPPING=1"


async def test_trouble_with_telegram_does_not_silence_the_process(systemd: NotifySocket, health: Health) -> None:
    async with watch(systemd, health).attend():
        await systemd.hears("READY=1")
        health.trouble = "telegram"
        systemd.take_waiting()
        before = systemd.told.count("WATCHDOG=1")
        await systemd.hears("WATCHDOG=1", before + 3)


async def test_watchdog_hears_nothing_while_the_loop_hangs(systemd: NotifySocket, health: Health) -> None:
    async with watch(systemd, health).attend():
        await systemd.hears("WATCHDOG=1")
        systemd.take_waiting()
        time.sleep(0.2)  # noqa: ASYNC251 - the loop hangs for five times as long as the watchdog allows
        assert systemd.take_waiting() == []


async def test_watchdog_hears_nothing_once_the_database_is_away_for_long(systemd: NotifySocket, health: Health) -> None:
    async with watch(systemd, health).attend():
        await systemd.hears("WATCHDOG=1")
        health.now = PATIENCE - 1
        systemd.take_waiting()
        await systemd.hears("WATCHDOG=1", systemd.told.count("WATCHDOG=1") + 2)
        health.now = PATIENCE + 1
        await asyncio.sleep(0)
        systemd.take_waiting()
        await asyncio.sleep(0.1)  # ten times as long as between two messages
        assert systemd.take_waiting() == []


async def test_watchdog_of_another_process_hears_only_the_first_message(systemd: NotifySocket, health: Health) -> None:
    async with watch(systemd, health, WATCHDOG_PID="1").attend():
        await systemd.hears("WATCHDOG=1")
        await asyncio.sleep(0.1)
        assert systemd.take_waiting() == []


@pytest.mark.parametrize("environment", [{}, {"NOTIFY_SOCKET": "/nowhere/notify", **QUICK}, {"NOTIFY_SOCKET": ""}])
async def test_process_works_where_systemd_does_not_listen(environment: dict[str, str], health: Health) -> None:
    manager = Systemd(environment)
    manager.watch(health.heartbeat)
    async with manager.attend():
        manager.stop()
        await asyncio.sleep(0)


@pytest.mark.slow
@pytest.mark.parametrize("command", ["run", "web", "worker"])
async def test_service_tells_systemd_that_it_is_ready_works_and_stops(
    tmp_path: Path, command: str, unused_tcp_port: int
) -> None:
    with NotifySocket(str(tmp_path / "notify")) as systemd:
        given = {"NOTIFY_SOCKET": systemd.address, "WATCHDOG_USEC": "2000000", "PORT": str(unused_tcp_port)}
        given["WEBHOOK_URL"] = f"http://127.0.0.1:{unused_tcp_port}/telegram"
        async with Emulator() as emulator, BotProcess(emulator, tmp_path, "-m", "chatbot", command, **given) as bot:
            await systemd.hears("READY=1")
            assert any("listening as" in line or "sending broadcasts" in line for line in bot.log)
            await systemd.hears("WATCHDOG=1", 3)
            bot.kill(signal.SIGTERM)
            await systemd.hears("STOPPING=1")
            assert await bot.ended() == 0
            assert bot.troubles == []


@pytest.mark.slow
async def test_process_that_hangs_is_silent(tmp_path: Path) -> None:
    with NotifySocket(str(tmp_path / "notify")) as systemd:
        given = {"NOTIFY_SOCKET": systemd.address, "WATCHDOG_USEC": "400000"}
        async with Emulator() as emulator, BotProcess(emulator, tmp_path, **given) as bot:
            await systemd.hears("WATCHDOG=1", 2)
            bot.kill(signal.SIGSTOP)
            await asyncio.sleep(0.1)
            systemd.take_waiting()
            await asyncio.sleep(0.8)  # twice as long as the watchdog allows
            assert systemd.take_waiting() == []
            bot.kill(signal.SIGCONT)
            await systemd.hears("WATCHDOG=1", systemd.told.count("WATCHDOG=1") + 1)
