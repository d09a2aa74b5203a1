"""Makes a poster with the QR code of a link for a team member, and sends it to their chat."""

from chatbot.documents.process import call
from chatbot.jobs.context import JobContext
from chatbot.jobs.handlers.qr_codes import is_still_organizer
from chatbot.petition.exports.links import read_source
from chatbot.petition.job import Job
from chatbot.screens.organizer.records import links


async def make(job: Job, context: JobContext) -> None:
    """Make and send the poster."""
    assert job.chat_id is not None  # the requester is named
    if not await context.database.transact(is_still_organizer, job.chat_id, context):
        return
    language, link = context.campaign.find_offered(str(job.details["language"])), str(job.details["link"])
    described = links.describe_poster(context.translators[language], context.campaign.words[language], link)
    _, source = await context.speak_to(job.chat_id), read_source(link)
    async with context.folder.open() as folder:
        path = folder / "poster.pdf"
        await call("chatbot.documents.poster", described | {"path": str(path)})
        name = f"poster-{language}.pdf" if source == "poster" else f"poster-{language}-{source}.pdf"
        caption = links.caption_of_poster(_, language, source)
        await context.chat_sender.send_file(job.chat_id, path, name, caption)
