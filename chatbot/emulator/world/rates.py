"""Limits on sending. The emulator has none by default."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from chatbot.emulator.bot_api.refusal import flood


@dataclass(slots=True)
class Rates:
    """Telegram's limits on sending, in messages; 0 means no limit. Times are in seconds.

    Exceeding the limit for all chats delays all calls that are not paid; exceeding a chat's limit delays that chat.
    """

    overall: int = 30
    """Per second, to all chats together."""
    paid: int = 1000
    """Per second with allow_paid_broadcast."""
    chat_burst: int = 5
    """Burst to one chat; after that one per second."""
    group: int = 20
    """Per minute, to one group."""
    clock: Callable[[], float] | None = None
    """None means the clock of the emulator's world."""
    refused: int = 0
    """Number of calls answered with a 429."""

    _free: deque[float] = field(default_factory=deque)
    _paid: deque[float] = field(default_factory=deque)
    _chats: dict[int, float] = field(default_factory=dict)
    """When each chat's burst is used up again."""
    _groups: dict[int, deque[float]] = field(default_factory=dict)
    _halted_until: float = 0.0

    def spend(self, chat_id: int, now: float, *, paid: bool) -> None:
        """Count one message to a chat, or refuse it with a 429."""
        wait = self._halted_until - now if not paid else 0.0
        if wait <= 0:
            times, limit = (self._paid, self.paid) if paid else (self._free, self.overall)
            wait = _wait(times, limit, 1.0, now)
            if wait > 0 and not paid:
                self._halted_until = now + math.ceil(wait)
            if wait <= 0:
                wait = max(self._chat_wait(chat_id, now), self._group_wait(chat_id, now))
        if wait > 0:
            self.refused += 1
            raise flood(max(1, math.ceil(wait)))
        if limit:
            times.append(now)
        if self.chat_burst:
            self._chats[chat_id] = max(self._chats.get(chat_id, 0.0), now) + 1.0
        if self.group and chat_id < 0:
            self._groups.setdefault(chat_id, deque()).append(now)

    def _chat_wait(self, chat_id: int, now: float) -> float:
        if not self.chat_burst:
            return 0.0
        return self._chats.get(chat_id, now) - now - (self.chat_burst - 1)

    def _group_wait(self, chat_id: int, now: float) -> float:
        return _wait(self._groups[chat_id], self.group, 60.0, now) if chat_id in self._groups else 0.0


def _wait(times: deque[float], limit: int, window: float, now: float) -> float:
    """Return the seconds until one more fits into the window."""
    while times and times[0] <= now - window:
        times.popleft()
    return times[0] + window - now if limit and len(times) >= limit else 0.0
