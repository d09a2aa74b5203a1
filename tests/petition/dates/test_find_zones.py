"""Time zones are found by what members type."""

from datetime import UTC, datetime

import pytest

from chatbot.petition.dates.find_zones import MOST, find_zones

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Berlin", "Europe/Berlin"),
        ("  new york ", "America/New_York"),
        ("New_York", "America/New_York"),
        ("asia/tokyo", "Asia/Tokyo"),
        ("베를린", "Europe/Berlin"),
        ("부산", "Asia/Seoul"),
        ("München", "Europe/Berlin"),
        ("독일", "Europe/Berlin"),
        ("India", "Asia/Kolkata"),
        ("utc", "UTC"),
    ],
)
def test_place_with_one_time_is_found(typed: str, zone: str) -> None:
    assert find_zones(typed, ("en", "ko"), NOW) == [zone]


def test_country_with_several_times_offers_each_once_the_largest_first() -> None:
    found = find_zones("USA", ("en",), NOW)
    assert set(found) > {"America/New_York", "America/Chicago", "America/Phoenix", "Pacific/Honolulu"}
    assert "America/Detroit" not in found, "its clocks are those of New York"
    assert len(find_zones("Russia", ("en",), NOW)) <= MOST


@pytest.mark.parametrize("typed", ["", "qwerty", "9", "🕘", "x" * 5000, "\0", "../UTC"])
def test_other_text_is_no_place(typed: str) -> None:
    assert find_zones(typed, ("en", "ko"), NOW) == []
