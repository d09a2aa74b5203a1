"""Locks, deadlocks, queues and changes of the schema while others work: only PostgreSQL has them."""

import asyncio

import asyncpg
import pytest

from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.languages import Language
from chatbot.storage import Database, DatabaseUnavailableError, Transaction, open_database
from chatbot.storage.broadcasts import audience, delivery_counts
from chatbot.storage.engine.postgres import database as postgres
from chatbot.storage.people import counters, supporters
from tests.storage.conftest import on_postgres, until
from tests.storage.engine.conftest import raise_a, read_a
from tests.support.broadcasts import draft, start, states, subscribe
from tests.support.campaigns import BUNDLED
from tests.support.cast import NOW
from tests.support.cuttable_wire import Wiretap
from tests.support.limits import GIVE_UP
from tests.support.postgres_server import PostgresServer

TERMINATE = b"X\0\0\0\4"
"""The last message of a client."""

pytestmark = on_postgres


async def test_two_workers_gather_an_audience_once(
    database: Database, bystander: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    """This happens if a worker loses its connection, and with it the lock, while its last transaction commits."""

    async def begin(tx: Transaction) -> Broadcast:
        await subscribe(tx, range(1, 41), NOW)
        return await start(tx, await draft(tx, NOW, ko="새 소식"), NOW)

    broadcast = await database.transact(begin)
    gathered, commit = asyncio.Event(), asyncio.Event()

    async def slowly(tx: Transaction) -> None:
        await audience.gather(tx, broadcast, BUNDLED, 30, NOW)
        gathered.set()
        await commit.wait()

    first = asyncio.create_task(database.transact(slowly))
    await gathered.wait()
    second = asyncio.create_task(database.transact(audience.gather, broadcast, BUNDLED, 30, NOW))
    await until(lambda: bystander.fetchval("SELECT count(*) > 0 FROM pg_locks WHERE NOT granted"))
    commit.set()
    await first
    assert not await second
    assert await database.transact(audience.gather, broadcast, BUNDLED, 30, NOW)

    async def read(tx: Transaction) -> tuple[set[int], dict[Language, int]]:
        return set(await states(tx, broadcast.id)), (await delivery_counts.read(tx, broadcast.id)).audience

    assert await database.transact(read) == (set(range(1, 41)), {"ko": 40})


async def test_exhausted_pool_makes_the_database_unavailable(
    database: Database, bystander: "asyncpg.Connection[asyncpg.Record]", monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.transact(raise_a)
    holding = bystander.transaction()
    await holding.start()
    await bystander.execute("UPDATE counters SET value = value WHERE name = 'a'")
    stuck = [asyncio.create_task(database.transact(raise_a)) for _ in range(postgres.CONNECTIONS)]
    all_wait = "SELECT count(*) = $1 FROM pg_locks WHERE NOT granted"
    await until(lambda: bystander.fetchval(all_wait, postgres.CONNECTIONS))
    monkeypatch.setattr(postgres, "PATIENCE", 0.2)  # only now: a busy machine may need longer to open connections
    late = await asyncio.gather(*(database.transact(raise_a) for _ in range(20)), return_exceptions=True)
    assert {type(answer) for answer in late} == {DatabaseUnavailableError}
    await holding.commit()
    assert sorted(await asyncio.gather(*stuck)) == list(range(2, 2 + postgres.CONNECTIONS))
    assert await database.transact(raise_a) == 2 + postgres.CONNECTIONS


async def test_refused_lock_leaves_no_transaction_open(
    url: str,
    bystander: "asyncpg.Connection[asyncpg.Record]",
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A process starts while another one migrates."""
    await (await open_database(url)).close()
    monkeypatch.setattr(postgres, "MIGRATION_WAIT", 0.05)
    database = await postgres.open_postgres(url)
    await bystander.execute("SELECT pg_advisory_lock($1)", postgres._MIGRATING)
    with pytest.raises(DatabaseUnavailableError, match="is locked"):
        await database.transact_exclusive(read_a)
    await bystander.execute("SELECT pg_advisory_unlock_all()")
    assert await database.transact_exclusive(raise_a) == 1
    assert caplog.records == [], "asyncpg would log a transaction that is left open"
    await database.close()


async def read_lock_timeout(tx: Transaction) -> str:
    row = await tx.one("SELECT current_setting('lock_timeout') AS value")
    assert row is not None
    return str(row["value"])


async def test_start_waits_longer_for_a_migration_than_for_other_locks(
    url: str, bystander: "asyncpg.Connection[asyncpg.Record]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(postgres._SESSION, "lock_timeout", "50")
    database = await postgres.open_postgres(url)
    await bystander.execute("SELECT pg_advisory_lock($1)", postgres._MIGRATING)
    starting = asyncio.create_task(database.transact_exclusive(read_lock_timeout))
    await until(lambda: bystander.fetchval("SELECT count(*) = 1 FROM pg_locks WHERE NOT granted"))
    await bystander.execute("SELECT pg_sleep(0.15)")
    await bystander.execute("SELECT pg_advisory_unlock_all()")
    assert await starting == "50ms", "the wait for tables is that of any transaction"
    await database.close()


async def test_deadlock_ends_with_both_transactions_committed(database: Database) -> None:
    met: list[str] = []
    both = asyncio.Event()
    tries = 0

    async def one_after_the_other(tx: Transaction, first: str, second: str) -> None:
        nonlocal tries
        tries += 1
        await counters.increase(tx, first)
        met.append(first)
        if len(met) == 2:
            both.set()
        await both.wait()
        await counters.increase(tx, second)

    await asyncio.gather(
        database.transact(one_after_the_other, "a", "b"),
        database.transact(one_after_the_other, "b", "a"),
    )
    assert tries > 2, "the two transactions collided"
    assert await database.transact(read_a) == 2


async def test_lock_lost_with_its_connection_can_be_taken(
    database: Database, url: str, bystander: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    other = await open_database(url)
    assert await database.try_lock("sending")
    assert not await other.try_lock("sending")
    await bystander.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
    await until(lambda: other.try_lock("sending"))
    assert not await database.try_lock("sending")
    assert await other.try_lock("sending")
    await other.close()
    await until(lambda: database.try_lock("sending"))


@pytest.mark.slow
async def test_lock_is_free_after_the_server_was_away(mortal: PostgresServer, database: Database) -> None:
    assert await database.try_lock("sending")
    await asyncio.to_thread(mortal.kill)
    with pytest.raises(DatabaseUnavailableError):
        await database.try_lock("sending")
    with pytest.raises(DatabaseUnavailableError):
        await database.read_snapshot(read_a)
    await asyncio.to_thread(mortal.start)
    assert await database.try_lock("sending")
    assert await database.read_snapshot(read_a) == 0


async def test_refused_lock_closes_its_connection_at_once(
    server: PostgresServer, database: Database, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await database.try_lock("sending")
    async with Wiretap(server.port) as wire:
        other = await open_database(url.replace(str(server.port), str(wire.port)))
        wire.snap(TERMINATE, "silent")
        monkeypatch.setattr(postgres, "PATIENCE", 10 * GIVE_UP)
        async with asyncio.timeout(GIVE_UP):
            assert not await other.try_lock("sending")
            await wire.snapped.wait()
        await other.close()


async def test_running_process_survives_a_new_column(
    database: Database, bystander: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    """A newer version migrates while this one still runs. Its statements are prepared again for the new columns."""

    async def meet(tx: Transaction) -> str:
        return (await supporters.meet(tx, 7, language="ko", now=NOW)).language

    assert await database.transact(meet) == "ko"
    await bystander.execute("ALTER TABLE supporters ADD COLUMN zodiac TEXT")
    assert await database.transact(meet) == "ko"
