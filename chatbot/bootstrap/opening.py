"""Opening the database that a setting or an option names."""

from chatbot.bootstrap.places import tidy_up
from chatbot.settings import SettingsError
from chatbot.storage import Database, DatabaseUnavailable, UnsupportedDatabase, open_database


async def open_named_database(name: str, url: str) -> Database:
    """Open the database that the setting or option `name` gives; raises `SettingsError` with that name.

    Every process that works with a database comes by here, and clears what others left when they were killed.
    """
    try:
        await tidy_up(url)
        return await open_database(url)
    except (DatabaseUnavailable, UnsupportedDatabase) as error:
        hint = "name a file that the bot may write" if url.startswith("sqlite") else "see README, PostgreSQL"
        raise SettingsError(f"{name}: {error}; {hint}") from None
