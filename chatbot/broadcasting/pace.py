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
SECOND: Final = 1.001
"""Seconds; a little more, because clocks differ."""
SLACK: Final = 0.2
"""Seconds a broadcast may catch up after a late wake-up or a slow disk: so a busy machine keeps the rate as well."""
DEBT: Final = 1.0
"""Seconds a broadcast stands back at most, however much people were told just before."""


class Pace:
    """Says when the next message may go. Telegram allows about 30 messages a second to all chats together.

    People's messages go at once and are counted; a broadcast gets what is left of `rate` messages a second, evenly
    spaced. After a 429 everybody waits as long as Telegram said, and who waited leaves one by one at `rate`.

    Messages that leave evenly need not arrive so: held up somewhere, they arrive all at once. A message may have
    arrived as late as its answer allows, so one that was answered late counts from that time on, and one without an
    answer counts as arriving now. So no second holds more than `at_most`, people included, as Telegram counts them;
    only people who come later than the broadcast's messages cannot be foreseen.

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
        self._in_the_air = 0
        self._answered: deque[float] = deque(maxlen=at_most)
        self._quickest = math.inf
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

    def admit_person(self) -> bool:
        """Count one message to a person that goes out at once; False, and uncounted, during a halt."""
        if self._halted() or self._door.locked():
            return False
        self._count(1)
        return True

    async def broadcast(self, patience: float = math.inf) -> bool:
        """Wait until one message of a broadcast may `depart`. Callers are let through in order.

        False when it may not go within `patience` seconds; the caller may ask again.
        """
        async with self._turnstile:
            asked = self._clock()
            deadline = asked + patience
            if asked - self._broadcast_at > SLACK:
                self._broadcast_at = asked  # nobody was late: nothing was to be sent
            while (wait := self._next_at() - (now := self._clock())) > 0:
                if now >= deadline:
                    return False
                await self._sleep(min(wait, deadline - now))
            self._broadcast_at = max(self._broadcast_at, self._halted_until, now - SLACK) + self._interval
            return True

    def depart(self) -> float:
        """Count a broadcast's message as in the air; give the moment, to `land` it with."""
        self._in_the_air += 1
        return self._clock()

    def land(self, departed_at: float) -> None:
        """Count a message as arrived: it was answered, or given up."""
        now = self._clock()
        self._quickest = min(self._quickest, now - departed_at)
        self._in_the_air -= 1
        self._answered.append(now)

    def _count(self, messages: int) -> None:
        now = self._clock()
        self._broadcast_at = min(max(self._broadcast_at, now - SLACK) + self._interval * messages, now + DEBT)
        self._answered.extend([now + self._way] * messages)

    @property
    def _way(self) -> float:
        """Seconds to Telegram and back, where nothing delays."""
        return self._quickest if self._quickest < math.inf else 0.0

    def _next_at(self) -> float:
        now = self._clock()
        # What even the quickest needs is the way there and back; only what is beyond that may be a delay on the way.
        counts = SECOND - self._way
        while self._answered and self._answered[0] <= now - counts:
            self._answered.popleft()
        next_at = max(self._broadcast_at, self._halted_until)
        if self._in_the_air + len(self._answered) >= self._at_most:
            next_at = max(next_at, self._answered[0] + counts if self._answered else now + self._interval)
        return next_at

    def _halted(self) -> bool:
        return self._clock() < self._halted_until
