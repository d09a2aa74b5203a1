"""Deliveries whose chat may get nothing yet: kept in hand while the others go on."""

import heapq
import math
from collections import Counter
from collections.abc import Callable
from typing import Final

from chatbot.petition.broadcasts.outcome import Delivery

REFUSALS: Final = 5
"""429s of its own, a minute apart at most, after which a delivery has failed: one chat holds up no broadcast's end."""


class Aside:
    """Those put aside, the first to go first. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._waiting: list[tuple[float, int, Delivery]] = []
        self._refusals: Counter[int] = Counter()

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def rest(self) -> float:
        """Seconds until the first of them may go; none is infinitely far."""
        return max(self._waiting[0][0] - self._clock(), 0.0) if self._waiting else math.inf

    def put(self, delivery: Delivery, seconds: float) -> None:
        """Keep it for so long."""
        heapq.heappush(self._waiting, (self._clock() + seconds, delivery.supporter_id, delivery))

    def take_due(self) -> list[Delivery]:
        """Take those whose time has come: they wait in the ledger again, where an opt-out still counts."""
        due = []
        while not self.rest:
            due.append(heapq.heappop(self._waiting)[-1])
        return due

    def take_all(self) -> list[Delivery]:
        """Take all of them."""
        waiting, self._waiting = self._waiting, []
        return [delivery for _, _, delivery in waiting]

    def refused(self, delivery: Delivery) -> bool:
        """Count a 429 of one chat's own; whether there were too many."""
        self._refusals[delivery.supporter_id] += 1
        return self._refusals[delivery.supporter_id] >= REFUSALS

    def forgive(self) -> None:
        """Forget the 429s: it was not these chats, it is everybody."""
        self._refusals.clear()
