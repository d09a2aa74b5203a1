"""A member may type the first and the last possible day: a filter accepts it, and a time to send is refused."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from chatbot.petition.broadcasts.parse_time import TimeRefusedError, parse_time
from chatbot.petition.exports.request import ExportRequest, from_code, to_code
from chatbot.petition.review.parse_filter import parse_filter

TODAY = date(2026, 11, 24)
ZONES = ("Asia/Seoul", "America/Los_Angeles", "Pacific/Kiritimati")
DAYS = ("0001-01-01", "0001-01-02", "9999-12-30", "9999-12-31", "9999년 12월 31일")


@pytest.mark.parametrize("zone", [ZoneInfo(name) for name in ZONES])
@pytest.mark.parametrize("day", DAYS)
def test_filter_accepts_the_first_and_last_days(day: str, zone: ZoneInfo) -> None:
    review_filter = parse_filter(f"{day} Norway", TODAY, zone, ("en", "ko"))
    assert review_filter is not None
    assert review_filter.since is not None
    assert review_filter.before is not None
    assert review_filter.since < review_filter.before


@pytest.mark.parametrize("zone", [ZoneInfo(name) for name in ZONES])
@pytest.mark.parametrize("day", DAYS)
def test_first_and_last_days_are_refused_as_time_to_send(day: str, zone: ZoneInfo) -> None:
    for clock in ("midnight", "24:00", "noon", "00:00"):
        with pytest.raises(TimeRefusedError):
            parse_time(f"{day} {clock}", datetime(2026, 11, 24, 12, tzinfo=zone), ("en", "ko"))


@pytest.mark.parametrize("zone", [ZoneInfo(name) for name in ZONES])
def test_export_accepts_the_first_and_last_days(zone: ZoneInfo) -> None:
    for each in (date.min, date.max):
        request = ExportRequest("signatures", "csv", "en", each, each, "NO")
        begins, ends = request.begins_at(zone), request.ends_at(zone)
        assert begins is not None
        assert ends is not None
        assert begins < ends
        assert from_code(to_code(request)) == request
