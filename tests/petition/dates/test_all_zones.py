"""Hours around each kind of change of clocks in any zone: none is silently moved, none that is offered has passed."""

import bisect
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from chatbot.petition.broadcasts.near_times import list_near, list_usual
from chatbot.petition.broadcasts.parse_time import SOON, TimeChangeError, TimeRefusedError, parse_time
from chatbot.petition.broadcasts.quiet_hours import QuietHours
from chatbot.petition.dates.zones import find_midnight, list_zones

MINUTE, QUARTER, HOUR, DAY = timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
APART: Final = timedelta(days=5)
FIRST, LAST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
NIGHT: Final = QuietHours(time(21), time(8))
SKIPPED_DAYS: Final = (("Pacific/Apia", 2011), ("Pacific/Fakaofo", 2011), ("Pacific/Kwajalein", 1993))
SAMPLE: Final = (
    ("Europe/Berlin", 2026),
    ("America/New_York", 2026),
    ("Australia/Lord_Howe", 2026),  # by half an hour
    ("Africa/Cairo", 2026),  # at midnight
    ("America/Havana", 2026),  # midnight comes twice
    ("America/Nuuk", 2026),  # in the evening
    ("Antarctica/Troll", 2026),  # by two hours
    ("Antarctica/Casey", 2021),  # by three
    ("Asia/Almaty", 2024),  # back from midnight, and never again
)


class Change(NamedTuple):
    """The first minute after clocks were changed, and the time of the zone before and after."""

    zone: tzinfo
    at: datetime
    before: timedelta
    after: timedelta

    def read(self, moment: datetime) -> datetime:
        """Return what the clocks show at a moment."""
        return moment.astimezone(self.zone).replace(tzinfo=None, fold=0)

    def list_moments(self, shown: datetime) -> list[datetime]:
        """List the moments at which the clocks show this: by both times of the zone, whichever is right."""
        return sorted({at for at in self.list_meant(shown) if self.read(at) == shown})

    def list_meant(self, shown: datetime) -> list[datetime]:
        """List the moments that `shown` would be by both times of the zone."""
        return sorted((shown - offset).replace(tzinfo=UTC) for offset in (self.before, self.after))

    def list_shown(self) -> Iterator[datetime]:
        """List what clocks show, or skip, from an hour before the change to an hour after it."""
        times = [(self.at + offset).replace(tzinfo=None) for offset in (self.before, self.after)]
        shown, last = min(times) - HOUR, max(times) + HOUR
        step = QUARTER if last - shown < DAY else 5 * HOUR
        while shown <= last:
            yield shown
            shown += step


def list_changes(zone: tzinfo, first: datetime, last: datetime) -> Iterator[Change]:
    """Find the changes of clocks in a zone. None is taken back within `APART`."""
    start, before = first, first.astimezone(zone).utcoffset()
    while start < last:
        after = (start + APART).astimezone(zone).utcoffset()
        assert before is not None
        assert after is not None
        if before != after:
            minutes = range(APART // MINUTE)
            nth = bisect.bisect_left(
                minutes, True, key=lambda each: (start + each * MINUTE).astimezone(zone).utcoffset() != before
            )
            yield Change(zone, start + nth * MINUTE, before, after)
        start, before = start + APART, after


@cache
def list_all_changes() -> list[Change]:
    """List the changes of all zones from 2020 to 2035, and skipped days; those alike at the same time of day once."""
    found: dict[tuple[time, timedelta, timedelta], Change] = {}
    for name in sorted(list_zones()):
        for change in list_changes(ZoneInfo(name), FIRST, LAST):
            found.setdefault((change.at.time(), change.before, change.after), change)
    return [*found.values(), *list_sample(SKIPPED_DAYS)]


def list_sample(years: tuple[tuple[str, int], ...]) -> list[Change]:
    """List the changes of these years."""
    return [
        change
        for name, year in years
        for change in list_changes(
            ZoneInfo(name), datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 2, tzinfo=UTC)
        )
    ]


@pytest.fixture(params=["sample", pytest.param("all", marks=pytest.mark.slow)])
def changes(request: pytest.FixtureRequest) -> list[Change]:
    return list_all_changes() if request.param == "all" else list_sample((*SAMPLE, *SKIPPED_DAYS))


def list_nows(change: Change) -> list[datetime]:
    minutes = (-1800, -50, -10, 0, 10, 50)
    return [(change.at + each * MINUTE).astimezone(change.zone) for each in minutes]


def check_typed(change: Change, now: datetime, typed: str, shown: datetime) -> None:
    """Check that a typed time is read as the next moment at which clocks show it, is asked about, or has passed."""
    moments = change.list_moments(shown)
    ahead = [at for at in moments or change.list_meant(shown) if at >= now.astimezone(UTC) + SOON]
    problem = "twice" if len(ahead) > 1 else None
    expected = "past" if not ahead else problem if moments else "skipped"
    assert read(typed, now) == (expected, ahead), (change.zone, now)


def read(typed: str, now: datetime) -> tuple[str | None, list[datetime]]:
    """Read a typed time: what is wrong with it, and the moments that it may mean."""
    try:
        return None, [parse_time(typed, now, ("en",)).astimezone(UTC)]
    except TimeChangeError as asked:
        return "skipped" if asked.is_skipped else "twice", list(asked.moments)
    except TimeRefusedError as refused:
        return refused.problem.value, []


def test_typed_hours_are_never_moved(changes: list[Change]) -> None:
    for change in changes:
        for now in list_nows(change):
            for shown in change.list_shown():
                check_typed(change, now, f"{shown:%Y-%m-%d %H:%M}", shown)
                today = now.replace(tzinfo=None, fold=0)
                if (shown.date() - today.date()).days == 1:
                    check_typed(change, now, f"tomorrow {shown:%H:%M}", shown)
                meant = change.list_moments(shown) or change.list_meant(shown)
                if shown.date() == today.date() and meant[-1] >= now.astimezone(UTC) + SOON:
                    check_typed(change, now, f"{shown:%H:%M}", shown)


def test_counted_hours_pass(changes: list[Change]) -> None:
    for change in changes:
        for now in list_nows(change):
            for typed, passing in (("in 20 minutes", 20 * MINUTE), ("in 1 hour", HOUR), ("in 3 hours", 3 * HOUR)):
                found = parse_time(typed, now, ("en",))
                assert found.astimezone(UTC) == now.astimezone(UTC) + passing, (change.zone, now, typed)


def test_offered_hours_are_ahead(changes: list[Change]) -> None:
    for change in changes:
        for now in list_nows(change):
            soon = now.astimezone(UTC) + SOON
            for shown in change.list_shown():
                near = [at.astimezone(UTC) for at in list_near(f"{shown:%Y-%m-%d %H:%M} or so", now, ("en",))]
                meant = change.list_moments(shown) or change.list_meant(shown)
                case = (change.zone, now, shown, near)
                assert all(at >= soon for at in near), case
                assert near == sorted(set(near)), case
                assert {at for at in meant if at >= soon} <= set(near), case
            usual = [at.astimezone(UTC) for at in list_usual(now)]
            assert all(at >= soon for at in usual), (change.zone, now, usual)
            assert len(set(usual)) == len(usual), (change.zone, now, usual)
            assert all(change.read(at).time() in (time(9), time(20)) for at in usual), (change.zone, now, usual)


def test_days_begin_at_their_first_minute(changes: list[Change]) -> None:
    for change in changes:
        for day in {change.read(change.at + each * DAY).date() for each in (-2, -1, 0, 1, 2)}:
            begins = find_midnight(day, change.zone)
            assert change.read(begins).date() == day, (change.zone, day)
            assert change.read(begins - MINUTE).date() < day, (change.zone, day)


def test_nobody_is_woken_and_morning_comes_within_a_day(changes: list[Change]) -> None:
    for change in changes:
        zones = (str(change.zone),)
        clocks = [change.read(change.at + each * QUARTER).time() for each in range(-160, 161)]
        days = [NIGHT.end <= clock < NIGHT.start for clock in clocks]
        for nth, is_day in enumerate(days[:-100]):
            now = change.at + (nth - 160) * QUARTER
            morning = NIGHT.find_morning(zones, now)
            case = (change.zone, now, morning)
            if morning is None:
                assert is_day, case
                continue
            assert now < morning <= now + DAY, case
            assert NIGHT.find_morning(zones, morning) is None, case
            assert NIGHT.end <= change.read(morning).time() < NIGHT.start, case
            assert not any(days[nth : nth + -(-(morning - now) // QUARTER)]) or not is_day, case
