"""Human check: settings, and detection of the surges that switch it on automatically."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

Mode = Literal["off", "on", "auto"]
"""Auto: on during a surge of new accounts, otherwise off."""
MODES: Final[tuple[Mode, ...]] = get_args(Mode)
RATES: Final = (30, 100, 300)
"""Choices for the number of signatures within `WINDOW` that makes a surge. At most so many are read."""
WINDOW: Final = timedelta(minutes=10)
"""Signatures are counted over this time, and a person is new to the bot for as long."""
AUTO_DURATION: Final = timedelta(hours=1)
"""How long the check stays on automatically after the last detected surge."""


@dataclass(frozen=True, slots=True)
class HumanCheck:
    """Settings of the check."""

    mode: Mode = "off"
    rate: int = 100
    until: datetime | None = None
    """While it is on automatically: when it ends, unless the surge continues."""
    revision: int = 0
    """Grows each time a member changes it: of two simultaneous changes, the second is refused."""
    changed_by: int | None = None

    def asks(self, now: datetime) -> bool:
        """Whether a person who signs now has to pass the check."""
        return self.mode == "on" or (self.mode == "auto" and self.is_on_automatically(now))

    def is_on_automatically(self, now: datetime) -> bool:
        """Whether it is on automatically. A moment too far ahead was written while the clock was wrong."""
        return self.until is not None and now < self.until <= now + AUTO_DURATION + WINDOW


@dataclass(frozen=True, slots=True)
class SigningTimes:
    """When a person signed, and when they first wrote to the bot."""

    signed_at: datetime
    met_at: datetime


def is_surge(newest: Sequence[SigningTimes], rate: int, now: datetime) -> bool:
    """Whether there are many recent signatures, most of them by people who are new to the bot."""
    recent = [each for each in newest if now - WINDOW < each.signed_at < now + WINDOW]
    new = [each for each in recent if each.signed_at - each.met_at < WINDOW]
    return len(recent) >= rate and 2 * len(new) > len(recent)


def read_mode(text: str) -> Mode | None:
    """Return the mode of this name; None for any other text."""
    return next((mode for mode in MODES if mode == text), None)
