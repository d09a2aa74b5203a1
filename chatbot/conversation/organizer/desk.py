"""The organizers' desk: one screen with everything that a team member can do, and what waits for them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from chatbot.conversation.organizer.feature import Feature
from chatbot.conversation.organizer.records import review
from chatbot.conversation.turn import Reply, Turn
from chatbot.conversation.unknown import answer_unknown
from chatbot.petition.team import Role, is_at_least
from chatbot.screens.callbacks import DESK, split
from chatbot.screens.organizer import desk as screens
from chatbot.screens.organizer import menu
from chatbot.storage.broadcasts import waiting
from chatbot.storage.people import subscriptions
from chatbot.storage.privacy import retention

_MOST: Final = 3
"""Most approvals that the desk shows, each with a button."""


async def show(turn: Turn, _argument: str) -> Reply:
    """Show the desk. Each number is one query."""
    return Reply.staying(turn, screens.desk(turn._, await _read_desk(turn, turn.team.role if turn.team else "viewer")))


async def show_below(turn: Turn, reply: Reply, role: Role) -> Reply:
    """Show the desk below a reply, to a person who has this role from this turn on."""
    return replace(reply, then=screens.desk(turn._, await _read_desk(turn, role)))


async def _read_desk(turn: Turn, role: Role) -> screens.Desk:
    desk = screens.Desk(
        role=role,
        total=turn.total,
        subscribers=await subscriptions.count(turn.tx),
        milestone=turn.milestone,
        ending=turn.status.find_ending(turn.campaign),
        ended_at=turn.status.ended_at,
        erased_at=await retention.find_day(turn.tx, turn.campaign.retention_days),
    )
    if not is_at_least(desk.role, "organizer"):
        return desk
    return replace(
        desk,
        drafts=await waiting.count_drafts(turn.tx, turn.person.id),
        scheduled=await waiting.count_scheduled(turn.tx),
        running=await waiting.count_running(turn.tx),
        to_approve=await waiting.list_to_approve(turn.tx, turn.person.id, _MOST),
        signals=len(await review.list_groups(turn)),
    )


def make_feature(features: Sequence[Feature]) -> Feature:
    """Make the desk, whose buttons run the commands of these features."""
    handlers = {command: handler for each in features for command, handler in each.commands.items()}

    async def press(turn: Turn, argument: str) -> Reply:
        """Run the command of a button, `run:<command>`, if the role allows it. The desk stays above."""
        what, command = split(argument, 2)
        if what == "show":
            return await show(turn, "")
        if what != "run" or command not in handlers or turn.team is None:
            return answer_unknown(turn)
        if not is_at_least(turn.team.role, menu.COMMANDS[command].needs):
            return Reply.staying(turn, None, menu.may_not_tap(turn._, menu.COMMANDS[command].needs))
        return replace(await handlers[command](turn, ""), below=True)

    return Feature(DESK, press, {"desk": show}, needs="viewer")
