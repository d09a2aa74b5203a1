"""Who signs and takes back again and again: counted for a day, in the memory of this process and nowhere else.

Each signature takes a number that is never given again. Without a bound one account would carry the numbers as far
above the count of signatures as it likes. What is counted leads to nobody who only reads the database: a hash under a
key that ends with the process.
"""

import hashlib
import secrets
import time
from collections.abc import Callable
from typing import Final

MOST: Final = 3
"""How often one account may take its signature back within a day and sign once more."""
DAY: Final = 86_400.0
_REMEMBERED: Final = 50_000
"""Accounts, at most; the first of them are forgotten first."""


class Repeats:
    """How often each account took its signature back. `clock` gives seconds that never go back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._times: dict[bytes, tuple[int, float]] = {}
        """How often, and when it was the first time; in the order of that."""

    def note(self, person_id: int) -> None:
        """Count that somebody took a signature back, once that is committed."""
        self._forget_old()
        account = self._hash(person_id)
        times, first = self._times.get(account, (0, self._clock()))
        self._times[account] = (times + 1, first)

    def is_too_often(self, person_id: int) -> bool:
        """Whether somebody is to wait until they sign once more."""
        times, first = self._times.get(self._hash(person_id), (0, 0.0))
        return times >= MOST and self._clock() - first < DAY

    def _forget_old(self) -> None:
        while self._times:
            account, (_, first) = next(iter(self._times.items()))
            if len(self._times) < _REMEMBERED and self._clock() - first < DAY:
                return
            del self._times[account]

    def _hash(self, person_id: int) -> bytes:
        return hashlib.blake2b(str(person_id).encode(), key=self._key, digest_size=16).digest()
