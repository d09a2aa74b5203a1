"""The commands `check`, `migrate`, `backup` and `move`."""

import asyncio
from pathlib import Path
from typing import TextIO

from chatbot.app.app import read_campaign
from chatbot.app.database import open_named_database
from chatbot.jobs.file_places import find_folder, tidy_up
from chatbot.jobs.private_files import put_in_place
from chatbot.settings import Settings, SettingsError
from chatbot.storage import DatabaseUnavailableError, exists
from chatbot.storage.admin import backup, integrity
from chatbot.storage.admin.transfer import TransferError, move


async def check(settings: Settings, out: TextIO) -> bool:
    """Check the campaign's files and the database; False if there are problems.

    Raises `SettingsError`, `CampaignError`, `CatalogError` or `NewerSchemaError` if the check cannot be made.
    """
    campaign, _translators = read_campaign(settings)
    state = "open" if campaign.is_open else "closed"
    for language, words in campaign.words.items():
        out.write(f"{language}: {words.title} ({len(words.appeal)} pages, {len(words.updates)} updates)\n")
    out.write(f"The campaign is in order, and {state}; {campaign.carried_over:,} supporters are carried over.\n")
    if not exists(settings.database_url):
        out.write("There is no database yet; the first start makes it.\n")
        return True
    database = await open_named_database("DATABASE_URL", settings.database_url)
    try:
        problems = await integrity.find_problems(database)
    finally:
        await database.close()
    for problem in problems:
        out.write(f"{problem}\n")
    if not problems:
        out.write("The database is in order: every count equals its recount.\n")
    return not problems


async def bring_up_to_date(settings: Settings, out: TextIO) -> None:
    """Migrate the database. Raises `SettingsError` or `NewerSchemaError`."""
    database = await open_named_database("DATABASE_URL", settings.database_url)
    await database.close()
    out.write("The database is up to date.\n")


async def back_up(settings: Settings, target: Path, out: TextIO) -> None:
    """Copy the database to the new file `target` while the bot runs. Raises `SettingsError`."""
    if not exists(settings.database_url):
        raise SettingsError("DATABASE_URL: there is no such database; nothing to back up")
    await tidy_up(settings.database_url)
    if await asyncio.to_thread(target.exists):
        raise SettingsError(f"{target}: already exists; name a new file")
    try:
        # A process killed in the middle leaves no half copy under this name.
        async with find_folder(settings.database_url).open_beside(target) as folder:
            copy = folder / "copy"
            await asyncio.to_thread(backup.copy, settings.database_url, copy)
            put_in_place(copy, target)
    except FileExistsError:
        raise SettingsError(f"{target}: is being written by another process; name a new file") from None
    except (DatabaseUnavailableError, OSError, ValueError) as error:
        raise SettingsError(f"{target}: the copy was not made ({error})") from None
    out.write(f"{target} holds everything as it was just now. To restore: stop the bot, put it in place, start.\n")


async def move_to(settings: Settings, url: str, out: TextIO) -> None:
    """Move everything into the empty database at `url`. Raises `SettingsError`; then `url` must not be used."""
    if not exists(settings.database_url):
        raise SettingsError("DATABASE_URL: there is no such database; nothing to move")
    source = await open_named_database("DATABASE_URL", settings.database_url)
    try:
        target = await open_named_database("--to", url, unfinished=True)
        try:
            await move(source, target, lambda line: _write(out, line))
        except (TransferError, DatabaseUnavailableError) as error:
            raise SettingsError(f"--to: {error}") from None
        finally:
            await target.close()
    finally:
        await source.close()
    out.write("Everything has moved, and every count agrees on both sides. Set DATABASE_URL to the new address.\n")


def _write(out: TextIO, line: str) -> None:
    out.write(line + "\n")
