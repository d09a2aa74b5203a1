"""The list of team members."""

from dataclasses import replace

from chatbot.conversation.turn import Reply, Turn
from chatbot.petition.team import Member
from chatbot.screens.organizer.team import colleagues
from chatbot.screens.organizer.team import members as screens
from chatbot.storage.organizer import invitations, team


async def list_members(turn: Turn, _argument: str, notice: str | None = None) -> Reply:
    """Show the members, and to owners the buttons that change the team."""
    members = await find_members(turn)
    screen = screens.list_members(
        turn._,
        members,
        await invitations.list_open(turn.tx, turn.now),
        await team.find_threshold(turn.tx),
        is_owner=turn.is_owner,
    )
    own = next((member.notices for member in members if member.id == turn.person.id), "all")
    rows = (*screen.rows[:-1], (colleagues.switch_notices(turn._, own),), screen.rows[-1])
    return Reply.staying(turn, replace(screen, rows=rows), notice)


async def set_notices(turn: Turn, argument: str) -> Reply:
    """Choose whether to be told of everything that colleagues do, or only of what they do with one's own."""
    await team.set_notices(turn.tx, turn.person.id, "own" if argument == "own" else "all")
    return await list_members(turn, "")


async def find_members(turn: Turn) -> list[Member]:
    """Find all members, with those named in the settings."""
    return await team.find_members(turn.tx, turn.configured_owners)


async def find_name(turn: Turn) -> str:
    """The name under which the team knows the person whose turn it is."""
    return (await team.find_names(turn.tx)).get(turn.person.id, turn.person.name)
