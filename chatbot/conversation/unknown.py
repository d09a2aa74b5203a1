"""The reply to unknown commands and buttons, and to text that answers no question."""

from chatbot.conversation.interface import Pressed
from chatbot.conversation.turn import Reply, Turn
from chatbot.screens.supporter import general


def answer_unknown(turn: Turn) -> Reply:
    """Answer an unknown command, button or text.

    Text may come from a reply keyboard that the token's former bot left, so the answer to text removes that keyboard.
    In Telegram no message with inline buttons can do so, and everybody would get a second message; so this answer names
    commands, which can be tapped as well.
    """
    say = general.unknown_button if isinstance(turn.event, Pressed) else general.unknown_text
    return Reply.staying(turn, say(turn._, turn.reader))
