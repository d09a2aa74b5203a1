"""Becoming an owner by the link that was made on the machine; see `storage.organizer.owner_links`."""

from typing import Final

from chatbot.conversation.audit import note, tell_others
from chatbot.conversation.organizer import desk
from chatbot.conversation.turn import Reply, Turn
from chatbot.screens.organizer.team import owner_link as screens
from chatbot.storage.organizer import jobs, owner_links, team
from chatbot.storage.organizer.owner_links import OwnerLink
from chatbot.storage.people import confirmations

PREFIX: Final = "own_"
"""The prefix of the payload of such a link."""


async def follow(turn: Turn, secret: str) -> Reply:
    """Ask the person who follows the link. A wrong, used or expired one gets the same screen, owners or none."""
    link = await owner_links.find(turn.tx)
    if turn.is_owner:
        return Reply.staying(turn, screens.is_owner(turn._))
    if link is None or not link.is_valid(turn.now) or not link.opens_with(secret):
        return Reply.staying(turn, screens.over(turn._))
    code = await confirmations.ask(turn.tx, turn.person.id, _about(link), turn.now)
    return Reply.staying(turn, screens.ask(turn._, turn.words.title, code))


async def accept(turn: Turn, code: str) -> Reply:
    """Redeem the link once, for the first person who confirms."""
    if turn.is_owner:
        return await _welcome(turn)
    link = await owner_links.find(turn.tx)
    if link is None or not await confirmations.take(turn.tx, code, turn.person.id, _about(link), turn.now):
        return Reply.staying(turn, screens.over(turn._))
    await team.lock(turn.tx)
    if not await owner_links.redeem(turn.tx, link, turn.now):
        return Reply.staying(turn, screens.over(turn._))
    await team.add_member(turn.tx, turn.person.id, turn.person.name, "owner", None, turn.now)
    await jobs.add(turn.tx, team.MENU, {}, turn.now, chat_id=turn.person.id)
    await tell_others(turn, "owner_joined", {"name": turn.person.name})
    await note(turn, "team.owned")
    return await _welcome(turn)


async def _welcome(turn: Turn) -> Reply:
    reply = Reply.staying(turn, screens.welcome(turn._))
    return await desk.show_below(turn, reply, "owner")


def _about(link: OwnerLink) -> str:
    return f"own:{link.hash}"
