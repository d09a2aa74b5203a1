"""Asking about signatures: each question is counted by a job and logged, and owners are told of many."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from chatbot.conversation.audit import note, tell_others
from chatbot.conversation.interface import Pressed
from chatbot.conversation.organizer.team.roster import find_name
from chatbot.conversation.turn import Reply, Turn
from chatbot.petition.job import JobDetails
from chatbot.petition.review.filter import ReviewFilter, SetAside, Signal
from chatbot.screens.organizer.records import review_conditions as screens
from chatbot.screens.organizer.records.review import Totals
from chatbot.screens.screen import Screen
from chatbot.storage.organizer import audit_log, jobs
from chatbot.storage.organizer.review import set_asides, signals

MANY: Final = 20
"""Number of questions within an hour after which the owners are told, each time."""
STEPS: Final = ("review_conditions", "review_link", "review_name", "review_reason")
_HOUR: Final = timedelta(hours=1)


async def count(turn: Turn, review_filter: ReviewFilter, names: Mapping[str, str]) -> Reply:
    """Have the matching signatures counted."""
    asked = await set_asides.create(turn.tx, turn.person.id, review_filter, turn.now)
    await send(turn, asked)
    await note_question(turn, review_filter)
    return show(turn, screens.is_counting(turn._, review_filter, names))


async def note_question(turn: Turn, review_filter: ReviewFilter) -> None:
    """Add a question to the audit log, and tell the other owners of one about a name and of many."""
    if turn.is_repeated:
        return
    times = 1 + await audit_log.count_since(turn.tx, turn.person.id, "doubts.counted", turn.now - _HOUR)
    if times % MANY == 0 or review_filter.name is not None:
        about: JobDetails = {
            "by": await find_name(turn),
            "count": times,
            "name": int(review_filter.name is not None),
        }
        await tell_others(turn, "many_asked", about, needs="owner")
    await note(turn, "doubts.counted", **outline(review_filter))


async def send(turn: Turn, one: SetAside, *, again: bool = False) -> None:
    """Add the job that counts, excludes or restores; `again`: unless it is there."""
    message_id = turn.event.message_id if isinstance(turn.event, Pressed) else None
    details = {"id": one.id, "message_id": message_id, "by": await find_name(turn)}
    if again:
        await jobs.request(turn.tx, set_asides.JOB, details, turn.now, turn.person.id)
    else:
        await jobs.add(turn.tx, set_asides.JOB, details, turn.now, chat_id=turn.person.id)


async def may_set_aside(turn: Turn, one: SetAside) -> bool:
    """Whether this member may set these signatures aside."""
    seen = await signals.find_seen(turn.tx, one.review_filter, turn.now - signals.KEPT)
    return one.can_be_set_aside(seen, is_owner=turn.is_owner)


def outline(review_filter: ReviewFilter) -> dict[str, str | int | None]:
    """Describe a filter for the audit log, without names, links and numbers, which may identify people."""
    hidden = {"name": "by_name", "source": "by_link", "number": "by_number"}
    return {hidden.get(key, key): 1 if key in hidden else value for key, value in review_filter.to_mapping().items()}


async def read_names(turn: Turn, found: Iterable[Signal] = (), some: Iterable[SetAside] = ()) -> dict[str, str]:
    """Return the names that filters mean, by their hashes. Empty for organizers, and if names are sealed."""
    names: dict[str, str] = {}
    if not turn.is_owner or turn.name_vault.is_sealing:
        return names
    for signal in found:
        if (hashed := signal.review_filter.name) and (name := await signals.find_name(turn.tx, signal.review_filter)):
            names[hashed] = name
    for one in some:
        hashed = one.review_filter.name
        if hashed and hashed not in names and (name := await set_asides.find_name(turn.tx, one)):
            names[hashed] = name
    return names


def sum_up(turn: Turn) -> Totals:
    """Return the totals of this moment."""
    return Totals(turn.signed_here, turn.campaign.carried_over)


def show(turn: Turn, screen: Screen) -> Reply:
    """Show a screen that expects no typed answer. This leaves a step of the review, and no other step."""
    return Reply.done_writing(turn, screen) if turn.step in STEPS else Reply.staying(turn, screen)
