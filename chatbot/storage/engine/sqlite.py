"""The embedded engine: one SQLite file, one writer, one thread, group commit."""

import asyncio
import errno
import logging
import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import copy_context
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar, cast

import aiosqlite

from chatbot import metrics
from chatbot.storage.engine.database import DatabaseDamagedError, DatabaseUnavailableError, Work
from chatbot.storage.engine.group_commit import GroupCommit, Request, RolledBack, WorkOutcome
from chatbot.storage.engine.sqlite_files import (
    copy_file,
    find_damage,
    identify,
    lock,
    make_private,
    patiently,
    read_beside,
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
"""Seconds SQLite itself waits for a lock, before we ask it again; see `patiently`."""

_PURGE_AGAIN: Final = 0.25
"""Seconds until the write-ahead log is tried to be cut off again."""

_LAST_LOOKS: Final = 0.5
"""Seconds that closing waits for those who only read."""

GROUP_AT_MOST: Final = 256
"""Transactions that share a commit at most. It bounds how long another process waits for its turn to write."""

_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA foreign_keys=ON",
    # A signature acknowledged is a signature kept, also when the power goes. FULL waits for the disk at every commit.
    "PRAGMA synchronous=FULL",
    # The names of people at risk are overwritten when they are erased, not left behind in free pages (copies in pages
    # that are in use go with `Rewriting`),
    "PRAGMA secure_delete=ON",
    # and sorting them spills into no temporary file.
    "PRAGMA temp_store=MEMORY",
)


class SqliteDatabase:
    """One SQLite file behind one connection; made by `open_sqlite`."""

    def __init__(self, connection: aiosqlite.Connection, file: Path, busy_timeout: float, rewrite_share: float) -> None:
        self._connection = connection
        self._file = file
        self._identity = identify(file)
        self._busy_timeout = busy_timeout
        self._group_commit = GroupCommit(self._carry_out, at_most=GROUP_AT_MOST)
        self._closed = False
        self._held: dict[str, sqlite3.Connection] = {}
        self._trouble: str | None = None
        self._purging: asyncio.Task[None] | None = None
        self._rewriting = Rewriting(file, self._rewrite, share=rewrite_share)
        self._rewritten_at = -1
        self._looking: set[asyncio.Task[Any]] = set()

    async def transact(self, work: Work[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """See `Database.transact`."""
        with metrics.TRANSACTION.time():
            return await self._group_commit.transact(work, *args, **kwargs)

    async def read_snapshot(self, work: Work[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """See `Database.read_snapshot`: through a connection and a thread of its own."""
        request = Request(lambda tx: work(tx, *args, **kwargs), copy_context())
        looking = asyncio.create_task(asyncio.to_thread(read_beside, self._file, request))
        self._looking.add(looking)
        looking.add_done_callback(self._looking.discard)
        # The thread goes on when its caller is cancelled; `close` waits for it.
        outcome = await asyncio.shield(looking)
        if isinstance(outcome, RolledBack):
            raise outcome.error
        return cast("T", outcome.result)

    async def find_damage(self) -> list[str]:
        """See `Database.find_damage`."""
        return await asyncio.to_thread(find_damage, self._file)

    async def copy(self, target: Path) -> None:
        """Write the state of one moment into the file `target`, which must not exist, while everything goes on.

        Raises `DatabaseUnavailableError`, and then leaves no file.
        """
        await asyncio.to_thread(copy_file, self._file, target)

    async def purge_deleted(self) -> None:
        """See `Database.scrub`: rows are overwritten already, the write-ahead log is cut off, the file rewritten soon.

        Whoever reads a state of before keeps the log from being cut; then it is tried again until they are done.
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
        done = rewrite(connection, self._file, lambda sql: patiently(connection, sql, self._busy_timeout))
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
            self._purging = None  # however it ended, the next one is tried

    async def transact_exclusive(self, work: Work[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """See `Database.transact_alone`: SQLite has one writer at a time anyway."""
        return await self.transact(work, *args, **kwargs)

    async def try_lock(self, name: str) -> bool:
        """See `Database.try_lock`: an empty database beside this one, whose lock ends with the process."""
        if name not in self._held:
            beside = self._file.with_name(f"{self._file.name}-{name}")
            held = await asyncio.to_thread(lock, beside)
            if held is None:
                return False
            self._held[name] = held
        return True

    async def close(self) -> None:
        """See `Database.close`."""
        if self._closed:
            return
        self._closed = True
        if self._purging is not None:
            self._purging.cancel()
            await asyncio.wait([self._purging])
        if self._looking:
            # Whoever only reads and closes last leaves the write-ahead log behind.
            await asyncio.wait(self._looking, timeout=_LAST_LOOKS)
        try:
            await self._group_commit.close()
            await self._rewriting.close()
        finally:
            for held in self._held.values():
                held.close()
            await self._connection.close()

    async def _carry_out(self, group: Sequence[Request]) -> Sequence[WorkOutcome]:
        outcomes = await _in_thread(self._connection, self._carry_out_group, group)
        self._rewriting.note_write()
        self._report(_find_trouble(outcomes))
        return outcomes

    def _report(self, trouble: str | None) -> None:
        """Leave one line in the log when a kind of trouble begins, however long it lasts, and one when it is over."""
        if trouble == self._trouble or self._closed:
            return
        self._trouble = trouble
        if trouble is not None:
            logger.error("nothing can be kept: %s", trouble)
        else:
            logger.info("everything can be kept again")

    def _carry_out_group(self, connection: sqlite3.Connection, group: Sequence[Request]) -> Sequence[WorkOutcome]:
        outcomes: list[WorkOutcome] = []
        try:
            self._begin(connection)
            for asked in group:
                outcomes.append(carry_out(connection, asked))
                # A full or failing disk makes SQLite end the whole transaction by itself. Nothing of the group is kept
                # then, and every later statement would be committed on its own.
                if not connection.in_transaction:
                    return _undone(group, outcomes, DatabaseUnavailableError("the database gave up a whole group"))
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            return _undone(group, outcomes, translated(error))
        except DatabaseUnavailableError as error:
            return _undone(group, outcomes, error)
        finally:
            _roll_back(connection)
        return outcomes

    def _begin(self, connection: sqlite3.Connection) -> None:
        _roll_back(connection)  # what a failing disk may have left behind
        # SQLite would go on writing into a file nobody can find any more, and answer that all is well.
        if identify(self._file) != self._identity:
            raise DatabaseUnavailableError("the database file was deleted or replaced: start again")
        # Who still waits when the database is closed is told so at once: a stopping bot has not got this patience.
        patiently(connection, "BEGIN IMMEDIATE", self._busy_timeout, given_up=lambda: self._closed)


def _find_trouble(outcomes: Sequence[WorkOutcome]) -> str | None:
    """What is wrong with the database, in words of ours and SQLite's; never a value of somebody's."""
    errors = (outcome.error for outcome in outcomes if isinstance(outcome, RolledBack))
    away = (error for error in errors if isinstance(error, DatabaseUnavailableError))
    # A damaged page is the trouble of whoever needs it, and their turn says so: others are kept meanwhile.
    return next((str(error) for error in away if not isinstance(error, DatabaseDamagedError)), None)


def _roll_back(connection: sqlite3.Connection) -> None:
    """Undo the open transaction, if there is one. Fails only with the disk, and is tried again before the next one."""
    if connection.in_transaction:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")


def _undone(group: Sequence[Request], outcomes: Sequence[WorkOutcome], error: Exception) -> list[WorkOutcome]:
    """Nothing of the group was kept. Who failed on their own hears that, everybody else their own copy of `error`."""
    own = [outcome if isinstance(outcome, RolledBack) else None for outcome in outcomes]
    own += [None] * (len(group) - len(own))
    return [outcome or RolledBack(type(error)(*error.args)) for outcome in own]


async def _in_thread(connection: aiosqlite.Connection, call: Callable[..., T], *arguments: Any) -> T:
    """Run `call(sqlite3 connection, *arguments)` in aiosqlite's thread.

    aiosqlite offers single statements only, and a hop between threads for each of them costs more than the statement.
    Its `_execute` is what all of its methods are made of; a test watches that it stays.
    """
    result: T = await connection._execute(call, connection._conn, *arguments)  # type: ignore[no-untyped-call]
    return result


async def open_sqlite(path: str, *, busy_timeout: float = BUSY_TIMEOUT, rewrite_share: float = SHARE) -> SqliteDatabase:
    """Open the SQLite file at `path`, made if there is none, readable by its owner only; its schema is left alone.

    `busy_timeout` is in seconds; for `rewrite_share` see `sqlite_rewriting.SHARE`. Raises `DatabaseUnavailableError`
    with the path and a reason.
    """
    file = Path(os.path.abspath(path))  # noqa: ASYNC240, PTH100 - asks no disk
    try:
        opened = await asyncio.to_thread(_open_file, file, busy_timeout)
    except sqlite3.Error as error:
        raise DatabaseUnavailableError(f"{path}: {translated(error)}") from error
    except OSError as error:
        raise DatabaseUnavailableError(f"{path}: the database cannot be opened ({error.strerror})") from error
    # What SQLite puts into a temporary file stays on the disk of the database, which may be an encrypted one.
    os.environ.setdefault("SQLITE_TMPDIR", str(file.parent))
    # Handed over open: a connection that aiosqlite fails to open leaves its thread behind.
    connection = aiosqlite.Connection(lambda: opened, iter_chunk_size=64)
    # A process that fails before it closes the database must still end. SQLite is at home with sudden ends.
    connection._thread.daemon = True
    await connection
    return SqliteDatabase(connection, file, busy_timeout, rewrite_share)


def _open_file(file: Path, busy_timeout: float) -> sqlite3.Connection:
    make_private(file)
    refuse_foreign_log(file)
    if not os.access(file, os.W_OK):  # SQLite would open it all the same, and fail at the first signature
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    connection = sqlite3.connect(
        file, timeout=_ASK_AGAIN, isolation_level=None, cached_statements=256, check_same_thread=False
    )
    connection.row_factory = sqlite3.Row
    try:
        for pragma in _PRAGMAS:
            patiently(connection, pragma, busy_timeout)
        cut_log(connection)  # a crash may have come between an erasing and its `purge_deleted`
    except BaseException:
        connection.close()
        raise
    return connection
