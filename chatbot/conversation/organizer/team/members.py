"""Team members: their list for organizers, and the roles that owners change."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from markupsafe import Markup

from chatbot.conversation.audit import note, tell_others
from chatbot.conversation.organizer.feature import Feature, dispatch
from chatbot.conversation.organizer.team import own_zone
from chatbot.conversation.organizer.team.approval_threshold import STEPS, ask_number, set_threshold, show_threshold
from chatbot.conversation.organizer.team.invitations import ask_role, make_link, withdraw
from chatbot.conversation.organizer.team.own_zone import ask_zone, choose_zone
from chatbot.conversation.organizer.team.roster import find_members, find_name, list_members, set_notices
from chatbot.conversation.turn import Handler, Reply, Turn
from chatbot.petition.team import Member, Role, is_at_least, read_role
from chatbot.screens.callbacks import TEAM, split
from chatbot.screens.organizer import menu as menu_screens
from chatbot.screens.organizer.team import colleagues
from chatbot.screens.organizer.team import members as screens
from chatbot.storage.broadcasts import broadcasts
from chatbot.storage.organizer import jobs, team
from chatbot.storage.people import confirmations


async def _show(turn: Turn, argument: str, notice: str | None = None) -> Reply:
    member = await _find(turn, argument)
    if member is None:
        return await list_members(turn, "", notice)
    names = await team.find_names(turn.tx)
    is_self = member.id == turn.person.id
    return Reply.staying(turn, screens.show_member(turn._, member, names, is_self=is_self), notice)


async def _ask(turn: Turn, argument: str) -> Reply:
    member, before, after, _ = await _read(turn, argument)
    if member is None or member.is_configured or member.role != before or after == before:
        return await _show(turn, argument, screens.somebody_was_first(turn._))
    code = await confirmations.ask(turn.tx, turn.person.id, _about(member, after), turn.now)
    screen = screens.ask_change(turn._, member, after, code, is_self=member.id == turn.person.id)
    if not is_at_least(after, "organizer"):
        told = colleagues.list_under_way(turn._, await broadcasts.list_under_way(turn.tx, member.id))
        screen = replace(screen, text=Markup("\n\n").join(part for part in (screen.text, told) if part))
    return Reply.staying(turn, screen)


async def _change(turn: Turn, argument: str) -> Reply:
    member, before, after, code = await _read(turn, argument)
    if before is not None and (member.role if member else None) == after:  # the same tap again
        names = await team.find_names(turn.tx)
        name = next((name for each, name in names.items() if str(each) == split(argument, 2)[0]), "")
        return Reply.staying(turn, screens.changed(turn._, name, after))
    if member is None or before is None or member.role != before:
        return await _show(turn, argument, screens.somebody_was_first(turn._))
    if not await confirmations.take(turn.tx, code, turn.person.id, _about(member, after), turn.now):
        return await _show(turn, argument, screens.somebody_was_first(turn._))
    outcome = await team.change_role(
        turn.tx,
        member.id,
        before=before,
        after=after,
        actor_id=turn.person.id,
        configured_owners=turn.configured_owners,
        now=turn.now,
    )
    if outcome == "last_owner":
        return await _show(turn, argument, screens.last_owner(turn._))
    if outcome == "no_owner":
        return Reply.staying(turn, None, menu_screens.may_not_tap(turn._, "owner"))
    if outcome != "done":
        return await _show(turn, argument, screens.somebody_was_first(turn._))
    await _follow_up(turn, member, after)
    return Reply.staying(turn, screens.changed(turn._, member.name, after))


async def _follow_up(turn: Turn, member: Member, after: Role | None) -> None:
    """Update the menu, hand over broadcasts, and tell the member and the others."""
    if not is_at_least(after, "organizer"):
        await team.hand_over(turn.tx, member.id, turn.person.id)
    about = {"name": member.name, "before": member.role, "after": after, "by": await find_name(turn)}
    await jobs.add(turn.tx, team.MENU, {}, turn.now, chat_id=member.id)
    if member.id != turn.person.id:
        await jobs.tell_one(turn.tx, member.id, "your_role", about, turn.now)
    await tell_others(turn, "member_changed", about, but=(member.id,))
    if after is None:
        await note(turn, "team.removed", name=member.name, before=member.role)
    else:
        await note(turn, "team.changed", name=member.name, before=member.role, after=after)


async def _find(turn: Turn, argument: str) -> Member | None:
    found = split(argument, 2)[0]
    return next((member for member in await find_members(turn) if str(member.id) == found), None)


async def _read(turn: Turn, argument: str) -> tuple[Member | None, Role | None, Role | None, str]:
    """Read the member, their role when the button was shown, the new role (None removes them) and the code."""
    _, before, after, code = split(argument, 4)
    return await _find(turn, argument), read_role(before), read_role(after), code


def _about(member: Member, after: Role | None) -> str:
    return f"role:{member.id}:{member.role}:{after or 'none'}"


_OWNER_ACTS: Final[Mapping[str, Handler]] = {
    "member": _show,
    "ask": _ask,
    "change": _change,
    "invite": ask_role,
    "new": make_link,
    "withdraw": withdraw,
    "eyes": show_threshold,
    "number": ask_number,
    "above": set_threshold,
}
_ACTS: Final[Mapping[str, Handler]] = {"notices": set_notices, "zone": ask_zone, "here": choose_zone}
_FOR_VIEWERS: Final = frozenset(("zone", "here"))
_dispatch: Final = dispatch(_ACTS, _OWNER_ACTS, list_members)


async def _press(turn: Turn, argument: str) -> Reply:
    """Carry out a button about the team. Viewers only choose their own time zone."""
    is_organizer = turn.team is not None and is_at_least(turn.team.role, "organizer")
    if split(argument, 2)[0] not in _FOR_VIEWERS and not is_organizer:
        return Reply.staying(turn, None, menu_screens.may_not_tap(turn._, "organizer"))
    return await _dispatch(turn, argument)


FEATURE: Final = Feature(TEAM, _press, {"team": list_members}, {**STEPS, **own_zone.STEPS}, needs="viewer")
