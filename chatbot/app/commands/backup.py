"""The command `backup`: copies the database while the bot runs."""

import asyncio
import os
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

from chatbot.app.commands.command import Command, Terminal
from chatbot.i18n import Translator
from chatbot.jobs.file_places import find_folder, tidy_up
from chatbot.jobs.private_files import put_in_place
from chatbot.problem import Problem, ProblemError, describe_cause
from chatbot.screens.organizer.command_line import outcomes
from chatbot.screens.organizer.command_line.usage import describe_options
from chatbot.settings import Settings, SettingsError, read_settings
from chatbot.storage import DatabaseUnavailableError, UnsupportedDatabaseError, exists, find_file, is_embedded
from chatbot.storage.admin import backup
from chatbot.storage.engine.sqlite_files import refuse_other_kinds, refuse_unreadable


async def back_up(settings: Settings, target: Path, terminal: Terminal) -> None:
    """Copy the database to the new file `target` while the bot runs. Raises `SettingsError`."""
    if not exists(settings.database_url):
        raise SettingsError(Problem("DATABASE_URL: there is no such database; nothing to back up"))
    if await asyncio.to_thread(os.path.lexists, target):
        raise SettingsError(Problem("{file}: already exists; name a new file", file=target))
    if is_embedded(settings.database_url):
        await asyncio.to_thread(_refuse_unreadable, settings.database_url)
    await tidy_up(settings.database_url)
    try:
        # A process killed in the middle leaves no half copy under this name.
        async with find_folder(settings.database_url).open_beside(target) as folder:
            copy = folder / "copy"
            await asyncio.to_thread(backup.copy, settings.database_url, copy)
            put_in_place(copy, target)
    except FileExistsError:
        problem = Problem("{file}: is being written by another process; name a new file", file=target)
        raise SettingsError(problem) from None
    except UnsupportedDatabaseError as error:
        problem = Problem("{name}: {problem}", name="DATABASE_URL", problem=error.problems[0])
        raise SettingsError(problem) from None
    except (DatabaseUnavailableError, OSError, ValueError) as error:
        problem = Problem("{file}: the copy was not made ({reason})", file=target, reason=_describe(error))
        raise SettingsError(problem) from None
    terminal.say(outcomes.backed_up(terminal.translator, target))


def _describe(error: Exception) -> str:
    if isinstance(error, OSError):
        return describe_cause(error)
    return error.problems[0] if isinstance(error, ProblemError) else str(error)


def _refuse_unreadable(url: str) -> None:
    try:
        refuse_other_kinds(find_file(url))
        refuse_unreadable(find_file(url))
    except DatabaseUnavailableError as error:
        problem = Problem("{name}: {problem}", name="DATABASE_URL", problem=error.problems[0])
        raise SettingsError(problem) from None


def _add_options(parser: ArgumentParser, _: Translator) -> None:
    parser.add_argument("file", type=Path, help=describe_options(_)["backup file"])


async def _run(chosen: Namespace, terminal: Terminal) -> None:
    await back_up(read_settings(), chosen.file, terminal)


COMMAND: Final = Command("backup", _run, _add_options)
