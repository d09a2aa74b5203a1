"""Opening the database named by a setting or an option."""

from chatbot.jobs.file_places import tidy_up
from chatbot.settings import SettingsError
from chatbot.storage import (
    Database,
    DatabaseUnavailableError,
    UnsupportedDatabaseError,
    UnusableDatabaseError,
    open_database,
)


async def open_named_database(name: str, url: str, *, unfinished: bool = False) -> Database:
    """Open the database at `url`. Raises `SettingsError` starting with `name`, the setting or option.

    Every process opens its database here, and so removes the files that killed processes left behind.
    `unfinished` allows a database that holds part of an earlier move.
    """
    try:
        await tidy_up(url)
        return await open_database(url, unfinished=unfinished)
    except UnusableDatabaseError as error:
        raise SettingsError(f"{name}: {error}") from None
    except (DatabaseUnavailableError, UnsupportedDatabaseError) as error:
        hint = "name a file that the bot may write" if url.startswith("sqlite") else "see docs/operating.md, PostgreSQL"
        raise SettingsError(f"{name}: {error}; {hint}") from None
