"""The command `page`: writes the public page as files for any web host."""

import asyncio
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from chatbot.app.app import read_campaign
from chatbot.app.commands.command import Command, Terminal
from chatbot.app.database import open_configured_database
from chatbot.app.public_page.folder import write_files
from chatbot.app.public_page.keeper import PageKeeper, draw_picture
from chatbot.i18n import Translator
from chatbot.jobs.file_places import find_folder
from chatbot.problem import Problem, describe_cause
from chatbot.screens.organizer.command_line import outcomes
from chatbot.screens.organizer.command_line.usage import describe_options
from chatbot.settings import Settings, SettingsError, read_settings
from chatbot.storage import exists
from chatbot.storage.organizer import owner_links


async def write_page(settings: Settings, folder: Path, terminal: Terminal) -> None:
    """Write the page into `folder`, also while the bot runs. Raises `SettingsError` and `OccupiedError`."""
    never_ran = Problem("the bot has never run, so its address is not known; start it first: python -m chatbot run")
    if not exists(settings.database_url):
        raise SettingsError(never_ran)
    campaign, translators = read_campaign(settings)
    database = await open_configured_database(settings, new=False)
    try:
        username = await database.read_snapshot(owner_links.find_username)
        if username is None:
            raise SettingsError(never_ran)
        draw = partial(draw_picture, find_folder(settings.database_url))
        link, address = f"https://t.me/{username}", settings.find_page_url()
        keeper = PageKeeper(database, campaign, translators, draw, bot_link=link, address=address)
        await keeper.refresh(datetime.now(UTC))
    finally:
        await database.close()
    assert keeper.site is not None
    try:
        await asyncio.to_thread(write_files, folder, keeper.site.files, keeper.site.names)
    except OSError as error:
        problem = Problem("{file}: cannot be written ({reason})", file=folder, reason=describe_cause(error))
        raise SettingsError(problem) from None
    terminal.say(outcomes.wrote_page(terminal.translator, folder, len(keeper.site.files)))
    if address is None:
        terminal.say(outcomes.page_without_address(terminal.translator))


def _add_options(parser: ArgumentParser, _: Translator) -> None:
    parser.add_argument("folder", type=Path, help=describe_options(_)["page folder"])


async def _run(chosen: Namespace, terminal: Terminal) -> None:
    await write_page(read_settings(), chosen.folder, terminal)


COMMAND: Final = Command("page", _run, _add_options)
