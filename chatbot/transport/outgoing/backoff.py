"""Pauses between tries."""

import random
from typing import Final

LONGEST: Final = 30.0
"""Longest pause in seconds. With a longer one, people would wait after Telegram is back."""
LONGEST_ASKED: Final = 60.0
"""Longest wait in seconds after a 429, which sometimes asks for hours. Then one more try is made."""


def back_off(tries: int) -> float:
    """Return the seconds to wait after `tries` failures (0, 1, 2 …): doubling from half a second up to `LONGEST`.

    A random factor spreads the retries of many processes.
    """
    return min(LONGEST, 0.5 * 2.0 ** min(tries, 10)) * random.uniform(0.5, 1.0)  # noqa: S311 - not a secret
