"""Starts bots quickly: a process that has imported the whole code forks a real, separate bot on request.

Importing takes 0.7 s of a core, and the stories start a hundred bots. A forked bot has its own process, environment,
folder and log, and can be killed like any other. Before it starts, the code is imported and the bundled words and the
names of countries are read. tests/test_main.py and .ci/run test the usual way of starting.
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
"""Frameworks of macOS do not survive a fork, so bots are started the usual way there."""


class ForkedProcess:
    """A running bot, with the part of `asyncio.subprocess.Process` that the tests use."""

    def __init__(self, pid: int, reports: asyncio.StreamReader, reading: asyncio.ReadTransport) -> None:
        self.pid = pid
        self._reading = reading
        self._end = asyncio.create_task(self._read_exit_code(reports))

    @property
    def returncode(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        return self._end.result() if self._end.done() else None

    def send_signal(self, how: signal.Signals) -> None:
        """Send a signal if it still runs."""
        if self.returncode is None:
            os.kill(self.pid, how)

    async def wait(self) -> int:
        """Wait for its end."""
        return await asyncio.shield(self._end)

    async def _read_exit_code(self, reports: asyncio.StreamReader) -> int:
        try:
            return int(await reports.readline())
        finally:
            self._reading.close()


async def fork_bot(arguments: Sequence[str], folder: Path, log: Path, environment: Mapping[str, str]) -> ForkedProcess:
    """Start a bot with these arguments of `python -m chatbot`; its output is appended to `log`."""
    pipe = folder / f"fork-{os.urandom(8).hex()}"
    os.mkfifo(pipe)
    # Opened for both directions, so that neither side waits for the other.
    reading = os.fdopen(os.open(pipe, os.O_RDWR | os.O_NONBLOCK), "rb", buffering=0)
    request = {"arguments": list(arguments), "folder": str(folder), "log": str(log), "environment": dict(environment)}
    forker = _start_forker()
    assert forker.stdin is not None
    forker.stdin.write(json.dumps(request | {"pipe": str(pipe)}).encode() + b"\n")
    forker.stdin.flush()
    reports = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reports), reading
    )
    async with asyncio.timeout(GIVE_UP):
        pid = int(await reports.readline())
    pipe.unlink()
    return ForkedProcess(pid, reports, transport)


@lru_cache(maxsize=1)
def _start_forker() -> "subprocess.Popen[bytes]":
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    forker = subprocess.Popen(
        [sys.executable, "-m", "tests.support.forked_process"], stdin=subprocess.PIPE, cwd=ROOT, env=environment
    )
    atexit.register(forker.communicate)
    return forker


def _fork_on_request() -> None:
    import chatbot.__main__  # noqa: F401 - imported before the first fork
    from chatbot.broadcasting import chat_limits
    from chatbot.petition.countries import find
    from chatbot.screens.load import load_petition
    from chatbot.settings import BUNDLED_LOCALES

    # Every bot reads this at its start. Read before the fork, it is in the caches of all of them.
    campaign, _ = load_petition([BUNDLED_LOCALES])
    find.prepare(campaign.languages)

    # People in stories act as fast as the machine; other tests cover the limits of one chat.
    chat_limits.BURST = 10_000.0  # type: ignore[misc]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin.buffer:
        if os.fork() == 0:
            _run_and_report(json.loads(line))


def _run_and_report(request: dict) -> NoReturn:
    """Start one bot and report its process id and, at its end, its exit code."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    bot = os.fork()
    if bot == 0:
        _run_bot(request)
    pipe = os.open(request["pipe"], os.O_WRONLY)
    os.write(pipe, b"%d\n" % bot)
    code = os.waitstatus_to_exitcode(os.waitpid(bot, 0)[1])
    os.write(pipe, b"%d\n" % code)
    os._exit(0)


def _run_bot(request: dict) -> NoReturn:
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        nothing = os.open(os.devnull, os.O_RDONLY)
        log = os.open(request["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for descriptor, is_now in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(descriptor, is_now)
        os.environ.clear()
        os.environ.update(request["environment"])
        os.chdir(request["folder"])
        from chatbot.__main__ import main

        code = main(request["arguments"])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _fork_on_request()
