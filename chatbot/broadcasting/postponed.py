"""Deliveries postponed because their chat must wait, while others are sent."""

import heapq
import math
from collections import Counter
from collections.abc import Callable
from typing import Final

from chatbot.petition.broadcasts.outcome import Delivery

REFUSALS: Final = 5
"""429s to a single chat, at most a minute apart, after which its delivery has failed: a broadcast must end."""


class Postponed:
    """Postponed deliveries, ordered by when they are due. `clock` returns seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._waiting: list[tuple[float, int, Delivery]] = []
        self._refusals: Counter[int] = Counter()

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def wait(self) -> float:
        """Seconds until the first one is due; infinite if there is none."""
        return max(self._waiting[0][0] - self._clock(), 0.0) if self._waiting else math.inf

    def put(self, delivery: Delivery, seconds: float) -> None:
        """Postpone a delivery for `seconds`."""
        heapq.heappush(self._waiting, (self._clock() + seconds, delivery.supporter_id, delivery))

    def take_due(self) -> list[Delivery]:
        """Take those that are due: they go back to the queue in the ledger, where an opt-out still counts."""
        due = []
        while not self.wait:
            due.append(heapq.heappop(self._waiting)[-1])
        return due

    def take_all(self) -> list[Delivery]:
        """Take all deliveries."""
        waiting, self._waiting = self._waiting, []
        return [delivery for _, _, delivery in waiting]

    def count_flood(self, delivery: Delivery) -> bool:
        """Count a 429 to a single chat; True if there were too many."""
        self._refusals[delivery.supporter_id] += 1
        return self._refusals[delivery.supporter_id] >= REFUSALS

    def clear_floods(self) -> None:
        """Reset the counts: the 429s were for the whole bot, not for these chats."""
        self._refusals.clear()
