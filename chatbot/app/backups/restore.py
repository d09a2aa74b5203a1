"""The command `restore`: brings a backup back in the place of the database, while the bot is stopped."""

import asyncio
import os
import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from chatbot.app.backups.archive import restore_archive
from chatbot.app.commands.command import Command, Terminal, interruptible
from chatbot.i18n import Translator
from chatbot.jobs.file_places import find_folder, tidy_up
from chatbot.problem import Problem, describe_cause
from chatbot.screens.organizer.command_line import restoring
from chatbot.screens.organizer.command_line.usage import describe_options
from chatbot.settings import Settings, SettingsError, read_settings
from chatbot.storage import (
    DatabaseUnavailableError,
    UnusableDatabaseError,
    find_file,
    find_obstacle,
    is_embedded,
    open_database,
)
from chatbot.storage.admin import backup
from chatbot.storage.admin import restore as restoration
from chatbot.storage.admin.restore import DatabaseContents, RestoreError
from chatbot.storage.engine.file_systems import refuse_network


async def restore(settings: Settings, copy: Path, terminal: Terminal, *, yes: bool = False) -> bool:
    """Put the database in `copy` in the place of the present one, if that is confirmed; False if it is not.

    Raises `SettingsError`. Then, and when it is interrupted, nothing has changed.
    """
    try:
        kind = restoration.find_kind(copy)
        if kind == "postgresql" and not is_embedded(settings.database_url):
            return await restore_archive(
                settings, copy, lambda *told: _confirm(terminal, copy, *told, yes=yes), terminal
            )
        _refuse_other_engine(copy, kind, settings)
        return await _restore_file(settings, copy, terminal, yes=yes)
    except RestoreError as error:
        raise SettingsError(*error.problems) from None


def _refuse_other_engine(copy: Path, kind: str, settings: Settings) -> None:
    if kind == "postgresql":
        problem = Problem("{file}: is a copy of a PostgreSQL database; set DATABASE_URL to the server's address")
        raise RestoreError(problem.fill(file=copy))
    if not is_embedded(settings.database_url):
        problem = Problem(
            "{file}: is a copy of an SQLite database, and DATABASE_URL names a server; restore it into a file "
            "(DATABASE_URL=sqlite:///new.db), then `move` it there"
        )
        raise RestoreError(problem.fill(file=copy))


async def _restore_file(settings: Settings, copy: Path, terminal: Terminal, *, yes: bool) -> bool:
    named = find_file(settings.database_url).absolute()
    file = _find_place(settings.database_url, copy)
    has_database = file.exists()
    try:
        refuse_network(file)
        await tidy_up(settings.database_url)
        with restoration.keep_bots_away(named):
            async with find_folder(settings.database_url).open_beside(file) as folder:
                staged = folder / file.name
                restored = await _stage(copy, staged)
                current = restoration.read_file(file) if has_database else None
                restoration.refuse_other(copy, restored, current)
                if not _confirm(terminal, copy, restored, current, yes=yes):
                    return False
                kept = restoration.replace(file, staged, is_readable=current is not None)
    except (UnusableDatabaseError, DatabaseUnavailableError) as error:
        raise RestoreError(Problem("{name}: {problem}", name=copy, problem=error.problems[0])) from None
    except FileExistsError:
        raise RestoreError(Problem("DATABASE_URL: another `restore` is under way")) from None
    except OSError as error:
        problem = Problem("{file}: cannot be restored ({reason}: {place})", file=copy, place=error.filename)
        raise RestoreError(problem.fill(**problem.values, reason=describe_cause(error))) from None
    terminal.say(*restoring.restored(terminal.translator, kept))
    return True


def _find_place(url: str, copy: Path) -> Path:
    """Return the database's file itself, if its name is a link."""
    if (obstacle := find_obstacle(url)) is not None:
        raise RestoreError(Problem("{name}: {problem}", name="DATABASE_URL", problem=obstacle))
    file = Path(os.path.realpath(find_file(url)))
    if file.exists() and file.samefile(copy):
        raise RestoreError(Problem("{file}: is the database itself; name a backup", file=copy))
    return file


async def _stage(copy: Path, staged: Path) -> DatabaseContents:
    """Make a verified copy of the copy, of the newest schema. It is a whole database, or there is none."""
    await asyncio.to_thread(restoration.refuse_damaged, copy)
    await asyncio.to_thread(backup.copy, f"sqlite:///{copy}", staged)
    await asyncio.to_thread(restoration.refuse_additions, copy, staged)
    database = await open_database(f"sqlite:///{staged}", new=False)
    try:
        contents = await database.transact(restoration.read_contents)
        await database.transact(restoration.stop_what_was_under_way, contents.last_used_at, datetime.now(UTC))
    finally:
        await database.close()
    await asyncio.to_thread(restoration.settle, staged)
    return contents


def _confirm(
    terminal: Terminal, copy: Path, restored: DatabaseContents, current: DatabaseContents | None, *, yes: bool
) -> bool:
    """Say what would be lost, and ask. Ctrl-C ends the command."""
    _ = terminal.translator
    counts = (current.signatures, current.subscriptions) if current is not None else None
    terminal.say(*restoring.describe(_, copy, (restored.signatures, restored.subscriptions), counts))
    if yes:
        return True
    with interruptible():
        terminal.out.write(restoring.ask(_))
        terminal.out.flush()
        answer = sys.stdin.readline()
    if answer.strip().strip("“”\"'").lower() == restoring.YES:
        return True
    terminal.say(restoring.not_confirmed(_))
    return False


def _add_options(parser: ArgumentParser, _: Translator) -> None:
    told = describe_options(_)
    parser.add_argument("file", type=Path, help=told["restore file"])
    parser.add_argument("--yes", action="store_true", help=told["restore --yes"])


async def _run(chosen: Namespace, terminal: Terminal) -> bool:
    return await restore(read_settings(), chosen.file, terminal, yes=chosen.yes)


COMMAND: Final = Command("restore", _run, _add_options)
