"""Milestones: the team hears of each once."""

from chatbot.conversation.turn import Turn
from chatbot.storage.organizer import jobs, petition_status


async def announce_milestone(turn: Turn, total: int) -> None:
    """Tell the team of the highest milestone that `total` supporters have reached, if nobody was told yet.

    Every turn asks, with what it knows anyway: so none is missed where several processes count at the same moment, and
    nothing is read or written unless there is something to tell.
    """
    milestone = turn.status.find_reached(turn.campaign, total)
    if milestone is not None and await petition_status.note_reached(turn.tx, milestone):
        await jobs.tell(turn.tx, "milestone", {"milestone": milestone}, turn.now)
