"""What becomes of a name or a reason on its way to rest: kept in clear, or sealed and remembered for a little while.

The bot cannot open what it has sealed. So that people see what they are about to sign, this process remembers the words
of the last half hour in memory; after that, after a restart or in another process, they see that it is sealed.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Protocol

from chatbot.petition.sealing.envelope import is_sealed

REMEMBERED: Final = 1_800.0
"""Seconds."""
_MOST: Final = 10_000
"""Words remembered at once."""


class Seals(Protocol):
    """`chatbot.petition.sealing.keys.Seal`, which this module does without where nothing is sealed."""

    def close(self, text: str) -> str:
        """Give the sealed form of `text`."""


class NameVault:
    """Gives what to keep of somebody's words, and what can be shown of what is kept. Without `seal` it is the words."""

    def __init__(self, seal: Seals | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._seal = seal
        self._clock = clock
        self._remembered: OrderedDict[str, tuple[float, str]] = OrderedDict()

    @property
    def seals(self) -> bool:
        """Whether names and reasons are sealed."""
        return self._seal is not None

    def keep(self, words: str) -> str:
        """Give what may come to rest of these words."""
        if self._seal is None:
            return words
        now, sealed = self._clock(), self._seal.close(words)
        self._remembered[sealed] = (now, words)
        while len(self._remembered) > _MOST or next(iter(self._remembered.values()))[0] < now - REMEMBERED:
            self._remembered.popitem(last=False)
        return sealed

    def forget(self, *kept: str | None) -> None:
        """Remember the words of these no longer."""
        for each in kept:
            self._remembered.pop(each or "", None)

    def recall(self, kept: str) -> str | None:
        """Give the words of what was kept; None where they are sealed and no longer remembered."""
        if not is_sealed(kept):
            return kept
        at, words = self._remembered.get(kept, (float("-inf"), ""))
        return words if at >= self._clock() - REMEMBERED else None
