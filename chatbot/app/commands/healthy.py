"""The command `healthy`: whether the bot on this machine works, by its heartbeat, for health checks and monitors."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Final, get_args

from chatbot.app.commands.command import Command, Terminal
from chatbot.app.health.heartbeat import STALE, STALE_IN_TROUBLE, ProcessKind, name_machine
from chatbot.i18n import Translator
from chatbot.problem import Problem
from chatbot.screens.organizer.command_line import health as words
from chatbot.screens.organizer.command_line.usage import describe_options
from chatbot.settings import Settings, SettingsError, read_settings
from chatbot.storage import (
    DatabaseUnavailableError,
    IncompleteDatabaseError,
    Transaction,
    UnsupportedDatabaseError,
    UnusableDatabaseError,
    exists,
    is_current,
    read_database,
)
from chatbot.storage.organizer import heartbeats
from chatbot.storage.organizer.heartbeats import StoredHeartbeat


async def is_healthy(
    settings: Settings, terminal: Terminal, now: datetime, *, kind: str | None = None, everywhere: bool = False
) -> bool:
    """Say in one line whether the processes of this machine work, those of one kind, or those of all machines.

    Nothing is written, and the schema stays as it is. Raises `SettingsError` if the database cannot be read.
    """
    found: Sequence[StoredHeartbeat] = ()
    if exists(settings.database_url):
        try:
            work = partial(_list_newest, machine=None if everywhere else name_machine())
            found = await read_database(settings.database_url, work)
        except IncompleteDatabaseError:
            pass  # a process that has just begun makes it
        except (DatabaseUnavailableError, UnsupportedDatabaseError, UnusableDatabaseError) as error:
            problem = Problem("{name}: {problem}", name="DATABASE_URL", problem=error.problems[0])
            raise SettingsError(problem) from None
    beating = [each for each in found if kind in (None, each.kind)]
    troubles = [line for each in beating if (line := _find_trouble(terminal.translator, each, now))]
    if not beating:
        troubles = [words.no_process(terminal.translator)]
    terminal.say(troubles[0] if troubles else words.healthy(terminal.translator, [each.kind for each in beating]))
    return not troubles


async def _list_newest(tx: Transaction, machine: str | None) -> list[StoredHeartbeat]:
    """List nothing while the database has the schema of another version, which is about to be changed."""
    return await heartbeats.list_newest(tx, machine) if await is_current(tx) else []


def _find_trouble(_: Translator, beat: StoredHeartbeat, now: datetime) -> str | None:
    # A beat from the future comes from a clock that was wrong: the next one tells.
    age = abs(now - beat.beat_at)
    if age > STALE or (beat.trouble and now - beat.beat_at > STALE_IN_TROUBLE):
        return words.silent(_, beat.kind, int(age.total_seconds()))
    return words.troubled(_, beat.kind, beat.trouble) if beat.trouble else None


def _add_options(parser: ArgumentParser, _: Translator) -> None:
    optional = describe_options(_)
    parser.add_argument("kind", nargs="?", choices=get_args(ProcessKind), help=optional["healthy kind"])
    parser.add_argument("--everywhere", action="store_true", help=optional["healthy --everywhere"])


async def _run(chosen: Namespace, terminal: Terminal) -> bool:
    now = datetime.now(UTC)
    return await is_healthy(read_settings(), terminal, now, kind=chosen.kind, everywhere=chosen.everywhere)


COMMAND: Final = Command("healthy", _run, _add_options)
