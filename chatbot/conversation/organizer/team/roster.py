"""The list of team members."""

from chatbot.conversation.turn import Reply, Turn
from chatbot.petition.team import Member
from chatbot.screens.organizer.team import members as screens
from chatbot.storage.organizer import invitations, team


async def list_members(turn: Turn, _argument: str, notice: str | None = None) -> Reply:
    """Show the members, and to owners the buttons that change the team."""
    screen = screens.list_members(
        turn._,
        await find_members(turn),
        await invitations.list_open(turn.tx, turn.now),
        await team.find_threshold(turn.tx),
        is_owner=turn.is_owner,
    )
    return Reply.staying(turn, screen, notice)


async def find_members(turn: Turn) -> list[Member]:
    """Find all members, with those named in the settings."""
    return await team.find_members(turn.tx, turn.configured_owners)


async def find_name(turn: Turn) -> str:
    """The name under which the team knows the person whose turn it is."""
    return (await team.find_names(turn.tx)).get(turn.person.id, turn.person.name)
