"""Scheduling a broadcast: choose the hour, change it, and list what is scheduled."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from markupsafe import Markup

from chatbot.conversation.audit import note_broadcast
from chatbot.conversation.organizer.broadcasts import approval, launching
from chatbot.conversation.organizer.broadcasts.composing import put_aside
from chatbot.conversation.organizer.broadcasts.drafts import tell_former
from chatbot.conversation.organizer.broadcasts.preview import (
    add_cautions,
    add_scheduler,
    count_recipients,
    estimate_cost,
    find_erasure,
    is_approval_missing,
    is_of_colleague,
    review,
    show,
    show_current,
)
from chatbot.conversation.step_names import StepName
from chatbot.conversation.turn import Reply, Step, Turn
from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastState
from chatbot.petition.broadcasts.near_times import list_near, list_usual
from chatbot.petition.broadcasts.parse_time import (
    FARTHEST,
    TimeChangeError,
    TimeProblem,
    TimeRefusedError,
    means_now,
    parse_time,
)
from chatbot.screens.callbacks import read_number, split
from chatbot.screens.organizer.broadcasts import composing as composing_screens
from chatbot.screens.organizer.broadcasts import scheduling as screens
from chatbot.storage.broadcasts import broadcasts, drafts, forecasts
from chatbot.storage.organizer import team

_WITH_HOUR = (BroadcastState.DRAFT, BroadcastState.SCHEDULED, BroadcastState.LATE)


async def list_scheduled(turn: Turn, _argument: str) -> Reply:
    """List scheduled broadcasts, and those that missed their hour."""
    found, names = await broadcasts.list_scheduled(turn.tx), await team.find_names(turn.tx)
    return Reply.staying(turn, screens.list_scheduled(turn._, found, names, turn.person.id))


async def ask_hour(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Ask at which hour to send the broadcast."""
    return _ask(turn, broadcast)


async def _ask_again(turn: Turn) -> Reply:
    broadcast = await _find(turn)
    return _ask(turn, broadcast) if broadcast else await show_current(turn)


async def hear_hour(turn: Turn, text: str) -> Reply:
    """Take a typed hour, or explain what is wrong with it."""
    broadcast = await _find(turn)
    if broadcast is None:
        return await show_current(turn)
    if means_now(text, turn.languages):
        return await launching.ask(turn, broadcast, str(broadcast.revision))
    now = turn.now.astimezone(turn._.zone)
    try:
        at = parse_time(text, now, turn.languages)
    except TimeRefusedError as refused:
        near = list_near(text, now, turn.languages)
        return _ask(turn, broadcast, screens.text_refused(turn._, refused.problem, text, is_near=bool(near)), near)
    except TimeChangeError as change:
        return Reply.writing(turn, screens.ask_which(turn._, broadcast, change), "hour", broadcast.id)
    return await _confirm(turn, broadcast, at)


async def choose_hour(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Take the hour of a button."""
    revision, at = _read(more)
    if problem := _refuse(turn, at):
        return _ask(turn, broadcast, screens.hour_refused(turn._, problem))
    if revision != broadcast.revision:
        return await _show_again(turn, broadcast)
    return await _confirm(turn, broadcast, at)


async def schedule(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Schedule it for the hour of the button, in the revision that the button was shown with."""
    revision, at = _read(more)
    if broadcast.scheduled_for == at and broadcast.late_at is None:  # the same tap again
        return Reply.done_writing(turn, screens.scheduled(turn._, at))
    if problem := _refuse(turn, at):
        return _ask(turn, broadcast, screens.hour_refused(turn._, problem))
    if not await drafts.schedule(turn.tx, broadcast.id, revision, at, turn.person.id):
        return await _show_again(turn, await broadcasts.get(turn.tx, broadcast.id))
    waiting = await broadcasts.get(turn.tx, broadcast.id)
    is_unapproved = await is_approval_missing(turn, waiting, turn.person.id)
    # The colleagues who are asked to approve it see more than a notice.
    await note_broadcast(turn, "broadcast.scheduled", broadcast, tells=not is_unapproved, at=int(at.timestamp()))
    if is_unapproved:
        return await approval.request(turn, waiting, starts=False)
    return Reply.done_writing(turn, screens.scheduled(turn._, at))


async def ask_unschedule(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Explain that a change takes it off the schedule."""
    return Reply.staying(turn, await add_scheduler(turn, broadcast, screens.ask_unschedule(turn._, broadcast)))


async def unschedule(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Make it a draft again, owned by the organizer who changes it."""
    if not await drafts.unschedule(turn.tx, broadcast.id, turn.person.id):
        return await show(turn, await broadcasts.get(turn.tx, broadcast.id))
    draft, former = await broadcasts.get(turn.tx, broadcast.id), broadcast.organizer_id
    if former != turn.person.id:
        await tell_former(turn, draft, former)
    await note_broadcast(turn, "broadcast.unscheduled", broadcast, but=(former,))
    return await review(turn, draft)


async def _find(turn: Turn) -> Broadcast | None:
    broadcast = await broadcasts.find(turn.tx, turn.broadcast_id) if turn.broadcast_id else None
    return broadcast if broadcast and broadcast.state in _WITH_HOUR and not is_of_colleague(turn, broadcast) else None


async def _show_again(turn: Turn, broadcast: Broadcast) -> Reply:
    if broadcast.state is BroadcastState.DRAFT:
        return await review(turn, broadcast, composing_screens.changed_meanwhile(turn._))
    return await show(turn, broadcast)


async def _confirm(turn: Turn, broadcast: Broadcast, at: datetime) -> Reply:
    if not broadcast.is_complete:
        return await show(turn, broadcast)
    people = await count_recipients(turn, broadcast)
    unapproved = await is_approval_missing(turn, broadcast, turn.person.id)
    cost = estimate_cost(turn, broadcast, people)
    forecast = await forecasts.foresee(turn.tx, replace(broadcast, urgent_at=None), turn.campaign, at)
    erased_at = await find_erasure(turn, at)
    screen = screens.confirm_hour(
        *(turn._, turn.campaign, replace(broadcast, urgent_at=None), at, people, cost, forecast),
        unapproved=unapproved,
        erased_at=erased_at,
    )
    screen = await add_scheduler(turn, broadcast, await add_cautions(turn, broadcast, screen))
    return Reply.writing(turn, screen, "hour", broadcast.id)


def _ask(turn: Turn, broadcast: Broadcast, problem: Markup | None = None, near: Sequence[datetime] = ()) -> Reply:
    offers = near or list(list_usual(turn.now.astimezone(turn._.zone)))
    if not near and broadcast.last_hour and broadcast.last_hour > turn.now:
        offers = [broadcast.last_hour, *(each for each in offers if each != broadcast.last_hour)]
    return Reply.writing(turn, screens.ask_hour(turn._, broadcast, offers, turn.now, problem), "hour", broadcast.id)


def _refuse(turn: Turn, at: datetime) -> TimeProblem | None:
    if at <= turn.now:
        return TimeProblem.PAST
    return TimeProblem.FAR if at > turn.now + FARTHEST else None


def _read(more: str) -> tuple[int, datetime]:
    revision, seconds = (read_number(each) for each in split(more, 2))
    return revision, datetime.fromtimestamp(min(seconds, 10**10), UTC)


STEPS: Final[Mapping[StepName, Step]] = {
    "hour": Step(hear_hour, _ask_again, put_aside, ("review", "idle"), needs="organizer")
}
