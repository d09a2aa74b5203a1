"""The command `owner`: makes the link that makes an owner, anew."""

from argparse import ArgumentParser, Namespace
from typing import Final

from chatbot.app.commands.command import Command, Terminal
from chatbot.app.database import open_configured_database
from chatbot.app.setup.owner_link import find_place, make_offer, remove, show
from chatbot.i18n import Translator
from chatbot.problem import Problem
from chatbot.screens.organizer.command_line import owner as words
from chatbot.screens.organizer.command_line.usage import describe_options
from chatbot.settings import Settings, SettingsError, read_settings
from chatbot.storage import exists
from chatbot.storage.organizer import owner_links


async def make_owner_link(settings: Settings, terminal: Terminal, *, another: bool) -> bool:
    """Make the link and show it; False if the petition has an owner and `another` is not given.

    The bot may be running. Raises `SettingsError`.
    """
    if not exists(settings.database_url):
        problem = Problem("DATABASE_URL: there is no such database; start the bot first: python -m chatbot run")
        raise SettingsError(problem)
    _ = terminal.translator
    database = await open_configured_database(settings)
    try:
        if not another and await database.transact(owner_links.has_owner, settings.organizers):
            terminal.say(words.has_owner(_))
            return False
        offer = await make_offer(database)
        username = await database.transact(owner_links.find_username)
    finally:
        await database.close()
    remove(find_place(settings))
    terminal.say(*show(offer, username, terminal.out, _), "", words.must_run(_))
    return True


def _add_options(parser: ArgumentParser, _: Translator) -> None:
    parser.add_argument("--another", action="store_true", help=describe_options(_)["owner --another"])


async def _run(chosen: Namespace, terminal: Terminal) -> bool:
    return await make_owner_link(read_settings(), terminal, another=chosen.another)


COMMAND: Final = Command("owner", _run, _add_options)
