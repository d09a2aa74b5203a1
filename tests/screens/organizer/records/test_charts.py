"""A chart has the right numbers at the right places, in the readers' time zone."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from chatbot.documents.charts import draw
from chatbot.documents.typesetting.sheet import MARGIN, WIDTH
from chatbot.i18n import Translator, Translators
from chatbot.petition.exports.share_card import SHAPES
from chatbot.petition.lifecycle import PetitionStatus
from chatbot.petition.model import Campaign
from chatbot.petition.period import PERIODS, Period, divide_period
from chatbot.screens.load import read_petition
from chatbot.screens.organizer.petition.public_page import describe_picture
from chatbot.screens.organizer.records import charts, share_cards, statistics
from chatbot.screens.organizer.records.charts import _levels
from chatbot.screens.organizer.records.statistics import period_name
from chatbot.settings import BUNDLED_LOCALES
from tests.support.made_up_languages import ACCENTED, RIGHT_TO_LEFT, copy_campaign

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


@pytest.mark.slow
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
    number = campaign.carried_over + total
    assert "".join(growth["figure"]) == (f"서명 {number:,}건" if language == "ko" else f"{number:,} signatures")
    assert growth["figure"][1] == f"{number:,}", "it is drawn larger than the words around it"
    assert growth["foot"] == (
        "2026년 11월 25일 수요일 오후 5:20 (한국 시간) 기준"
        if language == "ko"
        else "As of Wednesday, November 25, 2026, 8:20 AM (UTC)"
    )
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


@pytest.mark.parametrize("counts", [(600, 160, 70, 30, 20, 20, 20, 20, 20, 10, 30), (330, 330, 330), (20,), (1990, 20)])
def test_shares_add_up_in_pictures_and_on_screens(
    campaign: Campaign, translators: Mapping[str, Translator], counts: tuple[int, ...]
) -> None:
    codes = ("KR", "US", "JP", "CA", "AU", "DE", "GB", "NZ", "FR", "IT", "ZZ")
    named = dict(zip(codes, counts, strict=False))
    _, total = translators["en"], sum(counts) + 7
    picture = charts.ranks(_, campaign, "all", NOW, named, total)
    assert sum(int(share.rstrip("%")) for *_rest, share in picture["ranks"]) == 100
    for screen in (statistics.by_country, statistics.by_source):
        shares = re.findall(r"· (\d+)%", str(screen(_, named, "all", total).text))
        assert sum(map(int, shares)) == 100


WORST: Final = ("qps", *(pytest.param(each, marks=pytest.mark.slow) for each in ("ko", "en", "qar")))
"""The longest words, and the others."""


@pytest.fixture(scope="module")
def worst(tmp_path_factory: pytest.TempPathFactory) -> tuple[Campaign, Translators]:
    """Return a campaign whose titles are as long as they can be, and translators of long words."""
    folder = copy_campaign(tmp_path_factory.mktemp("made-up") / "campaign", [ACCENTED, RIGHT_TO_LEFT])
    campaign, translators = read_petition([folder, BUNDLED_LOCALES])
    long = {each: replace(words, title=("W" * 30 + " ") * 4, hashtag="") for each, words in campaign.words.items()}
    return replace(campaign, words=long), translators.in_zone(campaign.zone)


def find_cut(image: Image.Image) -> list[str]:
    """Return the sides of a picture at which something ends beyond the margin. Bands at its top are as wide as it."""
    pixels = image.convert("RGB")
    paper = pixels.crop((5, 0, 6, image.height)).resize(pixels.size, Image.Resampling.NEAREST)
    ink = ImageChops.difference(pixels, paper).convert("L").point(lambda value: 255 * (value > 40))
    sides = {"left": (0, 30, 60, image.height), "right": (1140, 30, 1200, image.height)}
    sides["bottom"] = (0, image.height - 16, 1200, image.height)
    return [side for side, box in sides.items() if ink.crop(box).getbbox()]


@pytest.mark.slow
@pytest.mark.parametrize("language", WORST)
def test_nothing_is_cut_at_an_edge(worst: tuple[Campaign, Translators], language: str, tmp_path: Path) -> None:
    campaign, translators = worst
    _ = translators[language]
    boundaries = divide_period("day", NOW, campaign.zone, NOW)
    totals = [10_000_000 * nth for nth in range(sum(at < NOW for at in boundaries) + 1)]
    named = {"GS": 10_000_000, "VC": 9_999_990, "UM": 9_999_990}
    link = f"https://t.me/{'B' * 32}?start=picture"
    described = {
        "growth": charts.growth(_, campaign, "day", NOW, boundaries, totals),
        "ranks": charts.ranks(_, campaign, "all", NOW, named, 9_999_999_999),
        "few": charts.ranks(_, campaign, "all", NOW, {}, 0),
    }
    for shape in SHAPES:
        for nth, (total, ending) in enumerate(((0, None), (10_000_000_000, "closed"), (1, "victory"))):
            words = campaign.words[language]
            described[f"{shape}-{nth}"] = share_cards.describe(_, words, total, ending, shape, link)
    for nth, (total, status) in enumerate(((0, PetitionStatus()), (10_000_000_000, PetitionStatus("closed")))):
        described[f"preview-{nth}"] = dict(describe_picture(_, campaign, status, total, link))
    for name, each in described.items():
        draw(each).save(tmp_path / f"{name}.png")
        with Image.open(tmp_path / f"{name}.png") as image:
            assert find_cut(image) == [], name


def test_heading_is_shortened_and_the_period_is_not(worst: tuple[Campaign, Translators]) -> None:
    campaign, translators = worst
    for period in PERIODS:
        ranks = charts.ranks(translators["en"], campaign, period, NOW, {}, 0)
        assert ranks["period"] == period_name(translators["en"], period)
        assert ranks["period"] not in ranks["heading"]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("title", ["", "숲", "Save the forest " * 9])
def test_card_has_no_empty_part(
    campaign: Campaign, translators: Mapping[str, Translator], tmp_path: Path, language: str, title: str
) -> None:
    words = campaign.words[language]
    words = replace(words, title=title or words.title)
    for shape in SHAPES:
        card = share_cards.describe(translators[language], words, 179_971, None, shape, "https://t.me/B?start=picture")
        draw(card).save(tmp_path / "card.png")
        with Image.open(tmp_path / "card.png") as image:
            paper = image.convert("RGB").getpixel((5, image.height - 5))
            empty = ImageChops.difference(image.convert("RGB"), Image.new("RGB", image.size, paper)).convert("L")
            rows = [empty.crop((0, y, image.width, y + 1)).getbbox() is None for y in range(image.height)]
        longest = max(len(list(run)) for is_empty, run in groupby(rows) if is_empty)
        assert longest < 130, (shape, longest)


def test_card_has_title_number_call_and_link(campaign: Campaign, translators: Mapping[str, Translator]) -> None:
    link = "https://t.me/SaveMyFriendBot?start=picture"
    words = campaign.words["ko"]
    card = share_cards.describe(translators["ko"], words, 179_971, None, "square", link)
    assert (card["title"], card["hashtag"]) == ("탈북 난민을 구해 주세요", "#SaveMyFriend")
    assert "".join(card["figure"]) == "179,971명이 서명했습니다"
    assert "서명해 주세요" in card["call"]
    assert (card["link"], card["address"]) == (link, "t.me/SaveMyFriendBot")
    closed = share_cards.describe(translators["ko"], words, 179_971, "closed", "square", link)
    assert "서명해 주세요" not in closed["call"]
    assert str(share_cards.caption(translators["ko"], words, 179_971, "closed", link)) == (
        f"{words.share_text_closed.replace('{count}', '179,971')}\n\n{link}"
    )


def test_people_who_do_not_say_their_country_are_no_country(
    campaign: Campaign, translators: Mapping[str, Translator]
) -> None:
    counts = {"ZZ": 500, **dict.fromkeys(("AT", "AU", "BE", "CA", "CH", "DE", "FR", "GB", "KR"), 100)}
    ranks = charts.ranks(translators["en"], campaign, "month", NOW, counts, sum(counts.values()))
    assert [name for name, *_ in ranks["ranks"]][-2:] == ["Not said", "other countries"]
    assert ranks["remark"] == "9 countries with 20 or more"


def test_bar_of_the_preview_is_full_only_at_the_goal(
    campaign: Campaign, translators: Mapping[str, Translator], tmp_path: Path
) -> None:
    drawn = dict(describe_picture(translators["en"], campaign, PetitionStatus(), 179_999, "https://t.me/B?start=web"))
    ends = {}
    for filled in (drawn["filled"], 1.0):
        draw(drawn | {"filled": filled}).save(tmp_path / "bar.png")
        with Image.open(tmp_path / "bar.png") as picture:
            ends[filled] = picture.convert("RGB").getpixel((WIDTH - MARGIN - 14, 452))
    assert len(set(ends.values())) == 2
