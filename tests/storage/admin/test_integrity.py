"""The integrity check, snapshots, and copies of the database."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextvars import Context
from datetime import datetime
from pathlib import Path

import pytest

from chatbot.petition.funnel import FUNNEL_STEPS
from chatbot.problem import Problem
from chatbot.storage import Database, DatabaseUnavailableError, Transaction, open_database
from chatbot.storage.admin.count_names import name_count
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.engine.sqlite import SqliteDatabase, open_sqlite
from chatbot.storage.people import counters, signatures, subscriptions
from chatbot.storage.privacy.tables import TABLES
from tests.storage.conftest import Sign, on_sqlite
from tests.support.limits import GIVE_UP


@pytest.fixture
async def signed(database: Database, sign: Sign, now: datetime) -> Database:
    """Three signatures, two subscriptions, one of them ended."""

    async def work(tx: Transaction) -> None:
        for supporter_id, country in ((1, "KR"), (2, "KR"), (3, "CA")):
            await sign(tx, supporter_id, country)
        for supporter_id in (1, 2):
            await subscriptions.subscribe(tx, supporter_id, "ko", now)
        await subscriptions.end(tx, 2, "asked", now)

    await database.transact(work)
    return database


async def test_sound_database_has_no_problems(signed: Database) -> None:
    assert await find_problems(signed) == []


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        ("UPDATE counters SET value = 9 WHERE name = 'signatures'", "signatures: counted 9, but there are 3"),
        (
            "DELETE FROM counters WHERE name = 'signatures:CA'",
            "signatures from the country CA: counted 0, but there are 1",
        ),
        (
            "INSERT INTO counters VALUES ('signatures:JP', 1)",
            "signatures from the country JP: counted 1, but there are 0",
        ),
        (
            "UPDATE counters SET value = 5 WHERE name = 'subscriptions:ko:KR'",
            "subscriptions in the language ko from the country KR: counted 5, but there are 1",
        ),
    ],
)
async def test_problem_names_the_differing_count(signed: Database, harm: str, found: str) -> None:
    await signed.transact(lambda tx: tx.run(harm))
    assert await find_problems(signed) == [found]


async def test_every_stored_count_has_words(signed: Database) -> None:
    """Volunteers read the findings: none shows a technical name, such as `generations:2`."""
    outcomes = ("audience", "sent", "unknown crash", "failed too_old", "gone blocked", "skipped", "later 2026-03-01")
    counted = [f"broadcast 12, ko, {each}" for each in outcomes] + list(counters.of_steps(FUNNEL_STEPS))
    for table in TABLES.values():
        for query in (table.counts, table.recount):
            rows = await signed.transact(lambda tx, query=query: tx.all(query)) if query else []
            counted += [row["what"] for row in rows]
    assert len(set(counted)) > 20
    assert not [each for each in counted if not isinstance(name_count(each), Problem)]


async def test_country_that_differs_from_the_signature_is_found(signed: Database) -> None:
    async def work(tx: Transaction) -> None:
        await tx.run("UPDATE subscriptions SET country = NULL WHERE supporter_id = 1")
        await tx.run("UPDATE counters SET value = value - 1 WHERE name = 'subscriptions:ko:KR'")
        await tx.run("INSERT INTO counters VALUES ('subscriptions:ko:', 1)")

    await signed.transact(work)
    assert await find_problems(signed) == ["subscribers whose country is not that of their signature: 1"]


async def test_snapshot_sees_one_moment_and_changes_nothing(signed: Database) -> None:
    loop = asyncio.get_running_loop()

    async def write(tx: Transaction) -> None:
        await tx.run("UPDATE counters SET value = value + 1 WHERE name = 'signatures'")

    async def read_before_and_after(tx: Transaction) -> tuple[int, int]:
        before = await signatures.count(tx)
        if isinstance(signed, SqliteDatabase):  # its snapshots have a thread of their own
            asyncio.run_coroutine_threadsafe(signed.transact(write), loop).result(GIVE_UP)
        else:  # in a new context, or the transaction would count as nested
            await loop.create_task(signed.transact(write), context=Context())
        return before, await signatures.count(tx)

    assert await signed.read_snapshot(read_before_and_after) == (3, 3)
    assert await signed.read_snapshot(signatures.count) == 4
    with pytest.raises(DatabaseUnavailableError):
        await signed.read_snapshot(write)
    assert await signed.transact(signatures.count) == 4


@on_sqlite
async def test_copy_made_while_people_sign_is_whole(
    signed: Database,
    sign: Sign,
    tmp_path: Path,
    assert_consistent: Callable[[Database], Awaitable[None]],
) -> None:
    assert isinstance(signed, SqliteDatabase)
    people = asyncio.gather(*(signed.transact(sign, each) for each in range(100, 600)))
    target = tmp_path / "copy.db"
    await signed.copy(target)
    await people
    assert target.stat().st_mode & 0o777 == 0o600
    assert [each for each in os.listdir(tmp_path) if each.startswith("copy.db")] == ["copy.db"]  # noqa: PTH208 - names are enough
    restored = await open_database(f"sqlite:///{target}")
    await assert_consistent(restored)
    assert await find_problems(restored) == []
    assert await restored.transact(signatures.count) >= 3
    await restored.close()
    with pytest.raises(FileExistsError):
        await signed.copy(target)


async def test_damaged_file_is_found(file: Path, sign: Sign) -> None:
    database = await open_database(f"sqlite:///{file}")

    async def work(tx: Transaction) -> None:
        for each in range(1, 2_000):
            await sign(tx, each)

    await database.transact(work)
    await database.close()
    content = bytearray(file.read_bytes())  # noqa: ASYNC240 - a test may wait for the disk
    pages = len(content) // 4096
    for page in range(pages - pages // 4, pages):  # the first pages hold the schema: without it the file does not open
        content[page * 4096 + 200 : page * 4096 + 400] = bytes(200)
    file.write_bytes(content)  # noqa: ASYNC240 - a test may wait for the disk
    damaged = await open_sqlite(str(file))
    problems = await find_problems(damaged)
    assert problems
    assert all(problem.startswith(("the file is damaged", "the database")) for problem in problems)
    await damaged.close()
