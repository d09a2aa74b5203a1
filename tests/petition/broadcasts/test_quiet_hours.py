"""Quiet hours: nobody is woken, in no zone of their country, on no day of the year."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from babel.core import get_global

from chatbot.petition.broadcasts.quiet_hours import FARTHEST, QuietHours, check_times, find_zones, read_times

NIGHT = QuietHours(time(21), time(8))


def at(zone: str, *moment: int) -> datetime:
    return datetime(*moment, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def test_evening_waits_for_the_morning_of_the_next_day() -> None:
    seoul = ("Asia/Seoul",)
    assert NIGHT.find_morning(seoul, at("Asia/Seoul", 2026, 11, 27, 12)) is None
    assert NIGHT.find_morning(seoul, at("Asia/Seoul", 2026, 11, 27, 20, 58)) is None
    assert NIGHT.find_morning(seoul, at("Asia/Seoul", 2026, 11, 27, 20, 59, 59)) == at("Asia/Seoul", 2026, 11, 28, 8)
    assert NIGHT.find_morning(seoul, at("Asia/Seoul", 2026, 11, 28, 3)) == at("Asia/Seoul", 2026, 11, 28, 8)
    assert NIGHT.find_morning(seoul, at("Asia/Seoul", 2026, 11, 28, 7, 59)) == at("Asia/Seoul", 2026, 11, 28, 8)
    assert NIGHT.find_morning(seoul, at("Asia/Seoul", 2026, 11, 28, 8)) is None


def test_quiet_hours_need_not_contain_midnight() -> None:
    siesta = QuietHours(time(13), time(16))
    assert siesta.find_morning(("Europe/Madrid",), at("Europe/Madrid", 2026, 7, 1, 12)) is None
    assert siesta.find_morning(("Europe/Madrid",), at("Europe/Madrid", 2026, 7, 1, 14)) == at(
        "Europe/Madrid", 2026, 7, 1, 16
    )


def test_country_with_several_zones_is_written_to_when_it_is_day_in_all() -> None:
    zones = find_zones("US", "UTC")
    morning_in_hawaii, evening_in_new_york = (
        at("Pacific/Honolulu", 2026, 1, 5, 8),
        at("America/New_York", 2026, 1, 5, 21),
    )
    assert NIGHT.find_morning(zones, at("America/New_York", 2026, 1, 5, 9)) == morning_in_hawaii
    assert NIGHT.find_morning(zones, morning_in_hawaii) is None
    assert NIGHT.find_morning(zones, evening_in_new_york - timedelta(minutes=2)) is None
    assert NIGHT.find_morning(zones, evening_in_new_york) == morning_in_hawaii + timedelta(days=1)


def test_russia_has_three_hours_of_day_everywhere() -> None:
    zones = find_zones("RU", "UTC")
    day = datetime(2026, 6, 1, tzinfo=UTC)
    open_hours = [hour for hour in range(24) if NIGHT.find_morning(zones, day.replace(hour=hour)) is None]
    assert open_hours == [6, 7, 8]  # 9 to 12 o'clock in Moscow


def test_country_where_it_is_never_day_everywhere_wakes_the_fewest() -> None:
    zones = ("Asia/Kamchatka", "Europe/Kaliningrad", "Europe/Moscow")
    long_night = QuietHours(time(18), time(10))
    day = datetime(2026, 6, 1, tzinfo=UTC)
    open_hours = [hour for hour in range(24) if long_night.find_morning(zones, day.replace(hour=hour)) is None]
    assert open_hours == [8, 9, 10, 11, 12, 13, 14], "it is day in two of three"


@pytest.mark.parametrize(
    "day", [(2026, 1, 15), (2026, 3, 8), (2026, 3, 29), (2026, 7, 15), (2026, 10, 25), (2026, 11, 1)]
)
def test_every_country_has_a_morning_within_a_day_at_which_nobody_is_woken(day: tuple[int, int, int]) -> None:
    """Also on the days on which clocks change."""
    start = datetime(*day, tzinfo=UTC)
    for country in get_global("territory_zones"):
        zones = find_zones(country, "UTC")
        for hour in range(0, 24, 3):
            now = start + timedelta(hours=hour)
            morning = NIGHT.find_morning(zones, now) or now
            assert now <= morning <= now + timedelta(hours=26) < now + FARTHEST
            assert NIGHT.find_morning(zones, morning) is None, "a morning is a time to write"
            if country not in ("AQ", "ZZ", "001"):  # their zones lie around the globe
                local = {morning.astimezone(ZoneInfo(zone)).time() for zone in zones}
                assert all(time(8) <= each < time(21) for each in local), (country, now)


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Europe/Berlin", (2026, 3, 28, 22), (2026, 3, 29, 8)),  # an hour shorter
        ("America/New_York", (2026, 10, 31, 22), (2026, 11, 1, 8)),  # an hour longer
    ],
)
def test_morning_is_at_eight_after_the_clocks_changed(
    zone: str, before: tuple[int, ...], after: tuple[int, ...]
) -> None:
    assert NIGHT.find_morning((zone,), at(zone, *before)) == at(zone, *after)


def test_quiet_hours_that_end_when_the_clocks_change_end() -> None:
    for end in (time(2, 30), time(3)):
        quiet = QuietHours(time(22), end)
        for evening in (at("Europe/Berlin", 2026, 3, 28, 23), at("Europe/Berlin", 2026, 10, 24, 23)):
            morning = quiet.find_morning(("Europe/Berlin",), evening)
            assert morning is not None
            assert quiet.find_morning(("Europe/Berlin",), morning) is None


def test_without_a_known_country_the_zone_of_the_language_counts() -> None:
    assert find_zones(None, "Asia/Seoul") == ("Asia/Seoul",)
    assert find_zones("XX", "Asia/Seoul") == ("Asia/Seoul",)
    assert find_zones("ZZ", "Asia/Seoul") == ("Asia/Seoul",), "who does not say the country"
    assert find_zones("KP", "Asia/Seoul") == ("Asia/Pyongyang",)
    known = available_timezones()
    assert all(set(find_zones(country, "UTC")) <= known for country in get_global("territory_zones"))


def test_times_are_read_from_the_campaign_file() -> None:
    assert read_times(check_times(["21:00", "08:00"])) == NIGHT
    assert read_times(check_times([])) is None


@pytest.mark.parametrize(
    "times",
    [
        ["21:00"],
        ["21:00", "08:00", "09:00"],
        ["9 pm", "8 am"],
        ["24:00", "08:00"],
        ["08:00", "08:00"],
        ["08:00", "07:30"],
    ],
)
def test_other_times_are_refused(times: list[str]) -> None:
    with pytest.raises(ValueError, match=r"two times|at least one hour"):
        check_times(times)
