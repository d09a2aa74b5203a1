"""Volunteers are not told of files that only the person who runs the bot can open."""

from collections.abc import Mapping

import pytest

from chatbot.i18n import Translator
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from tests.screens.galleries.all_screens import ORDINARY, screens

CLOSED_IN_A_FILE = "course-file"
"""It says who can open the petition, and where."""


@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_button_and_no_text_names_a_file_of_the_campaign(
    translators: Mapping[Language, Translator], campaign: Campaign, language: Language
) -> None:
    shown = list(screens(translators, campaign, language, ORDINARY[language]))
    labels = [(name, button.label) for name, screen in shown for row in screen.rows for button in row]
    texts = [(name, str(screen.text)) for name, screen in shown if name != CLOSED_IN_A_FILE]
    assert len(labels) > 500
    assert [each for each in (*labels, *texts) if ".toml" in each[1] or "캠페인 파일" in each[1]] == []
