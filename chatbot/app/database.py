"""Opening the database that a setting or an option names."""

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
    """Open the database that the setting or option `name` gives; raises `SettingsError` with that name.

    Every process that works with a database comes by here, and clears what others left when they were killed.
    `unfinished`: it may hold a part of an earlier move.
    """
    try:
        await tidy_up(url)
        return await open_database(url, unfinished=unfinished)
    except UnusableDatabaseError as error:
        raise SettingsError(f"{name}: {error}") from None
    except (DatabaseUnavailableError, UnsupportedDatabaseError) as error:
        hint = "name a file that the bot may write" if url.startswith("sqlite") else "see docs/operating.md, PostgreSQL"
        raise SettingsError(f"{name}: {error}; {hint}") from None
