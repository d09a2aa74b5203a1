"""Attack: a crash, or another process of the same user, reads names and the token from the bot's memory."""

import asyncio
import re
import resource
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from chatbot.emulator import Emulator
from tests.support.bot_process import ROOT, environment
from tests.support.limits import GIVE_UP

UNIT = (ROOT / "docs" / "petition.service").read_text("utf-8")
ASKED = """
import ctypes, importlib, os, signal, sys
def tell(*_):
    os.write(2, b"dumpable=%d\\n" % ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
signal.signal(signal.SIGUSR1, tell)
os.write(2, b"asked\\n")
sys.exit(importlib.import_module(sys.argv.pop(1)).main())
"""
"""A program of the bot's that prints, on a signal, whether its memory can be dumped."""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux says what is forbidden")


def dump_whatever_is_asked() -> None:
    """Allow core dumps, as on a machine on which somebody debugs."""
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


@asynccontextmanager
async def started(
    folder: Path, module: str, *arguments: str, **settings: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", ASKED, module, *arguments),
        cwd=folder,
        env=environment(**settings),
        stdin=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        preexec_fn=dump_whatever_is_asked,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def until_told(process: asyncio.subprocess.Process, words: str) -> str:
    assert process.stderr is not None
    async with asyncio.timeout(GIVE_UP):
        while words not in (line := (await process.stderr.readline()).decode()):
            assert line, "it has ended"
    return line


def read_limits(process: asyncio.subprocess.Process) -> list[tuple[str, str]]:
    """Return the soft and the hard limit of core dumps."""
    limits = Path(f"/proc/{process.pid}/limits").read_text()
    return re.findall(r"(?m)^Max core file size +(\S+) +(\S+)", limits)


async def assert_forbidden(process: asyncio.subprocess.Process, folder: Path) -> None:
    assert read_limits(process) == [("0", "0")]
    process.send_signal(signal.SIGUSR1)
    assert await until_told(process, "dumpable=") == "dumpable=0\n"
    process.send_signal(signal.SIGABRT)
    assert await process.wait() == -signal.SIGABRT
    assert list(folder.glob("*core*")) == []  # noqa: ASYNC240 - a test may wait for the disk


@pytest.mark.slow
@pytest.mark.parametrize("command", ["run", "worker"])
async def test_crash_of_the_bot_writes_no_core_dump(tmp_path: Path, command: str) -> None:
    async with Emulator() as telegram:
        settings = {"TELEGRAM_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url}
        async with started(tmp_path, "chatbot.__main__", command, **settings) as bot:
            await until_told(bot, "listening as" if command == "run" else "sending broadcasts")
            await assert_forbidden(bot, tmp_path)


async def test_crash_of_the_document_process_writes_no_core_dump(tmp_path: Path) -> None:
    async with started(tmp_path, "chatbot.documents.__main__") as maker:
        await until_told(maker, "asked")
        async with asyncio.timeout(GIVE_UP):
            # It waits for its request and prints nothing before. The limit alone may be this machine's own.
            maker.send_signal(signal.SIGUSR1)
            while await until_told(maker, "dumpable=") != "dumpable=0\n" or read_limits(maker) != [("0", "0")]:
                maker.send_signal(signal.SIGUSR1)
        await assert_forbidden(maker, tmp_path)


def test_unit_forbids_core_dumps_and_swap() -> None:
    assert {"LimitCORE=0", "MemorySwapMax=0"} <= set(UNIT.splitlines())
