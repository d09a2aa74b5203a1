"""Noting in the journal what one of the team did, in the turn that does it."""

from chatbot.conversation.turn import Turn
from chatbot.petition.broadcast import Broadcast
from chatbot.screens.headline import headline
from chatbot.storage import journal


async def note(turn: Turn, deed: str, **details: str | int | None) -> None:
    """Note what they did, and what it changed; see `storage.journal.note`."""
    await journal.note(turn.tx, turn.person.id, deed, turn.now, **details)


async def note_broadcast(turn: Turn, deed: str, broadcast: Broadcast, **details: str | int | None) -> None:
    """Note what they did with an update, which the journal calls by its beginning."""
    await note(turn, deed, broadcast=broadcast.id, title=headline(turn._, broadcast), **details)
