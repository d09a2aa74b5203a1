"""The bot's face in Telegram, made from the campaign's words, and the organizers' menus."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime

from chatbot.i18n import Translator
from chatbot.logs import report_bug
from chatbot.petition.model import Campaign
from chatbot.petition.team import ROLES, Role
from chatbot.screens.organizer import menu
from chatbot.screens.supporter.general import commands
from chatbot.storage import Database, Transaction
from chatbot.storage.organizer import chat_menus, team
from chatbot.transport.application import Application
from chatbot.transport.bot_profile import Commands, LocalizedProfile, Profile

logger = logging.getLogger(__name__)


def write_menus(campaign: Campaign, translators: Mapping[str, Translator]) -> dict[str | None, LocalizedProfile]:
    """The bot's name, descriptions and commands in every language; None is for everybody else."""
    menus: dict[str | None, LocalizedProfile] = {}
    for language, words in campaign.words.items():
        profile = Profile(words.bot_name, words.bot_description, words.bot_short_description)
        # English is what Telegram shows to everybody whose language has no menu of its own.
        menus[None if language == "en" else language] = LocalizedProfile(profile, commands(translators[language]))
    return menus


def write_role_menus(translators: Mapping[str, Translator]) -> dict[Role, dict[str | None, Commands]]:
    """The commands of everybody and then those of each role of the team, in every language."""
    menus: dict[Role, dict[str | None, Commands]] = {}
    for role in ROLES:
        menus[role] = {language: (*commands(_), *menu.commands(_, role)) for language, _ in translators.items()}
        menus[role][None] = menus[role]["en"]
    return menus


async def greet_team(
    application: Application, database: Database, named: frozenset[int], translators: Mapping[str, Translator]
) -> None:
    """Give everybody of the team their menu of commands, and take it back from whoever is not of it any more."""

    async def note(organizer_id: int, has_menu: bool) -> None:
        async def work(tx: Transaction) -> None:
            if has_menu:
                await chat_menus.note_given(tx, organizer_id, datetime.now(UTC))
            else:
                await chat_menus.note_taken_back(tx, organizer_id)

        await database.transact(work)

    async def find(tx: Transaction) -> tuple[dict[int, Role], frozenset[int]]:
        members = {member.id: member.role for member in await team.find_members(tx, named)}
        former = await chat_menus.list_with_menu(tx) - members.keys()
        owner = next((member_id for member_id, role in members.items() if role == "owner"), None)
        if owner is not None:
            for member_id in former:  # taken out of the settings: what they sent is reported to somebody else
                await team.hand_over(tx, member_id, owner)
        return members, former

    try:
        members, former = await database.transact(find)
    except Exception as error:  # whatever it is, the bot can start without
        report_bug(logger, "nobody's menu was taken back, and will be at the next start", error)
        members, former = dict.fromkeys(named, "owner"), frozenset()
    application.publish_organizer_menus(write_role_menus(translators), members, former, note)
