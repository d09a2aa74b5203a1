"""At rest: everything the bot remembers, in SQL that reads the same on every engine."""

import re

from chatbot.storage.database import (
    Conflict,
    Database,
    DatabaseUnavailable,
    NewerSchema,
    Transaction,
    UnstorableValue,
    UnsupportedDatabase,
)
from chatbot.storage.migrate import migrate
from chatbot.storage.sqlite import open_sqlite

__all__ = [
    "Conflict",
    "Database",
    "DatabaseUnavailable",
    "NewerSchema",
    "Transaction",
    "UnstorableValue",
    "UnsupportedDatabase",
    "open_database",
]


async def open_database(url: str) -> Database:
    """Open the database at `url` and bring its schema up to date.

    `url` is `sqlite:///relative/file.db` or `sqlite:////absolute/file.db`. Raises `UnsupportedDatabase` for any
    other address, `DatabaseUnavailable` when the file cannot be used, `NewerSchema` when it is ahead of this code.
    """
    scheme, separator, path = url.partition(":///")
    if scheme != "sqlite" or not separator:
        # Only the scheme is repeated: what follows it may be a password.
        named = re.match(r"[a-z][a-z0-9+.-]*(?=://)", url)
        which = f", not {named[0]}://" if named and named[0] != "sqlite" else ""
        raise UnsupportedDatabase(f"a database is named sqlite:///file.db or sqlite:////folder/file.db{which}")
    if path in ("", ":memory:"):
        raise UnsupportedDatabase("signatures are kept in a file: name it as in sqlite:///file.db")
    database = await open_sqlite(path)
    try:
        await migrate(database)
    except BaseException:
        await database.close()
        raise
    return database
