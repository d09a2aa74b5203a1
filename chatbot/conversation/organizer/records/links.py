"""Links of the team: each has a name that is counted as a source, and a QR code."""

from typing import Final

from chatbot.conversation.organizer.feature import Feature
from chatbot.conversation.turn import Reply, Step, Turn
from chatbot.conversation.unknown import answer_unknown
from chatbot.petition.exports.links import QR_CODE, is_name, make_name
from chatbot.screens.callbacks import LINK, split
from chatbot.screens.organizer.records import links as screens
from chatbot.storage.organizer import jobs


async def ask_name(turn: Turn) -> Reply:
    """Ask what the link is for."""
    return Reply(screens.ask_name(turn._), "link", turn.draft)


async def hear_name(turn: Turn, text: str) -> Reply:
    """Make a link with the typed name."""
    name = make_name(text)
    if name is None:
        return Reply(screens.ask_name(turn._, screens.bad_name(turn._)), "link", turn.draft)
    return FEATURE.show(turn, screens.show_link(turn._, name, f"{turn.bot_link}?start={name}"))


async def press(turn: Turn, argument: str) -> Reply:
    """Carry out a button: `new`, or `qr:<name>`."""
    what, name = split(argument, 2)
    if what == "new":
        return await ask_name(turn)
    if what != "qr" or not is_name(name):
        return answer_unknown(turn)
    if not await jobs.is_at_limit(turn.tx, QR_CODE, turn.person.id):
        details = {"link": f"{turn.bot_link}?start={name}", "language": turn.language}
        await jobs.add(turn.tx, QR_CODE, details, turn.now, chat_id=turn.person.id)
    return Reply.staying(turn, None, screens.being_drawn(turn._))


async def _leave(turn: Turn, _argument: str) -> Reply:
    return FEATURE.show(turn, screens.left(turn._))


FEATURE: Final = Feature(
    LINK, press, {}, steps={"link": Step(hear_name, ask_name, _leave, ("idle",), needs="organizer")}
)
