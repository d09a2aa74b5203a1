"""Controls of a running broadcast (pause, resume, cancel), and retries after it ended."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from chatbot.conversation.audit import note_broadcast
from chatbot.conversation.interface import Pressed
from chatbot.conversation.organizer.broadcasts.preview import count_recipients, show
from chatbot.conversation.turn import Reply, Turn
from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastState
from chatbot.petition.broadcasts.rest import RETRIES, Retry, count_again, has_rest
from chatbot.petition.broadcasts.tally import Tally
from chatbot.petition.languages import Language
from chatbot.petition.rounding import round_down, round_up
from chatbot.screens import callbacks
from chatbot.screens.callbacks import read_number
from chatbot.screens.organizer.broadcasts import ending, launching
from chatbot.screens.organizer.broadcasts import progress as screens
from chatbot.screens.organizer.broadcasts.report import is_asleep_shown
from chatbot.storage.broadcasts import approvals, broadcasts, deliveries, forecasts, lifecycle
from chatbot.storage.organizer import team

_ASKED: Final = timedelta(minutes=15)
"""How long the answer to the question whether to wake people is taken."""


async def pause(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Pause the broadcast, if it is running, and show its state."""
    await _pause(turn, broadcast)
    return await _show_state(turn, broadcast, screens.paused(turn._, broadcast))


async def resume(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Continue the broadcast, if it is paused, and show its state."""
    await _resume(turn, broadcast)
    return await _show_state(turn, broadcast, screens.resumed(turn._, broadcast.kind))


async def ask_cancel(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Pause at once and ask for confirmation. A recall is only paused: it has to be finished."""
    if broadcast.kind == "recall":
        return await pause(turn, broadcast, "")
    if broadcast.state is BroadcastState.RUNNING:
        await _pause(turn, broadcast)
    broadcast, tally = await broadcasts.get(turn.tx, broadcast.id), await deliveries.tally(turn.tx, broadcast.id)
    return replace(Reply.staying(turn, screens.ask_cancel(turn._, broadcast, tally)), below=True)


async def go_on(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Resume after the question whether to cancel."""
    await _resume(turn, broadcast)
    return Reply.staying(turn, screens.goes_on(turn._))


async def cancel(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Cancel it. An old button cancels no recall."""
    if broadcast.kind == "recall":
        return await pause(turn, broadcast, "")
    if await lifecycle.cancel(turn.tx, broadcast.id, turn.now, turn.person.id):
        await note_broadcast(turn, "broadcast.cancelled", broadcast)
    return Reply.staying(turn, screens.cancelled(turn._, broadcast))


async def ask_wake(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Ask before it is sent to those who wait for their morning."""
    tally = await deliveries.tally(turn.tx, broadcast.id)
    if broadcast.state is not BroadcastState.RUNNING or not is_asleep_shown(broadcast, tally):
        return await show(turn, broadcast, screens.too_late(turn._))
    screen = launching.ask_wake(turn._, broadcast, tally, turn.now)
    return replace(Reply.staying(turn, screen), below=True)


async def wake(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Send it also to those who wait for their morning.

    Whom it reaches is not changed by this, so it needs no approval of its own. But above the threshold the one who sent
    it needs another organizer to tap.
    """
    tally = await deliveries.tally(turn.tx, broadcast.id)
    if not timedelta() <= turn.now - datetime.fromtimestamp(read_number(more), UTC) <= _ASKED:
        return await ask_wake(turn, broadcast, "")
    threshold = await team.find_threshold(turn.tx)
    if threshold is not None and round_up(tally.asleep) > threshold and broadcast.organizer_id == turn.person.id:
        return Reply.staying(turn, None, screens.not_alone(turn._, threshold))
    if not is_asleep_shown(broadcast, tally) or not await lifecycle.wake(
        turn.tx, broadcast.id, turn.now, turn.person.id
    ):
        return await show(turn, broadcast, screens.too_late(turn._))
    await note_broadcast(turn, "broadcast.woken", broadcast, people=round_down(tally.asleep) or None)
    return await show(turn, await broadcasts.get(turn.tx, broadcast.id), launching.is_woken(turn._))


async def ask_unknown(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Explain what "unknown" means before anything is sent again."""
    return await _ask_again(turn, broadcast, "unknown")


async def try_again(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Send again where the delivery failed, or is unknown, or to the rest. A button works once, after one ending."""
    whose: Retry = next((each for each in RETRIES if more.startswith(f"{each}:")), "unknown")
    tally = await deliveries.tally(turn.tx, broadcast.id)
    is_this = ending.again_action(broadcast, whose) == callbacks.BROADCAST("again", broadcast.id, more)
    if not is_this or (whose == "rest" and not has_rest(broadcast, tally)):
        return await show(turn, broadcast, screens.too_late(turn._))
    people = sum((await _count(turn, broadcast, tally, whose)).values())
    if broadcast.tells_nights(tally):
        people = round_up(people)
    await approvals.lock(turn.tx)
    if await approvals.is_missing(turn.tx, broadcast, people, turn.person.id, turn.now):
        return Reply.staying(turn, None, screens.not_alone(turn._, await team.find_threshold(turn.tx) or 0))
    if not await lifecycle.send_again(turn.tx, broadcast.id, whose, turn.person.id, turn.now):
        return await show(turn, await broadcasts.get(turn.tx, broadcast.id), screens.too_late(turn._))
    await approvals.note_unapproved(turn.tx, broadcast, turn.person.id, people, turn.now)
    await note_broadcast(turn, f"broadcast.again_{whose}", broadcast)
    return replace(Reply.staying(turn, screens.tried_again(turn._, broadcast, whose)), below=True)


async def ask_rest(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Ask before it is sent to those who have not got it: the rest of a stopped one, or where it failed."""
    return await _ask_again(turn, broadcast, "failed" if more == "failed" else "rest")


async def _ask_again(turn: Turn, broadcast: Broadcast, whose: Retry) -> Reply:
    tally = await deliveries.tally(turn.tx, broadcast.id)
    people = await _count(turn, broadcast, tally, whose)
    is_left = has_rest(broadcast, tally) if whose == "rest" else broadcast.ending == "done" and any(people.values())
    if broadcast.kind != "update" or not is_left or (whose != "rest" and broadcast.hides_outcomes(tally)):
        return await show(turn, broadcast, screens.too_late(turn._))
    if broadcast.gathered_at is None:
        forecast = await forecasts.foresee(turn.tx, broadcast, turn.campaign, turn.now)
    else:
        states = ("waiting", "failed") if whose == "rest" else (whose,)
        forecast = await forecasts.foresee_rest(turn.tx, broadcast, turn.campaign, turn.now, states)
    screen = launching.confirm_again(turn._, broadcast, people, whose, forecast)
    return replace(Reply.staying(turn, screen), below=True)


async def _count(turn: Turn, broadcast: Broadcast, tally: Tally, whose: Retry) -> Mapping[Language, int]:
    """Count those whom it is sent to once more; at most, if it was stopped while its audience was made."""
    if whose == "rest" and broadcast.gathered_at is None and broadcast.kind == "update":
        addition = await broadcasts.find_addition(turn.tx, broadcast.id)
        return await count_recipients(turn, addition or broadcast)
    return {each: count_again(broadcast, tally.select(each), whose) for each in _order(turn, tally)}


def _order(turn: Turn, tally: Tally) -> list[Language]:
    """List the languages of the deliveries in the campaign's order."""
    return [each for each in dict.fromkeys((*turn.campaign.languages, *tally.audience)) if each in tally.audience]


async def _pause(turn: Turn, broadcast: Broadcast) -> None:
    if await lifecycle.pause(turn.tx, broadcast.id, turn.now, turn.person.id):
        await note_broadcast(turn, "broadcast.paused", broadcast)


async def _resume(turn: Turn, broadcast: Broadcast) -> None:
    if await lifecycle.resume(turn.tx, broadcast.id, turn.now, turn.person.id):
        await note_broadcast(turn, "broadcast.resumed", broadcast)


async def _show_state(turn: Turn, broadcast: Broadcast, notice: str) -> Reply:
    """Show the new state. The progress message itself is edited by the worker, at once."""
    if _is_progress_message(turn, broadcast):
        return Reply.staying(turn, None, notice)
    return await show(turn, await broadcasts.get(turn.tx, broadcast.id), notice)


def _is_progress_message(turn: Turn, broadcast: Broadcast) -> bool:
    """Whether they tapped in the message with the progress, which the worker edits."""
    tapped = turn.event.message_id if isinstance(turn.event, Pressed) else None
    return tapped is not None and (tapped, turn.person.id) == (broadcast.progress_message_id, broadcast.organizer_id)
