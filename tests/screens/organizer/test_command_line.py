"""The command line counts one thing as one."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from chatbot.i18n import Translator
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.screens.organizer.command_line import checking, health, outcomes, restoring


@pytest.mark.parametrize("count", [0, 1, 2, 1_001])
def test_every_number_agrees_with_its_word(
    translators: Mapping[Language, Translator], campaign: Campaign, count: int
) -> None:
    _, file = translators["en"], Path("a & <b>.xlsx")
    lines = [
        *outcomes.sealed(_, count, count, is_rewritten=True),
        *outcomes.exported(_, count, count),
        outcomes.exported_sealed(_, count),
        outcomes.exported_log(_, count),
        outcomes.exported_document(_, count, count),
        outcomes.wrote_page(_, file, count),
        *restoring.describe(_, file, (count, count), (count, count)),
        health.silent(_, "run", count),
        checking.campaign_in_order(_, replace(campaign, carried_over=count), is_open=True),
        checking.campaign_in_order(_, replace(campaign, carried_over=count), is_open=False),
    ]
    counted = [found for line in lines for found in re.findall(rf"(?<![\d,]){count:,} ([a-z]+)", line)]
    assert len(counted) > 10
    assert [word for word in counted if word != "of" and word.endswith("s") == (count == 1)] == []
    assert sum(str(file) in line for line in lines) == 2, "a path is not written as HTML"
    assert (count == 1) == any(line.startswith("1 line. It says") for line in lines)
