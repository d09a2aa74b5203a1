"""Starting a broadcast: the last question, and the tap that starts it once."""

from chatbot.conversation.audit import note_broadcast
from chatbot.conversation.organizer.broadcasts import approval
from chatbot.conversation.organizer.broadcasts.preview import (
    add_cautions,
    add_scheduler,
    count_for_log,
    count_recipients,
    estimate_cost,
    is_approval_missing,
    lock,
    review,
    show,
)
from chatbot.conversation.turn import Reply, Turn
from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastState
from chatbot.screens.callbacks import read_number
from chatbot.screens.organizer.broadcasts import composing as composing_screens
from chatbot.screens.organizer.broadcasts import launching as screens
from chatbot.storage.broadcasts import approvals, broadcasts, drafts, forecasts, lifecycle


async def ask(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Ask for confirmation, with the number of recipients, of the revision that this button was shown with."""
    if more != str(broadcast.revision) or not broadcast.is_complete:
        return await _show_again(turn, broadcast)
    if (asked := await approvals.find(turn.tx, broadcast)) and asked.is_open:
        if asked.asked_by != turn.person.id:
            return await approval.show_request(turn, broadcast, "")
        if asked.starts or broadcast.late_at is None:  # late, it was to wait for its time, and may go out at once now
            return await show(turn, broadcast)
    people = await count_recipients(turn, broadcast)
    is_counted = not broadcast.is_by_signature and broadcast.kind not in ("addition", "correction")
    if is_counted and not sum(people.values()) and not broadcast.place_codes:
        return await show(turn, broadcast)
    unapproved = await is_approval_missing(turn, broadcast, turn.person.id)
    cost = estimate_cost(turn, broadcast, people)
    forecast = await forecasts.foresee(turn.tx, broadcast, turn.campaign, turn.now)
    screen = screens.confirm(turn._, turn.campaign, broadcast, people, cost, forecast, unapproved=unapproved)
    return Reply.staying(turn, await add_scheduler(turn, broadcast, await add_cautions(turn, broadcast, screen)))


async def ask_urgent(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Ask a second time before it goes also to people for whom it is night."""
    forecast = await forecasts.foresee(turn.tx, broadcast, turn.campaign, turn.now)
    if forecast is None or not forecast.waits or more != str(broadcast.revision) or not broadcast.is_complete:
        return await ask(turn, broadcast, more)
    screen = screens.ask_urgent(turn._, broadcast, await count_recipients(turn, broadcast), forecast)
    return Reply.staying(turn, await add_scheduler(turn, broadcast, screen))


async def start_urgent(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Start it for everybody at once. If a second organizer has to approve, they are told that it is urgent."""
    if broadcast.started_at is not None or not broadcast.is_complete:
        return await start(turn, broadcast, more)
    await approvals.lock(turn.tx)
    revision = await drafts.declare_urgent(turn.tx, broadcast.id, read_number(more), turn.now)
    if revision is None:
        return await _show_again(turn, await broadcasts.get(turn.tx, broadcast.id))
    await note_broadcast(turn, "broadcast.urgent", broadcast)
    return await start(turn, await broadcasts.get(turn.tx, broadcast.id), str(revision))


async def start(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Start it once, in the revision that this button was shown with."""
    revision = read_number(more)
    if broadcast.started_at is None:
        await approvals.lock(turn.tx)
        broadcast = await lock(turn, broadcast)
    if broadcast.started_at is None:
        is_this = broadcast.is_complete and revision == broadcast.revision
        if is_this and await is_approval_missing(turn, broadcast, turn.person.id):
            return await approval.request(turn, broadcast, starts=True)
        people = await count_recipients(turn, broadcast)
        readers = await approvals.count_readers(turn.tx, broadcast, turn.campaign)
        if not await lifecycle.start(turn.tx, broadcast.id, revision, turn.person.id, turn.now):
            return await _show_again(turn, await broadcasts.get(turn.tx, broadcast.id))
        entry = {"correction": "broadcast.corrected", "addition": "broadcast.added"}.get(
            broadcast.kind, "broadcast.started"
        )
        await approvals.note_unapproved(turn.tx, broadcast, turn.person.id, readers, turn.now)
        await note_broadcast(turn, entry, broadcast, people=count_for_log(broadcast, people))
        return Reply.done_writing(turn, screens.started(turn._, broadcast, people))
    return await show(turn, broadcast, screens.is_under_way(turn._))


async def _show_again(turn: Turn, broadcast: Broadcast) -> Reply:
    """Show it again: it was changed since, or another organizer started it at the same moment."""
    if broadcast.state is BroadcastState.DRAFT:
        return await review(turn, broadcast, composing_screens.changed_meanwhile(turn._))
    if broadcast.started_at is not None:
        return await show(turn, broadcast, screens.is_under_way(turn._))
    return await show(turn, broadcast)
