"""Storing jobs: a turn adds them, they are found when due, and their tries are counted."""

from datetime import datetime, timedelta

import pytest

from chatbot.petition.job import Job
from chatbot.storage import Database, Transaction
from chatbot.storage.organizer import jobs


async def add(database: Database, kind: str, now: datetime, **details: str | int | None) -> int:
    return await database.transact(jobs.add, kind, details, now, chat_id=3003)


async def due(database: Database, now: datetime, busy: tuple[str, ...] = ()) -> list[Job]:
    return await database.transact(jobs.find_due, now, busy, 10)


async def test_job_is_stored_with_its_details(database: Database, now: datetime) -> None:
    number = await add(database, "export", now, format="csv", country=None, rows=7)
    [job] = await due(database, now)
    assert job == Job(number, "export", {"format": "csv", "country": None, "rows": 7}, 3003)


async def test_failed_turn_adds_no_job(database: Database, now: datetime) -> None:
    async def fail(tx: Transaction) -> None:
        await jobs.add(tx, "export", {}, now, chat_id=1)
        raise LookupError

    with pytest.raises(LookupError):
        await database.transact(fail)
    assert await due(database, now) == []


async def test_oldest_job_comes_first_and_busy_kinds_wait(database: Database, now: datetime) -> None:
    later = await add(database, "notice", now + timedelta(seconds=1))
    first = await add(database, "export", now)
    assert await due(database, now - timedelta(seconds=1)) == []
    at = now + timedelta(seconds=2)
    assert [each.id for each in await due(database, at)] == [first, later]
    assert [each.id for each in await due(database, at, ("export", "erasing"))] == [later]


async def test_tries_are_counted_and_reset_by_progress(database: Database, now: datetime) -> None:
    number = await add(database, "erasing", now)
    for nth in (1, 2):
        begun = await database.transact(jobs.begin, number)
        assert begun
        assert begun.tries == nth
    assert await database.transact(jobs.keep_progress, number, {"after": 12})
    await database.transact(jobs.postpone, number, now + timedelta(hours=1), excused=True)
    assert await due(database, now) == []
    [found] = await due(database, now + timedelta(hours=1))
    assert (found.progress, found.tries) == ({"after": 12}, 0)


async def test_removed_job_is_gone(database: Database, now: datetime) -> None:
    number = await add(database, "erasing", now)
    assert await database.transact(jobs.remove, number)
    assert not await database.transact(jobs.remove, number)
    assert await database.transact(jobs.begin, number) is None
    assert not await database.transact(jobs.keep_progress, number, {})
