"""Limits how often an account may sign and withdraw within a day.

Each signature takes a number that is never given again. Without a limit one account could push the numbers as far above
the count of signatures as it likes. The counts exist only in the memory of this process, under a hash whose key ends
with it.
"""

import hashlib
import secrets
import time
from collections.abc import Callable
from typing import Final

MOST: Final = 3
"""Withdrawals within a day after which an account must wait."""
DAY: Final = 86_400.0
_REMEMBERED: Final = 50_000
"""Most accounts remembered; the oldest are forgotten first."""


class WithdrawalCounter:
    """Counts withdrawals by account. `clock` gives monotonic seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._times: dict[bytes, tuple[int, float]] = {}
        """By account: number of withdrawals, and time of the first one; in the order of that time."""

    def add(self, person_id: int) -> None:
        """Count a withdrawal, once it is committed."""
        self._forget_old()
        account = self._hash(person_id)
        times, first = self._times.get(account, (0, self._clock()))
        self._times[account] = (times + 1, first)

    def is_over_limit(self, person_id: int) -> bool:
        """Whether the account must wait before it signs again."""
        if not self._times:
            return False
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
