"""All processes of a petition, and a supervisor that restarts them."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from chatbot.emulator import Emulator
from tests.support.balancer import Balancer
from tests.support.bot_process import BotProcess
from tests.support.limits import GIVE_UP
from tests.support.postgres_server import PostgresServer

WITH_WRONG_CLOCK: Final = """
import sys
from datetime import datetime, timedelta
from pathlib import Path
from chatbot.__main__ import main
from chatbot.app import periodic, run
from chatbot.broadcasting import worker
from chatbot.conversation import dialog

class WrongClock(datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) + timedelta(seconds=float(Path("clock").read_text()))

for module in (dialog, periodic, run, worker):
    module.datetime = WrongClock
sys.exit(main(sys.argv[1:]))
"""
"""The bot with a clock that is wrong by the number of seconds in the file `clock`."""


class PetitionProcesses:
    """`async with PetitionProcesses(…) as processes:` runs all processes until the block ends.

    With SQLite that is one `web`; with a server two `web` and two `worker`. `ports` has one for each `web`.
    """

    def __init__(
        self,
        telegram: Emulator,
        folder: Path,
        ports: list[int],
        server: PostgresServer | None = None,
        **settings: str,
    ) -> None:
        self.telegram = telegram
        self.folder = folder
        self.server = server
        self.balancer = Balancer(ports)
        self.webs: list[BotProcess] = []
        self.workers: list[BotProcess] = []
        self._settings = settings
        self._stack = AsyncExitStack()
        self._keepers: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self.turn_clock(0)
        await self._stack.enter_async_context(self.balancer)
        settings = self._settings | {"WEBHOOK_URL": f"http://127.0.0.1:{self.balancer.port}/hook"}
        for port in self.balancer.ports:
            self.webs.append(self._make_process("web", PORT=str(port), **settings))
        if self.server is not None:
            self.workers += [self._make_process("worker", **settings) for _ in range(2)]
        for process in self.everybody:
            await self._stack.enter_async_context(process)
            self._keepers.append(asyncio.create_task(_keep_running(process)))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        await self._stack.aclose()

    @property
    def everybody(self) -> list[BotProcess]:
        """All processes of the bot."""
        return self.webs + self.workers

    def turn_clock(self, seconds: float) -> None:
        """Make the clocks of all processes wrong by this many seconds."""
        written = self.folder / "clock.new"
        written.write_text(str(seconds))
        written.replace(self.folder / "clock")

    async def until_up(self) -> None:
        """Wait until every process has started."""
        for process in self.webs:
            await process.says("listening as", GIVE_UP)
        for process in self.workers:
            await process.says("sending broadcasts", GIVE_UP)

    def _make_process(self, work: str, **settings: str) -> BotProcess:
        return BotProcess(self.telegram, self.folder, "-c", WITH_WRONG_CLOCK, work, **settings)


async def _keep_running(process: BotProcess) -> None:
    """Restart a process whenever it ends, as an init system does."""
    while True:
        assert process.process is not None
        await process.process.wait()
        await process.starts()
