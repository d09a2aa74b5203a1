"""The engine for more than one machine: PostgreSQL through asyncpg, and a connection of the pool for each turn."""

import asyncio
import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Final, ParamSpec, TypeVar

import asyncpg

from chatbot import metrics
from chatbot.storage.engine.database import DatabaseUnavailableError, Work, find_cause
from chatbot.storage.engine.postgres_errors import BROKEN, REPEATED, is_worth_repeating, translated
from chatbot.storage.engine.postgres_rewriting import rewrite_tables
from chatbot.storage.engine.postgres_transaction import PATIENCE, PostgresTransaction

P = ParamSpec("P")
T = TypeVar("T")

CONNECTIONS: Final = 8
"""At most, for each process: what its one core can keep busy, and few enough for several processes on one server."""
FAREWELL: Final = 1.0
"""Seconds to wait at closing for the server to let go of what is held."""

_REPEATS: Final = 12
"""How often a transaction is begun anew that the server undid because of another one."""
_SESSION: Final = {
    "application_name": "chatbot",
    "timezone": "UTC",
    # A signature acknowledged is a signature kept: COMMIT returns when it is on the disk.
    "synchronous_commit": "on",
    # A process that hangs in the middle of a transaction must not keep everybody else waiting.
    "idle_in_transaction_session_timeout": "10000",
    "lock_timeout": "5000",
    # Whatever a turn looks for stands in an index in the right order. Of a ledger just written the server knows nothing
    # yet, and would sort a million rows to give the first thirty.
    "enable_bitmapscan": "off",
    # A machine that vanishes is noticed, and its locks are free again, within 8 s.
    "tcp_keepalives_idle": "4",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "2",
}
_MIGRATING: Final = 0x7065746974696F6E  # "petition"

_working: ContextVar[bool] = ContextVar("working", default=False)


class PostgresDatabase:
    """A database on a PostgreSQL server; made by `open_postgres`."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", url: str) -> None:
        self._pool = pool
        self._url = url
        self._held: dict[str, asyncpg.Connection[asyncpg.Record]] = {}
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
            raise DatabaseUnavailableError("the database is closed")
        with _translating():
            connection = await asyncpg.connect(self._url, timeout=PATIENCE, server_settings=_SESSION)
        try:
            with _translating():
                await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            return await _carry_out(
                lambda tx: work(tx, *args, **kwargs), PostgresTransaction(connection, patience=None)
            )
        finally:
            connection.terminate()

    async def find_damage(self) -> list[str]:
        """See `Database.find_damage`: the server checks its own pages as it reads them."""
        return []

    async def purge_deleted(self) -> None:
        """See `Database.scrub`: the server's files are its own, and too busy to be rewritten now; see `rewrite`."""

    async def rewrite(self) -> bool:
        """See `Database.rewrite`: nobody else can use a table while it is rewritten."""
        return await rewrite_tables(self._url, _SESSION)

    async def transact_exclusive(self, work: Work[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """See `Database.transact_alone`."""
        return await self._retry(lambda tx: work(tx, *args, **kwargs), alone=True)

    async def _retry(self, work: Work[[], T], *, alone: bool) -> T:
        if _working.get():
            # It would wait for a connection while it has one: sixteen of those wait for each other for ever.
            raise RuntimeError("a work opened a transaction of its own")
        if self._closed:
            raise DatabaseUnavailableError("the database is closed")
        self._under_way += 1
        self._idle.clear()
        try:
            for tries in range(_REPEATS):
                with suppress(*REPEATED):
                    return await self._try(work, alone=alone)
                # By chance, or those who met once would meet again.
                await asyncio.sleep(random.uniform(0, 0.01 * 2 ** min(tries, 5)))  # noqa: S311 - no secret hangs on it
            raise DatabaseUnavailableError("the database is too busy")
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
                    # Whether it has begun, nobody knows: asyncpg would complain of it when the pool takes it back.
                    connection.terminate()
                    raise
            try:
                if alone:
                    with _translating():
                        await connection.execute("SELECT pg_advisory_xact_lock($1)", _MIGRATING)
                # A change of the schema may go through all there is.
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
            # One that breaks while it is tidied up is thrown away; what became of the transaction stands.
            with suppress(asyncpg.PostgresError, *BROKEN):
                if connection.is_in_transaction():  # it could not even be ended
                    connection.terminate()
                await self._pool.release(connection)

    async def try_lock(self, name: str) -> bool:
        """See `Database.try_lock`: an advisory lock of a connection of its own, gone when the server loses us."""
        held = self._held.get(name)
        if held is not None:
            if await _is_alive(held):
                return True
            del self._held[name]
        with _translating():
            connection = await asyncpg.connect(self._url, timeout=PATIENCE, server_settings=_SESSION)
            try:
                taken = await connection.fetchval("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", name)
            except BaseException:
                connection.terminate()
                raise
        if not taken:
            connection.terminate()  # a server that is gone by now would not answer a farewell
            return False
        self._held[name] = connection
        return True

    async def close(self) -> None:
        """See `Database.close`."""
        if self._closed:
            return
        self._closed = True
        await self._idle.wait()
        await asyncio.gather(*(_part(connection) for connection in self._held.values()))
        try:
            await asyncio.wait_for(self._pool.close(), PATIENCE)
        except TimeoutError:
            self._pool.terminate()


async def _carry_out(work: Work[[], T], transaction: PostgresTransaction) -> T:
    """Do the work. Its own exception is its own, whatever kind it is; a failed statement fails it all the same."""
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


async def _part(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """End a session that held locks. When the server says goodbye they are free; one that is gone says nothing."""
    try:
        await connection.close(timeout=FAREWELL)
    except (asyncpg.PostgresError, *BROKEN):
        connection.terminate()


async def _leave_as_it_is(_connection: object) -> None:
    """Nothing of a transaction outlives it in its connection: asking the server to reset that would be a trip more."""


async def _is_alive(connection: "asyncpg.Connection[asyncpg.Record]") -> bool:
    try:
        await connection.fetchval("SELECT 1", timeout=PATIENCE)
    except (asyncpg.PostgresError, *BROKEN):
        connection.terminate()
        return False
    return True


async def open_postgres(url: str) -> PostgresDatabase:
    """Connect to the database at `url`, which must exist; its schema is left alone.

    Raises `DatabaseUnavailableError` with a reason and without the address, which may hold a password.
    """
    try:
        pool = await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=CONNECTIONS,
            timeout=PATIENCE,
            command_timeout=PATIENCE,
            statement_cache_size=512,
            server_settings=_SESSION,
            reset=_leave_as_it_is,
        )
    except ValueError:
        raise DatabaseUnavailableError("the address of the PostgreSQL server cannot be read") from None
    except (asyncpg.PostgresError, *BROKEN) as error:
        raise translated(error) from None
    return PostgresDatabase(pool, url)
