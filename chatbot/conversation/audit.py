"""Adds entries to the audit log, and notifies the team, in the turn that does something."""

from collections.abc import Collection

from chatbot.conversation.turn import Turn
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.job import JobDetails
from chatbot.petition.team import Role, list_at_least
from chatbot.screens.organizer.broadcasts.title import headline
from chatbot.storage.organizer import audit_log, jobs, team


async def note(turn: Turn, entry: str, **details: str | int | None) -> None:
    """Add an audit entry about what they did. See `storage.organizer.audit_log.add`."""
    await audit_log.add(turn.tx, turn.person.id, entry, turn.now, **details)


async def note_broadcast(turn: Turn, entry: str, broadcast: Broadcast, **details: str | int | None) -> None:
    """Add an audit entry about a broadcast, with the beginning of its text as title."""
    await note(turn, entry, broadcast=broadcast.id, title=headline(turn._, broadcast), **details)


async def tell_others(
    turn: Turn, notice: str, details: JobDetails, *, needs: Role = "organizer", but: Collection[int] = ()
) -> None:
    """Notify all other members whose role reaches `needs`, `but` those who get another notice."""
    members = await team.find_members(turn.tx, turn.configured_owners)
    for member in list_at_least(members, needs, but=turn.person.id):
        if member.id not in but:
            await jobs.tell_one(turn.tx, member.id, notice, details, turn.now)
