"""How much one person may say in a while, so that whoever floods the bot slows down nobody but themselves."""

import asyncio
from collections.abc import Callable
from enum import Enum
from typing import Final

BURST: Final = 40
"""Updates one person may send at once. A whole signature is eight, an album ten, an impatient thumb a dozen."""
RATE: Final = 2.0
"""Updates a second from then on: faster than anybody reads."""
_FORGET_AT: Final = 10_000
"""How many people are kept track of before those whose allowance is whole again are forgotten."""


class Verdict(Enum):
    """What becomes of an update."""

    ALLOWED = "heard"
    WARNED = "told"
    """Too much, for the first time in this flood: they are told to slow down."""
    DROPPED = "passed over"
    """Too much, and they were told."""


class RateLimit:
    """A token bucket for each person (https://en.wikipedia.org/wiki/Token_bucket), kept in memory by each process.

    `clock` gives seconds that never go back.
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
        """By id: how much was spent at which moment, and whether they were told."""
        self._forget_at = _FORGET_AT

    def spend(self, person_id: int) -> Verdict:
        """Count one update of this person's, and say what becomes of it."""
        spent, told = self._look(person_id)
        if spent + 1 > self._burst:
            self._keep(person_id, spent, told=True)
            return Verdict.DROPPED if told else Verdict.WARNED
        # Told again only in another flood: once half of the allowance is back.
        self._keep(person_id, spent + 1, told=told and spent > self._burst / 2)
        return Verdict.ALLOWED

    def give_back(self, person_id: int) -> None:
        """Take back what one update cost: it was not carried through, and comes again."""
        spent, told = self._look(person_id)
        self._keep(person_id, max(spent - 1, 0.0), told=told)

    def _look(self, person_id: int) -> tuple[float, bool]:
        spent, at, told = self._spent.get(person_id, (0.0, 0.0, False))
        return max(spent - (self._clock() - at) * self._rate, 0.0), told

    def _keep(self, person_id: int, spent: float, *, told: bool) -> None:
        if len(self._spent) >= self._forget_at and person_id not in self._spent:
            self._spent = {each: kept for each, kept in self._spent.items() if self._look(each)[0] > 0}
            # Where many have something spent at once, not everybody who comes makes us go through all of them.
            self._forget_at = max(_FORGET_AT, 2 * len(self._spent))
        self._spent[person_id] = (spent, self._clock(), told)
