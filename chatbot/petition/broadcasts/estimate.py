"""Estimates the time of a broadcast and, for paid broadcasts, its price in Telegram Stars."""

import math
from dataclasses import dataclass
from typing import Final

FREE_RATE: Final = 30
"""Free messages per second. https://core.telegram.org/bots/faq#how-can-i-message-all-of-my-bot-39s-subscribers-at-once"""
_STARS_A_MESSAGE: Final = 0.1


@dataclass(frozen=True, slots=True)
class Estimate:
    """Duration in seconds and the highest price in Stars."""

    seconds: float
    stars: int


def estimate_sending(people: int, rate: float, *, paid: bool) -> Estimate:
    """Estimate the sending of `people` messages at `rate` per second."""
    seconds = people / rate
    charged = max(people - FREE_RATE * seconds, 0) if paid else 0
    return Estimate(seconds, math.ceil(round(charged * _STARS_A_MESSAGE, 6)))
