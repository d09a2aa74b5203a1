"""Pace of all outgoing messages: one budget for replies and broadcasts; replies come first."""

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
"""Messages that Telegram accepts in any one second for free."""
PAID: Final = 1000
"""Messages a second if those above `FREE` are paid for."""
SECOND: Final = 1.001
"""Length of a second in seconds: a little more, because clocks differ."""
SLACK: Final = 0.2
"""Seconds that a broadcast may catch up after a late wake-up or a slow disk, so that a busy machine keeps the rate."""
TOGETHER: Final = 5.0
"""Seconds within which 429s in two chats mean that Telegram refuses the whole bot."""
FIRST_HALT: Final = 5.0
"""Longest wait of all chats before the first probe: two flooded chats must not silence all others."""
PROBE: Final = 10.0
"""Seconds after which a probe without an answer is given up and the next one is sent."""
CARDS: Final = 2.0
"""Edits of cards a second, at most."""
CARDS_LEAVE: Final = 3
"""Messages a second that cards leave free, so that neither replies nor a broadcast wait for them."""
PROBE_CHECK: Final = 0.05
"""Seconds between two checks of the result of a probe."""
_LOG_EVERY: Final = 60.0
"""Seconds between two log lines about single chats that have to wait."""


class Pacer:
    """Decides when the next message may be sent. Telegram allows about 30 messages a second to all chats together.

    Replies are sent at once and counted. A broadcast gets up to `rate` messages a second, evenly spaced, as long as no
    second holds more than `at_most` messages together with the replies; otherwise it yields to them. A single chat has
    its own limits (`ChatLimits`), for which only messages to that chat wait.

    A 429 stops its chat for at most `LONGEST` seconds. If a second chat gets one within `TOGETHER` seconds, all chats
    wait; then a single message is sent as a probe, and once Telegram accepts it, the waiting ones leave one by one.

    Messages that leave evenly may be delayed and arrive all at once. A message may have arrived as late as its response
    allows, so a message with a late response counts from that time, and one without a response counts as arriving now.
    So no second holds more than `at_most` messages, replies included, as Telegram counts them. Only replies that come
    after the messages of a broadcast cannot be foreseen.

    The edits of cards get what replies and broadcasts leave, up to `CARDS` a second.

    `clock` returns seconds of a monotonic clock and `sleep` waits that many seconds.
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
        self._logged_at = -math.inf
        self._halted_at: float | None = None
        """When all chats were halted; None if they are not."""
        self._halted_until = -math.inf
        self._probing = False
        self._broadcast_at = clock()
        self._card_at = -math.inf
        """When the next edit of a card may be sent."""
        self._in_flight = 0
        self._answered: deque[float] = deque(maxlen=at_most)
        self._reply_at = -math.inf
        """When the last reply was sent."""
        self._fastest = math.inf
        self._probe_lock = asyncio.Lock()
        self._broadcast_lock = asyncio.Lock()
        self._card_lock = asyncio.Lock()

    @property
    def is_halted(self) -> bool:
        """Whether all chats wait because Telegram refuses the whole bot."""
        return self._halted_at is not None

    def note_flood(self, chat_id: int | None, seconds: float) -> None:
        """Note a 429 to a message in this chat, which asks to wait `seconds`; None for a card in a chat of others."""
        asked, seconds = seconds, min(max(seconds, PROBE_CHECK), LONGEST)
        now = self._clock()
        fresh = chat_id is not None and self._chats.halt(chat_id, seconds)
        if self._probing:
            self._probing = False
            self._halted_until = now + seconds
        elif self._halted_at is None and chat_id is not None:
            before, at = self._refused
            self._refused = (chat_id, now)
            if before != chat_id and now - at <= TOGETHER:
                self._halted_at, self._halted_until = now, now + min(seconds, FIRST_HALT)
                logger.warning("Telegram refuses messages to several chats (429, wait %g s): everybody waits", asked)
            elif fresh and now - self._logged_at >= _LOG_EVERY:
                self._logged_at = now
                logger.warning("Telegram refuses messages to one chat (429, wait %g s): only that chat waits", asked)

    def note_answer(self, chat_id: int | None) -> None:
        """Note that Telegram answered a message in this chat with anything but a 429."""
        if chat_id is not None:
            self._chats.resume(chat_id)
        if self._probing and self._halted_at is not None:
            now = self._clock()
            logger.info("Telegram accepts messages again after %.0f s", now - self._halted_at)
            self._halted_at, self._halted_until, self._probing = None, -math.inf, False
            self._broadcast_at = max(self._broadcast_at, now + self._interval)  # no catching up
            self._refused = (0, -math.inf)

    def delay(self, chat_id: int, *, edit: bool = False) -> float:
        """Return the seconds that the limits of this chat make a message or an edit wait; 0 if it may be sent now."""
        return self._chats.delay(chat_id, edit=edit)

    async def admit_reply(self, chat_id: int, *, edit: bool = False) -> None:
        """Wait until a message or an edit may be sent to this chat, and count it."""
        while (wait := self._chats.delay(chat_id, edit=edit)) > 0:
            await self._sleep(wait)
        if self._halted_at is not None:
            async with self._probe_lock:
                while (wait := self._find_halt()) > 0:
                    await self._sleep(wait)
                self._start_probe()
                # Keep the lock for one interval: if all left at once, that would cause a new 429.
                await self._sleep(self._interval)
        self._count(chat_id, edit=edit)

    async def admit_acknowledgement(self) -> None:
        """Wait while all chats are halted. The acknowledgement of a tap is no message and has no other limit."""
        while (wait := self._find_halt()) > 0:
            await self._sleep(wait)

    def try_admit_reply(self, chat_id: int, *, edit: bool = False) -> bool:
        """Count one message or edit that is sent at once; return False without counting if it has to wait."""
        if self._halted_at is not None or self._probe_lock.locked() or self._chats.delay(chat_id, edit=edit) > 0:
            return False
        self._count(chat_id, edit=edit)
        return True

    async def admit_broadcast(self, patience: float = math.inf) -> bool:
        """Wait until one message of a broadcast may `depart`. Callers proceed in order.

        False if it may not be sent within `patience` seconds; the caller may ask again.
        """
        async with self._broadcast_lock:
            asked = self._clock()
            deadline = asked + patience
            if asked - self._broadcast_at > SLACK:
                self._broadcast_at = asked  # there was nothing to send, so there is nothing to catch up
            while (wait := self._next_at() - (now := self._clock())) > 0:
                if now >= deadline:
                    return False
                await self._sleep(min(wait, deadline - now))
            self._broadcast_at = max(self._broadcast_at, now - SLACK) + self._interval
            return True

    async def admit_card(self) -> None:
        """Wait until the edit of a card may `depart`, which may take long while many messages go to people."""
        async with self._card_lock:
            while (wait := self._next_card_at() - self._clock()) > 0:
                await self._sleep(wait)
            self._card_at = self._clock() + 1 / CARDS

    def depart(self, chat_id: int | None, *, edit: bool = False) -> float:
        """Count a message of a broadcast, or a card, as in flight; return the time, to pass to `land`."""
        self._start_probe()
        if chat_id is not None:
            self._chats.spend(chat_id, edit=edit)
        self._in_flight += 1
        return self._clock()

    def land(self, departed_at: float) -> None:
        """Count a message as arrived: it was answered or given up."""
        now = self._clock()
        self._fastest = min(self._fastest, now - departed_at)
        self._in_flight -= 1
        self._answered.append(now)

    def _count(self, chat_id: int, *, edit: bool) -> None:
        self._chats.spend(chat_id, edit=edit)
        self._answered.append(self._clock() + self._round_trip)
        self._reply_at = self._clock()

    @property
    def _round_trip(self) -> float:
        """Seconds to Telegram and back without any delay."""
        return self._fastest if self._fastest < math.inf else 0.0

    def _next_at(self) -> float:
        # While people write, one message is reserved for the next reply.
        limit = self._at_most - (self._clock() - self._reply_at < SECOND)
        return max(self._broadcast_at, self._find_free(limit))

    def _next_card_at(self) -> float:
        return max(self._card_at, self._find_free(self._at_most - CARDS_LEAVE))

    def _find_free(self, limit: int) -> float:
        """Return when a message may be sent so that the last second holds at most `limit`."""
        now = self._clock()
        # Even the fastest message needs the round trip; only time beyond it may be a delay on the way.
        counts = SECOND - self._round_trip
        while self._answered and self._answered[0] <= now - counts:
            self._answered.popleft()
        free_at = now + self._find_halt()
        if self._in_flight + len(self._answered) >= limit:
            free_at = max(free_at, self._answered[0] + counts if self._answered else now + self._interval)
        return free_at

    def _find_halt(self) -> float:
        """Return the seconds until it is worth checking the halt again; 0 if messages may be sent."""
        left = self._halted_until - self._clock()
        return min(left, PROBE_CHECK) if self._probing else max(left, 0.0)

    def _start_probe(self) -> None:
        """If all chats are halted, treat this message as the probe: the others wait for its result."""
        if self._halted_at is not None:
            self._probing, self._halted_until = True, self._clock() + PROBE
