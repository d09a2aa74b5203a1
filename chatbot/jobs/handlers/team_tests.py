"""Sends a draft to a colleague as a test: in all its languages, marked, and counted nowhere."""

from chatbot.jobs.context import JobContext
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.job import Job
from chatbot.petition.team import list_at_least
from chatbot.screens.organizer.broadcasts import details
from chatbot.screens.organizer.broadcasts.message import mark_test, render_posts
from chatbot.storage import Transaction
from chatbot.storage.broadcasts import broadcasts
from chatbot.storage.organizer import jobs, team


async def send(job: Job, context: JobContext) -> None:
    """Send it, unless it was changed or sent, or they left the team. A retry goes on after the last copy."""
    member_id = job.chat_id
    assert member_id is not None  # the sender names one
    draft = await context.database.transact(_find_draft, job, context)
    if draft is None:
        return
    _ = await context.speak_to(member_id)
    posts = render_posts(context.translators, context.campaign, draft, is_preview=True)
    screens = [*(mark_test(_, each) for each in posts.values()), details.about_test(_, str(job.details["by"]))]
    for nth in range(int(job.progress.get("sent") or 0), len(screens)):
        if await context.chat_sender.show(member_id, screens[nth]) is None:
            return
        job.progress["sent"] = nth + 1
        if not await context.database.transact(jobs.keep_progress, job.id, job.progress):
            return


async def _find_draft(tx: Transaction, job: Job, context: JobContext) -> Broadcast | None:
    members = list_at_least(await team.find_members(tx, context.configured_owners), "organizer")
    draft = await broadcasts.find(tx, int(job.details["broadcast"] or 0))
    if draft is None or draft.revision != job.details["revision"] or draft.started_at:
        return None
    return draft if job.chat_id in {member.id for member in members} else None
