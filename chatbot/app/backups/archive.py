"""Restores an archive of PostgreSQL: part of the command `restore`."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from chatbot.app.backups.folder import BackupError, find_backups
from chatbot.app.commands.command import Terminal
from chatbot.jobs.file_places import find_folder, tidy_up
from chatbot.problem import Problem
from chatbot.screens.organizer.command_line import restoring
from chatbot.settings import Settings
from chatbot.storage import (
    Database,
    DatabaseUnavailableError,
    Transaction,
    UnsupportedDatabaseError,
    UnusableDatabaseError,
    connect,
    open_database,
)
from chatbot.storage.admin import restore as restoration
from chatbot.storage.admin import restore_archive as archives
from chatbot.storage.admin.restore import BOT_IS_RUNNING, HELD_BY_BOTS, DatabaseContents, RestoreError

Confirm = Callable[[DatabaseContents, DatabaseContents | None], bool]


async def restore_archive(settings: Settings, copy: Path, confirm: Confirm, terminal: Terminal) -> bool:
    """Put the database in the archive `copy` in the place of the one on the server; False if it is not confirmed.

    A backup of what it replaces is made first. Raises `RestoreError`; then nothing has changed on the server.
    """
    try:
        restored = await asyncio.to_thread(archives.read_archive, copy)
        await tidy_up(settings.database_url)
        database = await connect(settings.database_url)
        try:
            await _keep_bots_away(database)
            tables = await database.read_snapshot(archives.list_tables)
            archives.refuse_unknown_tables(tables)
            current = await database.read_snapshot(_read_current, tables)
            restoration.refuse_other(copy, restored, current)
            if not confirm(restored, current):
                return False
            kept = await _back_up(settings, current)
            async with find_folder(settings.database_url).open() as folder:
                await asyncio.to_thread(
                    archives.replace,
                    settings.database_url,
                    copy,
                    folder / "script",
                    tables,
                    restored.last_used_at,
                )
        finally:
            await database.close()
        # Opening stops the broadcasts that were under way. If this process is killed before, the next start does it.
        await (await open_database(settings.database_url, new=False)).close()
    except (DatabaseUnavailableError, UnsupportedDatabaseError, UnusableDatabaseError) as error:
        problem = Problem("{name}: {problem}", name="DATABASE_URL", problem=error.problems[0])
        raise RestoreError(problem) from None
    except BackupError as error:
        problem = Problem("what is there now cannot be kept ({reason}); nothing has changed", reason=error.problems[0])
        raise RestoreError(problem) from None
    terminal.say(*restoring.restored(terminal.translator, kept))
    return True


async def _keep_bots_away(database: Database) -> None:
    for name in HELD_BY_BOTS:
        if not await database.try_lock(name):
            raise RestoreError(BOT_IS_RUNNING)


async def _read_current(tx: Transaction, tables: list[str]) -> DatabaseContents | None:
    return await restoration.read_contents(tx) if "migrations" in tables and "signatures" in tables else None


async def _back_up(settings: Settings, current: DatabaseContents | None) -> Path | None:
    if current is None:
        return None
    kept = find_backups(
        settings.model_copy(update={"backups": settings.backups if settings.backups != "off" else None})
    )
    assert kept is not None
    return await kept.make(current.origin, datetime.now(UTC))
