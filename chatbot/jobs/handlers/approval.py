"""Asks a second organizer to approve a broadcast: shows its posts exactly as they will arrive, then the question."""

from dataclasses import dataclass

from chatbot.jobs.context import JobContext
from chatbot.petition.broadcasts.broadcast import Broadcast, MorningForecast
from chatbot.petition.job import Job
from chatbot.petition.languages import Language
from chatbot.petition.team import list_at_least
from chatbot.screens.organizer.broadcasts import approval as screens
from chatbot.screens.organizer.broadcasts.message import render_posts
from chatbot.storage import Transaction
from chatbot.storage.broadcasts import approvals, broadcasts, mornings
from chatbot.storage.organizer import team


@dataclass(frozen=True, slots=True)
class _Question:
    broadcast: Broadcast
    asker: str
    recipients: dict[Language, int]
    forecast: MorningForecast | None


async def ask(job: Job, context: JobContext) -> None:
    """Ask one organizer, unless the broadcast was changed or approved, or they left the team."""
    member_id = job.chat_id
    assert member_id is not None  # the requester names one
    question = await context.database.transact(_find_question, job, context)
    if question is None:
        return
    _ = await context.speak_to(member_id)
    posts = render_posts(context.translators, context.campaign, question.broadcast, is_preview=True)
    for post in posts.values():
        if await context.chat_sender.show(member_id, post) is None:
            return
    screen = screens.ask(
        _, context.campaign, question.broadcast, question.asker, question.recipients, question.forecast
    )
    await context.chat_sender.show(member_id, screen)


async def _find_question(tx: Transaction, job: Job, context: JobContext) -> _Question | None:
    members = list_at_least(await team.find_members(tx, context.configured_owners), "organizer")
    broadcast = await broadcasts.find(tx, int(job.details["broadcast"] or 0))
    if broadcast is None or broadcast.revision != job.details["revision"] or broadcast.started_at:
        return None
    approval = await approvals.find(tx, broadcast)
    if approval is None or approval.approved_by or job.chat_id not in {member.id for member in members}:
        return None
    names = await team.find_names(tx)
    people = await approvals.count_recipients(tx, broadcast, context.campaign)
    now = context.clock()
    starts_at = now if broadcast.late_at else max(broadcast.scheduled_for or now, now)
    forecast = await mornings.foresee(tx, broadcast, context.campaign, starts_at)
    return _Question(broadcast, names.get(approval.asked_by, ""), people, forecast)
