"""Controls of a running broadcast (pause, resume, cancel), and retries after it ended."""

from dataclasses import replace

from chatbot.conversation.audit import note_broadcast
from chatbot.conversation.interface import Pressed
from chatbot.conversation.organizer.broadcasts.preview import count_recipients, show
from chatbot.conversation.turn import Reply, Turn
from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastState, Tally
from chatbot.petition.broadcasts.rest import count_rest, has_rest
from chatbot.screens import callbacks
from chatbot.screens.organizer.broadcasts import ending, launching
from chatbot.screens.organizer.broadcasts import progress as screens
from chatbot.storage.broadcasts import approvals, broadcasts, deliveries, lifecycle
from chatbot.storage.organizer import team


async def pause(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Pause it."""
    await _pause(turn, broadcast)
    return await _show_state(turn, broadcast, screens.paused(turn._, broadcast))


async def resume(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Resume it."""
    await _resume(turn, broadcast)
    return await _show_state(turn, broadcast, screens.resumed(turn._))


async def ask_cancel(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Pause at once and ask for confirmation. A recall is only paused: it has to be finished."""
    if broadcast.kind == "recall":
        return await pause(turn, broadcast, "")
    if broadcast.state is BroadcastState.RUNNING:
        await _pause(turn, broadcast)
    tally = await deliveries.tally(turn.tx, broadcast.id)
    return replace(Reply.staying(turn, screens.ask_cancel(turn._, broadcast, tally)), below=True)


async def go_on(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Resume after the question whether to cancel."""
    await _resume(turn, broadcast)
    return Reply.staying(turn, screens.goes_on(turn._))


async def cancel(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Cancel it. An old button cancels no recall."""
    if broadcast.kind == "recall":
        return await pause(turn, broadcast, "")
    if await lifecycle.cancel(turn.tx, broadcast.id, turn.now):
        await note_broadcast(turn, "broadcast.cancelled", broadcast)
    return Reply.staying(turn, screens.cancelled(turn._, broadcast))


async def ask_unknown(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Explain what "unknown" means before anything is sent again."""
    tally = await deliveries.tally(turn.tx, broadcast.id)
    if not tally.count("unknown"):
        return await show(turn, broadcast)
    return replace(Reply.staying(turn, screens.ask_unknown(turn._, broadcast, tally)), below=True)


async def try_again(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Send again where the delivery failed, or is unknown, or to the rest. A button works once, after one ending."""
    whose: lifecycle.Retry = next((each for each in lifecycle.RETRIES if more.startswith(f"{each}:")), "unknown")
    tally = await deliveries.tally(turn.tx, broadcast.id)
    is_this = ending.again_action(broadcast, whose) == callbacks.BROADCAST("again", broadcast.id, more)
    if not is_this or (whose == "rest" and not has_rest(broadcast, tally)):
        return await show(turn, broadcast, screens.too_late(turn._))
    people = await _count(turn, broadcast, tally, whose)
    await approvals.lock(turn.tx)
    if await approvals.is_missing(turn.tx, broadcast, people, turn.person.id, turn.now):
        return Reply.staying(turn, None, screens.not_alone(turn._, await team.find_threshold(turn.tx) or 0))
    if not await lifecycle.send_again(turn.tx, broadcast.id, whose, turn.person.id):
        return await show(turn, await broadcasts.get(turn.tx, broadcast.id), screens.too_late(turn._))
    await approvals.note_unapproved(turn.tx, broadcast, turn.person.id, people, turn.now)
    await note_broadcast(turn, f"broadcast.again_{whose}", broadcast)
    return replace(Reply.staying(turn, screens.tried_again(turn._, broadcast)), below=True)


async def ask_rest(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Ask before a stopped broadcast goes on to those who have not got it."""
    tally = await deliveries.tally(turn.tx, broadcast.id)
    if broadcast.kind != "update" or not has_rest(broadcast, tally):
        return await show(turn, broadcast, screens.too_late(turn._))
    people = await _count(turn, broadcast, tally, "rest")
    return replace(Reply.staying(turn, launching.confirm_rest(turn._, broadcast, people)), below=True)


async def _count(turn: Turn, broadcast: Broadcast, tally: Tally, whose: lifecycle.Retry) -> int:
    """Count those whom it is sent to once more; at most, if it was stopped while its audience was made."""
    if whose != "rest":
        return tally.count_again(whose)
    if broadcast.gathered_at is not None or broadcast.kind != "update":
        return count_rest(broadcast, tally)
    addition = await broadcasts.find_addition(turn.tx, broadcast.id)
    return sum((await count_recipients(turn, addition or broadcast)).values())


async def _pause(turn: Turn, broadcast: Broadcast) -> None:
    if await lifecycle.pause(turn.tx, broadcast.id, turn.now):
        await note_broadcast(turn, "broadcast.paused", broadcast)


async def _resume(turn: Turn, broadcast: Broadcast) -> None:
    if await lifecycle.resume(turn.tx, broadcast.id):
        await note_broadcast(turn, "broadcast.resumed", broadcast)


async def _show_state(turn: Turn, broadcast: Broadcast, notice: str) -> Reply:
    """Show the new state. The progress message itself is edited by the worker, at once."""
    if isinstance(turn.event, Pressed) and turn.event.message_id == broadcast.progress_message_id is not None:
        return Reply.staying(turn, None, notice)
    return await show(turn, await broadcasts.get(turn.tx, broadcast.id), notice)
