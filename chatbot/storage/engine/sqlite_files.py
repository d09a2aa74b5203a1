"""The files of the SQLite engine: made private, read beside the writer, copied and locked."""

import asyncio
import errno
import os
import sqlite3
import stat
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from contextvars import copy_context
from pathlib import Path
from typing import Final, TypeVar

from chatbot.problem import Problem
from chatbot.storage.engine.database import (
    NO_PETITION,
    DatabaseUnavailableError,
    IncompleteDatabaseError,
    Work,
    find_cause,
)
from chatbot.storage.engine.group_commit import Request, RolledBack, WorkOutcome
from chatbot.storage.engine.sqlite_advice import explain
from chatbot.storage.engine.sqlite_transaction import carry_out, describe, translated

T = TypeVar("T")
_PATIENCE: Final = 5.0
"""Seconds to wait for a lock before giving up."""


def refuse_other_kinds(file: Path) -> None:
    """Raise `DatabaseUnavailableError` for a pipe, a device or a folder. SQLite would wait for one, or misname it."""
    try:
        mode = file.stat().st_mode
    except OSError:  # what opens it says why
        return
    if not stat.S_ISREG(mode):
        kind = Problem("a folder") if stat.S_ISDIR(mode) else Problem("a pipe or a device")
        raise DatabaseUnavailableError(Problem("{file}: is {kind}; name a file", file=file, kind=kind))


def refuse_unreadable(file: Path) -> None:
    """Raise `DatabaseUnavailableError` for a file that this user may not read: SQLite says not why."""
    try:
        file.stat()
    except FileNotFoundError:  # what opens it says so
        return
    except OSError as error:
        raise DatabaseUnavailableError(explain(str(file), error)) from None
    # Never open it: closing it would drop this process's locks on it.
    if not os.access(file, os.R_OK):
        refused = PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        raise DatabaseUnavailableError(explain(str(file), refused))


def make_private(file: Path, *, new: bool = False) -> None:
    """Create the file, or change the existing one, with mode 0600: it holds the names of people at risk.

    Raises `FileExistsError` if it must be `new` and exists.
    """
    try:
        # Never open an existing file: closing it would drop this process's locks on it
        # (https://www.sqlite.org/howtocorrupt.html, 2.2).
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        if new:
            raise
        # SQLite creates the two files beside it with the mode of the first.
        for existing in (file, *(file.with_name(file.name + suffix) for suffix in ("-wal", "-shm"))):
            if existing.is_file() and existing.stat().st_mode & 0o077:
                existing.chmod(0o600)


def identify(path: Path) -> tuple[int, int] | None:
    """Return the identity of the file at `path`; None if there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def find_lock(file: Path, name: str) -> Path:
    """Return the path of a lock of the database `file`; the same for every link to it, as with SQLite's own files."""
    file = Path(os.path.realpath(file))
    return file.with_name(f"{file.name}-{name}")


def lock(file: Path, name: str) -> sqlite3.Connection | None:
    """Take a lock of the database `file` until the connection is closed. None while another process holds it."""
    lock = sqlite3.connect(find_lock(file, name), timeout=0, isolation_level=None, check_same_thread=False)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        lock.close()
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            return None
        failure = translated(error)
        raise failure from find_cause(failure, error)
    return lock


class FileLocks:
    """The locks of a database that this process holds."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._held: dict[str, sqlite3.Connection] = {}
        self._taking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        """By the name of a lock: tasks that take it at once would keep each other out."""
        self._closed = False

    async def take(self, name: str) -> bool:
        """Take a lock, unless it is held already. False while another process holds it, and once closed."""
        async with self._taking[name]:
            if name not in self._held:
                if (held := await asyncio.to_thread(lock, self._file, name)) is None:
                    return False
                self._held[name] = held
                if self._closed:
                    held.close()
        return not self._closed

    def close(self) -> None:
        """Release all of them."""
        self._closed = True
        for held in self._held.values():
            held.close()


def read_beside(file: Path, asked: Request) -> WorkOutcome:
    """Run a work that only reads, on a snapshot."""
    try:
        with closing(_open_to_read(file)) as connection:
            connection.execute("BEGIN")
            return carry_out(connection, asked)
    except DatabaseUnavailableError as error:
        return RolledBack(error)
    except sqlite3.Error as error:
        return RolledBack(translated(error))


async def read_sqlite(file: Path, work: Work[[], T]) -> T:
    """Run a work that only reads, without opening the database to write. Raises what `open_database` does."""
    outcome = await asyncio.to_thread(read_beside, file, Request(work, copy_context()))
    if isinstance(outcome, RolledBack):
        if isinstance(outcome.error, sqlite3.OperationalError) and "no such table" in str(outcome.error):
            raise IncompleteDatabaseError(NO_PETITION) from None
        raise outcome.error
    result: T = outcome.result
    return result


def find_damage(file: Path) -> list[Problem]:
    """List the damage that SQLite finds in the file, one line each."""
    try:
        with closing(_open_to_read(file)) as connection:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check(20)")]
    except DatabaseUnavailableError as error:
        return [*error.problems]
    except sqlite3.Error as error:
        return [describe(error)]
    return [Problem("the file is damaged: {said}", said=line) for line in found if line != "ok"]


def copy_file(file: Path, target: Path) -> None:
    """Write a snapshot of the database `file` into `target`; see `SqliteDatabase.copy`."""
    try:
        make_private(target, new=True)
        with closing(_open_to_read(file)) as source:
            # Row by row into fresh pages: copied pages could hold erased rows; see sqlite_rewriting.py.
            source.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error as error:
        target.unlink(missing_ok=True)
        failure = translated(error)
        raise failure from find_cause(failure, error)


def _open_to_read(file: Path) -> sqlite3.Connection:
    refuse_other_kinds(file)
    refuse_unreadable(file)
    connection = sqlite3.connect(
        f"{file.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=_PATIENCE
    )
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA temp_store=MEMORY")
    return connection


def run_patiently(
    connection: sqlite3.Connection, sql: str, busy_timeout: float, *, given_up: Callable[[], bool] = lambda: False
) -> None:
    """Run a statement that needs a lock, and retry for `busy_timeout` seconds while another process holds it.

    SQLite's own retries slow down to ten a second: a busy process that frees the lock for a millisecond at a time can
    starve it for seconds (measured with two saturated processes: 2.4 s; with these retries 0.2 s). They do not cover
    the change to WAL either.
    """
    deadline = time.monotonic() + busy_timeout
    while True:
        try:
            connection.execute(sql).fetchall()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= deadline or given_up():
                raise
        else:
            return
