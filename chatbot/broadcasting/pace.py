"""The pace of everything that goes out: one budget for people and broadcasts, and people come first."""

import asyncio
import logging
import math
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

from chatbot.broadcasting.chat_limits import LONGEST, ChatLimits

logger = logging.getLogger(__name__)

FREE: Final = 30
"""Messages that Telegram takes in any one second, for nothing."""
PAID: Final = 1000
"""The same where those above FREE are paid for."""
SECOND: Final = 1.001
"""Seconds; a little more, because clocks differ."""
SLACK: Final = 0.2
"""Seconds a broadcast may catch up after a late wake-up or a slow disk: so a busy machine keeps the rate as well."""
TOGETHER: Final = 5.0
"""Seconds within which 429s in two chats mean that Telegram refuses the whole bot."""
FIRST_HALT: Final = 5.0
"""Seconds that everybody waits at most before the first probe: two chats that flood must not silence all others."""
PROBE: Final = 10.0
"""Seconds after which a probe without an answer is given up, and the next one goes."""
LOOK: Final = 0.05
"""Seconds between two looks for what became of a probe."""
_TELL_EVERY: Final = 60.0
"""Seconds between two lines in the log about single chats that Telegram has wait."""


class Pacer:
    """Says when the next message may go. Telegram allows about 30 messages a second to all chats together.

    People's messages go at once and are counted. A broadcast gets up to `rate` messages a second, evenly spaced, as
    long as no second holds more than `at_most` with those of people; then it yields to them. A single chat has its own
    limits (`ChatLimits`), and only who writes to it waits for them.

    A 429 stops its chat, for `LONGEST` seconds at most. When a second chat gets one within `TOGETHER` seconds,
    everybody waits; then a single message goes as a probe, and when Telegram takes it, who waited leaves one by one.

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
        self._chats = ChatLimits(clock)
        self._refused = (0, -math.inf)
        """The chat that got the last 429, and when."""
        self._told_at = -math.inf
        self._halted_at: float | None = None
        """Since when everybody is halted, if they are."""
        self._halted_until = -math.inf
        self._probing = False
        self._broadcast_at = clock()
        self._in_the_air = 0
        self._answered: deque[float] = deque(maxlen=at_most)
        self._people_at = -math.inf
        """When the last message to a person went out."""
        self._quickest = math.inf
        self._one_at_a_time = asyncio.Lock()
        self._turnstile = asyncio.Lock()

    @property
    def is_halted(self) -> bool:
        """Whether Telegram refuses the whole bot, as far as is known."""
        return self._halted_at is not None

    def refused(self, chat_id: int, seconds: float) -> None:
        """Note a 429 to a message in this chat, which asks to wait `seconds`."""
        asked, seconds = seconds, min(max(seconds, LOOK), LONGEST)
        now = self._clock()
        fresh = self._chats.halt(chat_id, seconds)
        if self._probing:
            self._probing = False
            self._halted_until = now + seconds
        elif self._halted_at is None:
            before, at = self._refused
            self._refused = (chat_id, now)
            if before != chat_id and now - at <= TOGETHER:
                self._halted_at, self._halted_until = now, now + min(seconds, FIRST_HALT)
                logger.warning("Telegram refuses messages to several chats (429, wait %g s): everybody waits", asked)
            elif fresh and now - self._told_at >= _TELL_EVERY:
                self._told_at = now
                logger.warning("Telegram refuses messages to one chat (429, wait %g s): only that chat waits", asked)

    def answered(self, chat_id: int) -> None:
        """Note that Telegram answered a message in this chat, with anything but a 429."""
        self._chats.resume(chat_id)
        if self._probing and self._halted_at is not None:
            now = self._clock()
            logger.info("Telegram takes messages again after %.0f s", now - self._halted_at)
            self._halted_at, self._halted_until, self._probing = None, -math.inf, False
            self._broadcast_at = max(self._broadcast_at, now + self._interval)  # nothing to catch up
            self._refused = (0, -math.inf)

    def delay(self, chat_id: int, *, edit: bool = False) -> float:
        """Return how many seconds this chat's own limits make a message or an edit wait; 0 where it may go now."""
        return self._chats.delay(chat_id, edit=edit)

    async def person(self, chat_id: int, *, edit: bool = False) -> None:
        """Wait until a message, or an edit, may go to this chat, and count it."""
        while (wait := self._chats.delay(chat_id, edit=edit)) > 0:
            await self._sleep(wait)
        if self._halted_at is not None:
            async with self._one_at_a_time:
                while (wait := self._closed_for()) > 0:
                    await self._sleep(wait)
                self._pass_by()
                # Still behind the door: the next one leaves an interval later, or all at once would be a new 429.
                await self._sleep(self._interval)
        self._count(chat_id, edit=edit)

    async def acknowledgement(self) -> None:
        """Wait while everybody is halted; the answer to a tap is no message, and waits for nothing else."""
        while (wait := self._closed_for()) > 0:
            await self._sleep(wait)

    def admit_person(self, chat_id: int) -> bool:
        """Count one message that goes out at once; False, and uncounted, where it has to wait."""
        if self._halted_at is not None or self._one_at_a_time.locked() or self._chats.delay(chat_id) > 0:
            return False
        self._count(chat_id, edit=False)
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
            self._broadcast_at = max(self._broadcast_at, now - SLACK) + self._interval
            return True

    def depart(self, chat_id: int, *, edit: bool = False) -> float:
        """Count a broadcast's message as in the air; give the moment, to `land` it with."""
        self._pass_by()
        self._chats.spend(chat_id, edit=edit)
        self._in_the_air += 1
        return self._clock()

    def land(self, departed_at: float) -> None:
        """Count a message as arrived: it was answered, or given up."""
        now = self._clock()
        self._quickest = min(self._quickest, now - departed_at)
        self._in_the_air -= 1
        self._answered.append(now)

    def _count(self, chat_id: int, *, edit: bool) -> None:
        self._chats.spend(chat_id, edit=edit)
        self._answered.append(self._clock() + self._way)
        self._people_at = self._clock()

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
        next_at = max(self._broadcast_at, now + self._closed_for())
        # Where people talk, one place is theirs: the next of them comes after the broadcast's messages.
        places = self._at_most - (now - self._people_at < SECOND)
        if self._in_the_air + len(self._answered) >= places:
            next_at = max(next_at, self._answered[0] + counts if self._answered else now + self._interval)
        return next_at

    def _closed_for(self) -> float:
        """Return the seconds until it is worth asking again whether something may go; 0 where it may."""
        left = self._halted_until - self._clock()
        return min(left, LOOK) if self._probing else max(left, 0.0)

    def _pass_by(self) -> None:
        """Let one through; where everybody is halted it is the probe, and the others wait for what becomes of it."""
        if self._halted_at is not None:
            self._probing, self._halted_until = True, self._clock() + PROBE
