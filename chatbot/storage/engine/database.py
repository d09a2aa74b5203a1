"""The interface of both engines: databases, transactions, rows, tables and errors."""

from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any, Concatenate, Final, ParamSpec, Protocol, TypeVar

from chatbot.problem import Problem, ProblemError

P = ParamSpec("P")
T = TypeVar("T")

Value = str | int | None
"""What a column holds. Moments are TEXT (see `timestamps`), ids and counts are BIGINT, flags are nullable moments."""


class DatabaseUnavailableError(ProblemError):
    """The database is busy, locked, full, damaged or gone. Nothing was stored; the transaction may be tried again."""


class DatabaseDamagedError(DatabaseUnavailableError):
    """A needed page is damaged: another try is of no use, and other transactions may succeed."""


class ConflictError(Exception):
    """A constraint (unique, foreign key, check, not null) refused a statement; the transaction is rolled back."""


class UnstorableValueError(ValueError):
    """A text with a NUL or half a surrogate pair, or an integer beyond 64 bits: neither engine stores those."""


class UnsupportedDatabaseError(ProblemError, ValueError):
    """An address of an unknown kind of database. The message never repeats it: it may hold a password."""


class UnusableDatabaseError(ProblemError):
    """The database is not usable for this version; the message says in one line why, and what to do."""


class NewerSchemaError(UnusableDatabaseError):
    """The database was migrated by a newer version than this one."""


class ChangedMigrationError(UnusableDatabaseError):
    """A migration was edited after it was applied to this database."""


class IncompleteDatabaseError(UnusableDatabaseError):
    """A part of the database is missing: it was moved, restored or migrated only in part."""


NO_PETITION: Final = Problem("there is no petition in this database: is it the right address?")


def find_cause(raised: BaseException, caught: BaseException) -> BaseException | None:
    """Return the cause to raise a translated error from: None if translation returned `caught` itself.

    An exception that is its own cause makes code that walks the chain loop for ever.
    """
    return None if raised is caught else caught


class Row(Protocol):
    """One row of a result, read by column: `row["name"]`."""

    def __getitem__(self, column: str, /) -> Any:
        """The value in `column`; its type is the schema's."""

    def keys(self) -> Iterable[str]:
        """The names of the columns."""


class Transaction(Protocol):
    """The operations of a transaction. SQL is the part that both engines share; parameters are named `:name`.

    A failed statement ends the transaction: later statements raise the same error, and so does the transaction as a
    whole even if its work swallows it. PostgreSQL allows nothing else.
    """

    async def all(self, sql: str, /, **values: Value) -> list[Row]:
        """Return every row of the result."""

    async def one(self, sql: str, /, **values: Value) -> Row | None:
        """Return the first row of the result; None if there is none."""

    async def run(self, sql: str, /, **values: Value) -> int:
        """Run a statement; returns how many rows it inserted, changed or deleted."""


Work = Callable[Concatenate[Transaction, P], Coroutine[Any, Any, T]]
"""The work of one transaction: a coroutine function that awaits nothing but the transaction, its first argument."""


class Database(Protocol):
    """An open database. Safe to share between all tasks of one event loop."""

    async def transact(self, work: Work[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work(transaction, *args, **kwargs)` in one transaction and return its result once that is durable.

        `work` may run in another thread, so it changes nothing but the database, and returns what it learned.
        Its exception rolls the transaction back and is raised here; so are `ConflictError`, `UnstorableValueError` and
        `DatabaseUnavailableError`. A caller cancelled while waiting cannot know whether the transaction was committed.
        """

    async def read_snapshot(self, work: Work[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work`, which only reads, on a snapshot. It may take long: it blocks no writer."""

    async def find_damage(self) -> list[Problem]:
        """List the damage that the engine finds in its files, one line each; it reads every page."""

    async def purge_deleted(self) -> None:
        """Remove the copies of erased rows from the engine's files, now or as soon as possible."""

    async def rewrite(self) -> bool:
        """Do the same before returning; nothing else can write meanwhile. False if it could not be done."""

    async def transact_exclusive(self, work: Work[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work` as `transact` does, but one at a time among all processes: for changes of the schema."""

    async def try_lock(self, name: str) -> bool:
        """Take the lock `name` (`[a-z]+`) for this process until `close`. False while another process holds it.

        It is False also once closing began. The lock is released at once when the process dies, however it dies.
        """

    async def close(self) -> None:
        """Finish the waiting transactions, then close the database. A second call does nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTable:
    """A table, declared in the module that owns it; see `privacy.tables` for who reads this."""

    name: str
    key: tuple[str, ...]
    """The columns of the primary key."""
    parents: tuple[str, ...] = ()
    """The tables that its rows refer to."""
    person: tuple[str, ...] = ()
    """Columns with the id of the person whom a row is about: erasing that person deletes the row."""
    member: tuple[str, ...] = ()
    """Columns with the id of the team member who acted: the row stays, and gets an alias when they are anonymised."""
    grows: bool = False
    """It has a row for each person, or for each thing that people do: no turn may scan it."""
    counts: str | None = None
    """A query for the counts that it stores: `what` and `value`."""
    recount: str | None = None
    """A query that counts its rows: the sums of all recounts, by `what`, equal the stored counts."""
