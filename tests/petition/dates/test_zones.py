"""Days and hours of time zones, also where clocks are set forward and back."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from chatbot.petition.dates.zones import (
    find_midnight,
    find_moments,
    find_neighbours,
    is_repeated,
    is_zone,
    read_zone,
)

BERLIN, NEW_YORK, SEOUL = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Seoul")


@pytest.mark.parametrize(
    ("local", "moments"),
    [
        (datetime(2026, 11, 24, 12, 0, tzinfo=SEOUL), ["2026-11-24 03:00"]),
        (datetime(2027, 3, 28, 2, 30, tzinfo=BERLIN), []),
        (datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN), ["2026-10-25 00:30", "2026-10-25 01:30"]),
        (datetime(2026, 10, 25, 3, 0, tzinfo=BERLIN), ["2026-10-25 02:00"]),
        (datetime(2027, 3, 14, 2, 0, tzinfo=NEW_YORK), []),
        (datetime(2026, 11, 1, 1, 59, tzinfo=NEW_YORK), ["2026-11-01 05:59", "2026-11-01 06:59"]),
    ],
)
def test_clock_shows_an_hour_once_twice_or_never(local: datetime, moments: list[str]) -> None:
    assert [f"{each:%Y-%m-%d %H:%M}" for each in find_moments(local)] == moments


def test_time_that_clocks_skip_has_a_neighbour_on_both_sides() -> None:
    before, after = find_neighbours(datetime(2027, 3, 28, 2, 30, tzinfo=BERLIN))
    assert [f"{each.astimezone(BERLIN):%H:%M %z}" for each in (before, after)] == ["01:30 +0100", "03:30 +0200"]


def test_only_hours_that_come_twice_are_repeated() -> None:
    assert is_repeated(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), BERLIN)
    assert is_repeated(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), BERLIN)
    assert not is_repeated(datetime(2026, 10, 25, 2, 0, tzinfo=UTC), BERLIN)
    assert not is_repeated(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), SEOUL)


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        ("Asia/Seoul", date(2026, 11, 24), "2026-11-23 15:00"),
        ("Africa/Cairo", date(2026, 4, 24), "2026-04-23 22:00"),  # its clocks go from 00:00 to 01:00
        ("America/Havana", date(2026, 11, 1), "2026-11-01 04:00"),  # its midnight comes twice
    ],
)
def test_day_begins_at_its_first_moment(zone: str, day: date, begins: str) -> None:
    assert f"{find_midnight(day, ZoneInfo(zone)):%Y-%m-%d %H:%M}" == begins


@pytest.mark.parametrize("name", ["Asia/London", "localtime", "", "../UTC", "Europe", "/etc/localtime"])
def test_other_names_are_no_zones(name: str) -> None:
    assert not is_zone(name)
    assert read_zone(name) is None


def test_zone_is_read_by_its_name() -> None:
    assert read_zone("Europe/Berlin") == BERLIN
    assert read_zone(None) is None
