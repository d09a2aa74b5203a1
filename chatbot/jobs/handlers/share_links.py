"""Taking the share code of somebody who was forgotten out of those whom it brought, little by little."""

from chatbot.jobs.context import JobContext
from chatbot.petition.job import Job
from chatbot.storage.privacy import erasure


async def unlink(job: Job, context: JobContext) -> None:
    """Go on until nobody is left; begun anew, it finds those who still are."""
    code = str(job.details["code"])
    while await context.database.transact(erasure.unlink, code):
        pass
    await context.database.purge_deleted()
