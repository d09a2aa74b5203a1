"""Process that erases a person and kills itself in the middle, after a number of statements."""

import asyncio
import os
import signal
import sys
from typing import Any

from chatbot.storage import Transaction, open_database
from chatbot.storage.privacy import erasure
from tests.support.cast import NOW


class KilledTransaction:
    """A transaction that runs `left` statements and then kills the process."""

    def __init__(self, tx: Transaction, left: int) -> None:
        self._tx, self._left = tx, left

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    async def all(self, sql: str, /, **values: Any) -> Any:
        self._count()
        return await self._tx.all(sql, **values)

    async def one(self, sql: str, /, **values: Any) -> Any:
        self._count()
        return await self._tx.one(sql, **values)

    async def run(self, sql: str, /, **values: Any) -> int:
        self._count()
        return await self._tx.run(sql, **values)


async def main(url: str, person_id: int, statements: int) -> None:
    database = await open_database(url)

    async def work(tx: Transaction) -> None:
        await erasure.erase(KilledTransaction(tx, statements), person_id, NOW)
        os.kill(os.getpid(), signal.SIGKILL)  # erased, but not committed

    await database.transact(work)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
