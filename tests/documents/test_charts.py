"""Charts in languages that the program does not know by name: typefaces, and the side where they begin."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from chatbot.documents.charts import draw
from chatbot.documents.typesetting.lettering import Lettering
from chatbot.petition.model import Campaign
from chatbot.petition.period import divide_period
from chatbot.screens.organizer.records import charts
from tests.support.more_languages import speak_untranslated

NOW = datetime(2026, 11, 25, 8, 20, tzinfo=UTC)
WORDS = {
    "latin": "Güney Kore, İran",
    "greek": "Νότια Κορέα",
    "cyrillic": "Республика Корея",
    "korean": "대한민국",
    "japanese": "韓国・読む",
    "arabic": "كوريا الجنوبية 12",
    "hebrew": "קוריאה הדרומית",
    "thai": "เกาหลีใต้",
    "devanagari": "दक्षिण कोरिया",
}


def paint(text: str, direction="ltr", anchor: str = "ls") -> Image.Image:
    image = Image.new("RGB", (800, 120), "white")
    Lettering(image, text, direction).write((400, 80), text, 40, "black", anchor, 1)
    return image


def find_ink(image: Image.Image) -> tuple[int, int, int, int]:
    found = ImageChops.invert(image.convert("L")).getbbox()
    assert found is not None
    return found


@pytest.mark.parametrize("script", WORDS)
def test_words_of_any_script_are_as_wide_as_measured(script: str) -> None:
    text = WORDS[script]
    image = Image.new("RGB", (8, 8))
    lettering = Lettering(image, text, "ltr")
    width = lettering.measure(text, 40)
    left, top, right, bottom = find_ink(paint(text))
    assert left == pytest.approx(400, abs=8)
    assert right == pytest.approx(400 + width, abs=8)
    assert 20 < top < bottom < 110
    assert find_ink(paint(text, anchor="rs"))[2] == pytest.approx(400, abs=8)
    assert sum(find_ink(paint(text, anchor="ms"))[::2]) / 2 == pytest.approx(400, abs=8)


def test_arabic_letters_join() -> None:
    joined, apart = (find_ink(paint(text)) for text in ("ببب", "ب ب ب"))
    assert joined[2] - joined[0] < apart[2] - apart[0] - 20


@pytest.mark.parametrize(("language", "side"), [("ar", "right"), ("he", "right"), ("th", "left"), ("ja", "left")])
@pytest.mark.parametrize("view", ["growth", "ranks"])
def test_chart_begins_where_lines_of_its_language_begin(
    campaign: Campaign, tmp_path: Path, language: str, side: str, view: str
) -> None:
    _ = speak_untranslated(language)
    boundaries = divide_period("month", NOW, _.zone, NOW)
    totals = [100 * nth for nth in range(sum(at < NOW for at in boundaries) + 1)]
    counts = {"KR": 1500, "JP": 100}
    described = (
        charts.growth(_, campaign, "month", NOW, boundaries, totals)
        if view == "growth"
        else charts.ranks(_, campaign, "month", NOW, counts, 1600)
    )
    draw(described).save(tmp_path / "chart.png")
    with Image.open(tmp_path / "chart.png") as image:
        heading = find_ink(image.convert("RGB").crop((0, 40, 1200, 110)).point(lambda value: 255 * (value > 200)))
    assert (heading[2] > 1100) == (side == "right")
    assert (heading[0] < 100) == (side == "left")
