"""Removes the share code of an erased person from the signatures it brought, in batches."""

from chatbot.jobs.context import JobContext
from chatbot.petition.job import Job
from chatbot.storage.privacy import erasure


async def unlink(job: Job, context: JobContext) -> None:
    """Repeat until no signature has the code; a restarted job finds the rest."""
    code = str(job.details["code"])
    while await context.database.transact(erasure.unlink, code):
        pass
    await context.database.purge_deleted()
