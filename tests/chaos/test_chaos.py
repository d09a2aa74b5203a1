"""Random faults lose nothing while people sign, subscribe and get a broadcast.

A round takes some seconds. `CHAOS_SECONDS=600 pytest -m slow tests/chaos` continues for ten minutes on each engine, and
`CHAOS_SEED` repeats the same faults.
"""

import asyncio
import os
import random
import re
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest

from chatbot.emulator import Emulator
from chatbot.storage import Database, DatabaseUnavailableError, Transaction, open_database
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.broadcasts import broadcasts
from chatbot.storage.engine.database import Work
from tests.chaos.faults import FaultInjector
from tests.chaos.processes import PetitionProcesses
from tests.chaos.signers import JoiningSigner, arrive
from tests.support.broadcasts import draft, start, subscribe
from tests.support.crowd import numbers
from tests.support.database_reader import FIRST
from tests.support.languages import LANGUAGES
from tests.support.limits import GIVE_UP
from tests.support.postgres_server import PostgresServer, postgres_server
from tests.support.retry_log_lines import RETRY_LINES

pytestmark = pytest.mark.slow

P = ParamSpec("P")
T = TypeVar("T")
PEOPLE = 30
"""People who sign in a round."""
SUBSCRIBERS = 90
"""Subscribers from the start."""
RATE = 40
ROUND = 3.5
"""Least number of seconds with faults."""
KNOWN = re.compile(
    "another bot is running with this database file|this machine's clock is|"
    "nothing can be stored|may have been sent|was given up|stays as it was|"
    "database is (?:away|unavailable)|could not be stored|"
    "were in flight|DATABASE_URL: |another process may send|cannot be (asked|reached)|"
    "Telegram refuses messages to (one chat|several chats) |"
    "Telegram (could not|cannot) deliver (an update|updates) |"
    "Telegram does not answer|asyncpg.pool: Failed to restore|an organizer could not be told|"
    f"broadcast [0-9]+ waits|{RETRY_LINES}"
)
"""Expected log lines; any other one is a bug."""


@pytest.fixture(params=["sqlite", "postgres"])
def server(request: pytest.FixtureRequest) -> Iterator[PostgresServer | None]:
    """The PostgreSQL server, started again after the test; None for SQLite."""
    if request.param == "sqlite":
        yield None
        return
    with postgres_server() as running:
        if running is None:
            pytest.skip("no PostgreSQL server on this machine")
        yield running


@pytest.fixture
def url(server: PostgresServer | None, tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/chatbot.db" if server is None else server.url()


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = await open_database(url)
    yield opened
    await opened.close()


@pytest.fixture
async def processes(
    server: PostgresServer | None, url: str, tmp_path: Path, unused_tcp_port_factory: Callable[[], int]
) -> AsyncIterator[PetitionProcesses]:
    ports = [unused_tcp_port_factory() for _ in range(1 if server is None else 2)]
    settings = {"DATABASE_URL": url, "BROADCAST_PAID": "true", "BROADCAST_RATE": str(RATE)}
    async with Emulator(webhook_pause=0.02, history=1000) as telegram:
        yield PetitionProcesses(telegram, tmp_path, ports, server, **settings)


async def test_faults_lose_and_double_nothing(processes: PetitionProcesses, database: Database) -> None:
    seed = int(os.environ.get("CHAOS_SEED") or random.SystemRandom().randrange(1_000_000))
    sys.stdout.write(f"CHAOS_SEED={seed}\n")  # pytest prints it if the test fails
    injector = FaultInjector(processes, seed)
    told = await subscribe_some(processes.telegram, database)
    crowd: list[JoiningSigner] = []
    rounds = 0
    loop = asyncio.get_running_loop()
    over_at = loop.time() + float(os.environ.get("CHAOS_SECONDS") or 0)
    async with processes:
        await processes.until_up()
        while rounds == 0 or loop.time() < over_at:
            rounds += 1
            came = arrive(processes.telegram.world, PEOPLE)
            text = f"News no. {rounds}."
            broadcast_id = await patiently(database, send_out, text)
            length = max(ROUND, len(told) / RATE)
            acting = asyncio.gather(*(each.signs_and_joins(injector.chance.uniform(0, length * 0.7)) for each in came))
            await injector.inject(length)
            await acting
            await until_sent(database, broadcast_id)
            crowd += came
            await assert_signatures_are_those_seen(database, crowd)
            await assert_told_once(processes.telegram, database, broadcast_id, text, told)
            assert await find_problems(database) == []
            told += [each.person.id for each in came]
    complaints = [line for process in processes.everybody for line in process.troubles if not KNOWN.search(line)]
    assert not complaints, "\n".join(complaints)


async def patiently(database: Database, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a transaction that may run twice, and retry it: the last fault may have ended only just now."""
    while True:
        try:
            return await database.transact(work, *args, **kwargs)
        except DatabaseUnavailableError:
            await asyncio.sleep(0.05)


async def subscribe_some(telegram: Emulator, database: Database) -> list[int]:
    """Subscribe people who have met the bot, and return their ids."""
    now = datetime.now(UTC)
    people = [telegram.world.add_person("Sam", str(nth), "en") for nth in range(SUBSCRIBERS)]
    for person in people:
        person.started = True
    ids = [person.id for person in people]
    await database.transact(subscribe, ids, now, "en")
    return ids


async def send_out(tx: Transaction, text: str) -> int:
    """Start a broadcast to all subscribers, and return its id."""
    # Clocks may have been wrong when people subscribed, so the broadcast starts after the latest time.
    row = await tx.one("SELECT max(subscribed_at) AS latest FROM subscriptions")
    assert row is not None
    latest = max(datetime.now(UTC), datetime.fromisoformat(row["latest"]))
    return (await start(tx, await draft(tx, latest, **dict.fromkeys(LANGUAGES, text)), latest)).id


async def until_sent(database: Database, broadcast_id: int) -> None:
    """Wait until the broadcast has ended."""
    async with asyncio.timeout(GIVE_UP):
        while (await patiently(database, broadcasts.get, broadcast_id)).ending is None:  # noqa: ASYNC110 - another process ends it
            await asyncio.sleep(0.1)


async def assert_signatures_are_those_seen(database: Database, crowd: list[JoiningSigner]) -> None:
    """Check that everybody who saw a number has one signature with it, and that the numbers have no gap."""

    async def read(tx: Transaction) -> tuple[dict[int, int], set[int]]:
        signed = await tx.all("SELECT supporter_id, number FROM signatures")
        joined = await tx.all("SELECT supporter_id FROM subscriptions WHERE ended_at IS NULL")
        return {row["supporter_id"]: row["number"] for row in signed}, {row["supporter_id"] for row in joined}

    signed, joined = await patiently(database, read)
    assert signed == numbers(crowd)
    assert sorted(signed.values()) == list(range(FIRST, FIRST + len(crowd)))
    assert {each.person.id for each in crowd} <= joined


async def assert_told_once(
    telegram: Emulator, database: Database, broadcast_id: int, text: str, audience: list[int]
) -> None:
    """Check that every delivery has an outcome, that none arrived twice, and that missing ones are unknown."""

    async def read(tx: Transaction) -> dict[int, str]:
        rows = await tx.all("SELECT supporter_id, state FROM deliveries WHERE broadcast_id = :id", id=broadcast_id)
        return {row["supporter_id"]: row["state"] for row in rows}

    states = await patiently(database, read)
    got = Counter(
        each
        for each in states
        for message in telegram.world.said_in(telegram.world.person(each))
        if text in message.get("text", "")
    )
    assert set(audience) <= states.keys()
    assert set(states.values()) <= {"sent", "unknown"}
    assert [each for each, times in got.items() if times > 1] == []
    assert {each for each, state in states.items() if state == "sent"} <= got.keys()
    assert {each for each, state in states.items() if each not in got} <= {
        each for each, state in states.items() if state == "unknown"
    }
