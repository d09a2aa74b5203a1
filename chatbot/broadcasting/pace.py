"""The pace of everything that goes out: one clock for people and broadcasts, and people come first."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

SLACK: Final = 0.05
"""Seconds a broadcast may catch up after a late wake-up: keeps the rate exact, at most rate * SLACK at once."""
DEBT: Final = 1.0
"""Seconds a broadcast stands back at most, however much people were told just before."""


class Pace:
    """Says when the next message may go. Telegram allows about 30 messages a second to all chats together.

    People's messages go at once and are counted; a broadcast gets what is left of `rate` messages a second, evenly
    spaced. After a 429 everybody waits as long as Telegram said, and who waited leaves one by one at `rate`.
    `clock` gives seconds on a monotonic clock and `sleep` waits that many seconds.
    """

    def __init__(
        self,
        rate: float = 25.0,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        if not rate > 0:
            raise ValueError("the rate must be above 0 messages a second")
        self._interval = 1 / rate
        self._clock = clock
        self._sleep = sleep
        self._halted_until = float("-inf")
        self._broadcast_at = clock()
        self._door = asyncio.Lock()
        self._turnstile = asyncio.Lock()

    def halt(self, seconds: float) -> None:
        """Let nobody through for `seconds`, as Telegram's 429 asks; a shorter halt never ends a longer one."""
        self._halted_until = max(self._halted_until, self._clock() + seconds)

    async def person(self, messages: int = 1) -> None:
        """Wait for the end of a halt, if there is one, and count `messages` (0 for what is no message)."""
        if self._halted():
            async with self._door:
                while self._halted():
                    await self._sleep(self._halted_until - self._clock())
                # Still behind the door: the next one leaves an interval later, or all at once would be a new 429.
                await self._sleep(self._interval * messages)
        self._count(messages)

    async def broadcast(self) -> None:
        """Wait until one message of a broadcast may go, and count it. Callers are let through in order."""
        async with self._turnstile:
            while (wait := max(self._broadcast_at, self._halted_until) - self._clock()) > 0:
                await self._sleep(wait)
            self._broadcast_at = max(self._broadcast_at, self._clock() - SLACK) + self._interval

    def _halted(self) -> bool:
        return self._clock() < self._halted_until

    def _count(self, messages: int) -> None:
        now = self._clock()
        self._broadcast_at = min(max(self._broadcast_at, now - SLACK) + self._interval * messages, now + DEBT)
