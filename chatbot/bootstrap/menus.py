"""The bot's face in Telegram, made from the campaign's words, and the organizers' menus."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime

from chatbot.i18n import Translator
from chatbot.logs import report_bug
from chatbot.petition.model import Campaign
from chatbot.screens import desk
from chatbot.screens.telling import commands
from chatbot.storage import Database, DatabaseUnavailable, Transaction, organizers
from chatbot.transport.application import Application
from chatbot.transport.menu import Commands, Menu, Profile

logger = logging.getLogger(__name__)


def write_menus(campaign: Campaign, translators: Mapping[str, Translator]) -> dict[str | None, Menu]:
    """The bot's name, descriptions and commands in every language; None is for everybody else."""
    menus: dict[str | None, Menu] = {}
    for language, words in campaign.words.items():
        profile = Profile(words.bot_name, words.bot_description, words.bot_short_description)
        # English is what Telegram shows to everybody whose language has no menu of its own.
        menus[None if language == "en" else language] = Menu(profile, commands(translators[language]))
    return menus


async def greet_organizers(
    application: Application, database: Database, ids: frozenset[int], translators: Mapping[str, Translator]
) -> None:
    """Give every organizer their menu of commands, and take it back from whoever is none any more."""
    menus: dict[str | None, Commands] = {
        language: (*commands(_), *desk.commands(_)) for language, _ in translators.items()
    }
    menus[None] = menus["en"]

    async def note(organizer_id: int, has_menu: bool) -> None:
        async def work(tx: Transaction) -> None:
            if has_menu:
                await organizers.greet(tx, organizer_id, datetime.now(UTC))
            else:
                await organizers.part_with(tx, organizer_id)

        await database.transact(work)

    try:
        greeted = await database.transact(organizers.list_greeted)
    except DatabaseUnavailable as error:
        report_bug(logger, "nobody's menu was taken back, and will be at the next start", error)
        greeted = frozenset()
    application.publish_organizer_menus(menus, ids, greeted - ids, note)
