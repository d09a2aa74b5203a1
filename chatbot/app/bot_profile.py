"""The bot's profile in Telegram, from the campaign's words."""

from collections.abc import Mapping

from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.screens.supporter.general import commands
from chatbot.transport.bot_profile import LocalizedProfile, Profile


def write_profiles(campaign: Campaign, translators: Mapping[str, Translator]) -> dict[str | None, LocalizedProfile]:
    """Write the bot's name, descriptions and commands in every language; None is the default for all others."""
    profiles: dict[str | None, LocalizedProfile] = {}
    for language, words in campaign.words.items():
        profile = Profile(words.bot_name, words.bot_description, words.bot_short_description)
        # English is the default.
        profiles[None if language == "en" else language] = LocalizedProfile(profile, commands(translators[language]))
    return profiles
