"""Time zones: which exist, when their days begin, and hours that their clocks show twice or never."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

_NOT_ZONES: Final = frozenset({"localtime", "Factory"})  # some systems list them: the machine's own zone, and none
_FIRST: Final = date(1, 1, 3)
_LAST: Final = date(9999, 12, 29)
"""Earlier and later days have no midnight in some zones."""


@cache
def list_zones() -> frozenset[str]:
    """List the names of all time zones that this machine knows."""
    return frozenset(available_timezones() - _NOT_ZONES)


def is_zone(name: str) -> bool:
    """Whether it is the name of a time zone, like Asia/Seoul."""
    return name in list_zones()


def read_zone(name: str | None) -> ZoneInfo | None:
    """Return the zone of this name; None if this machine does not know it, for example after a move."""
    return ZoneInfo(name) if name is not None and is_zone(name) else None


def find_midnight(day: date, zone: tzinfo, *, later: int = 0) -> datetime:
    """Return the start of a day, or of the day `later` days after it, in UTC. Works for any day somebody types."""
    midnight = datetime.combine(min(max(day, _FIRST), _LAST) + timedelta(days=later), time(), zone)
    return midnight.astimezone(UTC)


def find_moments(local: datetime) -> tuple[datetime, ...]:
    """Return the moments at which clocks of its zone show `local`, in UTC: one nearly always.

    There are two where clocks are set back, and none where they are set forward.
    """
    wanted = local.replace(tzinfo=None, fold=0)
    meant = {local.replace(fold=fold).astimezone(UTC) for fold in (0, 1)}
    return tuple(sorted(at for at in meant if at.astimezone(local.tzinfo).replace(tzinfo=None, fold=0) == wanted))


def find_neighbours(local: datetime) -> tuple[datetime, datetime]:
    """Return the moments meant by a time that clocks skip: counted before the change and after it, in UTC."""
    before, after = sorted(local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return before, after


def is_repeated(at: datetime, zone: tzinfo) -> bool:
    """Whether clocks of the zone show the time of this moment twice."""
    return len(find_moments(at.astimezone(zone).replace(fold=0))) > 1
