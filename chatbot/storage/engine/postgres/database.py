"""A database on a PostgreSQL server."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Final, ParamSpec, TypeVar

import asyncpg

from chatbot import metrics
from chatbot.problem import Problem
from chatbot.storage.engine.database import (
    NO_PETITION,
    DatabaseUnavailableError,
    IncompleteDatabaseError,
    Work,
    find_cause,
)
from chatbot.storage.engine.postgres.address import ServerAddress, read_address
from chatbot.storage.engine.postgres.errors import BROKEN, REPEATED, is_worth_repeating, refused, translated
from chatbot.storage.engine.postgres.pooler import refuse_pooler
from chatbot.storage.engine.postgres.rewriting import rewrite_tables
from chatbot.storage.engine.postgres.transaction import PATIENCE, PostgresTransaction

P = ParamSpec("P")
T = TypeVar("T")

CONNECTIONS: Final = 8
"""The most for each process: enough to keep one core busy, few enough for several processes on one server."""
MIGRATION_WAIT: Final = 60.0
"""Seconds to wait for another process that migrates: every start waits for it, and a large table takes its time."""
RELEASE_WAIT: Final = 1.0
"""Seconds to wait at closing for the server to release locks."""

_REPEATS: Final = 12
"""How often a transaction is tried that the server rolls back because of another one."""
_SESSION: Final = {
    "application_name": "chatbot",
    "timezone": "UTC",
    # An acknowledged signature is never lost: COMMIT returns when it is on the disk.
    "synchronous_commit": "on",
    # A process that hangs inside a transaction must not block the others.
    "idle_in_transaction_session_timeout": "10000",
    "lock_timeout": "5000",
    # Every query of a turn has an index in the right order. The server has no statistics of deliveries that were just
    # inserted, and would sort a million rows to return the first thirty.
    "enable_bitmapscan": "off",
    # The server notices a vanished machine within 8 s, and releases its locks.
    "tcp_keepalives_idle": "4",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "2",
}
_MIGRATING: Final = 0x7065746974696F6E  # "petition"

_working: ContextVar[bool] = ContextVar("working", default=False)
_asked: set[str] = set()
"""Servers that gave this process sessions of its own."""


class PostgresDatabase:
    """A database on a PostgreSQL server; made by `open_postgres`."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", address: ServerAddress) -> None:
        self._pool = pool
        self._address = address
        self._held: dict[str, asyncpg.Connection[asyncpg.Record]] = {}
        self._taking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        """By the name of a lock: tasks that take it at once would keep each other out."""
        self._closed = False
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def transact(self, work: Work[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """See `Database.transact`."""
        with metrics.TRANSACTION.time():
            return await self._retry(lambda tx: work(tx, *args, **kwargs), alone=False)

    async def read_snapshot(self, work: Work[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """See `Database.read_snapshot`: a snapshot, with no bound on how long a statement takes."""
        if self._closed:
            raise DatabaseUnavailableError(Problem("the database is closed"))
        return await _read(self._address, lambda tx: work(tx, *args, **kwargs))

    async def find_damage(self) -> list[Problem]:
        """See `Database.find_damage`: the server checks its own pages as it reads them."""
        return []

    async def purge_deleted(self) -> None:
        """See `Database.purge_deleted`: the server's tables are too busy to be rewritten now; see `rewrite`."""

    async def rewrite(self) -> bool:
        """See `Database.rewrite`: nobody else can use a table while it is rewritten."""
        return await rewrite_tables(self._address, _SESSION)

    async def transact_exclusive(self, work: Work[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """See `Database.transact_exclusive`."""
        return await self._retry(lambda tx: work(tx, *args, **kwargs), alone=True)

    async def _retry(self, work: Work[[], T], *, alone: bool) -> T:
        if _working.get():
            # It would wait for a second connection: a full pool of such transactions would wait for ever.
            raise RuntimeError("a work opened a transaction of its own")
        if self._closed:
            raise DatabaseUnavailableError(Problem("the database is closed"))
        self._under_way += 1
        self._idle.clear()
        try:
            for tries in range(_REPEATS):
                with suppress(*REPEATED):
                    return await self._try(work, alone=alone)
                # Random, or the transactions that collided would collide again.
                await asyncio.sleep(random.uniform(0, 0.01 * 2 ** min(tries, 5)))  # noqa: S311 - not a secret
            raise DatabaseUnavailableError(Problem("the database is too busy"))
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    async def _try(self, work: Work[[], T], *, alone: bool) -> T:
        with _translating():
            connection = await self._pool.acquire(timeout=PATIENCE)
        try:
            with _translating():
                frame = connection.transaction()
                try:
                    await frame.start()
                except BaseException:
                    # It may have begun; asyncpg would warn when such a connection returns to the pool.
                    connection.terminate()
                    raise
            try:
                if alone:
                    with _translating():
                        await _wait_for_migration(connection)
                # A change of the schema may read every row: no time limit.
                transaction = PostgresTransaction(connection, None) if alone else PostgresTransaction(connection)
                result = await _carry_out(work, transaction)
            except BaseException:
                with suppress(asyncpg.PostgresError, *BROKEN):
                    await frame.rollback()
                raise
            with _translating():
                await frame.commit()
            return result
        finally:
            # A connection that breaks here is dropped; the outcome of the transaction does not change.
            with suppress(asyncpg.PostgresError, *BROKEN):
                if connection.is_in_transaction():  # not even the rollback worked
                    connection.terminate()
                await self._pool.release(connection)

    async def try_lock(self, name: str) -> bool:
        """See `Database.try_lock`: an advisory lock in its own connection, released when the server loses that."""
        async with self._taking[name]:
            return await self._take(name)

    async def _take(self, name: str) -> bool:
        held = self._held.get(name)
        if held is not None:
            if await _is_alive(held):
                return True
            del self._held[name]
        with _translating():
            connection = await _connect(self._address)
            try:
                taken = await connection.fetchval("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", name)
            except BaseException:
                connection.terminate()
                raise
        if not taken or self._closed:
            connection.terminate()  # a clean close would wait for a server that may be gone
            return False
        self._held[name] = connection
        return True

    async def close(self) -> None:
        """See `Database.close`."""
        if self._closed:
            return
        self._closed = True
        await self._idle.wait()
        await asyncio.gather(*(_close(connection) for connection in self._held.values()))
        try:
            await asyncio.wait_for(self._pool.close(), PATIENCE)
        except TimeoutError:
            self._pool.terminate()


async def _connect(address: ServerAddress) -> "asyncpg.Connection[asyncpg.Record]":
    return await asyncpg.connect(timeout=PATIENCE, server_settings=_SESSION, **address.connecting())


async def _read(address: ServerAddress, work: Work[[], T]) -> T:
    with _translating():
        connection = await _connect(address)
    try:
        with _translating():
            await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return await _carry_out(work, PostgresTransaction(connection, patience=None))
    finally:
        connection.terminate()


async def _wait_for_migration(connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]") -> None:
    """Take the lock under which one process at a time migrates, until the end of the transaction."""
    await connection.execute(f"SET LOCAL lock_timeout = {round(MIGRATION_WAIT * 1000)}")
    await connection.execute("SELECT pg_advisory_xact_lock($1)", _MIGRATING, timeout=MIGRATION_WAIT + PATIENCE)
    await connection.execute("SET LOCAL lock_timeout TO DEFAULT")


async def _carry_out(work: Work[[], T], transaction: PostgresTransaction) -> T:
    """Run the work. Its exceptions pass unchanged; a failed statement fails it even if it swallows the error."""
    inside = _working.set(True)
    try:
        result = await work(transaction)
        if transaction.failure is not None:
            raise transaction.failure
    finally:
        _working.reset(inside)
        transaction.failure = RuntimeError("this transaction is over")
    return result


@contextmanager
def _translating() -> Iterator[None]:
    try:
        yield
    except (asyncpg.PostgresError, *BROKEN) as error:
        if is_worth_repeating(error):
            raise
        failure = translated(error)
        raise failure from find_cause(failure, error)


async def _close(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """End a session that holds locks; they are released when the server confirms the close."""
    try:
        await connection.close(timeout=RELEASE_WAIT)
    except (asyncpg.PostgresError, *BROKEN):
        connection.terminate()


async def _leave_as_it_is(_connection: object) -> None:
    """Skip asyncpg's reset: transactions leave no state in the connection, and it costs a round trip."""


async def _is_alive(connection: "asyncpg.Connection[asyncpg.Record]") -> bool:
    try:
        await connection.fetchval("SELECT 1", timeout=PATIENCE)
    except (asyncpg.PostgresError, *BROKEN):
        connection.terminate()
        return False
    return True


async def read_postgres(url: str, work: Work[[], T]) -> T:
    """Run a work that only reads in a connection of its own. Raises what `open_database` does."""
    try:
        return await _read(read_address(url), work)
    except asyncpg.UndefinedTableError:
        raise IncompleteDatabaseError(NO_PETITION) from None


async def open_postgres(url: str) -> PostgresDatabase:
    """Connect to the database at `url`, which must exist; does not change its schema.

    Raises `DatabaseUnavailableError`, `UnsupportedDatabaseError` or `UnusableDatabaseError` with a reason and without
    the address, which may hold a password.
    """
    address = read_address(url)
    pool: asyncpg.Pool[asyncpg.Record] | None = None
    try:
        pool = await asyncpg.create_pool(
            min_size=1,
            max_size=CONNECTIONS,
            timeout=PATIENCE,
            command_timeout=PATIENCE,
            statement_cache_size=512,
            server_settings=_SESSION,
            reset=_leave_as_it_is,
            **address.connecting(),
        )
        if address.authority not in _asked:
            await refuse_pooler(pool, url)
            _asked.add(address.authority)
    except BaseException as error:
        if pool is not None:
            pool.terminate()
        if isinstance(error, (ValueError, asyncpg.PostgresError, *BROKEN)):
            raise refused(error, url) from None
        raise
    return PostgresDatabase(pool, address)
