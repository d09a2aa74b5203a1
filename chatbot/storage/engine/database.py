"""What a database is to the rest of the house: transactions, rows, and the few ways they can fail."""

from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

Value = str | int | None
"""What a column holds. Moments are TEXT (see `moments`), ids and counts are BIGINT, flags are nullable moments."""


class DatabaseUnavailableError(Exception):
    """Busy, locked, full, damaged or gone: nothing was kept, and the same transaction may be tried again."""


class DatabaseDamagedError(DatabaseUnavailableError):
    """What was asked for lies on a damaged page: trying again is of no use, and other transactions may well succeed."""


class ConflictError(Exception):
    """A rule of the schema (unique, foreign key, check, not null) refused a statement; the transaction is undone."""


class UnstorableValueError(ValueError):
    """A text with a NUL or half a surrogate pair, or a whole number beyond 64 bits: no engine of ours keeps those."""


class UnsupportedDatabaseError(ValueError):
    """An address that names no database we know. The message never repeats the address: it may hold a password."""


class UnusableDatabaseError(Exception):
    """The database is not one that this version may work with; the message says in a line why, and what to do."""


class NewerSchemaError(UnusableDatabaseError):
    """The database was migrated by a newer version than this one."""


class ChangedMigrationError(UnusableDatabaseError):
    """A migration is not what it was when it was applied to this database."""


class IncompleteDatabaseError(UnusableDatabaseError):
    """A part of it is missing: it was moved, restored or migrated by halves."""


def find_cause(raised: BaseException, caught: BaseException) -> BaseException | None:
    """What `raised` is to be raised `from` where `caught` was translated into it: nothing, where it stayed itself.

    An exception that is its own cause sends whoever walks through the chain round for ever.
    """
    return None if raised is caught else caught


class Row(Protocol):
    """One row of an answer, read by column: `row["name"]`."""

    def __getitem__(self, column: str, /) -> Any:
        """The value in `column`; its type is the schema's."""

    def keys(self) -> Iterable[str]:
        """The names of the columns."""


class Transaction(Protocol):
    """What the work of one transaction may do. SQL is the part both engines share; parameters are named `:name`.

    A statement that fails ends the transaction: later statements raise the same error, and so does the
    transaction as a whole even if its work swallows it. PostgreSQL knows no other way.
    """

    async def all(self, sql: str, /, **values: Value) -> list[Row]:
        """Every row of the answer."""

    async def one(self, sql: str, /, **values: Value) -> Row | None:
        """The first row of the answer, None when there is none."""

    async def run(self, sql: str, /, **values: Value) -> int:
        """How many rows the statement inserted, changed or deleted."""


Work = Callable[Concatenate[Transaction, P], Coroutine[Any, Any, T]]
"""The work of one transaction: a coroutine function that awaits nothing but the transaction, its first argument."""


class Database(Protocol):
    """An open database. Safe to share between all tasks of one event loop."""

    async def transact(self, work: Work[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work(transaction, *args, **kwargs)` in one transaction and return its result once that is durable.

        `work` may run in another thread, so it changes nothing but the database, and returns what it learned.
        Its own exception undoes the transaction and is raised here; so are `ConflictError`, `UnstorableValueError` and
        `DatabaseUnavailableError`. A caller cancelled while waiting cannot know whether the transaction was kept.
        """

    async def read_snapshot(self, work: Work[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work`, which only reads, on the state of one moment. It may take long: nobody waits for it."""

    async def find_damage(self) -> list[str]:
        """What the engine itself finds wrong with its files, one line each; it looks at every page there is."""

    async def purge_deleted(self) -> None:
        """See that what was erased is not to be found in the engine's own files any more, now or as soon as can be."""

    async def rewrite(self) -> bool:
        """The same, done when this returns, while nobody else can write; False where it could not be done."""

    async def transact_exclusive(self, work: Work[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """The same, one at a time among all processes that call this: for changes of the schema."""

    async def try_lock(self, name: str) -> bool:
        """Take what only one process at a time may do (`[a-z]+`), until `close`; False while another one has it.

        A process that dies, however it dies, lets go at once.
        """

    async def close(self) -> None:
        """Finish the transactions already asked for, then let go of the database. A second call does nothing."""


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
