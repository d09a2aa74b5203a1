"""Quiet hours: the part of people's night in which nobody is written to, by the clocks of their country."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel.core import get_global

from chatbot.petition.countries.names import UNTOLD
from chatbot.petition.dates.zones import list_zones
from chatbot.problem import InvalidValueError, Problem

ON_THE_WAY: Final = timedelta(minutes=1)
"""Quiet hours begin this much earlier: a message that is about to leave may have to wait for the pace."""
LONGEST: Final = timedelta(hours=23)
"""Longest quiet hours: there must be some time to write to people."""
FARTHEST: Final = timedelta(hours=27)
"""No morning is farther away, also when clocks change. One that is comes from a clock that was wrong."""
_DAY: Final = timedelta(days=1)
_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Quiet hours of each day, from `start` to `end` on the clocks where people are."""

    start: time
    end: time

    @property
    def length(self) -> timedelta:
        """Length of the quiet hours; zero if both times are the same."""
        start, end = (timedelta(hours=each.hour, minutes=each.minute) for each in (self.start, self.end))
        return (end - start) % _DAY

    def find_morning(self, zones: tuple[str, ...], now: datetime) -> datetime | None:
        """Return when people who are in one of these zones can be written to; None: now.

        In a country with several zones that is when it is day in all of them. If it never is, because they lie around
        the globe or the quiet hours are long, it is when it is night in the fewest of them.
        """
        return _find_morning(self, zones, now.replace(second=0, microsecond=0))

    def _is_night(self, zone: ZoneInfo, at: datetime) -> bool:
        clocks = (at.astimezone(zone).time(), (at + ON_THE_WAY).astimezone(zone).time())
        if self.start <= self.end:
            return any(self.start <= clock < self.end for clock in clocks)
        return any(clock >= self.start or clock < self.end for clock in clocks)

    def count_nights(self, zones: Sequence[ZoneInfo], at: datetime) -> int:
        """Count the zones in which it is night."""
        return sum(self._is_night(zone, at) for zone in zones)

    def find_next_end(self, zone: ZoneInfo, now: datetime) -> datetime:
        """Return when quiet hours end next in a zone."""
        local = now.astimezone(zone)
        days = (local.date() + timedelta(each) for each in range(3))
        ends = (datetime.combine(day, self.end, zone).astimezone(now.tzinfo) for day in days)
        return next(end for end in ends if end > now)


@dataclass(frozen=True, slots=True)
class MorningForecast:
    """How many get a broadcast at once, and how many in their morning, nearly all of them by the moment `last`.

    With `share` the numbers are not known, only about which share of the readers is asleep: of a notice about the
    appeal, and of those who are left of a large broadcast.
    """

    now: int
    later: int
    last: datetime
    share: float | None = None
    waits: bool = True
    """Whether they get it in their morning. False without quiet hours: it would wake them."""


NIGHT: Final = QuietHours(time(0), time(6))
"""The hours in which most people sleep: organizers are warned of them in a campaign without quiet hours."""


def read_times(times: Sequence[str]) -> QuietHours | None:
    """Read quiet hours from two times like "21:00"; None for no quiet hours. Raises `ValueError`."""
    if not times:
        return None
    start, end = (time.fromisoformat(each) if _TIME.fullmatch(each) else None for each in times)
    if start is None or end is None:
        raise ValueError("not a time of day")
    return QuietHours(start, end)


def check_times(times: list[str]) -> list[str]:
    """Check quiet hours as `campaign.toml` has them. Raises `ValueError` with a message for its authors."""
    try:
        quiet = read_times(times)
    except ValueError:
        problem = Problem('must be two times of day; write ["21:00", "08:00"], or [] for none')
        raise InvalidValueError(problem) from None
    if quiet is not None and not timedelta() < quiet.length <= LONGEST:
        problem = Problem('must leave at least one hour of the day; write ["21:00", "08:00"], or [] for none')
        raise InvalidValueError(problem)
    return times


@lru_cache(maxsize=1024)
def _find_morning(quiet: QuietHours, zones: tuple[str, ...], now: datetime) -> datetime | None:
    clocks = [ZoneInfo(zone) for zone in zones]
    nights = quiet.count_nights(clocks, now)
    if not nights:
        return None
    ends = sorted({quiet.find_next_end(clock, now) for clock in clocks})
    counts = [quiet.count_nights(clocks, end) for end in ends]
    fewest = min(counts)
    return None if nights <= fewest else ends[counts.index(fewest)]


@lru_cache(maxsize=1024)
def find_zones(country: str | None, zone: str) -> tuple[str, ...]:
    """Return the zones of a country (ISO 3166-1 alpha-2) as CLDR has them; `zone` for an unknown one or none."""
    found = get_global("territory_zones").get(country, []) if country and country != UNTOLD else []
    return tuple(sorted(set(found) & list_zones())) or (zone,)
