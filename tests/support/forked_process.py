"""Bots born quickly: a process that has read the whole code once and forks a real, separate bot whenever one is wanted.

Reading the code takes 0.7 s of a core, which the stories would pay a hundred times. A born bot has a process, an
environment, a folder and a log of its own, and dies of the same things; only `import` has happened before its birth.
What is started for the first time as people start it is tested in tests/test_main.py and .ci/run.
"""

import asyncio
import atexit
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NoReturn

from tests.support.limits import GIVE_UP

ROOT = Path(__file__).parents[2]
WORKS = hasattr(os, "fork") and sys.platform != "darwin"
"""Frameworks of macOS do not survive a fork; there a bot is started as everywhere else."""


class Born:
    """A bot that lives; has what `asyncio.subprocess.Process` has, as far as the tests want it."""

    def __init__(self, pid: int, tells: asyncio.StreamReader, ear: asyncio.ReadTransport) -> None:
        self.pid = pid
        self._ear = ear
        self._end = asyncio.create_task(self._hear(tells))

    @property
    def returncode(self) -> int | None:
        """How it ended, as a shell has it but negative for a signal; None while it lives."""
        return self._end.result() if self._end.done() else None

    def send_signal(self, how: signal.Signals) -> None:
        """Send a signal, as long as it lives."""
        if self.returncode is None:
            os.kill(self.pid, how)

    async def wait(self) -> int:
        """Wait for its end."""
        return await asyncio.shield(self._end)

    async def _hear(self, tells: asyncio.StreamReader) -> int:
        try:
            return int(await tells.readline())
        finally:
            self._ear.close()


async def bear(arguments: Sequence[str], folder: Path, log: Path, environment: Mapping[str, str]) -> Born:
    """Let a bot be born with these arguments of `python -m chatbot`; what it prints is added to `log`."""
    pipe = folder / f"birth-{os.urandom(8).hex()}"
    os.mkfifo(pipe)
    # Open for both, so that nobody waits for the other side to come.
    ear = os.fdopen(os.open(pipe, os.O_RDWR | os.O_NONBLOCK), "rb", buffering=0)
    wanted = {"arguments": list(arguments), "folder": str(folder), "log": str(log), "environment": dict(environment)}
    nursery = _nursery()
    assert nursery.stdin is not None
    nursery.stdin.write(json.dumps(wanted | {"pipe": str(pipe)}).encode() + b"\n")
    nursery.stdin.flush()
    tells = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(tells), ear)
    async with asyncio.timeout(GIVE_UP):
        pid = int(await tells.readline())
    pipe.unlink()
    return Born(pid, tells, transport)


@lru_cache(maxsize=1)
def _nursery() -> "subprocess.Popen[bytes]":
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    nursery = subprocess.Popen(
        [sys.executable, "-m", "tests.support.forked_process"], stdin=subprocess.PIPE, cwd=ROOT, env=environment
    )
    atexit.register(nursery.communicate)
    return nursery


def _serve() -> None:
    import chatbot.__main__  # noqa: F401 - so that it has been read before anybody is born
    from chatbot.broadcasting import chat_limits

    # People in stories act as fast as the machine does; what the limits of one chat do has tests of its own.
    chat_limits.BURST = 10_000.0  # type: ignore[misc]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin.buffer:
        if os.fork() == 0:
            _attend(json.loads(line))


def _attend(wanted: dict) -> NoReturn:
    """Let one bot be born, and tell its number and, when it is over, how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    born = os.fork()
    if born == 0:
        _live(wanted)
    pipe = os.open(wanted["pipe"], os.O_WRONLY)
    os.write(pipe, b"%d\n" % born)
    code = os.waitstatus_to_exitcode(os.waitpid(born, 0)[1])
    os.write(pipe, b"%d\n" % code)
    os._exit(0)


def _live(wanted: dict) -> NoReturn:
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        nothing = os.open(os.devnull, os.O_RDONLY)
        log = os.open(wanted["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for descriptor, is_now in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(descriptor, is_now)
        os.environ.clear()
        os.environ.update(wanted["environment"])
        os.chdir(wanted["folder"])
        from chatbot.__main__ import main

        code = main(wanted["arguments"])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve()
