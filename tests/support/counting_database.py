"""A database that counts what it does, so that tests wait for a number of checks instead of sleeping."""

import asyncio
from collections import Counter
from typing import Any

from chatbot.storage import Database
from tests.support.limits import GIVE_UP


class CountingDatabase:
    """Counts transactions by the name of their function, and attempts to take a lock as "try_lock"."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.done: Counter[str] = Counter()
        self._news = asyncio.Condition()

    async def transact(self, work: Any, /, *args: Any, **kwargs: Any) -> Any:
        result = await self._database.transact(work, *args, **kwargs)
        await self._count(getattr(work, "__name__", ""))
        return result

    async def try_lock(self, name: str) -> bool:
        has_lock = await self._database.try_lock(name)
        await self._count("try_lock")
        return has_lock

    async def until_done(self, name: str, times: int = 3) -> None:
        """Wait until this was done so often, counted from now."""
        enough = self.done[name] + times
        async with asyncio.timeout(GIVE_UP), self._news:
            await self._news.wait_for(lambda: self.done[name] >= enough)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    async def _count(self, name: str) -> None:
        async with self._news:
            self.done[name] += 1
            self._news.notify_all()
