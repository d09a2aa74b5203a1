"""Rate limit per person, so that a flood slows down only its sender."""

import asyncio
from collections.abc import Callable
from enum import Enum
from typing import Final

BURST: Final = 40
"""Updates that a person may send at once. Signing takes eight, an album is ten, an impatient thumb a dozen."""
RATE: Final = 2.0
"""Updates a second after the burst: faster than anybody reads."""
_FORGET_AT: Final = 10_000
"""Number of people in memory above which those with a full bucket are removed."""


class Verdict(Enum):
    """What happens to an update."""

    ALLOWED = "heard"
    WARNED = "told"
    """Too much for the first time in this flood: the person is asked to slow down."""
    DROPPED = "passed over"
    """Too much, and the person was asked before."""


class RateLimit:
    """A token bucket for each person (https://en.wikipedia.org/wiki/Token_bucket), in the memory of each process.

    `clock` returns seconds of a monotonic clock.
    """

    def __init__(
        self,
        burst: int = BURST,
        rate: float = RATE,
        clock: Callable[[], float] = lambda: asyncio.get_running_loop().time(),
    ) -> None:
        self._burst = burst
        self._rate = rate
        self._clock = clock
        self._spent: dict[int, tuple[float, float, bool]] = {}
        """By id: how much was spent, when, and whether the person was asked to slow down."""
        self._forget_at = _FORGET_AT

    def spend(self, person_id: int) -> Verdict:
        """Count one update of a person, and return what happens to it."""
        spent, told = self._read_bucket(person_id)
        if spent + 1 > self._burst:
            self._keep(person_id, spent, told=True)
            return Verdict.DROPPED if told else Verdict.WARNED
        # Ask again only in another flood, once half of the bucket is full again.
        self._keep(person_id, spent + 1, told=told and spent > self._burst / 2)
        return Verdict.ALLOWED

    def give_back(self, person_id: int) -> None:
        """Refund one update: its turn failed, and it comes again."""
        spent, told = self._read_bucket(person_id)
        self._keep(person_id, max(spent - 1, 0.0), told=told)

    def _read_bucket(self, person_id: int) -> tuple[float, bool]:
        spent, at, told = self._spent.get(person_id, (0.0, 0.0, False))
        return max(spent - (self._clock() - at) * self._rate, 0.0), told

    def _keep(self, person_id: int, spent: float, *, told: bool) -> None:
        if len(self._spent) >= self._forget_at and person_id not in self._spent:
            self._spent = {each: kept for each, kept in self._spent.items() if self._read_bucket(each)[0] > 0}
            # Double the limit, so that not every new person causes another search through all of them.
            self._forget_at = max(_FORGET_AT, 2 * len(self._spent))
        self._spent[person_id] = (spent, self._clock(), told)
