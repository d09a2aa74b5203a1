"""How long to wait before trying again."""

import random
from typing import Final

LONGEST: Final = 30.0
"""Seconds. Longer would keep people waiting after Telegram is back."""
LONGEST_ASKED: Final = 60.0
"""Seconds that a 429 is waited for, whatever it asks (hours, sometimes): then it is tried again, once."""


def back_off(tries: int) -> float:
    """Give the seconds to wait after `tries` failures (0, 1, 2 …): doubling from half a second up to `LONGEST`.

    A random part keeps many processes from coming back at the same moment.
    """
    return min(LONGEST, 0.5 * 2.0 ** min(tries, 10)) * random.uniform(0.5, 1.0)  # noqa: S311 - no secret hangs on it
