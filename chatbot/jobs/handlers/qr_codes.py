"""Draws the QR code of a link for a team member and sends it to their chat."""

from chatbot.documents.process import call
from chatbot.jobs.context import JobContext
from chatbot.petition.job import Job
from chatbot.petition.team import list_at_least
from chatbot.screens.organizer.records import links
from chatbot.storage import Transaction
from chatbot.storage.organizer import team


async def draw(job: Job, context: JobContext) -> None:
    """Draw and send the QR code."""
    assert job.chat_id is not None  # the requester is named
    if not await context.database.transact(is_still_organizer, job.chat_id, context):
        return
    language = context.campaign.find_offered(str(job.details["language"]))
    _, link = context.translators[language], str(job.details["link"])
    described = links.describe_qr_code(_, context.campaign.words[language].title, link)
    async with context.folder.open() as folder:
        path = folder / "qr.png"
        await call("chatbot.documents.charts", described | {"path": str(path)})
        await context.chat_sender.send_file(job.chat_id, path, path.name, links.caption(_, link), "photo")


async def is_still_organizer(tx: Transaction, member_id: int, context: JobContext) -> bool:
    """Whether a person is still an organizer."""
    members = list_at_least(await team.find_members(tx, context.configured_owners), "organizer")
    return member_id in {each.id for each in members}
