"""Every screen fits Telegram's limits, even with the longest facts."""

import re

import pytest

from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.petition.signing.names import MAX_NAME_LENGTH
from chatbot.petition.signing.reasons import MAX_REASON_LENGTH
from chatbot.screens.screen import Copy
from chatbot.screens.supporter import general
from tests.screens.fitting import assert_fits
from tests.screens.galleries.all_screens import LONGEST, ORDINARY, screens
from tests.support.languages import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("length", ["ordinary", "longest"])
def test_every_screen_fits(campaign: Campaign, translators, language: Language, length: str) -> None:
    facts = LONGEST if length == "longest" else ORDINARY[language]
    assert len(LONGEST.name) == MAX_NAME_LENGTH
    assert len(LONGEST.reason) == MAX_REASON_LENGTH
    for name, screen in screens(translators, campaign, language, facts):
        assert_fits(name, screen)


@pytest.mark.parametrize("language", LANGUAGES)
def test_screen_has_at_most_one_primary_button(campaign, translators, language: Language) -> None:
    for name, screen in screens(translators, campaign, language, ORDINARY[language]):
        primary = [
            button.label
            for row in screen.rows
            for button in row
            if not isinstance(button, Copy) and button.style != "plain"
        ]
        assert len(primary) <= 1, f"{name}: {primary}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_menu_of_commands_fits_telegram(translators, language: Language) -> None:
    for command, line in general.commands(translators[language]):
        assert re.fullmatch(r"[a-z0-9_]{1,32}", command)
        assert 1 <= len(line) <= 256


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_people_are_escaped_once(campaign: Campaign, translators, language: Language) -> None:
    facts = ORDINARY[language]._replace(name="<b>&amp;", reason="</b> & <a href='x'>")
    for name, screen in screens(translators, campaign, language, facts):
        if name in ("check", "thanks"):
            assert "&lt;b&gt;&amp;amp;" in screen.text, name
            assert "<b>&amp;" not in screen.text, name
