"""The pace of everything that goes out: one clock for people and broadcasts, and people come first."""

import asyncio
import math
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

FREE: Final = 30
"""Messages that Telegram takes in any one second, for nothing."""
PAID: Final = 1000
"""The same where those above FREE are paid for."""
SLACK: Final = 0.05
"""Seconds a broadcast may catch up after a late wake-up: keeps the rate exact, at most rate * SLACK at once."""
DEBT: Final = 1.0
"""Seconds a broadcast stands back at most, however much people were told just before."""


class Pace:
    """Says when the next message may go. Telegram allows about 30 messages a second to all chats together.

    People's messages go at once and are counted; a broadcast gets what is left of `rate` messages a second, evenly
    spaced, and goes no further while any one second of Telegram's could hold more than `at_most`, people included:
    nobody knows when on its way a message is counted there, so each counts from its start until a second after its
    answer. After a 429 everybody waits as long as Telegram said, and who waited leaves one by one at `rate`.
    `clock` gives seconds on a monotonic clock and `sleep` waits that many seconds.
    """

    def __init__(
        self,
        rate: float = 25.0,
        at_most: int = FREE,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        if not 0 < rate <= at_most:
            raise ValueError(f"the rate must be above 0 messages a second, and {at_most} at most")
        self.rate = rate
        self._interval = 1 / rate
        self._at_most = at_most
        self._clock = clock
        self._sleep = sleep
        self._halted_until = float("-inf")
        self._broadcast_at = clock()
        self._under_way = 0
        self._landings: deque[float] = deque()
        """When each message of the last second was answered, in order."""
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

    async def broadcast(self, patience: float = math.inf) -> bool:
        """Wait until one message of a broadcast may go, and count it until `landed`. Callers are let through in order.

        False when it may not go within `patience` seconds: nothing is counted then, and the caller may ask again.
        """
        async with self._turnstile:
            deadline = self._clock() + patience
            while (wait := self._next_at() - (now := self._clock())) > 0:
                if now >= deadline:
                    return False
                await self._sleep(min(wait, deadline - now))
            self._broadcast_at = max(self._broadcast_at, now - SLACK) + self._interval
            self._under_way += 1
            return True

    def landed(self) -> None:
        """The message that `broadcast` let go was answered, or was not sent after all."""
        self._under_way -= 1
        self._landings.append(self._clock())

    def _next_at(self) -> float:
        now = self._clock()
        while self._landings and self._landings[0] <= now - 1:
            self._landings.popleft()
        room = self._at_most - self._under_way - len(self._landings)
        if room > 0:
            full = float("-inf")
        elif self._landings:
            full = self._landings[0] + 1
        else:
            full = now + self._interval  # everything is still under way
        return max(self._broadcast_at, self._halted_until, full)

    def _halted(self) -> bool:
        return self._clock() < self._halted_until

    def _count(self, messages: int) -> None:
        now = self._clock()
        self._broadcast_at = min(max(self._broadcast_at, now - SLACK) + self._interval * messages, now + DEBT)
        self._landings.extend([now] * messages)
