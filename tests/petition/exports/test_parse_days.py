"""The days of an export as people type them."""

from datetime import date

from chatbot.petition.exports.parse_days import read_days


def test_days_are_read_in_every_usual_form() -> None:
    today = date(2026, 11, 24)
    november = (date(2026, 11, 1), date(2026, 11, 30))
    for text in ("2026-11-01 2026-11-30", "2026.11.1 ~ 2026.11.30", "2026년 11월 1일부터 2026년 11월 30일까지"):
        assert read_days(text, today, ("ko", "en")) == (november, "")
    weeks = (date(2026, 11, 1), date(2026, 11, 20))
    for text in ("from Nov 1 to Nov 20", "1 Nov 20 Nov", "Nov 1 Nov 20", "11/1 – 11/20"):
        assert read_days(text, today, ("en", "ko")) == (weeks, "")
    assert read_days("1.11. – 20.11. Kanada", today, ("de", "en")) == (weeks, "kanada")
    assert read_days("1 nov. 2026 30 nov. 2026 Canada", today, ("fr", "en")) == (november, "canada")
    assert read_days("11/20", today, ("ko", "en")) == ((date(2026, 11, 20), date(2026, 11, 20)), "")
    assert read_days("12/25", today, ("ko", "en"))[0] == (date(2025, 12, 25), date(2025, 12, 25))
    assert read_days("11/20 11/3 캐나다", today, ("ko", "en")) == ((date(2026, 11, 3), date(2026, 11, 20)), "캐나다")
    assert read_days("13/45 2026-02-30 norway", today, ("ko", "en"))[0] is None
    since = (date(2026, 11, 20), today)
    for text in (
        "since Nov 20",
        "from 11/20",
        "11월 20일부터",
        "11월 20일 이후",
        "from Nov 20 to today",
        "11/20부터 오늘까지",
    ):
        assert read_days(text, today, ("en", "ko")) == (since, "")
    for text in ("until Nov 20", "to 11/20", "11월 20일까지", "오늘까지"):
        assert read_days(text, today, ("en", "ko"))[0] is None, "since when is not said"
    for text in ("yesterday canada", "어제 canada"):
        assert read_days(text, today, ("en", "ko")) == ((date(2026, 11, 23), date(2026, 11, 23)), "canada")
    assert read_days("그저께", today, ("ko",)) == ((date(2026, 11, 22), date(2026, 11, 22)), "")
    assert read_days("tomorrow", today, ("en",))[0] is None


def test_from_is_of_the_country_unless_the_day_follows() -> None:
    """Otherwise "Nov 20 from Canada" would be all since Nov 20."""
    today, day = date(2026, 11, 24), date(2026, 11, 20)
    for text in ("Nov 20 from Canada", "from Canada, Nov 20", "11/20 from Canada"):
        assert read_days(text, today, ("en", "ko")) == ((day, day), "canada"), text
    assert read_days("October from Canada", today, ("en",)) == ((date(2026, 10, 1), date(2026, 10, 31)), "canada")
    for text in ("since Nov 20 from Canada", "from Nov 20, Canada", "from the Nov 20, Canada", "11월 20일부터 canada"):
        assert read_days(text, today, ("en", "ko")) == ((day, today), "canada"), text
    for text in ("until Nov 20 from Canada", "canada 11월 20일까지", "from October"):
        assert read_days(text, today, ("en", "ko"))[0] is None, text
