"""Outage of the database: since when turns cannot be stored, and which people were asked to wait."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

ESTABLISHED: Final = 1.0
"""Seconds of failing turns before people are told: a database that restarts is back sooner."""
CALM: Final = 60.0
"""Seconds without a failed turn after which an outage is over. The longest pause between two tries is half of it."""
_MOST: Final = 10_000
"""People remembered at most; the oldest are forgotten first."""


class Outage:
    """Lasts from the first turn that cannot be stored until turns are stored again. `clock` is monotonic."""

    def __init__(self, clock: Callable[[], float] = lambda: asyncio.get_running_loop().time()) -> None:
        self._clock = clock
        self._began_at: float | None = None
        self._failed_at = 0.0
        self._is_better = False
        self._asked: OrderedDict[int, int] = OrderedDict()
        """The update for which a person was asked to wait, of those who have no answer yet."""

    @property
    def seconds(self) -> float | None:
        """For how long turns have failed; None if they are stored."""
        if self._is_better and self._clock() - self._failed_at >= CALM:
            self._began_at = None
        return None if self._began_at is None else self._clock() - self._began_at

    def note_failure(self) -> None:
        """Note that a turn could not be stored."""
        if self.seconds is None:
            self._began_at = self._clock()
            self._asked.clear()  # whom another process answered
        self._failed_at, self._is_better = self._clock(), False

    def note_success(self, person_id: int, update_id: int) -> bool:
        """Note that a turn was stored. True if the person was asked to wait for it.

        Another process may have answered that one: then this turn is a later one, for which nobody was asked to wait.
        """
        self._is_better = True
        return self._asked.pop(person_id, None) == update_id

    def must_ask(self, person_id: int, update_id: int) -> bool:
        """Whether to ask a person to wait: once until they get an answer, and not in a short outage.

        Each process asks once, because what they share is the database.
        """
        if person_id in self._asked or self._is_better or (self.seconds or 0.0) < ESTABLISHED:
            return False
        self._asked[person_id] = update_id
        if len(self._asked) > _MOST:
            self._asked.popitem(last=False)
        return True
