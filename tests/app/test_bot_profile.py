"""The bot's profile in the languages of the campaign."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from chatbot.app.bot_profile import publish_on_change, write_profiles
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.screens.load import load_petition
from chatbot.settings import BUNDLED_LOCALES
from chatbot.storage import Database
from chatbot.storage.organizer import petition_status
from tests.support.cast import NOW, YUNA
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
    assert profiles["ko"] is None, "Korean is the default now"
    assert profiles[None].profile.name == campaign.words["ko"].bot_name


def test_profile_invites_nobody_to_sign_after_the_end(
    campaign: Campaign, translators: Mapping[str, Translator]
) -> None:
    profiles = write_profiles(campaign, translators, is_open=False)
    for code, language in ((None, "en"), ("ko", "ko")):
        profile = profiles[code].profile
        words = campaign.words[language]
        assert profile.name == words.bot_name
        assert profile.description.startswith(words.title)
        assert words.bot_short_description not in (profile.description, profile.short_description)
        assert len(profile.description) <= 512
        assert len(profile.short_description) <= 120
        assert "sign" not in dict(profiles[code].commands)


async def test_profile_follows_the_end_and_the_reopening(
    campaign: Campaign, translators: Mapping[str, Translator], database: Database
) -> None:
    published: list[str] = []
    run = publish_on_change(
        database, campaign, translators, lambda profiles: published.append(profiles[None].profile.description)
    )
    invitation = campaign.words["en"].bot_description
    await run(NOW)
    await run(NOW)
    assert published == [invitation]
    assert await database.transact(petition_status.end, 0, "closed", {}, YUNA, NOW)
    await run(NOW)
    await run(NOW)
    assert await database.transact(petition_status.reopen, 1, YUNA, NOW)
    await run(NOW)
    assert len(published) == 3
    assert "Signing has closed" in published[1]
    assert published[2] == invitation
