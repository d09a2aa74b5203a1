"""Runs one of the bot's periodic jobs in the background of a test."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from chatbot.app.periodic import list_periodic_jobs, run_periodically
from chatbot.petition.model import Campaign
from chatbot.storage import Database


@asynccontextmanager
async def periodic_job(
    name: str, database: Database, campaign: Campaign, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> AsyncIterator[None]:
    """Run the job until the block ends."""
    job = next(each for each in list_periodic_jobs(database, campaign) if each.name == name)
    running = asyncio.create_task(run_periodically(database, job, clock))
    try:
        yield
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
