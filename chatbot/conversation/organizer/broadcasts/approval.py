"""Approval of large broadcasts: requested by one organizer, given once by another for exactly this revision."""

from dataclasses import replace

from chatbot.conversation.audit import note_broadcast
from chatbot.conversation.organizer.broadcasts.preview import (
    count_for_log,
    count_recipients,
    draw_posts,
    is_approval_missing,
    show,
)
from chatbot.conversation.turn import Reply, Turn
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.team import list_at_least
from chatbot.screens.callbacks import read_number
from chatbot.screens.organizer.broadcasts import approval as screens
from chatbot.screens.organizer.broadcasts.title import headline
from chatbot.storage.broadcasts import approvals, broadcasts, lifecycle, mornings
from chatbot.storage.organizer import jobs, team


async def request(turn: Turn, broadcast: Broadcast, *, starts: bool) -> Reply:
    """Ask every other organizer to approve it. An organizer who requests it after another is asked instead."""
    recipients = await count_recipients(turn, broadcast)
    people = await approvals.count_readers(turn.tx, broadcast, turn.campaign)
    others = list_at_least(await team.find_members(turn.tx, turn.configured_owners), "organizer", but=turn.person.id)
    if await approvals.ask(turn.tx, broadcast.id, broadcast.revision, turn.person.id, turn.now, starts=starts):
        for member in others:
            about = {"broadcast": broadcast.id, "revision": broadcast.revision}
            await jobs.add(turn.tx, approvals.JOB, about, turn.now, chat_id=member.id)
        await note_broadcast(turn, "broadcast.asked", broadcast, people=count_for_log(broadcast, recipients))
    else:
        approval = await approvals.find(turn.tx, broadcast)
        if approval is not None and approval.asked_by != turn.person.id:
            return await show_request(turn, broadcast, "")
    threshold = await team.find_threshold(turn.tx) or 0
    before = await approvals.count_unapproved(turn.tx, turn.person.id, turn.now)
    return Reply.done_writing(turn, screens.asked(turn._, broadcast, len(others), threshold, people, before))


async def request_by_hour(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Request approval of a scheduled broadcast, for a threshold that was set after it was scheduled."""
    if not await is_approval_missing(turn, broadcast, broadcast.organizer_id):
        return await show(turn, broadcast)
    return await request(turn, broadcast, starts=False)


async def show_request(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Show an approver what to approve."""
    approval = await approvals.find(turn.tx, broadcast)
    if approval is None or approval.approved_by is not None or approval.asked_by == turn.person.id:
        return replace(await show(turn, broadcast), first=draw_posts(turn, broadcast))
    asker = (await team.find_names(turn.tx)).get(approval.asked_by, "")
    starts_at = broadcast.scheduled_for if broadcast.scheduled_for and not broadcast.late_at else turn.now
    forecast = await mornings.foresee(turn.tx, broadcast, turn.campaign, max(starts_at, turn.now))
    people = await count_recipients(turn, broadcast)
    screen = screens.ask(turn._, turn.campaign, broadcast, asker, people, forecast)
    return replace(Reply.staying(turn, screen), first=draw_posts(turn, broadcast))


async def approve(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Approve the revision that this button was shown with. It starts now or stays scheduled."""
    revision = read_number(more)
    approval = await approvals.find(turn.tx, broadcast)
    if approval is not None and approval.approved_by == turn.person.id:  # the same tap again
        return Reply.staying(turn, screens.approved(turn._, broadcast, starts=approval.starts))
    if approval is not None and approval.asked_by == turn.person.id:
        return Reply.staying(turn, None, screens.own(turn._))
    if approval is None or not await approvals.approve(turn.tx, broadcast.id, revision, turn.person.id, turn.now):
        return Reply.staying(turn, None, screens.changed(turn._))
    people = count_for_log(broadcast, await count_recipients(turn, broadcast))
    if approval.starts and not await lifecycle.start(turn.tx, broadcast.id, revision, approval.asked_by, turn.now):
        return await show(turn, await broadcasts.get(turn.tx, broadcast.id), screens.changed(turn._))
    names = await team.find_names(turn.tx)
    about: dict[str, str | int | None] = {
        "broadcast": broadcast.id,
        "title": headline(turn._, broadcast),
        "by": names.get(turn.person.id, turn.person.name),
        "starts": 1 if approval.starts else 0,
        "late": 1 if broadcast.late_at else 0,
    }
    await jobs.tell_one(turn.tx, approval.asked_by, "approved", about, turn.now)
    entry = "broadcast.approved_started" if approval.starts else "broadcast.approved"
    await note_broadcast(turn, entry, broadcast, people=people, asker=names.get(approval.asked_by, ""))
    return Reply.staying(turn, screens.approved(turn._, broadcast, starts=approval.starts))


async def withdraw_request(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Withdraw the request. The buttons that the others have approve nothing any more."""
    if await approvals.withdraw(turn.tx, broadcast.id):
        await note_broadcast(turn, "broadcast.unasked", broadcast)
    return await show(turn, broadcast)
