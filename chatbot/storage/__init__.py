"""Everything that the bot stores, in SQL that both engines understand."""

import os
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from chatbot.problem import Problem
from chatbot.storage.admin.unfinished_restore import finish_restore
from chatbot.storage.admin.unfinished_transfer import refuse_unfinished
from chatbot.storage.engine.database import (
    ConflictError,
    Database,
    DatabaseDamagedError,
    DatabaseUnavailableError,
    IncompleteDatabaseError,
    NewerSchemaError,
    Transaction,
    UnstorableValueError,
    UnsupportedDatabaseError,
    UnusableDatabaseError,
    Work,
)
from chatbot.storage.engine.migrate import DatabaseOrigin, find_origin, is_current, migrate
from chatbot.storage.engine.sqlite import open_sqlite
from chatbot.storage.engine.sqlite_files import read_sqlite

__all__ = [
    "ConflictError",
    "Database",
    "DatabaseDamagedError",
    "DatabaseOrigin",
    "DatabaseUnavailableError",
    "IncompleteDatabaseError",
    "NewerSchemaError",
    "Transaction",
    "UnstorableValueError",
    "UnsupportedDatabaseError",
    "UnusableDatabaseError",
    "connect",
    "exists",
    "find_file",
    "find_obstacle",
    "find_origin",
    "is_current",
    "is_embedded",
    "open_database",
    "read_database",
    "try_database",
]

T = TypeVar("T")


async def open_database(
    url: str,
    *,
    unfinished: bool = False,
    new: bool = True,
    before_change: Callable[[DatabaseOrigin], Awaitable[None]] | None = None,
) -> Database:
    """Open the database at `url` and bring its schema up to date. With `new` it may be empty, and is set up.

    `before_change` is called before the schema of data changes, and may refuse by raising `UnusableDatabaseError`.

    `url` is `sqlite:///relative/file.db`, `sqlite:////absolute/file.db` or `postgresql://name:password@host/database`.
    Raises `UnsupportedDatabaseError` for any other address, `DatabaseUnavailableError` if it cannot be used, and
    `UnusableDatabaseError` if this version must not use it. That includes the target of an interrupted `move`, which
    only `move` itself opens, with `unfinished`.
    """
    database = await connect(url)
    try:
        await migrate(database, new=new, before_change=before_change)
        if not unfinished:
            await database.transact(refuse_unfinished)
        if not is_embedded(url):
            await finish_restore(database, datetime.now(UTC))
    except BaseException:
        await database.close()
        raise
    return database


async def try_database(url: str) -> None:
    """Connect to the database at `url` and change nothing. Raises `UnsupportedDatabaseError` and others of the kind."""
    await (await connect(url)).close()


async def read_database(url: str, work: Work[[], T]) -> T:
    """Run a work that only reads in the database at `url`, as it is; it is cheap, and blocks nobody.

    Raises what `open_database` does.
    """
    if not is_embedded(url):
        from chatbot.storage.engine.postgres.database import read_postgres

        return await read_postgres(url, work)
    return await read_sqlite(find_file(url), work)


def is_embedded(url: str) -> bool:
    """Whether the database at `url` is a file on this machine."""
    return url.startswith("sqlite:")


def exists(url: str) -> bool:
    """Whether the file at `url` exists; a server is assumed to, and so is a file that this user may not see."""
    if not is_embedded(url):
        return True
    try:
        find_file(url).stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def find_file(url: str) -> Path:
    """Return the file of an embedded database."""
    return Path(url.partition(":///")[2])


def find_obstacle(url: str) -> Problem | None:
    """Say in one line why the first start could not make the database at `url`; None if it can."""
    folder = find_file(url).absolute().parent
    if not folder.is_dir():
        return Problem("there is no folder {folder}: make it", folder=folder)
    if not os.access(folder, os.W_OK | os.X_OK):
        return Problem("this user may not write into {folder}", folder=folder)
    return None


async def connect(url: str) -> Database:
    """Open the database at `url` as it is, whatever is in it. Raises what `open_database` does."""
    if url.startswith(("postgresql://", "postgres://")):
        try:
            # Imported here: SQLite needs no asyncpg.
            from chatbot.storage.engine.postgres.database import open_postgres
        except ImportError:
            problem = Problem("postgresql:// needs one more package: pip install 'petition-chatbot[postgres]'")
            raise UnsupportedDatabaseError(problem) from None
        return await open_postgres(url)
    scheme, separator, path = url.partition(":///")
    if scheme != "sqlite" or not separator:
        # Only the scheme is repeated: what follows it may be a password.
        named = re.match(r"[a-z][a-z0-9+.-]*(?=://)", url)
        if named and named[0] != "sqlite":
            problem = Problem(
                "a database is named sqlite:///file.db or postgresql://…, not {scheme}://", scheme=named[0]
            )
        else:
            problem = Problem("a database is named sqlite:///file.db or postgresql://…")
        raise UnsupportedDatabaseError(problem)
    if path in ("", ":memory:"):
        problem = Problem("signatures are stored in a file: name it as in sqlite:///file.db")
        raise UnsupportedDatabaseError(problem)
    return await open_sqlite(path)
