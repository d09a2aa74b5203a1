"""Charts in languages that the program does not know by name: the side where they begin."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from chatbot.documents.charts import draw
from chatbot.petition.model import Campaign
from chatbot.petition.period import divide_period
from chatbot.screens.organizer.records import charts
from tests.documents.typesetting.test_lettering import find_ink
from tests.support.more_languages import speak_untranslated

NOW = datetime(2026, 11, 25, 8, 20, tzinfo=UTC)


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
