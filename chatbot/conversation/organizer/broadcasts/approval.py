"""Approval of large broadcasts: requested by one organizer, answered once by another for exactly this revision."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from markupsafe import Markup

from chatbot.conversation.audit import note_broadcast
from chatbot.conversation.interface import Said
from chatbot.conversation.organizer.broadcasts.composing import put_aside
from chatbot.conversation.organizer.broadcasts.preview import (
    add_cautions,
    count_for_log,
    count_recipients,
    draw_posts,
    estimate_cost,
    is_approval_missing,
    list_approvers,
    show,
)
from chatbot.conversation.step_names import StepName
from chatbot.conversation.turn import Follow, Reply, Step, Turn
from chatbot.petition.broadcasts.approval import Approval
from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastState
from chatbot.petition.broadcasts.quiet_hours import MorningForecast
from chatbot.screens.callbacks import read_number
from chatbot.screens.organizer.broadcasts import approval as screens
from chatbot.screens.organizer.broadcasts.title import note_titles
from chatbot.screens.screen import Screen
from chatbot.storage.broadcasts import approvals, broadcasts, drafts, following, forecasts, lifecycle
from chatbot.storage.organizer import jobs, team


async def request(turn: Turn, broadcast: Broadcast, *, starts: bool, asked_by: int | None = None) -> Reply:
    """Ask every other organizer to approve it. An organizer who requests it after another is asked instead.

    `asked_by` is the writer, if somebody else requests it for them.
    """
    recipients = await count_recipients(turn, broadcast)
    people = await approvals.count_readers(turn.tx, broadcast, turn.campaign)
    asker_id = asked_by or turn.person.id
    others = await list_approvers(turn, asker_id)
    if await approvals.ask(turn.tx, broadcast.id, broadcast.revision, asker_id, turn.now, starts=starts):
        for member in others:
            about = {"broadcast": broadcast.id, "revision": broadcast.revision}
            if member.id != turn.person.id:
                await jobs.add(turn.tx, approvals.JOB, about, turn.now, chat_id=member.id)
        await note_broadcast(turn, "broadcast.asked", broadcast, people=count_for_log(broadcast, recipients))
        if asker_id != turn.person.id:
            await _tell_writer(turn, broadcast, asker_id, count_for_log(broadcast, recipients))
    approval = await approvals.find(turn.tx, broadcast)
    if approval is not None and approval.asked_by != turn.person.id:
        return await show_request(turn, broadcast, "")
    threshold = await team.find_threshold(turn.tx) or 0
    before = await approvals.count_unapproved(turn.tx, turn.person.id, turn.now)
    names = [member.name for member in others]
    return Reply.done_writing(turn, screens.asked(turn._, broadcast, names, threshold, people, before))


async def _tell_writer(turn: Turn, broadcast: Broadcast, writer_id: int, people: int | None) -> None:
    """Tell a writer that a colleague requested approval in their name."""
    presser = (await team.find_names(turn.tx)).get(turn.person.id, turn.person.name)
    about: dict[str, str | int | None] = {
        "entry": "broadcast.asked",
        "by": presser,
        "broadcast": broadcast.id,
        **note_titles(broadcast),
        "people": people,
    }
    await jobs.tell_one(turn.tx, writer_id, "colleague", about, turn.now)


async def request_by_hour(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Request approval of a scheduled broadcast in the name of its writer, for a threshold that was set since."""
    if not await is_approval_missing(turn, broadcast, broadcast.organizer_id):
        return await show(turn, broadcast)
    return await request(turn, broadcast, starts=False, asked_by=broadcast.organizer_id)


async def show_request(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Show an approver what to approve: below the posts, or `HERE` in place."""
    approval = await approvals.find(turn.tx, broadcast)
    if approval is None or not approval.is_open or approval.asked_by == turn.person.id:
        return replace(await show(turn, broadcast), first=draw_posts(turn, broadcast))
    is_here = more == screens.HERE
    asker = (await team.find_names(turn.tx)).get(approval.asked_by, "")
    people, forecast = await count_recipients(turn, broadcast), await _foresee(turn, broadcast)
    screen = screens.ask(turn._, turn.campaign, broadcast, asker, people, forecast, is_below=not is_here)
    reply = replace(_leave(turn, screen), follows=Follow(broadcast.id, "approval", broadcast.revision))
    return reply if is_here else replace(reply, first=draw_posts(turn, broadcast))


async def ask_approval(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Ask a second time, with the number of people, for the revision that this button was shown with."""
    if over := await _answer_over(turn, broadcast, read_number(more)):
        return over
    people, forecast = await count_recipients(turn, broadcast), await _foresee(turn, broadcast)
    cost = estimate_cost(turn, broadcast, people)
    screen = screens.confirm(turn._, turn.campaign, broadcast, people, cost, forecast)
    screen = await add_cautions(turn, broadcast, screen)
    return replace(Reply.staying(turn, screen), follows=Follow(broadcast.id, "approval", broadcast.revision))


async def approve(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Approve the revision that this button was shown with. It starts now or stays scheduled."""
    revision = read_number(more)
    broadcast = await _lock(turn, broadcast)
    if over := await _answer_over(turn, broadcast, revision):
        return over
    approval = await approvals.find(turn.tx, broadcast)
    if approval is None:
        return await _say_over(turn, broadcast, revision)
    people = count_for_log(broadcast, await count_recipients(turn, broadcast))
    # What cannot start is not approved either: its writer would never hear of it.
    if approval.starts and not await lifecycle.start(turn.tx, broadcast.id, revision, approval.asked_by, turn.now):
        return await show(turn, await broadcasts.get(turn.tx, broadcast.id), screens.changed(turn._))
    await approvals.approve(turn.tx, broadcast.id, revision, turn.person.id, turn.now)
    names = await team.find_names(turn.tx)
    about: dict[str, str | int | None] = {
        "broadcast": broadcast.id,
        **note_titles(broadcast),
        "by": names.get(turn.person.id, turn.person.name),
        "starts": 1 if approval.starts else 0,
        "late": 1 if broadcast.late_at else 0,
    }
    await jobs.tell_one(turn.tx, approval.asked_by, "approved", about, turn.now)
    entry = "broadcast.approved_started" if approval.starts else "broadcast.approved"
    await note_broadcast(turn, entry, broadcast, people=people, asker=names.get(approval.asked_by, ""))
    return Reply.staying(turn, screens.approved(turn._, broadcast, starts=approval.starts))


async def ask_reason(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Ask why they do not approve the revision that this button was shown with."""
    revision = read_number(more)
    return await _answer_over(turn, broadcast, revision) or await _ask_reason(turn, broadcast)


async def refuse(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Say no without a reason."""
    return await _decline(turn, broadcast, read_number(more), "")


async def _hear_reason(turn: Turn, text: str) -> Reply:
    broadcast, revision = await _find_asked(turn), read_number(turn.order)
    if broadcast is None:
        return Reply.done_writing(turn, screens.request_over(turn._, None, None, {}))
    if over := await _answer_over(turn, broadcast, revision):
        return over
    if not isinstance(turn.event, Said) or not text.strip() or len(text) > screens.LONGEST_REASON:
        return await _ask_reason(turn, broadcast, screens.reason_refused(turn._))
    reply = await _decline(turn, broadcast, revision, " ".join(text.split()))
    await following.close_requests(turn.tx, turn.now)
    return reply


async def _ask_again(turn: Turn) -> Reply:
    broadcast = await _find_asked(turn)
    if broadcast is None:
        return Reply.done_writing(turn, screens.request_over(turn._, None, None, {}))
    return await _answer_over(turn, broadcast, read_number(turn.order)) or await _ask_reason(turn, broadcast)


async def _ask_reason(turn: Turn, broadcast: Broadcast, problem: Markup | None = None) -> Reply:
    approval = await approvals.find_any(turn.tx, broadcast.id)
    asker = (await team.find_names(turn.tx)).get(approval.asked_by if approval else 0, "")
    screen = screens.ask_reason(turn._, broadcast, asker, problem)
    return Reply(
        screen,
        "approval_reason",
        turn.draft,
        broadcast_id=broadcast.id,
        order=str(broadcast.revision),
        follows=Follow(broadcast.id, "approval", broadcast.revision),
    )


async def _find_asked(turn: Turn) -> Broadcast | None:
    return await broadcasts.find(turn.tx, turn.broadcast_id) if turn.broadcast_id else None


async def _decline(turn: Turn, broadcast: Broadcast, revision: int, reason: str) -> Reply:
    """Say no. The draft returns to its writer, off the schedule, with the reason."""
    broadcast = await _lock(turn, broadcast)
    if over := await _answer_over(turn, broadcast, revision):
        return over
    approval = await approvals.find(turn.tx, broadcast)
    if approval is None or not await approvals.decline(
        turn.tx, broadcast.id, revision, turn.person.id, reason, turn.now
    ):
        return await _say_over(turn, broadcast, revision)
    was_scheduled = broadcast.state in (BroadcastState.SCHEDULED, BroadcastState.LATE)
    if was_scheduled:
        await drafts.unschedule(turn.tx, broadcast.id, broadcast.organizer_id)
    names = await team.find_names(turn.tx)
    about: dict[str, str | int | None] = {
        "broadcast": broadcast.id,
        **note_titles(broadcast),
        "by": names.get(turn.person.id, turn.person.name),
        "reason": reason,
        "hour": 1 if was_scheduled else 0,
    }
    for writer in {approval.asked_by, broadcast.organizer_id} - {turn.person.id}:
        await jobs.tell_one(turn.tx, writer, "declined", about, turn.now)
    asker = names.get(approval.asked_by, "")
    await note_broadcast(turn, "broadcast.declined", broadcast, asker=asker)
    return _leave(turn, screens.declined(turn._, broadcast, asker))


async def _lock(turn: Turn, broadcast: Broadcast) -> Broadcast:
    """Return it as it is once nobody else starts or changes it: below the limit it also starts without an answer."""
    await approvals.lock(turn.tx)
    return await drafts.lock(turn.tx, broadcast) or broadcast


async def withdraw_request(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Withdraw the request. The buttons that the others have approve nothing any more."""
    if await approvals.withdraw(turn.tx, broadcast.id):
        await note_broadcast(turn, "broadcast.unasked", broadcast)
    return await show(turn, broadcast)


async def _answer_over(turn: Turn, broadcast: Broadcast, revision: int) -> Reply | None:
    """Answer somebody who cannot answer the request for this revision: it is over, or it is their own."""
    approval = await approvals.find_any(turn.tx, broadcast.id)
    is_this = approval is not None and approval.revision == revision
    if approval is not None and is_this:
        if approval.approved_by == turn.person.id:  # the same tap again
            return _leave(turn, screens.approved(turn._, broadcast, starts=approval.starts))
        if approval.declined_by == turn.person.id:
            names = await team.find_names(turn.tx)
            return _leave(turn, screens.declined(turn._, broadcast, names.get(approval.asked_by, "")))
        if approval.asked_by == turn.person.id:
            return Reply.staying(turn, None, screens.own(turn._))
    is_over = broadcast.started_at is not None or broadcast.ended_at is not None or broadcast.revision != revision
    if approval is None or not is_this or not approval.is_open or is_over:
        return await _say_over(turn, broadcast, revision)
    return None


async def _say_over(turn: Turn, broadcast: Broadcast, revision: int) -> Reply:
    """Say in place of the request what became of it."""
    names: Mapping[int, str] = await team.find_names(turn.tx)
    approval: Approval | None = await approvals.find_any(turn.tx, broadcast.id)
    answered = approval if approval is not None and approval.revision == revision else None
    screen = screens.request_over(turn._, broadcast, answered, names)
    return replace(_leave(turn, screen), notice=screens.changed(turn._))


async def _foresee(turn: Turn, broadcast: Broadcast) -> MorningForecast | None:
    starts_at = broadcast.scheduled_for if broadcast.scheduled_for and not broadcast.late_at else turn.now
    return await forecasts.foresee(turn.tx, broadcast, turn.campaign, max(starts_at, turn.now))


def _leave(turn: Turn, screen: Screen) -> Reply:
    """Show a screen and leave the question for a reason, but no other step."""
    return Reply.done_writing(turn, screen) if turn.step in STEPS else Reply.staying(turn, screen)


STEPS: Final[Mapping[StepName, Step]] = {
    "approval_reason": Step(_hear_reason, _ask_again, put_aside, ("idle",), needs="organizer")
}
