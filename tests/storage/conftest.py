"""Databases of each engine, and a short way to sign."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from chatbot.petition.funnel import FUNNEL_STEPS, bit_of
from chatbot.storage import Database, Transaction
from chatbot.storage.people.signatures import Signature
from tests.support.cast import NOW
from tests.support.limits import GIVE_UP
from tests.support.signers import FIRST_NUMBER, add_signer

Sign = Callable[..., Coroutine[Any, Any, Signature | None]]


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "chatbot.db"


on_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
"""Tests of what only SQLite guarantees."""
on_postgres = pytest.mark.parametrize("url", ["postgres"], indirect=True)
"""Tests of what only PostgreSQL guarantees."""
POSTGRES_SLOWLY = ["sqlite", pytest.param("postgres", marks=pytest.mark.slow)]
"""Engines of expensive tests: `-m slow` adds PostgreSQL."""


@pytest.fixture(params=["sqlite", "postgres"])
def new_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database that was never opened, once for each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{request.getfixturevalue('file')}"
        return
    with request.getfixturevalue("server").fresh_database() as address:
        yield address


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Poll until `holds` is true: another process or the server sends no event."""
    async with asyncio.timeout(GIVE_UP):
        while not await holds():  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(0.005)


@pytest.fixture
def sign() -> Sign:
    """`await sign(tx, 7, country="KR")` adds the supporter and their signature."""

    async def sign(
        tx: Transaction, supporter_id: int, country: str = "KR", name: str = "하나", source: str | None = None
    ) -> Signature | None:
        return await add_signer(tx, supporter_id, name=name, country=country, source=source)

    return sign


async def recount(tx: Transaction) -> dict[str, int]:
    """Count the rows: what the counters should say, without zeros."""
    rows = await tx.all(
        "SELECT 'signatures' AS name, count(*) AS value FROM signatures WHERE set_aside_id IS NULL "
        "UNION ALL SELECT 'signatures:' || country, count(*) FROM signatures "
        "WHERE set_aside_id IS NULL GROUP BY country "
        "UNION ALL SELECT 'subscriptions', count(*) FROM subscriptions WHERE ended_at IS NULL "
        "UNION ALL SELECT 'subscriptions:' || s.language || ':' || coalesce(g.country, ''), count(*) "
        "FROM subscriptions s LEFT JOIN signatures g ON g.supporter_id = s.supporter_id WHERE s.ended_at IS NULL "
        "GROUP BY s.language, g.country "
        "UNION ALL SELECT 'languages:' || language, count(*) FROM signatures "
        "WHERE set_aside_id IS NULL GROUP BY language "
        "UNION ALL SELECT 'versions:' || appeal_version, count(*) FROM signatures "
        "WHERE set_aside_id IS NULL GROUP BY appeal_version "
        "UNION ALL SELECT 'readers:' || appeal_version || ':' || language, count(*) FROM signatures "
        "WHERE set_aside_id IS NULL GROUP BY appeal_version, language "
        "UNION ALL SELECT 'generations:' || generation, count(*) FROM signatures "
        "WHERE set_aside_id IS NULL GROUP BY generation "
        "UNION ALL SELECT 'sources:' || counted_as, count(*) FROM signatures "
        "WHERE set_aside_id IS NULL GROUP BY counted_as "
        "UNION ALL SELECT 'set_aside', count(*) FROM signatures WHERE set_aside_id IS NOT NULL"
    )
    for each in FUNNEL_STEPS:
        row = await tx.one(
            # People who reached this step, and those whom retention erased.
            "SELECT 'steps:' || CAST(:step AS TEXT) AS name, count(*) + coalesce((SELECT value FROM counters "
            "WHERE name = 'passed:' || CAST(:step AS TEXT)), 0) AS value "
            "FROM supporters WHERE (funnel_steps & :bit) > 0",
            step=each,
            bit=bit_of(each),
        )
        rows.append(row)
    return {row["name"]: row["value"] for row in rows if row["value"]}


async def counted(tx: Transaction) -> dict[str, int]:
    """Read the stored counters that `recount` counts, without zeros."""
    sql = "SELECT name, value FROM counters WHERE name NOT IN ('broadcasts', 'numbers') AND name NOT LIKE 'passed:%'"
    return {row["name"]: row["value"] for row in await tx.all(sql) if row["value"]}


@pytest.fixture
def assert_consistent() -> Callable[[Database], Awaitable[None]]:
    """Check that the counters equal a recount. Check too that the numbers of signatures have no gap and no repeat."""

    async def assert_consistent(database: Database) -> None:
        assert await database.transact(counted) == await database.transact(recount)

        async def numbers(tx: Transaction) -> list[int]:
            return [row["number"] for row in await tx.all("SELECT number FROM signatures ORDER BY number")]

        given = await database.transact(numbers)
        assert given == list(range(FIRST_NUMBER, FIRST_NUMBER + len(given)))

    return assert_consistent
