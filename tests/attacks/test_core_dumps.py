"""Attack: somebody reads names and the token from a core dump, or from the memory of the running bot."""

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
PROGRAM = """
import ctypes, importlib, os, signal, sys
def tell(*_):
    os.write(2, b"dumpable=%d\\n" % ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
signal.signal(signal.SIGUSR1, tell)
os.write(2, b"can be asked\\n")
sys.exit(importlib.import_module(sys.argv.pop(1)).main())
"""
"""Runs a module of the bot, and prints on a signal whether other processes can read its memory."""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc and prctl exist only on Linux")


def allow_core_dumps() -> None:
    """Raise the limit of core dumps as far as possible, as on a machine of a developer."""
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


@asynccontextmanager
async def started(
    folder: Path, module: str, *arguments: str, **settings: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM, module, *arguments),
        cwd=folder,
        env=environment(**settings),
        stdin=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        preexec_fn=allow_core_dumps,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def read_until(process: asyncio.subprocess.Process, words: str) -> str:
    assert process.stderr is not None
    async with asyncio.timeout(GIVE_UP):
        while words not in (line := (await process.stderr.readline()).decode()):
            assert line, "the process has ended"
    return line


def read_limits(process: asyncio.subprocess.Process) -> list[tuple[str, str]]:
    """Return the soft and the hard limit of core dumps."""
    limits = Path(f"/proc/{process.pid}/limits").read_text()
    return re.findall(r"(?m)^Max core file size +(\S+) +(\S+)", limits)


async def assert_forbids_dumps(process: asyncio.subprocess.Process, folder: Path) -> None:
    """Check that the process forbids core dumps, crash it, and check that it left none."""
    assert read_limits(process) == [("0", "0")]
    process.send_signal(signal.SIGUSR1)
    assert await read_until(process, "dumpable=") == "dumpable=0\n"
    process.send_signal(signal.SIGABRT)
    assert await process.wait() == -signal.SIGABRT
    assert list(folder.glob("*core*")) == []  # noqa: ASYNC240 - a test may wait for the disk


@pytest.mark.slow
@pytest.mark.parametrize("command", ["run", "worker"])
async def test_crash_of_the_bot_writes_no_core_dump(tmp_path: Path, command: str) -> None:
    async with Emulator() as telegram:
        settings = {"TELEGRAM_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url}
        async with started(tmp_path, "chatbot.__main__", command, **settings) as bot:
            await read_until(bot, "listening as" if command == "run" else "sending broadcasts")
            await assert_forbids_dumps(bot, tmp_path)


async def test_crash_of_the_document_process_writes_no_core_dump(tmp_path: Path) -> None:
    async with started(tmp_path, "chatbot.documents.__main__") as maker:
        await read_until(maker, "can be asked")
        async with asyncio.timeout(GIVE_UP):
            # It prints nothing when it has forbidden dumps. Its limit is no sign: it may be the limit of this machine.
            maker.send_signal(signal.SIGUSR1)
            while await read_until(maker, "dumpable=") != "dumpable=0\n" or read_limits(maker) != [("0", "0")]:
                maker.send_signal(signal.SIGUSR1)
        await assert_forbids_dumps(maker, tmp_path)


def test_unit_forbids_core_dumps_and_swap() -> None:
    assert {"LimitCORE=0", "MemorySwapMax=0"} <= set(UNIT.splitlines())
