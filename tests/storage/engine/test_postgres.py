"""Failures of PostgreSQL: each ends in success or `DatabaseUnavailableError`, and nothing acknowledged is lost."""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress

import asyncpg
import pytest

from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.model import Language
from chatbot.storage import Database, DatabaseUnavailableError, Transaction, open_database
from chatbot.storage.broadcasts import audience, delivery_counts
from chatbot.storage.engine import postgres
from chatbot.storage.people import counters, supporters
from tests.storage.conftest import Sign, until
from tests.storage.engine.test_crash import Check, signed
from tests.support.cast import NOW
from tests.support.cuttable_wire import How, Wiretap
from tests.support.postgres_server import PostgresServer
from tests.support.stored_broadcasts import draft, start, states, subscribe

FAREWELL = b"X\0\0\0\4"
"""The last message of a client."""


@pytest.fixture
def url(server: PostgresServer) -> Iterator[str]:
    """Only this engine fails like this."""
    with server.lent_database() as address:
        yield address


@pytest.fixture
def mortal(server: PostgresServer) -> Iterator[PostgresServer]:
    """The server, for a test that kills it; it is started again afterwards."""
    yield server
    server.kill()
    server.start()


@pytest.fixture
async def bystander(url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection beside those of the code under test."""
    connection = await asyncpg.connect(url)
    yield connection
    await connection.close()


async def raise_a(tx: Transaction) -> int:
    return await counters.increase(tx, "a")


async def read_a(tx: Transaction) -> int:
    return await counters.read(tx, "a")


async def test_killed_server_loses_no_acknowledged_signature(
    mortal: PostgresServer, database: Database, sign: Sign, assert_true_to_itself: Check
) -> None:
    acknowledged: dict[int, int] = {}
    refused = 0
    ids = iter(range(1, 100_000))
    over = asyncio.Event()

    async def sign_on() -> None:
        nonlocal refused
        while not over.is_set():
            supporter_id = next(ids)
            try:
                made = await database.transact(sign, supporter_id)
            except DatabaseUnavailableError:
                refused += 1
                await asyncio.sleep(0.01)
            else:
                assert made is not None
                acknowledged[supporter_id] = made.number

    async def go_on(more: int) -> None:
        enough = len(acknowledged) + more

        async def is_enough() -> bool:
            return len(acknowledged) >= enough

        await until(is_enough)

    crowd = [asyncio.create_task(sign_on()) for _ in range(30)]
    chance = random.Random(4)
    for _ in range(3):
        await go_on(chance.randint(20, 80))
        await asyncio.to_thread(mortal.kill)
        await asyncio.to_thread(mortal.start)
    await go_on(20)
    over.set()
    await asyncio.gather(*crowd)
    assert refused > 0
    kept = await database.transact(signed)
    assert {each: kept.get(each) for each in acknowledged} == acknowledged
    await assert_true_to_itself(database)


async def test_turn_survives_a_connection_cut_by_the_server(
    database: Database, bystander: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'chatbot'"

    async def bereft(tx: Transaction) -> int:
        raised = await counters.increase(tx, "a")
        await bystander.execute(cut)
        return raised + await read_a(tx)

    async def waiting(tx: Transaction) -> int:
        raised = await counters.increase(tx, "b")
        await tx.one("SELECT pg_sleep(4)")
        return raised

    async def cut_soon() -> None:
        asleep = "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
        await until(lambda: bystander.fetchval(asleep))
        await bystander.execute(cut)

    with pytest.raises(DatabaseUnavailableError):
        await database.transact(bereft)
    with pytest.raises(DatabaseUnavailableError):
        await asyncio.gather(database.transact(waiting), cut_soon())
    # And while nobody was using them: some are found dead only when they are used.
    await asyncio.gather(*(database.transact(read_a) for _ in range(40)), return_exceptions=True)
    await bystander.execute(cut)
    answers = await asyncio.gather(*(database.transact(raise_a) for _ in range(40)), return_exceptions=True)
    assert {type(answer) for answer in answers} <= {int, DatabaseUnavailableError}
    kept = len([answer for answer in answers if isinstance(answer, int)])
    assert await bystander.fetchval("SELECT coalesce(max(value), 0) FROM counters WHERE name = 'a'") == kept
    assert await database.transact(raise_a) == kept + 1


@pytest.mark.parametrize("how", ["unheard", "unanswered", "silent"])
async def test_broken_connection_fails_or_commits_a_turn_cleanly(
    server: PostgresServer, url: str, how: How, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever message is the last on the wire: the turn fails cleanly or is committed, and the next one succeeds."""
    monkeypatch.setattr(postgres, "PATIENCE", 1.5)

    async def break_at(last_word: str) -> None:
        """End a turn at `last_word`, on a separate connection and counter."""
        name = last_word.lower()

        async def read(tx: Transaction) -> int:
            return await counters.read(tx, name)

        async with Wiretap(server.port) as wire:
            database = await open_database(url.replace(str(server.port), str(wire.port)))

            async def work(tx: Transaction) -> int:
                # A text of its own: what was prepared before is said without its words.
                sql = f"UPDATE counters SET value = value + 1 WHERE name = :name AND {wire.snaps} > 0 RETURNING value"
                row = await tx.one(sql, name=name)
                assert row is not None
                if last_word == "ROLLBACK":
                    raise LookupError("a mistake of its own")
                return int(row["value"])

            before = await database.transact(lambda tx: counters.increase(tx, name))
            wire.snap(last_word.encode(), how)
            [answer] = await asyncio.gather(database.transact(work), return_exceptions=True)
            assert wire.snapped.is_set()
            kept = await database.transact(read) - before
            await database.close()
        assert isinstance(answer, LookupError if last_word == "ROLLBACK" else DatabaseUnavailableError)
        # Nobody can know of a COMMIT that was heard.
        assert kept == (1 if last_word == "COMMIT" and how != "unheard" else 0)

    await asyncio.gather(*(break_at(word) for word in ("BEGIN", "UPDATE", "COMMIT", "ROLLBACK")))


async def test_late_begin_leaves_no_transaction_open(
    url: str, bystander: "asyncpg.Connection[asyncpg.Record]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "PATIENCE", 0.8)
    complaints: list[str] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: complaints.append(context["message"]))
    database = await open_database(url)
    await database.transact(raise_a)
    rows = await bystander.fetch("SELECT pid FROM pg_stat_activity WHERE application_name = 'chatbot'")

    def tell(what: signal.Signals) -> None:
        for row in rows:
            with suppress(ProcessLookupError):
                os.kill(row["pid"], what)

    tell(signal.SIGSTOP)
    loop.call_later(1.3 * postgres.PATIENCE, tell, signal.SIGCONT)
    try:
        with pytest.raises(DatabaseUnavailableError):
            await database.transact(raise_a)
    finally:
        tell(signal.SIGCONT)
    assert await database.transact(raise_a) == 2
    await database.close()
    assert complaints == [], "what was handled needs no line in the log"


async def test_two_workers_gather_an_audience_once(
    database: Database, bystander: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    """A worker lost its lock with its connection before the server committed its last transaction."""

    async def begin(tx: Transaction) -> Broadcast:
        await subscribe(tx, range(1, 41), NOW)
        return await start(tx, await draft(tx, NOW, ko="새 소식"), NOW)

    broadcast = await database.transact(begin)
    gathered, commit = asyncio.Event(), asyncio.Event()

    async def slowly(tx: Transaction) -> None:
        await audience.gather(tx, broadcast, 30, NOW)
        gathered.set()
        await commit.wait()

    first = asyncio.create_task(database.transact(slowly))
    await gathered.wait()
    second = asyncio.create_task(database.transact(audience.gather, broadcast, 30, NOW))
    await until(lambda: bystander.fetchval("SELECT count(*) > 0 FROM pg_locks WHERE NOT granted"))
    commit.set()
    await first
    assert not await second
    assert await database.transact(audience.gather, broadcast, 30, NOW)

    async def read(tx: Transaction) -> tuple[set[int], dict[Language, int]]:
        return set(await states(tx, broadcast.id)), (await delivery_counts.read(tx, broadcast.id)).audience

    assert await database.transact(read) == (set(range(1, 41)), {"ko": 40})


async def test_exhausted_pool_makes_the_database_unavailable(
    database: Database, bystander: "asyncpg.Connection[asyncpg.Record]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "PATIENCE", 0.2)
    await database.transact(raise_a)
    holding = bystander.transaction()
    await holding.start()
    await bystander.execute("UPDATE counters SET value = value WHERE name = 'a'")
    stuck = [asyncio.create_task(database.transact(raise_a)) for _ in range(postgres.CONNECTIONS)]
    all_wait = "SELECT count(*) = $1 FROM pg_locks WHERE NOT granted"
    await until(lambda: bystander.fetchval(all_wait, postgres.CONNECTIONS))
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
    """A process that starts while another migrates."""
    await (await open_database(url)).close()
    monkeypatch.setitem(postgres._SESSION, "lock_timeout", "50")
    database = await postgres.open_postgres(url)
    await bystander.execute("SELECT pg_advisory_lock($1)", postgres._MIGRATING)
    with pytest.raises(DatabaseUnavailableError, match="is locked"):
        await database.transact_exclusive(read_a)
    await bystander.execute("SELECT pg_advisory_unlock_all()")
    assert await database.transact_exclusive(raise_a) == 1
    assert caplog.records == [], "asyncpg complains of a transaction left open"
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
    assert tries > 2, "they did stand in each other's way"
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


async def test_refused_lock_closes_its_connection_at_once(server: PostgresServer, database: Database, url: str) -> None:
    assert await database.try_lock("sending")
    async with Wiretap(server.port) as wire:
        other = await open_database(url.replace(str(server.port), str(wire.port)))
        wire.snap(FAREWELL, "silent")
        async with asyncio.timeout(3):
            assert not await other.try_lock("sending")
            await wire.snapped.wait()
        await other.close()


async def test_running_process_survives_a_new_column(
    database: Database, bystander: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    """A newer version migrates while this one still answers; statements are prepared again for the new columns."""

    async def meet(tx: Transaction) -> str:
        return (await supporters.meet(tx, 7, language="ko", now=NOW)).language

    assert await database.transact(meet) == "ko"
    await bystander.execute("ALTER TABLE supporters ADD COLUMN zodiac TEXT")
    assert await database.transact(meet) == "ko"
