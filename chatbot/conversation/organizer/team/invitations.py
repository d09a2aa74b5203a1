"""Invitations to the team: an owner makes a link, and the first person to follow it and confirm joins."""

from typing import Final

from chatbot.conversation.audit import note, tell_others
from chatbot.conversation.organizer.team.roster import find_members, list_members
from chatbot.conversation.turn import Reply, Turn
from chatbot.conversation.unknown import answer_unknown
from chatbot.petition.team import Invitation, is_at_least, read_role
from chatbot.screens.callbacks import read_number, split
from chatbot.screens.organizer.team import invitations as screens
from chatbot.storage.organizer import invitations, jobs, team
from chatbot.storage.people import confirmations

PREFIX: Final = "join_"
"""The prefix of the payload of an invitation link."""
MOST: Final = 30
"""Limit of members and open invitations: more do not fit on a screen."""


async def ask_role(turn: Turn, _argument: str) -> Reply:
    """Ask for the role of the new member."""
    return Reply.staying(turn, screens.ask_role(turn._, invitations.make_secret()))


async def make_link(turn: Turn, argument: str) -> Reply:
    """Make the link of this button, once. Telegram may deliver the tap twice."""
    word, secret = split(argument, 2)
    role = read_role(word)
    if role is None or role == "owner" or len(secret) != len(invitations.make_secret()):
        return await ask_role(turn, "")
    known = await invitations.follow(turn.tx, secret)
    if known is None:
        await team.lock(turn.tx)
        members = await find_members(turn)
        if len(members) + len(await invitations.list_open(turn.tx, turn.now)) >= MOST:
            return Reply.staying(turn, None, screens.full(turn._, MOST))
        known = await invitations.add(turn.tx, secret, role, turn.person.id, turn.now)
        await note(turn, "team.invited", role=role)
    if known.invited_by != turn.person.id or not known.is_valid(turn.now):
        return Reply.staying(turn, None, screens.used_up(turn._))
    payload = f"{PREFIX}{secret}"
    screen = screens.invited(turn._, known, f"{turn.bot_link}?start={payload}", f"/start {payload}")
    return Reply.staying(turn, screen)


async def withdraw(turn: Turn, argument: str) -> Reply:
    """Revoke an invitation that is neither used nor expired, and show the team."""
    invitation = await invitations.find(turn.tx, read_number(argument))
    if invitation is None or not await invitations.revoke(turn.tx, invitation.id, turn.now):
        return await list_members(turn, "", screens.used_up(turn._))
    await note(turn, "team.withdrew", role=invitation.role)
    return await list_members(turn, "", screens.taken_back(turn._))


# For the person who follows the link.


async def follow(turn: Turn, secret: str) -> Reply | None:
    """Follow an invitation link. None if no such link was ever made."""
    invitation = await invitations.follow(turn.tx, secret)
    if invitation is None:
        return None
    if turn.team and invitation.used_by == turn.person.id:
        return Reply.staying(turn, screens.welcome(turn._, turn.team.role))
    inviter = await _find_inviter(turn, invitation)
    if inviter is None or not invitation.is_valid(turn.now):
        return Reply.staying(turn, screens.over(turn._))
    if turn.team and is_at_least(turn.team.role, invitation.role):
        return Reply.staying(turn, screens.is_member(turn._, turn.team.role))
    code = await confirmations.ask(turn.tx, turn.person.id, _about(invitation), turn.now)
    return Reply.staying(turn, screens.invite(turn._, turn.words.title, inviter, invitation, code))


async def accept(turn: Turn, argument: str) -> Reply:
    """Redeem the invitation once, for the first person who confirms, while the inviter is still an owner."""
    number, code = split(argument, 2)
    invitation = await invitations.find(turn.tx, read_number(number))
    if invitation is None:
        return answer_unknown(turn)
    if turn.team and (invitation.used_by == turn.person.id or is_at_least(turn.team.role, invitation.role)):
        return Reply.staying(turn, screens.welcome(turn._, turn.team.role))
    if not await confirmations.take(turn.tx, code, turn.person.id, _about(invitation), turn.now):
        return Reply.staying(turn, screens.over(turn._))
    await team.lock(turn.tx)
    inviter = await _find_inviter(turn, invitation)
    if inviter is None or not await invitations.redeem(turn.tx, invitation.id, turn.person.id, turn.now):
        return Reply.staying(turn, screens.over(turn._))
    name, role = turn.person.name, invitation.role
    await team.add_member(turn.tx, turn.person.id, name, role, invitation.invited_by, turn.now)
    await jobs.add(turn.tx, team.MENU, {}, turn.now, chat_id=turn.person.id)
    await tell_others(turn, "member_joined", {"name": name, "role": role, "inviter": inviter})
    await note(turn, "team.joined", role=role, inviter=inviter)
    return Reply.staying(turn, screens.welcome(turn._, role))


async def _find_inviter(turn: Turn, invitation: Invitation) -> str | None:
    """Find the inviter's name; None if they are no longer an owner."""
    found = (
        member for member in await find_members(turn) if member.id == invitation.invited_by and member.role == "owner"
    )
    inviter = next(found, None)
    return inviter.name if inviter else None


def _about(invitation: Invitation) -> str:
    return f"join:{invitation.id}"
