"""Deep links: invitations to the team, owner links, and the links that lead supporters to the petition."""

from chatbot.conversation.organizer.team import invitations, owner_link
from chatbot.conversation.supporter import home, signing
from chatbot.conversation.supporter.cards.offers import SIGN_FIRST
from chatbot.conversation.turn import Reply, Turn


async def start(turn: Turn, payload: str) -> Reply:
    """Follow an invitation or an owner link. Any other payload is the supporter's source."""
    if payload.startswith(owner_link.PREFIX):
        return await owner_link.follow(turn, payload.removeprefix(owner_link.PREFIX))
    if payload == SIGN_FIRST:
        return await signing.begin(turn, "")
    if not payload.startswith(invitations.PREFIX):
        return await home.start(turn, payload)
    reply = await invitations.follow(turn, payload.removeprefix(invitations.PREFIX))
    # An invitation that never existed is not a source.
    return reply or await home.start(turn, "")
