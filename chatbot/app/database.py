"""Opening the database named by a setting or an option."""

from collections.abc import Awaitable, Callable
from functools import partial

from chatbot.app.backups.folder import back_up_before_change, find_backups
from chatbot.jobs.file_places import tidy_up
from chatbot.problem import Problem
from chatbot.settings import Settings, SettingsError
from chatbot.storage import (
    Database,
    DatabaseOrigin,
    DatabaseUnavailableError,
    UnsupportedDatabaseError,
    UnusableDatabaseError,
    find_file,
    is_embedded,
    open_database,
)
from chatbot.storage.engine.file_systems import refuse_container_disk


async def open_configured_database(settings: Settings, *, new: bool = True) -> Database:
    """Open the database of `DATABASE_URL`, which may be empty if `new`. Raises `SettingsError`.

    A backup is made before its schema changes.
    """
    url = settings.database_url
    return await open_named_database(
        "DATABASE_URL",
        url,
        new=new,
        before_change=partial(back_up_before_change, find_backups(settings)),
        in_volume=settings.volume_required and is_embedded(url),
    )


async def open_named_database(
    name: str,
    url: str,
    *,
    unfinished: bool = False,
    new: bool = True,
    before_change: Callable[[DatabaseOrigin], Awaitable[None]] | None = None,
    in_volume: bool = False,
) -> Database:
    """Open the database at `url`. Raises `SettingsError` starting with `name`, the setting or option.

    Every process opens its database here, and so removes the files that killed processes left behind.
    `unfinished` allows a database that holds part of an earlier move, and `new` an empty one. `in_volume` refuses a
    file that would end with its container.
    """
    try:
        if in_volume:
            refuse_container_disk(find_file(url))
        await tidy_up(url)
        return await open_database(url, unfinished=unfinished, new=new, before_change=before_change)
    except UnusableDatabaseError as error:
        problem = Problem("{name}: {problem}", name=name, problem=error.problems[0])
        raise SettingsError(problem) from None
    except (DatabaseUnavailableError, UnsupportedDatabaseError) as error:
        raise explain(name, url, error) from None


def explain(name: str, url: str, error: DatabaseUnavailableError | UnsupportedDatabaseError) -> SettingsError:
    """Return the error with the name of the setting or option that holds the database's address."""
    hint = Problem("{name}: {problem}; see docs/operating.md, PostgreSQL")
    if is_embedded(url):
        hint = Problem("{name}: {problem}")
    return SettingsError(hint.fill(name=name, problem=error.problems[0]))
