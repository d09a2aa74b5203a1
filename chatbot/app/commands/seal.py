"""The command `seal`: seals names that are stored in plain text."""

from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from chatbot.app.backups.folder import delete_old, find_backups
from chatbot.app.commands.command import Command, Terminal
from chatbot.app.database import open_configured_database
from chatbot.app.sealing_key import read_seal
from chatbot.problem import Problem
from chatbot.screens.organizer.command_line import outcomes
from chatbot.settings import Settings, SettingsError, read_settings
from chatbot.storage import Database, exists
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Work
from chatbot.storage.organizer import app_state
from chatbot.storage.privacy.retention import UNCLEAN_BEFORE
from chatbot.storage.privacy.sealing import seal_drafts, seal_signatures

_AT_ONCE: Final = 200


async def seal_all(settings: Settings, terminal: Terminal) -> None:
    """Seal every name and reason stored in plain text, in batches; the bot may be running.

    Raises `SettingsError`.
    """
    seal = read_seal(settings)
    if seal is None:
        problem = Problem("SEALING_KEY: missing; `python -m chatbot keys petition.key` makes the pair of keys")
        raise SettingsError(problem)
    if not exists(settings.database_url):
        raise SettingsError(Problem("DATABASE_URL: there is no such database; nothing to seal"))
    database = await open_configured_database(settings, new=False)
    try:
        signed = await _repeat(database, seal_signatures, seal.close)
        drafts = await _repeat(database, seal_drafts, seal.close)
        rewritten = await database.rewrite()
        await database.transact(app_state.replace, UNCLEAN_BEFORE, timestamps.to_text(datetime.now(UTC)))
        await delete_old(database, find_backups(settings), datetime.now(UTC))
    finally:
        await database.close()
    terminal.say(*outcomes.sealed(terminal.translator, signed, drafts, is_rewritten=rewritten))


async def _repeat(database: Database, seal_some: Work[..., tuple[int, int | None]], close: Callable[[str], str]) -> int:
    sealed = 0
    after: int | None = -(2**62)
    while after is not None:
        found, after = await database.transact(seal_some, after, limit=_AT_ONCE, close=close)
        sealed += found
    return sealed


async def _run(_chosen: Namespace, terminal: Terminal) -> None:
    await seal_all(read_settings(), terminal)


COMMAND: Final = Command("seal", _run)
