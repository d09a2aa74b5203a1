"""Adds entries to the audit log, and notifies the team, in the turn that does something."""

from collections.abc import Collection
from typing import Final

from chatbot.conversation.turn import Turn
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.job import JobDetails
from chatbot.petition.team import Role, list_at_least
from chatbot.screens.organizer.broadcasts.title import headline, note_titles
from chatbot.storage.organizer import audit_log, jobs, team

TOLD: Final = frozenset(
    f"broadcast.{what}"
    for what in (
        *("started", "added", "corrected", "recalled", "approved_started", "scheduled", "unscheduled", "taken"),
        *("paused", "resumed", "woken", "cancelled", "discarded", "again_failed", "again_unknown", "again_rest"),
        "again_places",
    )
)
"""The entries of which colleagues are told."""
_REACHING: Final = frozenset(
    f"broadcast.{what}"
    for what in ("started", "added", "corrected", "recalled", "scheduled", "asked", "approved_started")
)
"""The entries that say how many channels and groups it goes to."""


async def note(turn: Turn, entry: str, **details: str | int | None) -> None:
    """Add an audit entry about what they did. See `storage.organizer.audit_log.add`."""
    await audit_log.add(turn.tx, turn.person.id, entry, turn.now, **details)


async def note_broadcast(
    turn: Turn,
    entry: str,
    broadcast: Broadcast,
    *,
    but: Collection[int] = (),
    tells: bool = True,
    **details: str | int | None,
) -> None:
    """Add an audit entry about a broadcast, with the beginning of its text as title, and tell the colleagues.

    Its writer is told of everything that others do with it; the others as they want. `but` get another notice.
    """
    about = {"broadcast": broadcast.id, "title": headline(turn._, broadcast), **details}
    if broadcast.kind != "update":
        about["kind"] = broadcast.kind
    if entry in _REACHING and (places := _count_places(entry, broadcast)):
        about["places"] = places
    await note(turn, entry, **about)
    writer = broadcast.organizer_id
    is_own_draft = writer == turn.person.id and broadcast.scheduled_for is None
    if not tells or entry not in TOLD or (entry == "broadcast.discarded" and is_own_draft):
        return
    name = (await team.find_names(turn.tx)).get(turn.person.id, turn.person.name)
    told = {"entry": entry, "by": name, **about, **note_titles(broadcast)}
    members = await team.find_members(turn.tx, turn.configured_owners)
    skipped = {*but, writer} if entry == "broadcast.approved_started" else {*but}
    for member in list_at_least(members, "organizer", but=turn.person.id):
        if member.id not in skipped and (member.notices == "all" or member.id == writer):
            await jobs.tell_one(turn.tx, member.id, "colleague", told, turn.now)


def _count_places(entry: str, broadcast: Broadcast) -> int:
    """Count where it goes as well or, before it is deleted, where it is."""
    is_recalled = entry == "broadcast.recalled"
    return sum(each.is_there if is_recalled else each.state != "skipped" for each in broadcast.places)


async def tell_others(
    turn: Turn, notice: str, details: JobDetails, *, needs: Role = "organizer", but: Collection[int] = ()
) -> None:
    """Notify all other members whose role reaches `needs`, `but` those who get another notice."""
    members = await team.find_members(turn.tx, turn.configured_owners)
    for member in list_at_least(members, needs, but=turn.person.id):
        if member.id not in but:
            await jobs.tell_one(turn.tx, member.id, notice, details, turn.now)
