"""The command `check`: checks the campaign's files and the database."""

from argparse import ArgumentParser, Namespace
from typing import Final

from chatbot.app.app import read_campaign
from chatbot.app.backups.folder import warn_of_missing_folder
from chatbot.app.commands.campaign_notes import list_notes
from chatbot.app.commands.check_language import check_language
from chatbot.app.commands.command import Command, Terminal
from chatbot.app.database import open_configured_database
from chatbot.i18n import Translator
from chatbot.petition.model import CampaignError
from chatbot.problem import Problem
from chatbot.screens.organizer.command_line import checking
from chatbot.screens.organizer.command_line.owner import no_owner
from chatbot.screens.organizer.command_line.usage import describe_options
from chatbot.settings import Settings, read_settings
from chatbot.storage import exists, find_obstacle
from chatbot.storage.admin import integrity
from chatbot.storage.organizer import owner_links, petition_status


async def check(settings: Settings, terminal: Terminal) -> bool:
    """Check the campaign's files and the database; False if there are problems.

    Raises `CampaignError` for mistakes in any language, `SettingsError` or `NewerSchemaError` if it cannot check.
    """
    campaign, _translators = read_campaign(settings)
    if campaign.mistakes:
        raise CampaignError(*(line for lines in campaign.mistakes.values() for line in lines))
    _ = terminal.translator
    terminal.say(*settings.warn_of_open_files(), *warn_of_missing_folder(settings))
    terminal.say(*(checking.language_in_order(_, language, words) for language, words in campaign.words.items()))
    terminal.say(*(checking.language_not_offered(_, language) for language in campaign.list_not_offered()))
    terminal.say(*list_notes(_, campaign, settings.locales_dir))
    if not exists(settings.database_url):
        terminal.say(checking.campaign_in_order(_, campaign, is_open=campaign.is_open))
        if (obstacle := find_obstacle(settings.database_url)) is not None:
            problem = Problem("There is no database yet, and the first start cannot make it: {obstacle}.")
            terminal.say(problem.fill(obstacle=obstacle))
            return False
        terminal.say(checking.no_database(_))
        return True
    database = await open_configured_database(settings)
    try:
        problems = await integrity.find_problems(database)
        status = await database.read_snapshot(petition_status.find)
        is_owned = await database.read_snapshot(owner_links.has_owner, settings.organizers)
    finally:
        await database.close()
    terminal.say(checking.campaign_in_order(_, campaign, is_open=campaign.is_open and status.ending is None))
    if status.ending is not None:
        terminal.say(checking.ended_in_chat(_, status))
    if not is_owned:
        terminal.say(no_owner(_))
    terminal.say(*problems)
    if not problems:
        terminal.say(checking.database_in_order(_))
    return not problems


def _add_options(parser: ArgumentParser, _: Translator) -> None:
    parser.add_argument("--language", metavar="th", help=describe_options(_)["check --language"])


async def _run(chosen: Namespace, terminal: Terminal) -> bool:
    if chosen.language is not None:
        return check_language(read_settings(), chosen.language, terminal)
    return await check(read_settings(), terminal)


COMMAND: Final = Command("check", _run, _add_options)
