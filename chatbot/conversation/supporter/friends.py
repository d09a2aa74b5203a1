"""The switch for messages about how many signed through somebody's link."""

from dataclasses import replace

from chatbot.conversation.supporter import my_data
from chatbot.conversation.turn import Reply, Turn
from chatbot.conversation.unknown import answer_unknown
from chatbot.screens.callbacks import ME, split
from chatbot.screens.supporter.after_signing import friends as screens
from chatbot.storage.people import friends


async def press(turn: Turn, argument: str) -> Reply:
    """Stop the messages, or send them again; then show their data again if the button was there."""
    what, where = split(argument, 2)
    if what == "mute":
        await friends.mute(turn.tx, turn.person.id, turn.now)
    elif what == "unmute":
        await friends.unmute(turn.tx, turn.person.id)
    else:
        return answer_unknown(turn)
    hears = what == "unmute"
    if where == ME:
        return await my_data.show(replace(turn, after_signing=replace(turn.after_signing, hears_of_friends=hears)), "")
    return Reply.staying(turn, screens.unmuted(turn._) if hears else screens.muted(turn._))
