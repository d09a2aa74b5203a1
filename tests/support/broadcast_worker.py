"""The worker that sends broadcasts, on the database of a `BroadcastDriver`."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from chatbot.broadcasting.pace import Pacer
from chatbot.broadcasting.worker import Worker
from chatbot.i18n import Translator
from chatbot.storage import Database
from tests.support.broadcasts import BroadcastDriver
from tests.support.cast import YUNA
from tests.support.counting_database import CountingDatabase
from tests.support.fake_broadcast_sender import TokenRefusedError
from tests.support.limits import GIVE_UP

CHECK_FOR_WORK: Final = "_gather_some"
"""The transaction in which the worker checks whether there is something to send."""
CHECK_FOR_REPORTS: Final = "_list_unreported"
"""The transaction in which the progress checks which broadcasts it has to report."""
WRITE: Final = "_write"
"""The transaction that writes outcomes."""


class WorkerDriver(BroadcastDriver):
    """A broadcast driver that also makes workers."""

    def __init__(self, database: Database, translators: Mapping[str, Translator]) -> None:
        super().__init__(database)
        self.translators = translators
        self.counting = CountingDatabase(database)
        """The database of its workers, unless they get another one."""

    def worker(self, sender: Any, *, rate: float = 1000, window: int = 30, **more: Any) -> Worker:
        return Worker(
            more.pop("database", self.counting),
            sender,
            more.pop("show", None) or sender.show,
            more.pop("pace", None) or Pacer(rate, 1000),
            self.campaign,
            self.translators,
            more.pop("configured_owners", frozenset({YUNA})),
            window=window,
            refusals=more.pop("refusals", (TokenRefusedError,)),
            back_off=more.pop("back_off", lambda tries: 0.01),
            clock=lambda: self.now,
            **more,
        )


class RunningWorker:
    """`async with RunningWorker(worker)` runs the worker until the block ends or `kill`."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self.task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "RunningWorker":
        self.task = asyncio.create_task(self.worker.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def stop(self) -> None:
        """Stop the worker gracefully and raise whatever error it failed with."""
        if self.task is not None:
            task, self.task = self.task, None
            self.worker.stop()
            await asyncio.wait_for(task, GIVE_UP)

    async def kill(self) -> None:
        """Cancel the worker in the middle of its work."""
        if self.task is not None:
            task, self.task = self.task, None
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
