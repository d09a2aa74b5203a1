"""A pace on a simulated clock, and a log of when each message left."""

import asyncio
import heapq
import itertools
from collections.abc import Callable

from chatbot.broadcasting.pace import Pacer
from tests.support.clock import Clock


class SleepersClock(Clock):
    """A clock that advances only when all tasks wait for it."""

    def __init__(self) -> None:
        super().__init__(1000.0)
        self.sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self.count = 0

    async def sleep(self, seconds: float) -> None:
        self.count += 1
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self.sleepers, (self.now + seconds, self.count, woken))
        await woken

    async def settle(self) -> None:
        for _ in range(20):
            await asyncio.sleep(0)

    async def pass_until(self, end: float) -> None:
        """Wake sleepers in order up to `end` seconds from the start."""
        await self.settle()
        while self.sleepers and self.sleepers[0][0] <= 1000 + end:
            at, _, woken = heapq.heappop(self.sleepers)
            self.now = max(self.now, at)
            if not woken.done():
                woken.set_result(None)
            await self.settle()
        self.now = max(self.now, 1000 + end)


class Log:
    """Which messages left, and when (seconds from the start)."""

    def __init__(self, pace: Pacer, clock: SleepersClock) -> None:
        self.pace, self.clock = pace, clock
        self.people: list[float] = []
        self.broadcasts: list[float] = []
        self.tasks: list[asyncio.Task[None]] = []
        self.chats = itertools.count(1)
        """Each reply goes to another chat."""
        self.refusing = 0
        """How many of the next replies get a 429 that asks to wait `asking` seconds."""
        self.asking = 0.0
        self.banned: set[int] = set()
        """Chats that always get a 429."""

    def halt(self, seconds: float = 5.0) -> None:
        """Note a 429 in two chats at once."""
        for _ in range(2):
            self.pace.note_flood(next(self.chats), seconds)

    def broadcast(self, way_there: Callable[[], float] = float, way_back: Callable[[], float] = float) -> None:
        async def send() -> None:
            departed_at = self.pace.depart(chat := next(self.chats))
            if (there := way_there()) > 0:
                await self.clock.sleep(there)
            self.broadcasts.append(self.clock.now - 1000)
            if (back := way_back()) > 0:
                await self.clock.sleep(back)
            self.pace.land(departed_at)
            self.pace.note_answer(chat)

        async def run() -> None:
            while True:
                await self.pace.admit_broadcast()
                if way_there is float:
                    await send()
                else:
                    self.tasks.append(asyncio.create_task(send()))
                    await asyncio.sleep(0)

        self.tasks.append(asyncio.create_task(run()))

    def reply(self, chat: int | None = None, *, edit: bool = False) -> None:
        chat = next(self.chats) if chat is None else chat

        async def run() -> None:
            await self.pace.admit_reply(chat, edit=edit)
            self.people.append(self.clock.now - 1000)
            if self.refusing or chat in self.banned:
                self.refusing -= chat not in self.banned
                self.pace.note_flood(chat, self.asking)
            else:
                self.pace.note_answer(chat)

        self.tasks.append(asyncio.create_task(run()))

    async def end(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


def busiest_second(moments):
    return max(sum(start <= moment < start + 1 for moment in moments) for start in moments)
