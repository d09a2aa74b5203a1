"""A chart has the right numbers at the right places, in the readers' time zone."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from chatbot.documents.charts import draw
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.petition.period import PERIODS, Period, divide_period
from chatbot.screens.organizer.records import charts
from chatbot.screens.organizer.records.charts import _levels

NOW = datetime(2026, 11, 25, 8, 20, tzinfo=UTC)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_levels_are_round_and_enclose_the_curve(one: int, other: int) -> None:
    low, high = min(one, other), max(one, other)
    levels = _levels(low, high)
    assert levels[0] <= low
    assert high <= levels[-1]
    assert 3 <= len(levels) <= 6
    assert len({after - before for before, after in pairwise(levels)}) == 1


@given(st.sampled_from(PERIODS), st.timedeltas(timedelta(0), timedelta(days=9_000)))
def test_period_is_divided_into_few_equal_parts_up_to_now(period: Period, age: timedelta) -> None:
    boundaries = divide_period(period, NOW, UTC, NOW - age)
    assert len({after - before for before, after in pairwise(boundaries)}) == 1
    assert boundaries[-2] <= NOW < boundaries[-1] or period in ("day", "week") or len(boundaries) == 3
    assert boundaries[-1] > NOW
    assert 3 <= len(boundaries) <= 61
    if period == "all":
        assert boundaries[0] <= NOW - age


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("total", [0, 1, 1_500, 12_345_678])
def test_any_numbers_make_a_small_picture(
    campaign: Campaign, translators: Mapping[str, Translator], language: str, total: int, tmp_path: Path
) -> None:
    _ = translators[language]
    boundaries = divide_period("month", NOW, _.zone, NOW)
    passed = [at for at in boundaries if at < NOW]
    totals = [total * nth // len(passed) for nth in range(len(passed) + 1)]
    growth = charts.growth(_, campaign, "month", NOW, boundaries, totals)
    assert growth["figure"] == _.number(campaign.carried_over + total)
    assert sum(growth["bars"]) == total
    assert growth["curve"][-1][1] == campaign.carried_over + total
    assert len(growth["marks"]) == 4
    assert ("11월 25일" if language == "ko" else "Nov 25") == growth["marks"][-1][1]
    counts = {code: total // nth for nth, code in enumerate(("KR", "BA", "US"), 1) if total // nth}
    ranks = charts.ranks(_, campaign, "month", NOW, counts, sum(counts.values()))
    for nth, described in enumerate((growth, ranks)):
        path = tmp_path / f"{nth}.png"
        draw(described).save(path)
        assert path.stat().st_size < 100_000
        with Image.open(path) as image:
            assert image.width == 1200


def test_people_who_do_not_say_their_country_are_no_country(
    campaign: Campaign, translators: Mapping[str, Translator]
) -> None:
    counts = {"ZZ": 500, **dict.fromkeys(("AT", "AU", "BE", "CA", "CH", "DE", "FR", "GB", "KR"), 100)}
    ranks = charts.ranks(translators["en"], campaign, "month", NOW, counts, sum(counts.values()))
    assert [name for name, *_ in ranks["ranks"]][-2:] == ["Not said", "other countries"]
    assert ranks["remark"] == "9 countries with 20 and more"
