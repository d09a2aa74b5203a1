"""Queue of the answers to one chat: in order, and bounded however long the chat has to wait."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from chatbot.conversation.interface import Answer

KEPT: Final = 5
"""Answers that wait behind the current one while their chat has to wait. If there are more, the oldest is dropped: its
turn is committed, its step can ask again, and the newest screen is the valid one."""

Fallback = Callable[[], Answer | None]
"""Returns what to send to a person whose answer could not be sent because of a bug."""


@dataclass(eq=False, slots=True)
class QueuedAnswer:
    """An answer that waits or is being sent."""

    answer: Answer
    deadline: float
    """When the answer is given up, in event loop time."""
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when it is first in the queue or superseded."""
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when it was sent, or is delayed for longer than others should wait for it."""
    message_id: int | None = None
    """The message that Telegram showed last, as far as it tells."""
    superseded: bool = False
    """Whether a newer answer takes its place, so that it is not sent."""


class ChatQueue:
    """Orders the answers to one chat. While the chat has to wait, newer answers supersede older ones."""

    def __init__(self) -> None:
        self._queued: deque[QueuedAnswer] = deque()
        self._waits = self._is_delayed = False

    def join(self, queued: QueuedAnswer) -> None:
        """Add an answer at the end."""
        self._queued.append(queued)
        if self._queued[0] is queued:
            queued.ready.set()
        elif self._waits:
            self.hold()
        elif self._is_delayed:
            self.delay()

    def delay(self) -> None:
        """Note that the current answer is tried again: nothing else waits for the answers of this chat."""
        self._is_delayed = True
        for queued in self._queued:
            queued.settled.set()

    def hold(self) -> None:
        """Note that the chat has to wait: delay the answers, and drop those that are not worth keeping."""
        self._waits = True
        behind = list(self._queued)[1:]
        for place, queued in enumerate(behind):
            if any(_covers(later.answer, queued.answer) for later in behind[place + 1 :]):
                self._supersede(queued)
        while len(self._queued) > 1 + KEPT:
            self._supersede(self._queued[1])
        self.delay()

    def resume(self) -> None:
        """Note that the chat accepted something, so it does not have to wait any more."""
        self._waits = self._is_delayed = False

    def leave(self, queued: QueuedAnswer) -> bool:
        """Remove an answer and let the next one be sent; return whether the queue is empty."""
        queued.settled.set()
        if queued in self._queued:
            self._queued.remove(queued)
            if self._queued:
                self._queued[0].ready.set()
        return not self._queued

    def _supersede(self, queued: QueuedAnswer) -> None:
        queued.superseded = True
        self._queued.remove(queued)
        queued.ready.set()


def _covers(newer: Answer, older: Answer) -> bool:
    """Tell whether the newer answer would hide the older one completely or repeat it."""
    if older.edit is not None and newer.edit == older.edit:
        return not older.first and older.then in (None, newer.then)
    return (newer.screen, newer.first, newer.then, newer.edit, newer.thread_id, newer.comment_id) == (
        older.screen,
        older.first,
        older.then,
        older.edit,
        older.thread_id,
        older.comment_id,
    )
