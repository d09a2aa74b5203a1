"""The human check: whether people are asked to tap the right picture before they sign, and when it asks by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

Mode = Literal["off", "on", "auto"]
"""Auto: off, and on by itself while there is a surge of new accounts."""
MODES: Final[tuple[Mode, ...]] = get_args(Mode)
RATES: Final = (30, 100, 300)
"""Signatures within `SPAN` that can be chosen as what makes a surge; so many are looked at, at most."""
WINDOW: Final = timedelta(minutes=10)
"""The time in which signatures are counted, and in which somebody is new to the bot."""
AUTO_DURATION: Final = timedelta(hours=1)
"""How long it stays on by itself after the last look that found a surge."""


@dataclass(frozen=True, slots=True)
class HumanCheck:
    """How the check is switched."""

    mode: Mode = "off"
    rate: int = 100
    until: datetime | None = None
    """While it is on by itself: until when, unless the surge goes on."""
    revision: int = 0
    """Grows each time it is switched by hand, so that of two who do it at once one is told."""
    changed_by: int | None = None

    def asks(self, now: datetime) -> bool:
        """Whether somebody who wants to sign now is asked."""
        return self.mode == "on" or (self.mode == "auto" and self.is_on_automatically(now))

    def is_on_automatically(self, now: datetime) -> bool:
        """Whether it is on by itself. What is further off than it can last was written by a clock that was wrong."""
        return self.until is not None and now < self.until <= now + AUTO_DURATION + WINDOW


@dataclass(frozen=True, slots=True)
class SigningTimes:
    """When somebody signed, and when they first wrote to the bot."""

    signed_at: datetime
    met_at: datetime


def is_surge(newest: Sequence[SigningTimes], rate: int, now: datetime) -> bool:
    """Whether the newest signatures came fast, and most of them from people who had just come to the bot."""
    recent = [each for each in newest if now - WINDOW < each.signed_at < now + WINDOW]
    new = [each for each in recent if each.signed_at - each.met_at < WINDOW]
    return len(recent) >= rate and 2 * len(new) > len(recent)


def read_mode(text: str) -> Mode | None:
    """The mode that a word names."""
    return next((mode for mode in MODES if mode == text), None)
