"""What it takes to tell many people: time and, where going faster is paid for, Telegram's Stars."""

import math
from dataclasses import dataclass
from typing import Final

FREE_RATE: Final = 30
"""Messages a second that cost nothing. https://core.telegram.org/bots/faq#how-can-i-message-all-of-my-bot-39s-subscribers-at-once"""
_STARS_A_MESSAGE: Final = 0.1


@dataclass(frozen=True, slots=True)
class Estimate:
    """How long it takes, in seconds, and the most Stars that it costs."""

    seconds: float
    stars: int


def estimate_sending(people: int, rate: float, *, paid: bool) -> Estimate:
    """What it takes to send `people` messages at `rate` a second."""
    seconds = people / rate
    charged = max(people - FREE_RATE * seconds, 0) if paid else 0
    return Estimate(seconds, math.ceil(round(charged * _STARS_A_MESSAGE, 6)))
