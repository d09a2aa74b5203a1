"""Links of the team: each has a name that is counted as a source, and a QR code."""

from typing import Final

from chatbot.conversation.organizer.feature import Feature
from chatbot.conversation.turn import Reply, Step, Turn
from chatbot.conversation.unknown import answer_unknown
from chatbot.petition.exports.links import POSTER, QR_CODE, is_name, make_name
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
    return FEATURE.show(turn, screens.show_link(turn._, name, f"{turn.bot_link}?start={name}", is_open=turn.is_open))


async def press(turn: Turn, argument: str) -> Reply:
    """Carry out a button: `new`, `qr:<name>`, `poster:<name>`, `deliver:<name>` or `print:<language>:<name>`."""
    what, name = split(argument, 2)
    if what == "new":
        return await ask_name(turn)
    if what in ("poster", "deliver") and is_name(name):
        return await _offer_poster(turn, name, is_delivered=what == "deliver")
    if what == "print":
        return await _print(turn, *split(name, 2))
    if what != "qr" or not is_name(name):
        return answer_unknown(turn)
    details = {"link": f"{turn.bot_link}?start={name}", "language": turn.language}
    await jobs.request(turn.tx, QR_CODE, details, turn.now, turn.person.id)
    return Reply.staying(turn, None, screens.being_drawn(turn._))


async def _offer_poster(turn: Turn, name: str, *, is_delivered: bool) -> Reply:
    """Ask for the language of a poster; with one language alone, make it."""
    if len(turn.campaign.languages) == 1:
        return await _print(turn, turn.language, name)
    if not turn.is_open:
        return Reply.staying(turn, None, screens.no_poster(turn._))
    return Reply.staying(turn, screens.choose_poster(turn._, name, is_delivered=is_delivered))


async def _print(turn: Turn, language: str, name: str) -> Reply:
    if language not in turn.campaign.languages or not is_name(name):
        return answer_unknown(turn)
    if not turn.is_open:
        return Reply.staying(turn, None, screens.no_poster(turn._))
    details = {"link": f"{turn.bot_link}?start={name}", "language": language}
    await jobs.request(turn.tx, POSTER, details, turn.now, turn.person.id)
    return Reply.staying(turn, None, screens.poster_follows(turn._))


async def _leave(turn: Turn, _argument: str) -> Reply:
    return FEATURE.show(turn, screens.left(turn._))


FEATURE: Final = Feature(
    LINK, press, {}, steps={"link": Step(hear_name, ask_name, _leave, ("idle",), needs="organizer")}
)
