"""One transaction on SQLite, run in the connection's thread under its own savepoint."""

import sqlite3
from collections.abc import Callable
from typing import Any, Final, TypeVar

from chatbot.problem import Problem, ProblemError
from chatbot.storage.engine.database import (
    ConflictError,
    DatabaseDamagedError,
    DatabaseUnavailableError,
    Row,
    UnstorableValueError,
    Value,
    Work,
    find_cause,
)
from chatbot.storage.engine.group_commit import Committed, Request, RolledBack, WorkOutcome

T = TypeVar("T")

# https://www.sqlite.org/rescode.html: the primary result codes that no change of the statement would avoid.
_UNAVAILABLE: Final = {
    sqlite3.SQLITE_PERM: Problem("the database may not be opened"),
    sqlite3.SQLITE_BUSY: Problem("the database is locked by another process"),
    sqlite3.SQLITE_LOCKED: Problem("the database is locked"),
    sqlite3.SQLITE_NOMEM: Problem("the database has no memory left"),
    sqlite3.SQLITE_READONLY: Problem("the database may only be read"),
    sqlite3.SQLITE_INTERRUPT: Problem("the database was interrupted"),
    sqlite3.SQLITE_IOERR: Problem("the database cannot be read or written"),
    sqlite3.SQLITE_CORRUPT: Problem("the database is damaged"),
    sqlite3.SQLITE_FULL: Problem("the database has no room left on its disk"),
    sqlite3.SQLITE_CANTOPEN: Problem("the database cannot be opened"),
    sqlite3.SQLITE_PROTOCOL: Problem("the database cannot be locked"),
    sqlite3.SQLITE_NOTADB: Problem("the database is not an SQLite database"),
}


def translated(error: sqlite3.Error | ValueError | OverflowError) -> Exception:
    """Translate an error of the engine; errors in a statement stay as they are."""
    if not isinstance(error, sqlite3.Error):
        return UnstorableValueError(str(error))
    if isinstance(error, sqlite3.IntegrityError):
        return ConflictError(str(error))
    # Extended codes use the upper bytes; errors of the Python module have no code.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    problem = _UNAVAILABLE.get(code)
    kind = DatabaseDamagedError if code == sqlite3.SQLITE_CORRUPT else DatabaseUnavailableError
    return kind(Problem("{problem} ({said})", problem=problem, said=error)) if problem else error


def describe(error: sqlite3.Error) -> Problem:
    """Return what an error of the engine means, or what it says if that is not known."""
    failure = translated(error)
    return failure.problems[0] if isinstance(failure, ProblemError) else Problem.quote(str(error))


class SqliteTransaction:
    """The `Transaction` of a work: calls the connection directly, and never suspends."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.failure: Exception | None = None

    async def all(self, sql: str, /, **values: Value) -> list[Row]:
        """See `Transaction.all`."""
        return self._carry_out(sql, values, _fetch)

    async def one(self, sql: str, /, **values: Value) -> Row | None:
        """See `Transaction.one`."""
        # Fetches all rows: a statement with RETURNING is complete only then.
        rows = self._carry_out(sql, values, _fetch)
        return rows[0] if rows else None

    async def run(self, sql: str, /, **values: Value) -> int:
        """See `Transaction.run`."""
        return self._carry_out(sql, values, _count_changes)

    def _carry_out(self, sql: str, values: dict[str, Value], read: Callable[[sqlite3.Cursor], T]) -> T:
        if self.failure is not None:
            raise self.failure
        try:
            _refuse_nul(values)
            return read(self._connection.execute(sql, values))
        except (sqlite3.Error, ValueError, OverflowError) as error:
            self.failure = translated(error)
            raise self.failure from find_cause(self.failure, error)


def _refuse_nul(values: dict[str, Value]) -> None:
    """Refuse a NUL in a text, as PostgreSQL does: both engines accept the same values."""
    for value in values.values():
        if isinstance(value, str) and "\0" in value:
            raise ValueError("a text with a NUL cannot be stored")


def _fetch(cursor: sqlite3.Cursor) -> list[Row]:
    return cursor.fetchall()


def _count_changes(cursor: sqlite3.Cursor) -> int:
    return max(cursor.rowcount, 0)  # -1 for statements that change no rows


def _drive(work: Work[[], Any], transaction: SqliteTransaction) -> Any:
    """Run a work to its end at once: nothing that it may await suspends."""
    coroutine = work(transaction)
    try:
        coroutine.send(None)
    except StopIteration as finished:
        return finished.value
    coroutine.close()
    raise RuntimeError("a work waited for something else inside a transaction")


def carry_out(connection: sqlite3.Connection, asked: Request) -> WorkOutcome:
    """Run one work under its own savepoint, so that its failure does not affect the group."""
    connection.execute("SAVEPOINT work")
    transaction = SqliteTransaction(connection)
    outcome: WorkOutcome
    try:
        result = asked.context.run(_drive, asked.work, transaction)
    except Exception as error:
        # Only the caller gets the exception of a work; it must end neither the thread nor the group.
        outcome = RolledBack(error)
    except BaseException as error:
        # A work never cancels a task or ends the process on purpose: its caller gets a bug like any other, which must
        # not look like the cancellation of the caller's own task.
        bug = RuntimeError("a work raised what ends a task")
        bug.__cause__ = error
        outcome = RolledBack(bug)
    else:
        outcome = RolledBack(transaction.failure) if transaction.failure else Committed(result)
    transaction.failure = RuntimeError("this transaction is over")
    if connection.in_transaction:
        if isinstance(outcome, RolledBack):
            connection.execute("ROLLBACK TO work")
        connection.execute("RELEASE work")
    return outcome
