"""Tells the team of a linked channel or group where Telegram has refused posts for some minutes, or rights changed."""

from datetime import datetime

from chatbot.jobs.context import JobContext
from chatbot.petition.job import Job
from chatbot.storage import Transaction
from chatbot.storage.organizer import jobs
from chatbot.storage.places import refusals


async def tell_if_it_lasts(job: Job, context: JobContext) -> None:
    """Tell it in the transaction that deletes the job, so that nobody is told twice."""
    await context.database.transact(_notify, job, context.clock())


async def _notify(tx: Transaction, job: Job, now: datetime) -> None:
    if await jobs.remove(tx, job.id):
        tell = refusals.tell_after_changes if "changes" in job.details else refusals.tell_if_it_lasts
        await tell(tx, str(job.details["code"]), now)
