"""Failures of PostgreSQL: each ends in success or `DatabaseUnavailableError`, and nothing acknowledged is lost."""

import asyncio
import os
import random
import signal
from contextlib import suppress

import asyncpg
import pytest

from chatbot.storage import Database, DatabaseUnavailableError, Transaction, open_database
from chatbot.storage.engine.postgres import database as postgres
from chatbot.storage.people import counters
from tests.storage.conftest import Sign, on_postgres, until
from tests.storage.engine.conftest import raise_a, read_a
from tests.storage.engine.test_crash import Check, signed
from tests.support.cuttable_wire import How, Wiretap
from tests.support.limits import GIVE_UP
from tests.support.postgres_server import PostgresServer

pytestmark = on_postgres


@pytest.mark.slow
async def test_killed_server_loses_no_acknowledged_signature(
    mortal: PostgresServer, database: Database, sign: Sign, assert_consistent: Check
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
    await assert_consistent(database)


async def test_cut_connections_fail_their_turns_and_lose_nothing(
    database: Database, bystander: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'chatbot'"

    async def cut_inside(tx: Transaction) -> int:
        raised = await counters.increase(tx, "a")
        await bystander.execute(cut)
        return raised + await read_a(tx)

    async def wait_long(tx: Transaction) -> int:
        raised = await counters.increase(tx, "b")
        await tx.one(f"SELECT pg_sleep({GIVE_UP})")
        return raised

    async def cut_soon() -> None:
        asleep = "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
        await until(lambda: bystander.fetchval(asleep))
        await bystander.execute(cut)

    with pytest.raises(DatabaseUnavailableError):
        await database.transact(cut_inside)
    with pytest.raises(DatabaseUnavailableError):
        await asyncio.gather(database.transact(wait_long), cut_soon())
    # The same to idle connections: the pool finds some of them dead only when a turn uses them.
    await asyncio.gather(*(database.transact(read_a) for _ in range(40)), return_exceptions=True)
    await bystander.execute(cut)
    answers = await asyncio.gather(*(database.transact(raise_a) for _ in range(40)), return_exceptions=True)
    assert {type(answer) for answer in answers} <= {int, DatabaseUnavailableError}
    kept = len([answer for answer in answers if isinstance(answer, int)])
    assert await bystander.fetchval("SELECT coalesce(max(value), 0) FROM counters WHERE name = 'a'") == kept
    assert await database.transact(raise_a) == kept + 1


@pytest.mark.slow
@pytest.mark.parametrize("how", ["unheard", "unanswered", "silent"])
async def test_broken_connection_fails_or_commits_a_turn_cleanly(
    server: PostgresServer, url: str, how: How, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cut comes at each message in turn. The turn fails or is committed, and the next one succeeds."""
    monkeypatch.setattr(postgres, "PATIENCE", 3.0)  # long enough for a turn on a busy machine

    async def break_at(last_word: str) -> None:
        """Cut a turn at `last_word`, on a separate connection and counter."""
        name = last_word.lower()

        async def read(tx: Transaction) -> int:
            return await counters.read(tx, name)

        async with Wiretap(server.port) as wire:
            database = await open_database(url.replace(str(server.port), str(wire.port)))

            async def work(tx: Transaction) -> int:
                # The text is unique: a statement that is prepared already is sent without it.
                sql = f"UPDATE counters SET value = value + 1 WHERE name = :name AND {wire.snaps} > 0 RETURNING value"
                row = await tx.one(sql, name=name)
                assert row is not None
                if last_word == "ROLLBACK":
                    raise LookupError("a bug in the work")
                return int(row["value"])

            before = await database.transact(lambda tx: counters.increase(tx, name))
            wire.snap(last_word.encode(), how)
            [answer] = await asyncio.gather(database.transact(work), return_exceptions=True)
            assert wire.snapped.is_set()
            kept = await database.transact(read) - before
            await database.close()
        assert isinstance(answer, LookupError if last_word == "ROLLBACK" else DatabaseUnavailableError)
        # The server carries out a COMMIT that arrived, although the caller gets an error.
        assert kept == (1 if last_word == "COMMIT" and how != "unheard" else 0)

    await asyncio.gather(*(break_at(word) for word in ("BEGIN", "UPDATE", "COMMIT", "ROLLBACK")))


async def test_late_begin_leaves_no_transaction_open(
    url: str, bystander: "asyncpg.Connection[asyncpg.Record]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "PATIENCE", 1.5)
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
    assert complaints == [], "the loop has no unhandled error to report"
