"""Tells the team of each milestone once."""

from chatbot.conversation.turn import Turn
from chatbot.storage.organizer import jobs, petition_status


async def announce_milestone(turn: Turn, total: int) -> None:
    """Tell the team of the highest milestone that `total` supporters have reached, unless the team knows.

    Every turn calls it with a total that it has read anyway. So no milestone is missed when several processes count at
    once, and nothing more is read or written unless there is one to announce.
    """
    milestone = turn.status.find_reached(turn.campaign, total)
    if milestone is not None and await petition_status.note_reached(turn.tx, milestone):
        await jobs.tell(turn.tx, "milestone", {"milestone": milestone}, turn.now)
