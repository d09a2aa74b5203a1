"""The rate limits of single chats: our own for each of them, below Telegram's, and how long a 429 stops one."""

import math
from collections.abc import Callable
from typing import Final

BURST: Final = 4.0
"""Messages that one chat gets at once. Telegram allows short bursts, about five; delays make ours arrive closer."""
RATE: Final = 1.0
"""Messages a second to one chat from then on."""
GROUP_RATE: Final = 14 / 60
"""The same in a group, where Telegram allows 20 a minute: with the burst, 18 in any minute."""
EDIT: Final = 0.5
"""What an edit counts: twice as many as messages are allowed, as many as one person's updates that are heard."""
LONGEST: Final = 60.0
"""Seconds that a 429 stops anything, whatever it asks for: then a single message tries again."""
_INSTANT: Final = 1e-6
"""Seconds that are no wait: rounding."""
_PRUNE_AT: Final = 10_000
"""How many chats are remembered before those that have nothing to wait for are forgotten."""


class ChatLimits:
    """A token bucket for each chat (https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm), and its halt.

    A chat is remembered only until its bucket is full again, so memory follows what goes out within seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._full_at: dict[int, float] = {}
        """When each chat's bucket is full again."""
        self._halted_until: dict[int, float] = {}
        self._prune_at = _PRUNE_AT

    def delay(self, chat_id: int, *, edit: bool = False) -> float:
        """Return how many seconds the next message or edit in this chat must wait; 0 where it may go now."""
        now = self._clock()
        wait = self._halted_until.get(chat_id, now) - now
        if (full_at := self._full_at.get(chat_id)) is not None:
            wait = max(wait, full_at - now - (BURST - (EDIT if edit else 1)) / _rate(chat_id))
        return wait if wait > _INSTANT else 0.0

    def spend(self, chat_id: int, *, edit: bool = False) -> None:
        """Count one message or edit to this chat."""
        now = self._clock()
        self._make_room()
        cost = (EDIT if edit else 1) / _rate(chat_id)
        self._full_at[chat_id] = max(self._full_at.get(chat_id, now), now) + cost

    def halt(self, chat_id: int, seconds: float) -> bool:
        """Let nothing out to this chat for `seconds`; False where the chat was halted before and took nothing since."""
        fresh = chat_id not in self._halted_until
        self._make_room()
        self._halted_until[chat_id] = max(self._halted_until.get(chat_id, 0.0), self._clock() + seconds)
        return fresh

    def resume(self, chat_id: int) -> None:
        """Forget a halt that is over: the chat took a message."""
        if self._halted_until.get(chat_id, math.inf) <= self._clock():
            del self._halted_until[chat_id]

    def __len__(self) -> int:
        return len(self._full_at.keys() | self._halted_until.keys())

    def _make_room(self) -> None:
        if len(self._full_at) + len(self._halted_until) < self._prune_at:
            return
        now = self._clock()
        self._full_at = {chat: at for chat, at in self._full_at.items() if at > now}
        self._halted_until = {chat: at for chat, at in self._halted_until.items() if at > now}
        self._prune_at = max(_PRUNE_AT, 2 * (len(self._full_at) + len(self._halted_until)))


def _rate(chat_id: int) -> float:
    return GROUP_RATE if chat_id < 0 else RATE
