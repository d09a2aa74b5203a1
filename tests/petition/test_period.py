"""Days of statistics and charts, in zones whose clocks are changed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chatbot.petition.period import PERIODS, divide_period, find_beginning

HOUR = timedelta(hours=1)
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
CHANGES = [
    pytest.param(BERLIN, datetime(2026, 10, 25, 22, 30, tzinfo=UTC), 25, id="Berlin in autumn"),
    pytest.param(BERLIN, datetime(2027, 3, 28, 21, 30, tzinfo=UTC), 23, id="Berlin in spring"),
    pytest.param(NEW_YORK, datetime(2026, 11, 2, 4, 30, tzinfo=UTC), 25, id="New York in autumn"),
    pytest.param(NEW_YORK, datetime(2027, 3, 15, 3, 30, tzinfo=UTC), 23, id="New York in spring"),
]
"""Late in the evening of a day on which the clock is changed, and the hours of that day."""


@pytest.mark.parametrize(("zone", "evening", "hours"), CHANGES)
def test_day_of_a_change_has_all_its_hours(zone: ZoneInfo, evening: datetime, hours: int) -> None:
    boundaries = divide_period("day", evening, zone, evening)
    assert boundaries[0] == find_beginning("day", evening, zone)
    assert (len(boundaries) - 1, boundaries[-1] - boundaries[0]) == (hours, hours * HOUR)
    assert boundaries[0] < evening < boundaries[-1]


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("days_later", range(8))
@pytest.mark.parametrize(("zone", "evening", "_hours"), CHANGES)
def test_periods_begin_at_midnight_and_reach_until_now(period, days_later, zone, evening, _hours) -> None:
    now = evening + timedelta(days=days_later)
    boundaries = divide_period(period, now, zone, now - timedelta(days=50))
    assert boundaries == sorted(boundaries)
    assert boundaries[-1] >= now
    for at in (boundaries[0], boundaries[-1], find_beginning(period, now, zone) or boundaries[0]):
        assert at.astimezone(zone).hour == at.minute == 0
    if period != "day":
        assert {at.astimezone(zone).hour for at in boundaries} <= {0, 6, 12, 18}
