"""Rate limits of single chats: our own limits, which are below Telegram's, and the pauses that a 429 asks for."""

import math
from collections.abc import Callable
from typing import Final

BURST: Final = 4.0
"""Messages that one chat gets at once. Telegram allows bursts of about five; delays can push ours closer together."""
RATE: Final = 1.0
"""Messages a second to one chat after the burst."""
GROUP_RATE: Final = 14 / 60
"""Messages a second to a group. Telegram allows 20 a minute; with the burst this gives 18."""
EDIT: Final = 0.5
"""What an edit costs. Twice as many edits as messages are allowed: the rate at which one person is heard."""
LONGEST: Final = 60.0
"""Longest time in seconds that a 429 stops anything, whatever it asks for. Then a single message tries again."""
_INSTANT: Final = 1e-6
"""Seconds below which a wait is a rounding error."""
_PRUNE_AT: Final = 10_000
"""Number of chats in memory above which chats without a wait are removed."""


class ChatLimits:
    """A token bucket (https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm) and a halt for each chat.

    A chat is kept only until its bucket is full again, so memory grows only with what was sent in the last seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._full_at: dict[int, float] = {}
        """By chat, when its bucket is full again."""
        self._halted_until: dict[int, float] = {}
        self._prune_at = _PRUNE_AT

    def delay(self, chat_id: int, *, edit: bool = False) -> float:
        """Return the seconds that the next message or edit in this chat must wait; 0 if it may be sent now."""
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
        """Send nothing to this chat for `seconds`; False if it was halted before and has accepted nothing since."""
        fresh = chat_id not in self._halted_until
        self._make_room()
        self._halted_until[chat_id] = max(self._halted_until.get(chat_id, 0.0), self._clock() + seconds)
        return fresh

    def resume(self, chat_id: int) -> None:
        """Remove a halt that has ended: the chat accepted a message."""
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
