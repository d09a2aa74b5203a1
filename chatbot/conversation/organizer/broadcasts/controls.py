"""Controls of a running broadcast (pause, resume, cancel), and retries after it ended."""

from dataclasses import replace
from typing import Literal

from chatbot.conversation.audit import note_broadcast
from chatbot.conversation.interface import Pressed
from chatbot.conversation.organizer.broadcasts.preview import show
from chatbot.conversation.turn import Reply, Turn
from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastState
from chatbot.screens import callbacks
from chatbot.screens.organizer.broadcasts import progress as screens
from chatbot.storage.broadcasts import approvals, broadcasts, deliveries, lifecycle
from chatbot.storage.organizer import team


async def pause(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Pause it."""
    await _pause(turn, broadcast)
    return await _show_state(turn, broadcast, screens.paused(turn._))


async def resume(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Resume it."""
    await _resume(turn, broadcast)
    return await _show_state(turn, broadcast, screens.resumed(turn._))


async def ask_cancel(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Pause at once and ask for confirmation, because a cancelled broadcast cannot be resumed."""
    if broadcast.state is BroadcastState.RUNNING:
        await _pause(turn, broadcast)
    tally = await deliveries.tally(turn.tx, broadcast.id)
    return replace(Reply.staying(turn, screens.ask_cancel(turn._, broadcast, tally)), below=True)


async def go_on(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Resume after the question whether to cancel."""
    await _resume(turn, broadcast)
    return Reply.staying(turn, screens.goes_on(turn._))


async def cancel(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Cancel it."""
    if await lifecycle.end(turn.tx, broadcast.id, "cancelled", turn.now):
        await note_broadcast(turn, "broadcast.cancelled", broadcast)
    return Reply.staying(turn, screens.cancelled(turn._))


async def ask_unknown(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Explain what "unknown" means before anything is sent again."""
    tally = await deliveries.tally(turn.tx, broadcast.id)
    if not tally.count("unknown"):
        return await show(turn, broadcast)
    return replace(Reply.staying(turn, screens.ask_unknown(turn._, broadcast, tally)), below=True)


async def try_again(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Send again where the delivery failed, or is unknown. A button belongs to one ending and works once."""
    whose: Literal["failed", "unknown"] = "failed" if more.startswith("failed:") else "unknown"
    if screens.again_action(broadcast, whose) != callbacks.BROADCAST("again", broadcast.id, more):
        return await show(turn, broadcast, screens.too_late(turn._))
    people = screens.count_again(await deliveries.tally(turn.tx, broadcast.id), whose)
    await approvals.lock(turn.tx)
    if await approvals.is_missing(turn.tx, broadcast, people, turn.person.id, turn.now):
        return Reply.staying(turn, None, screens.not_alone(turn._, await team.find_threshold(turn.tx) or 0))
    if not await lifecycle.send_again(turn.tx, broadcast.id, whose, turn.person.id):
        return await show(turn, await broadcasts.get(turn.tx, broadcast.id), screens.too_late(turn._))
    await approvals.note_unapproved(turn.tx, broadcast, turn.person.id, people, turn.now)
    await note_broadcast(turn, f"broadcast.again_{whose}", broadcast)
    return replace(Reply.staying(turn, screens.tried_again(turn._)), below=True)


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
