"""The command `migrate`: brings the database up to date."""

from argparse import Namespace
from typing import Final

from chatbot.app.commands.command import Command, Terminal
from chatbot.app.database import open_configured_database
from chatbot.screens.organizer.command_line import outcomes
from chatbot.settings import Settings, read_settings


async def bring_up_to_date(settings: Settings, terminal: Terminal) -> None:
    """Migrate the database. Raises `SettingsError` or `NewerSchemaError`."""
    database = await open_configured_database(settings)
    await database.close()
    terminal.say(outcomes.migrated(terminal.translator))


async def _run(_chosen: Namespace, terminal: Terminal) -> None:
    await bring_up_to_date(read_settings(), terminal)


COMMAND: Final = Command("migrate", _run)
