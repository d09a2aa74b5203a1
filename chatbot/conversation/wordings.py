"""The wordings of the appeal at the desk."""

from chatbot.conversation.following import read_number
from chatbot.conversation.renewing import write_notice
from chatbot.conversation.turn import Reply, Turn
from chatbot.petition.differing import compare
from chatbot.screens import wordings as screens
from chatbot.storage import appeals


async def list_wordings(turn: Turn, _argument: str) -> Reply:
    """Show every version of the appeal."""
    known = await appeals.list_wordings(turn.tx)
    listed = [(each.version, each.first_seen_at, each.signed) for each in known]
    return Reply.staying(turn, screens.list_wordings(turn._, listed, turn.campaign.appeal_version))


async def press(turn: Turn, argument: str) -> Reply:
    """Carry out a button: `list`, `notice`, or `changes:<before>:<after>:<page>`."""
    if argument == "notice":
        return await write_notice(turn)
    what, before, after, page = (*argument.split(":"), "", "", "")[:4]
    old = await appeals.read_paragraphs(turn.tx, before, turn.language)
    new = await appeals.read_paragraphs(turn.tx, after, turn.language)
    if what != "changes" or old is None or new is None:
        return await list_wordings(turn, "")
    screen = screens.show_changes(turn._, compare(old, new), read_number(page), before, after)
    return Reply.staying(turn, screen)
