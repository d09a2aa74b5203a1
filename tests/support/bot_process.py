"""The bot as a separate process: `python -m chatbot …` in a minimal environment, with the settings of the test."""

import asyncio
import os
import resource
import signal
import sys
from asyncio.subprocess import Process
from pathlib import Path
from types import TracebackType
from typing import Self

from chatbot.emulator import Emulator
from tests.support import forked_process
from tests.support.limits import GIVE_UP

ROOT = Path(__file__).parents[2]


def environment(**settings: str) -> dict[str, str]:
    """Return the environment of a bot's process: what Python and the code need, and these settings.

    Quiet hours are off, so that what tests send arrives at any hour of the day.
    """
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "error",
        "QUIET_HOURS": "false",
    } | settings


class BotProcess:
    """A bot that can be started, killed and restarted; it ends with its block. Its log is in the folder."""

    def __init__(self, emulator: Emulator, folder: Path, *program: str, **settings: str) -> None:
        self.folder = folder
        self.program = program or ("-m", "chatbot", "run")
        self.settings = {
            "TELEGRAM_TOKEN": emulator.token,
            "TELEGRAM_API_URL": emulator.url,
            "DATABASE_URL": f"sqlite:///{folder}/chatbot.db",
        } | settings
        self.file = Path(self.settings["DATABASE_URL"].removeprefix("sqlite:///"))
        self.lives = 0
        self.process: Process | forked_process.ForkedProcess | None = None
        self._log = folder / f"log-{id(self)}.txt"

    async def __aenter__(self) -> Self:
        await self.starts()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        await self.ended()

    async def starts(self) -> None:
        """Start the process."""
        self.lives += 1
        self._log.touch()
        if forked_process.WORKS and self.program[:2] == ("-m", "chatbot"):
            self.process = await forked_process.fork_bot(
                self.program[2:], self.folder, self._log, environment(**self.settings)
            )
            return
        with self._log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, *self.program, cwd=self.folder, env=environment(**self.settings), stderr=log, stdout=log
            )

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End the process at once; with SIGTERM, ask it to end."""
        if self.process is not None and self.is_alive:
            self.process.send_signal(how)

    async def ended(self, within: float = GIVE_UP) -> int:
        """Return the exit code, once the process has ended."""
        assert self.process is not None
        async with asyncio.timeout(within):
            return await self.process.wait()

    async def says(self, words: str, within: float = GIVE_UP) -> None:
        """Wait until a line of the log contains these words."""
        async with asyncio.timeout(within):
            while not any(words in line for line in self.log):  # noqa: ASYNC110 - a file has no events
                await asyncio.sleep(0.02)

    def lets_files_grow(self, grow: bool) -> None:
        """Allow files to grow, or forbid it, as on a full disk."""
        assert self.process is not None
        # Some room is left for the log, which has the same limit; the write-ahead log soon reaches it.
        size = resource.RLIM_INFINITY if grow else self._log.stat().st_size + 65_536
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.returncode is None

    def told(self, words: str) -> str:
        """Return the only line of the log that contains these words."""
        [line] = [line for line in self.log if words in line]
        return line

    @property
    def log(self) -> list[str]:
        """Return every line of the log, across restarts."""
        return self._log.read_text("utf-8").splitlines()

    @property
    def troubles(self) -> list[str]:
        """Return the lines above INFO."""
        return [line for line in self.log if " INFO " not in line]
