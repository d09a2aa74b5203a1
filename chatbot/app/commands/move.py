"""The command `move`: moves a petition, while its bot is stopped, into another database."""

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from typing import Final

from chatbot.app.backups.folder import find_backups
from chatbot.app.commands.command import Command, Terminal
from chatbot.app.database import open_configured_database, open_named_database
from chatbot.i18n import Translator
from chatbot.problem import Problem
from chatbot.screens.organizer.command_line import outcomes
from chatbot.screens.organizer.command_line.usage import describe_options
from chatbot.settings import Settings, SettingsError, read_settings
from chatbot.storage import DatabaseUnavailableError, exists, find_origin
from chatbot.storage.admin.transfer import TransferError, move


async def move_to(settings: Settings, url: str, terminal: Terminal) -> None:
    """Move everything into the empty database at `url`. Raises `SettingsError`; then `url` must not be used."""
    if not exists(settings.database_url):
        raise SettingsError(Problem("DATABASE_URL: there is no such database; nothing to move"))
    source = await open_configured_database(settings, new=False)
    try:
        target = await open_named_database("--to", url, unfinished=True)
        try:
            await move(source, target, terminal.say)
        except (TransferError, DatabaseUnavailableError) as error:
            problem = Problem("{name}: {problem}", name="--to", problem=error.problems[0])
            raise SettingsError(problem) from None
        finally:
            await target.close()
        backups = find_backups(settings)
        has_backups = backups is not None and backups.list(await source.transact(find_origin), datetime.now(UTC))
    finally:
        await source.close()
    terminal.say(*outcomes.moved(terminal.translator, backups.folder if backups and has_backups else None))


def _add_options(parser: ArgumentParser, _: Translator) -> None:
    parser.add_argument("--to", required=True, metavar="URL", help=describe_options(_)["move --to"])


async def _run(chosen: Namespace, terminal: Terminal) -> None:
    await move_to(read_settings(), chosen.to, terminal)


COMMAND: Final = Command("move", _run, _add_options)
