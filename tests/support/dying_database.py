"""A process that is killed in the middle of a turn."""

from contextlib import suppress
from typing import Any

from chatbot.storage import Database, Transaction
from chatbot.storage.engine.database import Work


class KilledError(BaseException):
    """Stands for SIGKILL: nothing of the process runs any more."""


class DyingDatabase:
    """A database in a process that is killed in its next transaction: before the commit, or right after it."""

    def __init__(self, database: Database, *, commits: bool) -> None:
        self._database = database
        self._commits = commits

    async def transact(self, work: Work[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        async def dying(tx: Transaction) -> None:
            await work(tx, *args, **kwargs)
            if not self._commits:
                raise RuntimeError("killed")  # the transaction is rolled back, as after the death of its process

        with suppress(RuntimeError):
            await self._database.transact(dying)
        raise KilledError
