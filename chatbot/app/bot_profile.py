"""The bot's profile in Telegram, from the campaign's words."""

from collections.abc import Iterable, Mapping

from chatbot.i18n import Translator
from chatbot.petition.languages import Language, list_two_letter_codes
from chatbot.petition.model import Campaign
from chatbot.screens.supporter.general import commands
from chatbot.transport.bot_profile import LocalizedProfile, Profile


def write_profiles(
    campaign: Campaign, translators: Mapping[str, Translator], former: Iterable[Language] = ()
) -> dict[str | None, LocalizedProfile | None]:
    """Write the bot's name, descriptions and commands by two-letter code; None is the default for all others.

    The codes of `former` languages, which are not offered any more, have no profile: theirs is to be removed.
    """
    coded = list_two_letter_codes(campaign.languages)
    spoken = {code: language for code, language in coded.items() if language != campaign.fallback}
    written = {code: _write(campaign, translators, each) for code, each in ({None: campaign.fallback} | spoken).items()}
    return written | dict.fromkeys(list_two_letter_codes([*campaign.languages, *former]).keys() - spoken.keys())


def _write(campaign: Campaign, translators: Mapping[str, Translator], language: Language) -> LocalizedProfile:
    words = campaign.words[language]
    profile = Profile(words.bot_name, words.bot_description, words.bot_short_description)
    return LocalizedProfile(profile, commands(translators[language]))
