"""Attack: a thief of a PostgreSQL server's disk looks for erased names, whose bytes a plain VACUUM leaves there."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg

from chatbot.app.periodic import NIGHT
from chatbot.petition.model import Campaign
from chatbot.storage import open_database
from chatbot.storage.organizer import jobs
from tests.attacks.crowded import choose_people, come_and_go, find_named
from tests.support.limits import GIVE_UP
from tests.support.periodic_jobs import periodic_job
from tests.support.postgres_server import PostgresServer

PEOPLE = choose_people(200)
STAYED, WENT = set(PEOPLE[::2]), set(PEOPLE[1::2])
BEFORE = datetime(2026, 3, 1, NIGHT[0], NIGHT[1] - 1, 59, 900_000, tzinfo=UTC)
"""A tenth of a second before the nightly job."""
FAR = BEFORE + timedelta(days=36_500)


async def find_on_disk(url: str, server: PostgresServer) -> set[int]:
    """Find the people whose name, reason or code occurs in the files of this database."""
    connection = await asyncpg.connect(url)
    await connection.execute("CHECKPOINT")
    [[oid]] = await connection.fetch("SELECT oid FROM pg_database WHERE datname = current_database()")
    await connection.close()
    return await asyncio.to_thread(find_named, Path(server.directory / "data" / "base" / str(oid)))


async def test_nightly_job_removes_erased_bytes_from_the_files(server: PostgresServer, campaign: Campaign) -> None:
    with server.fresh_database() as url:
        database = await open_database(url)
        await come_and_go(database, STAYED, WENT)
        connection = await asyncpg.connect(url)
        await connection.execute("VACUUM")
        await connection.close()
        assert await find_on_disk(url, server) & WENT, "after a plain VACUUM nothing is left, so this tests nothing"
        async with periodic_job("nightly check", database, campaign, lambda: BEFORE), asyncio.timeout(GIVE_UP):
            while await find_on_disk(url, server) & WENT:  # noqa: ASYNC110 - the end of the job has no event
                await asyncio.sleep(0.2)
        assert await find_on_disk(url, server) == STAYED
        assert await database.transact(jobs.find_due, FAR, (), 10) == [], "the nightly check found no problem"
        await database.close()
