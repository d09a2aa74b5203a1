"""The bot's profile in Telegram, from the campaign's words."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime

from chatbot.i18n import Translator
from chatbot.petition.languages import Language, list_two_letter_codes
from chatbot.petition.model import Campaign
from chatbot.screens.supporter.general import list_menu, write_ended_profile
from chatbot.storage import Database
from chatbot.storage.organizer import appeal_versions, petition_status
from chatbot.transport.bot_profile import LocalizedProfile, Profile

Profiles = Mapping[str | None, LocalizedProfile | None]


def publish_on_change(
    database: Database,
    campaign: Campaign,
    translators: Mapping[str, Translator],
    publish: Callable[[Profiles], None],
) -> Callable[[datetime], Awaitable[None]]:
    """Return a periodic job that publishes the profiles at first, and whenever the petition was closed or reopened."""
    published: bool | None = None

    async def run(_now: datetime) -> None:
        nonlocal published
        status = await database.transact(petition_status.find)
        is_open = campaign.is_open and status.ending is None
        if is_open != published:
            former = await database.transact(appeal_versions.list_languages)
            publish(write_profiles(campaign, translators, former, is_open=is_open))
            published = is_open

    return run


def write_profiles(
    campaign: Campaign,
    translators: Mapping[str, Translator],
    former: Iterable[Language] = (),
    *,
    is_open: bool = True,
) -> dict[str | None, LocalizedProfile | None]:
    """Write the bot's name, descriptions and commands by two-letter code; None is the default for all others.

    The codes of `former` languages, which are not offered any more, have no profile: theirs is to be removed. Once
    nobody can sign, descriptions and commands no longer invite people to.
    """
    coded = list_two_letter_codes(campaign.languages)
    spoken = {code: language for code, language in coded.items() if language != campaign.fallback}
    languages = {None: campaign.fallback} | spoken
    written = {code: _write(campaign, translators, each, is_open=is_open) for code, each in languages.items()}
    return written | dict.fromkeys(list_two_letter_codes([*campaign.languages, *former]).keys() - spoken.keys())


def _write(
    campaign: Campaign, translators: Mapping[str, Translator], language: Language, *, is_open: bool
) -> LocalizedProfile:
    words = campaign.words[language]
    descriptions = words.bot_description, words.bot_short_description
    if not is_open:
        ended = write_ended_profile(translators[language])
        descriptions = f"{words.title}\n\n{ended}", ended
    return LocalizedProfile(Profile(words.bot_name, *descriptions), list_menu(translators[language], is_open=is_open))
