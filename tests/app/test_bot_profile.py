"""The bot's profile in the languages of the campaign."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from chatbot.app.bot_profile import write_profiles
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.screens.load import load_petition
from chatbot.settings import BUNDLED_LOCALES
from tests.support.more_languages import add_language


def test_profile_in_the_fallback_is_the_default(campaign: Campaign, translators: Mapping[str, Translator]) -> None:
    profiles = write_profiles(campaign, translators)
    assert list(profiles) == [None, "ko", "en"]
    assert profiles["en"] is None
    assert profiles[None].profile.name == campaign.words["en"].bot_name
    assert profiles["ko"].profile.name == campaign.words["ko"].bot_name
    assert profiles["ko"].commands != profiles[None].commands


def test_profile_of_a_territory_has_the_code_of_its_language(tmp_path: Path) -> None:
    locales = shutil.copytree(BUNDLED_LOCALES, tmp_path / "locales")
    add_language(locales, "pt_BR", lambda text, _form: text.replace("petition", "petição"))
    campaign, translators = load_petition([locales, BUNDLED_LOCALES])
    profiles = write_profiles(campaign, translators)
    assert list(profiles) == [None, "ko", "pt", "en"]
    assert dict(profiles["pt"].commands)["sign"] == "Sign the petição"


def test_language_that_is_not_offered_has_no_profile(campaign: Campaign, translators: Mapping[str, Translator]) -> None:
    korean = replace(campaign, languages={"ko": campaign.languages["ko"]})
    profiles = write_profiles(korean, translators, ["en", "ko", "pt_BR", "qps"])
    assert profiles.keys() == {None, "ko", "en", "pt"}
    assert profiles["en"] is profiles["pt"] is None
    assert profiles["ko"] is None, "Korean is the default by now"
    assert profiles[None].profile.name == campaign.words["ko"].bot_name
