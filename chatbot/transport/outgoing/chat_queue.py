"""The answers on their way to one chat: in order, and never many, however long the chat has to wait."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from chatbot.conversation.interface import Answer

KEPT: Final = 5
"""Answers that wait behind the one being spoken while their chat may get nothing. Beyond that the oldest gives way:
its turn is committed, its step can ask again, and the newest screen is the one that holds."""

MakeUp = Callable[[], Answer | None]
"""Gives what is said to somebody whom a mistake of ours keeps from hearing their answer."""


@dataclass(eq=False, slots=True)
class QueuedAnswer:
    """One answer on its way."""

    answer: Answer
    deadline: float
    """When it is given up, in the time of the event loop."""
    called: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when its turn has come, or never will."""
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when it was spoken, or has to wait for longer than others should."""
    superseded: bool = False
    """A newer answer takes its place, so it is not spoken."""


class ChatQueue:
    """Has answers spoken one after another. While the chat has to wait, newer answers supersede older ones."""

    def __init__(self) -> None:
        self._turns: deque[QueuedAnswer] = deque()
        self._waits = self._is_put_off = False

    def join(self, turn: QueuedAnswer) -> None:
        """Queue up."""
        self._turns.append(turn)
        if self._turns[0] is turn:
            turn.called.set()
        elif self._waits:
            self.hold()
        elif self._is_put_off:
            self.put_off()

    def put_off(self) -> None:
        """What is being spoken takes longer, because it is tried again: nobody else waits for these answers."""
        self._is_put_off = True
        for turn in self._turns:
            turn.settled.set()

    def hold(self) -> None:
        """The chat may get nothing for now: besides, no more answers are kept than are worth it."""
        self._waits = True
        behind = list(self._turns)[1:]
        for place, turn in enumerate(behind):
            if any(_covers(later.answer, turn.answer) for later in behind[place + 1 :]):
                self._supersede(turn)
        while len(self._turns) > 1 + KEPT:
            self._supersede(self._turns[1])
        self.put_off()

    def go_on(self) -> None:
        """The chat has got something: it waits no longer, as far as is known."""
        self._waits = self._is_put_off = False

    def leave(self, turn: QueuedAnswer) -> bool:
        """Have the next one spoken, if this one had its turn; give whether nobody is left."""
        turn.settled.set()
        if turn in self._turns:
            self._turns.remove(turn)
            if self._turns:
                self._turns[0].called.set()
        return not self._turns

    def _supersede(self, turn: QueuedAnswer) -> None:
        turn.superseded = True
        self._turns.remove(turn)
        turn.called.set()


def _covers(newer: Answer, older: Answer) -> bool:
    """Whether nothing of the older answer would be left to see, or it would be seen twice."""
    if older.edit is not None and newer.edit == older.edit:
        return not older.first
    return (newer.screen, newer.first, newer.edit, newer.thread_id) == (
        older.screen,
        older.first,
        older.edit,
        older.thread_id,
    )
