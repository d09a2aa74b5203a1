"""Cost of a signature in a large petition: `python -m tests.benchmarks.growth [--millions 10] [--postgres]`.

In one run, two petitions: one with ten thousand signatures, one with the requested millions. People sign in both
alternately, from the welcome to the subscription through the dialog, 64 at once, each turn durable; and the totals are
read. The median of the rounds counts: trust the ratio. With PostgreSQL it runs on the server of the tests.
"""

import argparse
import asyncio
import contextlib
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import asyncpg

from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import Person
from chatbot.i18n import load_translators
from chatbot.petition.campaign import load_campaign
from chatbot.settings import BUNDLED_LOCALES
from chatbot.storage import Database, Transaction, open_database
from chatbot.storage.people import signatures
from tests.support.chat import Chat
from tests.support.postgres_server import postgres_server

SMALL = 10_000
AT_ONCE = 64
ROUNDS = 7
SIGNERS = 640
"""Signers in each round."""
READS = 300
IDS = 7_000_000_000
"""Telegram's ids go up to this; those of the signers are spread over the whole range."""

_MOMENT = "2026-11-01T00:00:00.000000Z"
# Ids in the database are multiples of the step, and new signers have ids between them.
_FILL = (
    f"""INSERT INTO supporters (id, language, first_seen_at, last_seen_at, funnel_steps)
    SELECT n * {{step}}, 'ko', '{_MOMENT}', '{_MOMENT}', 253 FROM ({{numbers}}) AS numbers""",
    f"""INSERT INTO signatures
    (supporter_id, number, name, country, reason, language, source, counted_as, appeal_version, signed_at)
    SELECT n * {{step}}, n, '김하나', 'KR', NULL, 'ko', NULL, '+direct', 'v1', '{_MOMENT}' FROM ({{numbers}}) AS numbers
    """,
    f"""INSERT INTO subscriptions (supporter_id, language, country, subscribed_at)
    SELECT n * {{step}}, 'ko', 'KR', '{_MOMENT}' FROM ({{numbers}}) AS numbers""",
    """INSERT INTO counters (name, value) VALUES ('signatures', {people}), ('signatures:KR', {people}),
    ('numbers', {people}), ('languages:ko', {people}), ('sources:+direct', {people}), ('versions:v1', {people}),
    ('readers:v1:ko', {people}), ('subscriptions', {people}), ('subscriptions:ko:KR', {people})""",
)
_SQLITE_NUMBERS = (
    "WITH RECURSIVE one_by_one(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM one_by_one WHERE n < {people}) "
    "SELECT n FROM one_by_one"
)
_POSTGRES_NUMBERS = "SELECT n FROM generate_series(1::bigint, {people}) AS n"


async def fill_sqlite(url: str, people: int) -> None:
    """Insert this many signers into a new file."""
    await (await open_database(url)).close()

    def fill() -> None:
        with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute("PRAGMA journal_mode=OFF")
            connection.execute("BEGIN")
            for statement in _FILL:
                numbers = _SQLITE_NUMBERS.format(people=people)
                connection.execute(statement.format(numbers=numbers, people=people, step=IDS // people))
            connection.execute("COMMIT")
            connection.execute("PRAGMA journal_mode=WAL")

    await asyncio.to_thread(fill)


async def fill_postgres(url: str, people: int) -> None:
    """Insert this many signers into a new database."""
    await (await open_database(url)).close()
    connection = await asyncpg.connect(url)
    # The rows refer to each other, so the foreign keys need not be checked for each row.
    await connection.execute("SET session_replication_role = replica")
    for statement in _FILL:
        numbers = _POSTGRES_NUMBERS.format(people=people)
        await connection.execute(statement.format(numbers=numbers, people=people, step=IDS // people))
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


class Petition:
    """One of the petitions, and the cost of its signatures."""

    def __init__(self, database: Database, people: int) -> None:
        self.people = people
        self.database = database
        campaign = replace(load_campaign(BUNDLED_LOCALES), is_open=True, carried_over=0, quiet_hours=None)
        translators = load_translators(campaign.listed, [BUNDLED_LOCALES])
        self._dialog = Dialog(database, campaign, translators, "https://t.me/bot")
        self._random = random.Random(1)
        self._came: set[int] = set()
        self.signing: list[float] = []
        self.counting: list[float] = []

    def _new_id(self) -> int:
        while (new := self._random.randrange(1, IDS)) in self._came or new % (IDS // self.people) == 0:
            pass
        self._came.add(new)
        return new

    async def _sign(self, people: list[int]) -> None:
        while people:
            chat = Chat(self._dialog, Person(people.pop(), "김하나", "ko"))
            await chat.says("/start")
            await chat.signs()
            await chat.presses("join:ko")

    async def measure(self) -> None:
        """Let people sign, read the totals, and record the seconds of each."""
        people = [self._new_id() for _ in range(SIGNERS)]
        began = time.perf_counter()
        await asyncio.gather(*(self._sign(people) for _ in range(AT_ONCE)))
        self.signing.append((time.perf_counter() - began) / SIGNERS)
        began = time.perf_counter()
        for _ in range(READS):
            await self.database.transact(_count)
        self.counting.append((time.perf_counter() - began) / READS)

    async def is_right(self) -> bool:
        """Whether everybody who signed was counted."""
        return await self.database.transact(signatures.count) == self.people + len(self._came)


async def _count(tx: Transaction) -> None:
    assert await signatures.count(tx)
    assert await signatures.count_by_country(tx)


@contextlib.contextmanager
def addresses(*, postgres: bool) -> Iterator[Callable[[], str]]:
    """Yield a function that returns the address of a new database."""
    with contextlib.ExitStack() as stack:
        if postgres:
            server = stack.enter_context(postgres_server())
            if server is None:
                sys.exit("there is no PostgreSQL on this machine")
            yield lambda: stack.enter_context(server.fresh_database())
            return
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        numbers = iter(range(100))
        yield lambda: f"sqlite:///{folder}/petition{next(numbers)}.db"


async def compare(new_address: Callable[[], str], millions: float, fill: Callable[[str, int], Awaitable[None]]) -> None:
    """Fill both petitions, measure them alternately, and print the results."""
    petitions = []
    for people in (SMALL, int(millions * 1_000_000)):
        url, began = new_address(), time.perf_counter()
        await fill(url, people)
        sys.stdout.write(f"{people:>12,} signatures made in {time.perf_counter() - began:.0f} s\n")
        sys.stdout.flush()
        petitions.append(Petition(await open_database(url), people))
    for nth in range(ROUNDS + 1):
        for petition in petitions if nth % 2 else petitions[::-1]:
            await petition.measure()
    costs = []
    sys.stdout.write(f"{'':>12} {'a signature':>14} {'the counts':>14}\n")
    for petition in petitions:
        # The first round warms up.
        signing, counting = statistics.median(petition.signing[1:]), statistics.median(petition.counting[1:])
        costs.append((signing, counting))
        sys.stdout.write(f"{petition.people:>12,} {signing * 1e6:>11,.0f} µs {counting * 1e6:>11,.0f} µs\n")
        assert await petition.is_right()
        await petition.database.close()
    (few_signing, few_counting), (many_signing, many_counting) = costs
    sys.stdout.write(f"{'ratio':>12} {many_signing / few_signing:>13.2f}x {many_counting / few_counting:>13.2f}x\n")


def main() -> None:
    """Measure on the requested engine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--millions", type=float, default=10.0)
    parser.add_argument("--postgres", action="store_true")
    asked = parser.parse_args()
    with addresses(postgres=asked.postgres) as new_address:
        asyncio.run(compare(new_address, asked.millions, fill_postgres if asked.postgres else fill_sqlite))


if __name__ == "__main__":
    main()
