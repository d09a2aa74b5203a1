"""Buttons about broadcasts: what each of them does, and in which states.

draft ──▶ (scheduled ──▶ (late)) ──▶ running ⇄ paused ──▶ ended ──▶ running (send again)
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from chatbot.conversation.interface import Pressed
from chatbot.conversation.organizer.broadcasts import (
    adding,
    approval,
    audience,
    composing,
    controls,
    correcting,
    details,
    drafts,
    launching,
    posts,
    preview,
    scheduling,
)
from chatbot.conversation.organizer.broadcasts.preview import is_of_colleague
from chatbot.conversation.organizer.feature import Feature
from chatbot.conversation.organizer.places import posting
from chatbot.conversation.turn import Reply, Turn
from chatbot.conversation.unknown import answer_unknown
from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastState, FollowedMessage
from chatbot.screens import callbacks
from chatbot.screens.organizer.broadcasts import launching as launch_screens
from chatbot.screens.organizer.broadcasts import message, progress
from chatbot.screens.organizer.team import sent_broadcasts
from chatbot.storage.broadcasts import approvals, broadcasts, deliveries, following
from chatbot.storage.organizer import team

_PAGE: Final = 6
_DRAFT: Final = frozenset({BroadcastState.DRAFT})
_WAITING: Final = frozenset({BroadcastState.SCHEDULED, BroadcastState.LATE})
_OPEN: Final = _DRAFT | _WAITING
_UNDER_WAY: Final = frozenset({BroadcastState.RUNNING, BroadcastState.PAUSED})
_ENDED: Final = frozenset({BroadcastState.ENDED})
_STARTED: Final = _UNDER_WAY | _ENDED
_EVER: Final = _OPEN | _STARTED

_FOR_COLLEAGUES: Final = frozenset(
    ("show", "look", "start", "approve", "accept", "decline", "refuse", "takeover", "giveback")
)
"""What an organizer may do with the draft of another one."""
_AGREED: Final = frozenset(("schedule", "giveback", "request", "again"))
"""What depends on the threshold for approval, which stays as it is until the commit."""


@dataclass(frozen=True, slots=True)
class Act:
    """What a button does, and in which states. In any other state it shows the broadcast as it is now."""

    states: frozenset[BroadcastState]
    act: Callable[[Turn, Broadcast, str], Awaitable[Reply]]


async def list_broadcasts(turn: Turn, page: str) -> Reply:
    """List sent broadcasts, the newest first, each with its corrections and recalls."""
    pages = max(-(-await broadcasts.count_started(turn.tx) // _PAGE), 1)
    number = max(min(callbacks.read_number(page), pages), 1)
    sent = [
        sent_broadcasts.SentBroadcast(
            each, await deliveries.tally(turn.tx, each.id), await broadcasts.list_changes(turn.tx, each.id)
        )
        for each in await broadcasts.list_started(turn.tx, (number - 1) * _PAGE, _PAGE)
    ]
    names = await team.find_names(turn.tx)
    return Reply.staying(turn, sent_broadcasts.list_broadcasts(turn._, sent, names, number, pages))


async def _open(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    return await preview.show(turn, broadcast)


ACTS: Final[Mapping[str, Act]] = {
    "open": Act(_EVER, _open),
    "show": Act(_EVER, composing.show_posts),
    # Writing.
    "review": Act(_DRAFT, composing.open_review),
    "write": Act(_DRAFT, posts.write),
    "skip": Act(_DRAFT, posts.skip),
    "typed": Act(_DRAFT, posts.take_typed),
    "unmedia": Act(_DRAFT, posts.remove_media),
    "languages": Act(_DRAFT, posts.choose_language),
    "settings": Act(_DRAFT, details.show_settings),
    "button": Act(_DRAFT, details.ask_button),
    "ready": Act(_DRAFT, details.choose_ready),
    "unbutton": Act(_DRAFT, details.remove_button),
    "picture": Act(_DRAFT, details.share_picture),
    "alone": Act(_DRAFT, details.leave_picture),
    "sound": Act(_DRAFT, details.set_sound),
    "test": Act(_DRAFT, details.send_test),
    "aside": Act(_DRAFT, composing.stop_writing),
    "who": Act(_DRAFT, audience.show),
    "to": Act(_DRAFT, audience.choose_readers),
    "oneway": Act(_DRAFT, posts.ask_reach),
    "reach": Act(_DRAFT, audience.choose_reach),
    "countries": Act(_DRAFT, audience.ask_countries),
    "country": Act(_DRAFT, audience.choose_country),
    "places": Act(_DRAFT, posting.show_choice),
    "place": Act(_DRAFT, posting.choose),
    # Colleagues.
    "takeover": Act(_DRAFT, drafts.take_over),
    "giveback": Act(_OPEN, drafts.take_back),
    # Starting, scheduling or discarding.
    "ask": Act(_OPEN, launching.ask),
    "start": Act(_EVER, launching.start),
    "urgent": Act(_OPEN, launching.ask_urgent),
    "wake": Act(_EVER, launching.start_urgent),
    "later": Act(_OPEN, scheduling.ask_hour),
    "hour": Act(_OPEN, scheduling.choose_hour),
    "schedule": Act(_OPEN, scheduling.schedule),
    "unschedule": Act(_WAITING, scheduling.ask_unschedule),
    "edit": Act(_WAITING, scheduling.unschedule),
    "discard": Act(_OPEN, composing.ask_discard),
    "drop": Act(_OPEN, composing.discard),
    # Approval.
    "look": Act(_EVER, approval.show_request),
    "approve": Act(_EVER, approval.ask_approval),
    "accept": Act(_EVER, approval.approve),
    "decline": Act(_EVER, approval.ask_reason),
    "refuse": Act(_EVER, approval.refuse),
    "request": Act(_WAITING, approval.request_by_hour),
    "unask": Act(_OPEN, approval.withdraw_request),
    # While it runs.
    "pause": Act(_UNDER_WAY, controls.pause),
    "resume": Act(_UNDER_WAY, controls.resume),
    "halt": Act(_UNDER_WAY, controls.ask_cancel),
    "goon": Act(_UNDER_WAY, controls.go_on),
    "cancel": Act(_UNDER_WAY, controls.cancel),
    "sleepers": Act(_UNDER_WAY, controls.ask_wake),
    "rouse": Act(_UNDER_WAY, controls.wake),
    # Afterwards.
    "unknown": Act(_ENDED, controls.ask_unknown),
    "again": Act(_ENDED, controls.try_again),
    "rest": Act(_ENDED, controls.ask_rest),
    "placesrest": Act(_ENDED, posting.ask_again),
    "repost": Act(_ENDED, posting.try_again),
    "more": Act(_ENDED, adding.choose_language),
    "add": Act(_ENDED, adding.begin),
    "correct": Act(_STARTED, correcting.correct),
    "recall": Act(_STARTED, correcting.ask_recall),
    "takeback": Act(_STARTED, correcting.recall),
    "copy": Act(_ENDED, composing.copy),
}


async def press(turn: Turn, argument: str) -> Reply:
    """Carry out a button about broadcasts: `<what>:<id>[:<more>]`. Then bring up to date which messages show them."""
    try:
        reply = await _carry_out(turn, argument)
    except broadcasts.NoSuchBroadcastError:  # discarded by a colleague at the same moment
        reply = Reply.staying(turn, launch_screens.is_gone(turn._))
    reply = await _follow(turn, reply)
    await following.close_requests(turn.tx, turn.now)
    return reply


async def _follow(turn: Turn, reply: Reply) -> Reply:
    """Note what the tapped message shows from now on."""
    tapped = turn.event.message_id if isinstance(turn.event, Pressed) else None
    if tapped is None or reply.screen is None or reply.below or reply.first:
        return reply
    if await broadcasts.is_progress_message(turn.tx, turn.person.id, tapped):
        return replace(reply, below=True)  # the worker would soon write over it
    await following.forget_message(turn.tx, turn.person.id, tapped)
    if shown := reply.follows:
        message = FollowedMessage(shown.broadcast_id, turn.person.id, tapped, shown.shows, shown.revision)
        await following.note_message(turn.tx, message)
    return reply


async def _carry_out(turn: Turn, argument: str) -> Reply:
    what, subject, more = callbacks.split(argument, 3)
    if what == "list":
        return await list_broadcasts(turn, subject)
    if what in ("drafts", "new"):
        return await (drafts.list_drafts if what == "drafts" else drafts.begin_new)(turn, "")
    if what == "preview":
        return Reply.staying(turn, None, message.is_preview(turn._, subject))
    act = ACTS.get(what)
    broadcast = await broadcasts.find(turn.tx, callbacks.read_number(subject))
    if act is None:
        return answer_unknown(turn)
    if broadcast is None:
        return Reply.staying(turn, launch_screens.is_gone(turn._))
    broadcast = await preview.find_sent(turn, broadcast)
    if act.states != _EVER:  # the others only show it, or lock it themselves
        if what in _AGREED:
            await approvals.lock(turn.tx)
        broadcast = await preview.find_sent(turn, await preview.lock(turn, broadcast))
    if broadcast.state not in act.states:
        return await preview.show(turn, broadcast, progress.too_late(turn._))
    if what not in _FOR_COLLEAGUES and is_of_colleague(turn, broadcast):
        return await preview.show(turn, broadcast)
    return await act.act(turn, broadcast, more)


FEATURE: Final = Feature(
    callbacks.BROADCAST,
    press=press,
    commands={"broadcast": drafts.begin, "scheduled": scheduling.list_scheduled, "broadcasts": list_broadcasts},
    steps={**composing.STEPS, **details.STEPS, **audience.STEPS, **scheduling.STEPS, **approval.STEPS},
)
