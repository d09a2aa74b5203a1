"""Deep links: into the team, or, as nearly always, to the petition."""

from chatbot.conversation.organizer.team import invitations
from chatbot.conversation.supporter import home
from chatbot.conversation.turn import Reply, Turn


async def start(turn: Turn, payload: str) -> Reply:
    """Follow an invitation into the team; any other payload is the source of a supporter."""
    if not payload.startswith(invitations.PREFIX):
        return await home.start(turn, payload)
    reply = await invitations.follow(turn, payload.removeprefix(invitations.PREFIX))
    # A link that was never made is nobody's source.
    return reply or await home.start(turn, "")
