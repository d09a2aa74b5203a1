"""The embedded engine: one SQLite file, one writer, one thread, group commit."""

import asyncio
import errno
import logging
import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar, cast

import aiosqlite

from chatbot import metrics
from chatbot.problem import Problem
from chatbot.storage.engine.database import DatabaseDamagedError, DatabaseUnavailableError, Work
from chatbot.storage.engine.file_systems import refuse_network
from chatbot.storage.engine.group_commit import GroupCommit, Request, RolledBack, WorkOutcome
from chatbot.storage.engine.sqlite_advice import explain
from chatbot.storage.engine.sqlite_files import (
    FileLocks,
    copy_file,
    find_damage,
    identify,
    make_private,
    read_beside,
    refuse_other_kinds,
    run_patiently,
)
from chatbot.storage.engine.sqlite_restoring import refuse_foreign_log
from chatbot.storage.engine.sqlite_rewriting import SHARE, Rewriting, cut_log, rewrite
from chatbot.storage.engine.sqlite_transaction import carry_out, translated

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

BUSY_TIMEOUT: Final = 5.0
"""Seconds to wait for another process that holds the database before giving up."""
_ASK_AGAIN: Final = 0.02
"""Seconds that SQLite waits for a lock before it is asked again; see `run_patiently`."""
_PURGE_AGAIN: Final = 0.25
"""Seconds until the next try to truncate the write-ahead log."""
_READERS_WAIT: Final = 0.5
"""Seconds that closing waits for readers."""

GROUP_AT_MOST: Final = 256
"""The most transactions that share a commit: it bounds how long another process waits to write."""

_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA foreign_keys=ON",
    # An acknowledged signature survives a power cut: FULL waits for the disk at every commit.
    "PRAGMA synchronous=FULL",
    # Erased names are overwritten, not left in free pages (`Rewriting` removes the copies in pages in use),
    "PRAGMA secure_delete=ON",
    # and sorting writes them into no temporary file.
    "PRAGMA temp_store=MEMORY",
)


class SqliteDatabase:
    """One SQLite file behind one connection; made by `open_sqlite`."""

    def __init__(self, connection: aiosqlite.Connection, file: Path, busy_timeout: float, rewrite_share: float) -> None:
        self._connection = connection
        self._file = file
        self._identity = identify(file)
        self._group_commit = GroupCommit(self._carry_out, at_most=GROUP_AT_MOST)
        self._closed = False
        # Closing ends the wait for another process at once: a stopping bot has no time for it.
        self._run = partial(run_patiently, busy_timeout=busy_timeout, given_up=lambda: self._closed)
        self._locks = FileLocks(file)
        self._trouble: str | None = None
        self._purging: asyncio.Task[None] | None = None
        self._rewriting = Rewriting(file, self._rewrite, share=rewrite_share)
        self._rewritten_at = -1
        self._reading: set[asyncio.Task[Any]] = set()

    async def transact(self, work: Work[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """See `Database.transact`."""
        with metrics.TRANSACTION.time():
            return await self._group_commit.transact(work, *args, **kwargs)

    async def read_snapshot(self, work: Work[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """See `Database.read_snapshot`: in its own connection and thread."""
        request = Request(lambda tx: work(tx, *args, **kwargs), copy_context())
        reading = asyncio.create_task(asyncio.to_thread(read_beside, self._file, request))
        self._reading.add(reading)
        reading.add_done_callback(self._reading.discard)
        # The thread continues when its caller is cancelled; `close` waits for it.
        outcome = await asyncio.shield(reading)
        if isinstance(outcome, RolledBack):
            raise outcome.error
        return cast("T", outcome.result)

    async def find_damage(self) -> list[Problem]:
        """See `Database.find_damage`."""
        return await asyncio.to_thread(find_damage, self._file)

    async def copy(self, target: Path) -> None:
        """Write a snapshot into the file `target`, which must not exist, while everything else runs.

        Leaves no file when it raises `DatabaseUnavailableError`.
        """
        await asyncio.to_thread(copy_file, self._file, target)

    async def purge_deleted(self) -> None:
        """See `Database.purge_deleted`: truncates the write-ahead log, and asks for the file to be rewritten.

        The deleted rows are overwritten already. Readers of an older snapshot keep the log from being truncated; it is
        tried again until they are done.
        """
        self._rewriting.ask()
        await self._cut_log()

    async def rewrite(self) -> bool:
        """See `Database.rewrite`."""
        return await self._rewriting.now()

    async def _rewrite(self) -> bool:
        done = await _in_thread(self._connection, self._rewrite_file)
        await self._cut_log()
        return done

    def _rewrite_file(self, connection: sqlite3.Connection) -> bool:
        _roll_back(connection)
        if identify(self._file) != self._identity:
            return False
        if connection.total_changes == self._rewritten_at:
            return True
        done = rewrite(connection, self._file, partial(self._run, connection))
        if done:
            self._rewritten_at = connection.total_changes
        return done

    async def _cut_log(self) -> None:
        if not await _in_thread(self._connection, cut_log) and not self._closed and self._purging is None:
            self._purging = asyncio.create_task(self._purge_later())

    async def _purge_later(self) -> None:
        done = False
        try:
            while not done:
                await asyncio.sleep(_PURGE_AGAIN)
                done = await _in_thread(self._connection, cut_log)
        finally:
            self._purging = None  # so that the next call starts a new task

    async def transact_exclusive(self, work: Work[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """See `Database.transact_exclusive`: SQLite has one writer at a time."""
        return await self.transact(work, *args, **kwargs)

    async def try_lock(self, name: str) -> bool:
        """See `Database.try_lock`: a lock on an empty database beside this one, released when the process ends."""
        return await self._locks.take(name) and not self._closed

    async def close(self) -> None:
        """See `Database.close`."""
        if self._closed:
            return
        self._closed = True
        if self._purging is not None:
            self._purging.cancel()
            await asyncio.wait([self._purging])
        if self._reading:
            # A reader that closes last would leave the write-ahead log behind.
            await asyncio.wait(self._reading, timeout=_READERS_WAIT)
        try:
            await self._group_commit.close()
            await self._rewriting.close()
        finally:
            self._locks.close()
            await self._connection.close()

    async def _carry_out(self, group: Sequence[Request]) -> Sequence[WorkOutcome]:
        before = self._connection.total_changes
        outcomes = await _in_thread(self._connection, self._carry_out_group, group)
        self._rewriting.note_write()
        if (trouble := _find_trouble(outcomes)) or self._connection.total_changes != before:  # a full disk can be read
            self._report(trouble)
        return outcomes

    def _report(self, trouble: str | None) -> None:
        """Log one line when a kind of trouble begins, and one when it is over."""
        if trouble != self._trouble and not self._closed:
            self._trouble = trouble
            if trouble is not None:
                logger.error("nothing can be stored: %s", trouble)
            else:
                logger.info("everything can be stored again")

    def _carry_out_group(self, connection: sqlite3.Connection, group: Sequence[Request]) -> Sequence[WorkOutcome]:
        outcomes: list[WorkOutcome] = []
        try:
            self._begin(connection)
            for asked in group:
                outcomes.append(carry_out(connection, asked))
                # On a full or failing disk SQLite rolls the whole transaction back. Nothing of the group is stored
                # then, and every later statement would be committed separately.
                if not connection.in_transaction:
                    return _undone(group, outcomes, DatabaseUnavailableError(Problem("the database gave up a group")))
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            return _undone(group, outcomes, translated(error))
        except DatabaseUnavailableError as error:
            return _undone(group, outcomes, error)
        finally:
            _roll_back(connection)
        return outcomes

    def _begin(self, connection: sqlite3.Connection) -> None:
        _roll_back(connection)  # a failing disk may have left one open
        # SQLite would write into a deleted file, and report success.
        if identify(self._file) != self._identity:
            raise DatabaseUnavailableError(Problem("the database file was deleted or replaced: start again"))
        self._run(connection, "BEGIN IMMEDIATE")


def _find_trouble(outcomes: Sequence[WorkOutcome]) -> str | None:
    """Describe what is wrong with the database, without any stored value."""
    errors = (outcome.error for outcome in outcomes if isinstance(outcome, RolledBack))
    away = (error for error in errors if isinstance(error, DatabaseUnavailableError))
    # A damaged page fails the turns that need it, and they report it; others still succeed.
    return next((str(error) for error in away if not isinstance(error, DatabaseDamagedError)), None)


def _roll_back(connection: sqlite3.Connection) -> None:
    """Roll back the open transaction, if any. It fails only with the disk, and is tried again before the next one."""
    if connection.in_transaction:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")


def _undone(group: Sequence[Request], outcomes: Sequence[WorkOutcome], error: Exception) -> list[WorkOutcome]:
    """Fail the whole group: works that failed keep their error, the others get a copy of `error`."""
    own = [outcome if isinstance(outcome, RolledBack) else None for outcome in outcomes]
    own += [None] * (len(group) - len(own))
    return [outcome or RolledBack(type(error)(*error.args)) for outcome in own]


async def _in_thread(connection: aiosqlite.Connection, call: Callable[..., T], *arguments: Any) -> T:
    """Run `call(sqlite3 connection, *arguments)` in aiosqlite's thread.

    aiosqlite's own methods switch threads for each statement, which costs more than it. A test checks `_execute`.
    """
    result: T = await connection._execute(call, connection._conn, *arguments)  # type: ignore[no-untyped-call]
    return result


async def open_sqlite(path: str, *, busy_timeout: float = BUSY_TIMEOUT, rewrite_share: float = SHARE) -> SqliteDatabase:
    """Open the SQLite file at `path`, or create it, readable by its owner only; does not change its schema.

    `busy_timeout` is in seconds; for `rewrite_share` see `sqlite_rewriting.SHARE`. Raises `DatabaseUnavailableError`.
    """
    file = Path(os.path.abspath(path))  # noqa: ASYNC240, PTH100 - asks no disk
    try:
        await asyncio.to_thread(refuse_other_kinds, Path(path))
        opened = await asyncio.to_thread(_open_file, file, busy_timeout)
    except (sqlite3.Error, OSError) as error:
        raise DatabaseUnavailableError(explain(path, error)) from error
    # SQLite's temporary files belong on the disk of the database, which may be encrypted.
    os.environ.setdefault("SQLITE_TMPDIR", str(file.parent))
    # Opened here: a connection that aiosqlite fails to open leaves its thread running.
    connection = aiosqlite.Connection(lambda: opened, iter_chunk_size=64)
    # A process that fails before it closes the database must still end; SQLite survives that.
    connection._thread.daemon = True
    await connection
    return SqliteDatabase(connection, file, busy_timeout, rewrite_share)


def _open_file(file: Path, busy_timeout: float) -> sqlite3.Connection:
    file = Path(os.path.realpath(file))  # SQLite has its log beside the file itself, whatever link names it
    refuse_network(file)
    make_private(file)
    refuse_foreign_log(file)
    if not os.access(file, os.W_OK):  # SQLite would open it, and fail at the first signature
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    connection = sqlite3.connect(
        file, timeout=_ASK_AGAIN, isolation_level=None, cached_statements=256, check_same_thread=False
    )
    connection.row_factory = sqlite3.Row
    try:
        for pragma in _PRAGMAS:
            run_patiently(connection, pragma, busy_timeout)
        cut_log(connection)  # a crash may have come between an erasure and its `purge_deleted`
    except BaseException:
        connection.close()
        raise
    return connection
