"""The audit log for organizers: `/log`, by kind and member, page by page."""

from typing import Final

from chatbot.conversation.organizer.feature import Feature
from chatbot.conversation.turn import Reply, Turn
from chatbot.screens.callbacks import LOG, read_number, split
from chatbot.screens.organizer.records import audit_lines as lines
from chatbot.screens.organizer.records import audit_log as screens
from chatbot.storage.organizer import audit_log, team

_PAGE: Final = 8


async def show(turn: Turn, _argument: str) -> Reply:
    """Show the newest entries of all members."""
    return await _list(turn, screens.LogFilter())


async def press(turn: Turn, argument: str) -> Reply:
    """Turn the page, or filter by kind and member: `<what>:<kind>:<member>:<entry>`."""
    what, kind, member_id, number = split(argument, 4)
    choice = screens.LogFilter(kind if kind in lines.KINDS else None, read_number(member_id) or None)
    match what:
        case "kinds":
            return Reply.staying(turn, screens.choose_kind(turn._, choice))
        case "who":
            return Reply.staying(turn, screens.choose_member(turn._, choice, await team.find_names(turn.tx)))
        case "older":
            return await _list(turn, choice, before=read_number(number) or None)
        case "newer":
            return await _list(turn, choice, after=read_number(number))
    return await _list(turn, choice)


async def _list(turn: Turn, choice: screens.LogFilter, *, before: int | None = None, after: int | None = None) -> Reply:
    kind, member_id = choice.kind, choice.member_id
    if after is not None:
        entries = await audit_log.list_after(turn.tx, after, _PAGE + 1, kind=kind, member_id=member_id)
        has_newer, entries = len(entries) > _PAGE, entries[-_PAGE:] if len(entries) > _PAGE else entries
        has_older = True
    else:
        entries = await audit_log.list_before(turn.tx, before, _PAGE + 1, kind=kind, member_id=member_id)
        has_newer, has_older = before is not None, len(entries) > _PAGE
        entries = entries[:_PAGE]
    end = await audit_log.find_end(turn.tx)
    names = await team.find_names(turn.tx)
    screen = screens.list_entries(turn._, entries, names, choice, end, has_newer=has_newer, has_older=has_older)
    return Reply.staying(turn, screen)


FEATURE: Final = Feature(LOG, press, {"log": show})
