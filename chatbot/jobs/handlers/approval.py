"""Asks a second organizer to approve a broadcast, reminds them, and takes the buttons off answered requests."""

from dataclasses import dataclass
from datetime import datetime

from chatbot.i18n import Translator
from chatbot.jobs.context import JobContext
from chatbot.petition.broadcasts.broadcast import Broadcast, FollowedMessage
from chatbot.petition.broadcasts.quiet_hours import MorningForecast
from chatbot.petition.job import Job
from chatbot.petition.languages import Language
from chatbot.petition.team import list_at_least
from chatbot.screens.organizer.broadcasts import approval as screens
from chatbot.screens.organizer.broadcasts import progress
from chatbot.screens.organizer.broadcasts.message import render_posts
from chatbot.screens.screen import Screen
from chatbot.storage import Transaction
from chatbot.storage.broadcasts import approvals, broadcasts, deliveries, following, forecasts, recalls
from chatbot.storage.organizer import jobs, team


@dataclass(frozen=True, slots=True)
class _Question:
    broadcast: Broadcast
    asker: str
    recipients: dict[Language, int]
    forecast: MorningForecast | None


async def ask(job: Job, context: JobContext) -> None:
    """Ask one organizer, unless the broadcast was changed or approved, or they left the team.

    The posts are shown exactly as they will arrive, then the question. A reminder is the question alone.
    """
    member_id = job.chat_id
    assert member_id is not None  # the requester names one
    question = await context.database.transact(_find_question, job, context)
    if question is None:
        return
    _ = await context.speak_to(member_id)
    broadcast, is_reminder = question.broadcast, bool(job.details.get("reminds"))
    posts = {} if is_reminder else render_posts(context.translators, context.campaign, broadcast, is_preview=True)
    for post in posts.values():
        if await context.chat_sender.show(member_id, post) is None:
            return
    screen = screens.ask(
        _,
        context.campaign,
        broadcast,
        question.asker,
        question.recipients,
        question.forecast,
        is_reminder=is_reminder,
        is_below=not is_reminder,
    )
    message_id = await context.chat_sender.show(member_id, screen)
    if message_id is not None:
        message = FollowedMessage(broadcast.id, member_id, message_id, "approval", broadcast.revision)
        await context.database.transact(_note, message, context.clock())


async def _note(tx: Transaction, message: FollowedMessage, now: datetime) -> None:
    """Note where the question stands, to take its buttons off; perhaps it was answered meanwhile."""
    if await broadcasts.find(tx, message.broadcast_id) is not None:
        await following.note_message(tx, message)
        await following.close_requests(tx, now)


async def _find_question(tx: Transaction, job: Job, context: JobContext) -> _Question | None:
    members = list_at_least(await team.find_members(tx, context.configured_owners), "organizer")
    broadcast = await broadcasts.find(tx, int(job.details["broadcast"] or 0))
    if broadcast is None or broadcast.revision != job.details["revision"] or broadcast.started_at:
        return None
    approval = await approvals.find(tx, broadcast)
    if approval is None or not approval.is_open or job.chat_id not in {member.id for member in members}:
        return None
    names = await team.find_names(tx)
    people = await approvals.count_recipients(tx, broadcast, context.campaign)
    now = context.clock()
    at = broadcast.scheduled_for if broadcast.scheduled_for and not broadcast.late_at else now
    forecast = await forecasts.foresee(tx, broadcast, context.campaign, max(at, now))
    return _Question(broadcast, names.get(approval.asked_by, ""), people, forecast)


async def remind(job: Job, context: JobContext) -> None:
    """Add a job for each organizer who can approve it, in the transaction that deletes this one."""
    await context.database.transact(_remind, job, context.configured_owners, context.clock())


async def _remind(tx: Transaction, job: Job, configured_owners: frozenset[int], now: datetime) -> None:
    approval = await approvals.find_any(tx, int(job.details["broadcast"] or 0))
    if not await jobs.remove(tx, job.id) or approval is None:
        return
    members = await team.find_members(tx, configured_owners)
    for member in list_at_least(members, "organizer", but=approval.asked_by):
        await jobs.add(tx, approvals.JOB, {**job.details, "reminds": 1}, now, chat_id=member.id)


async def close(job: Job, context: JobContext) -> None:
    """Show in a message with a request, or with the progress of a broadcast that has ended, how it is now."""
    assert job.chat_id is not None  # whose message it is
    _ = await context.speak_to(job.chat_id)
    draw = _draw_progress if job.details["shows"] == "progress" else _draw_request
    screen = await context.database.transact(draw, job, _)
    if screen is not None:
        await context.chat_sender.show(job.chat_id, screen, int(job.details["message"] or 0))


async def _draw_request(tx: Transaction, job: Job, _: Translator) -> Screen:
    broadcast_id = int(job.details["broadcast"] or 0)
    broadcast, approval = await broadcasts.find(tx, broadcast_id), await approvals.find_any(tx, broadcast_id)
    is_this = approval is not None and approval.revision == job.details["revision"]
    return screens.request_over(_, broadcast, approval if is_this else None, await team.find_names(tx))


async def _draw_progress(tx: Transaction, job: Job, _: Translator) -> Screen | None:
    broadcast = await broadcasts.find(tx, int(job.details["broadcast"] or 0))
    if broadcast is None or broadcast.started_at is None:
        return None
    tally, recall = await deliveries.tally(tx, broadcast.id), await recalls.find(tx, broadcast)
    return progress.progress(_, broadcast, tally, None, None, recall)
