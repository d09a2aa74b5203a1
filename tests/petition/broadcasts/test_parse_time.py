"""Dates and times as people type them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.petition.broadcasts.parse_time import TimeChangeError, TimeProblem, TimeRefusedError, parse_time

SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2026, 11, 24, 14, 30, tzinfo=SEOUL)  # a Tuesday
LANGUAGES = ("ko", "en")
DECEMBER = datetime(2026, 12, 1, 9, 0, tzinfo=SEOUL)


@pytest.mark.parametrize(
    "typed",
    [
        "2026-12-01 09:00",
        "2026-12-01 9:00",
        "2026.12.1 9:00",
        "2026. 12. 1. 오전 9:00",
        "2026년 12월 1일 9시",
        "2026년 12월 1일 화요일 오전 9시",
        "12/1 9:00",
        "12/1 9",
        "12-1 09:00",
        "12.1 9시",
        "12. 1. 9:00",
        "12월1일 9시",
        "12월 1일 오전 9시에",
        "12월 1일 아침 9시 정각",
        "Dec 1 9:00",
        "December 1 at 9 am",
        "December 1st, 2026 9:00 a.m.",
        "1 December 9am",
        "1st of December 9:00",
        "Tuesday, December 1, 2026 9:00 AM",
        "1 December 9 am",
        "9:00 12/1",
        "9:00 Dec 1",
        "１２월 １일 ９시",
        "다음 주 화요일 9시",
        "next Tuesday 9:00",
    ],
)
def test_many_spellings_name_the_same_morning(typed: str) -> None:
    assert parse_time(typed, NOW, LANGUAGES) == DECEMBER


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("내일 9시", "2026-11-25 09:00"),
        ("내일 오후 9시", "2026-11-25 21:00"),
        ("내일 9", "2026-11-25 09:00"),
        ("tomorrow 9:00", "2026-11-25 09:00"),
        ("tomorrow at 6:30 pm", "2026-11-25 18:30"),
        ("tomorrow 6 in the evening", "2026-11-25 18:00"),
        ("모레 7시 반", "2026-11-26 07:30"),
        ("내일모레 7시 5분", "2026-11-26 07:05"),
        ("the day after tomorrow 7:05", "2026-11-26 07:05"),
        ("오늘 저녁 8시", "2026-11-24 20:00"),
        ("tonight 8", "2026-11-24 20:00"),
        ("today 20:00", "2026-11-24 20:00"),
        ("20:00", "2026-11-24 20:00"),
        ("9:00", "2026-11-25 09:00"),
        ("9시", "2026-11-25 09:00"),
        ("8pm", "2026-11-24 20:00"),
        ("12 am", "2026-11-25 00:00"),
        ("내일 정오", "2026-11-25 12:00"),
        ("tomorrow noon", "2026-11-25 12:00"),
        ("오늘 자정", "2026-11-25 00:00"),
        ("오늘 밤 12시", "2026-11-25 00:00"),
        ("오늘 24:00", "2026-11-25 00:00"),
        ("새벽 12시 30분", "2026-11-25 00:30"),
        ("낮 12시", "2026-11-25 12:00"),
        ("금요일 10시", "2026-11-27 10:00"),
        ("Friday 10:00", "2026-11-27 10:00"),
        ("화요일 15:00", "2026-11-24 15:00"),
        ("화요일 10:00", "2026-12-01 10:00"),
        ("월요일 10시", "2026-11-30 10:00"),
        ("next Monday 10:00", "2026-11-30 10:00"),
        ("다음주 금요일 10시", "2026-12-04 10:00"),
        ("1/5 9:00", "2027-01-05 09:00"),
        ("1월 5일 9시", "2027-01-05 09:00"),
        ("30분 뒤", "2026-11-24 15:00"),
        ("2시간 후에", "2026-11-24 16:30"),
        ("in 2 hours", "2026-11-24 16:30"),
        ("3 days later", "2026-11-27 14:30"),
        ("2027-11-24 09:00", "2027-11-24 09:00"),
    ],
)
def test_time_means_its_next_occurrence(typed: str, meant: str) -> None:
    assert parse_time(typed, NOW, LANGUAGES) == datetime.fromisoformat(meant).replace(tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", TimeProblem.UNCLEAR),
        ("soon", TimeProblem.UNCLEAR),
        ("내일", TimeProblem.UNCLEAR),
        ("12/1", TimeProblem.UNCLEAR),
        ("9", TimeProblem.UNCLEAR),
        ("2월 30일 9시", TimeProblem.UNCLEAR),
        ("13/1 9:00", TimeProblem.UNCLEAR),
        ("내일 25시", TimeProblem.UNCLEAR),
        ("내일 9:75", TimeProblem.UNCLEAR),
        ("내일 9시쯤 아니면 10시", TimeProblem.UNCLEAR),
        ("12/1 9:00 or 12/2 9:00", TimeProblem.UNCLEAR),
        ("12/1 9:00 PST", TimeProblem.UNCLEAR),
        ("2 hours", TimeProblem.UNCLEAR),
        ("오늘 9시", TimeProblem.PAST),
        ("today 14:30", TimeProblem.PAST),
        ("11/24 14:30", TimeProblem.PAST),
        ("11/20 9:00", TimeProblem.PAST),
        ("2026-01-01 09:00", TimeProblem.PAST),
        ("2019-12-01 09:00", TimeProblem.PAST),
        ("2027-12-01 09:00", TimeProblem.FAR),
    ],
)
def test_impossible_time_is_refused_with_the_reason(typed: str, problem: TimeProblem) -> None:
    with pytest.raises(TimeRefusedError) as refused:
        parse_time(typed, NOW, LANGUAGES)
    assert refused.value.problem is problem


def test_leap_day_is_in_the_next_leap_year() -> None:
    now = datetime(2027, 11, 1, 9, 0, tzinfo=SEOUL)
    assert parse_time("2/29 9:00", now, LANGUAGES) == datetime(2028, 2, 29, 9, 0, tzinfo=SEOUL)
    with pytest.raises(TimeRefusedError):
        parse_time("2/29 9:00", NOW, LANGUAGES)


BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("now", "typed", "moments", "is_skipped"),
    [
        (datetime(2026, 10, 24, 9, 0, tzinfo=BERLIN), "tomorrow 2:30", ["02:30 +0200", "02:30 +0100"], False),
        (datetime(2026, 10, 25, 1, 0, tzinfo=BERLIN), "2:30", ["02:30 +0200", "02:30 +0100"], False),
        (datetime(2026, 10, 31, 9, 0, tzinfo=NEW_YORK), "tomorrow 1:00", ["01:00 -0400", "01:00 -0500"], False),
        (datetime(2027, 3, 1, 9, 0, tzinfo=BERLIN), "3/28 2:30", ["01:30 +0100", "03:30 +0200"], True),
        (datetime(2027, 3, 28, 1, 45, tzinfo=BERLIN), "2:30", ["03:30 +0200"], True),
        (datetime(2027, 3, 13, 9, 0, tzinfo=NEW_YORK), "tomorrow 2:00", ["01:00 -0500", "03:00 -0400"], True),
    ],
)
def test_time_at_which_clocks_change_must_be_asked_about(
    now: datetime, typed: str, moments: list[str], is_skipped: bool
) -> None:
    with pytest.raises(TimeChangeError) as asked:
        parse_time(typed, now, LANGUAGES)
    assert [f"{each.astimezone(now.tzinfo):%H:%M %z}" for each in asked.value.moments] == moments
    assert asked.value.is_skipped == is_skipped


@pytest.mark.parametrize(
    ("now", "typed", "found"),
    [
        # The first 2:30 is past, so that only the second one can be meant.
        (datetime(2026, 10, 25, 2, 40, tzinfo=BERLIN), "2:30", "2026-10-25 02:30 +0100"),
        (datetime(2026, 10, 25, 2, 40, tzinfo=BERLIN, fold=1), "2:30", "2026-10-26 02:30 +0100"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=BERLIN), "in 2 hours", "2026-10-25 02:30 +0100"),
        (datetime(2026, 10, 31, 12, 0, tzinfo=NEW_YORK), "in 24 hours", "2026-11-01 11:00 -0500"),
        (datetime(2026, 10, 31, 12, 0, tzinfo=NEW_YORK), "in 1 day", "2026-11-01 12:00 -0500"),
        (datetime(2027, 3, 27, 20, 0, tzinfo=BERLIN), "tomorrow 9:00", "2027-03-28 09:00 +0200"),
        (datetime(2027, 3, 28, 1, 30, tzinfo=BERLIN), "in 1 hour", "2027-03-28 03:30 +0200"),
        (datetime(2027, 3, 28, 1, 59, tzinfo=BERLIN), "3:00", "2027-03-28 03:00 +0200"),
    ],
)
def test_time_around_a_change_of_clocks_is_that_of_the_clock(now: datetime, typed: str, found: str) -> None:
    assert f"{parse_time(typed, now, LANGUAGES):%Y-%m-%d %H:%M %z}" == found


def test_time_is_in_the_readers_zone() -> None:
    assert parse_time("12/1 9:00", NOW.astimezone(UTC), LANGUAGES) == DECEMBER + timedelta(hours=9)


@given(
    text=st.text(alphabet="0123456789:/-. 년월일시분오전후내모레요다음주apmtoday", max_size=40) | st.text(max_size=40)
)
def test_any_text_is_a_time_of_the_coming_year_or_refused(text: str) -> None:
    try:
        found = parse_time(text, NOW, LANGUAGES)
    except TimeRefusedError:
        return
    assert NOW < found <= NOW + timedelta(days=366)


@given(minutes=st.integers(min_value=2, max_value=365 * 24 * 60))
def test_full_date_is_read_back(minutes: int) -> None:
    moment = NOW + timedelta(minutes=minutes)
    assert parse_time(f"{moment:%Y-%m-%d %H:%M}", NOW, LANGUAGES) == moment
    part = "새벽 " if moment.hour in range(1, 6) else ""  # 3시 alone is rarely meant as an hour of the night
    spoken = f"{moment.year}년 {moment.month}월 {moment.day}일 {part}{moment.hour}시 {moment.minute}분"
    assert parse_time(spoken, NOW, LANGUAGES) == moment


@pytest.mark.parametrize("typed", ["1405/09/10 9:00", "۱۴۰۵/۰۹/۱۰ ۹:۰۰", "2569-12-01 9:00", "1/12/2569 9:00"])
@pytest.mark.parametrize("language", ["fa", "th"])
def test_year_of_another_calendar_is_unclear(typed: str, language: str) -> None:
    with pytest.raises(TimeRefusedError) as error:
        parse_time(typed, NOW, (language, "en"))
    assert error.value.problem == TimeProblem.UNCLEAR


@pytest.mark.parametrize("typed", ["2026-12-01 9:00", "۲۰۲۶/۱۲/۱ ۹:۰۰", "۱۲/۱ ۹:۰۰"])
def test_numbers_are_of_the_gregorian_calendar(typed: str) -> None:
    assert parse_time(typed, NOW, ("fa", "en")) == DECEMBER
