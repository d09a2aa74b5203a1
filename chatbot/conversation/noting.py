"""Noting in the journal what one of the team did, in the turn that does it."""

from collections.abc import Collection

from chatbot.conversation.turn import Turn
from chatbot.petition.broadcast import Broadcast
from chatbot.petition.errand import Details
from chatbot.petition.team import Role, who_reach
from chatbot.screens.headline import headline
from chatbot.storage import errands, journal, team


async def note(turn: Turn, deed: str, **details: str | int | None) -> None:
    """Note what they did, and what it changed; see `storage.journal.note`."""
    await journal.note(turn.tx, turn.person.id, deed, turn.now, **details)


async def note_broadcast(turn: Turn, deed: str, broadcast: Broadcast, **details: str | int | None) -> None:
    """Note what they did with an update, which the journal calls by its beginning."""
    await note(turn, deed, broadcast=broadcast.id, title=headline(turn._, broadcast), **details)


async def tell_others(
    turn: Turn, notice: str, details: Details, *, needs: Role = "organizer", but: Collection[int] = ()
) -> None:
    """Tell everybody else of the team who is `needs` or more, `but` some who are told otherwise."""
    members = await team.find_members(turn.tx, turn.named)
    for member in who_reach(members, needs, but=turn.person.id):
        if member.id not in but:
            await errands.tell_one(turn.tx, member.id, notice, details, turn.now)
