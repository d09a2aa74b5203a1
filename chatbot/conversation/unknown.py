"""The reply to what has no meaning here: unknown commands and buttons, and words that answer no question."""

from chatbot.conversation.interface import Pressed
from chatbot.conversation.turn import Reply, Turn
from chatbot.screens.supporter import general


def answer_unknown(turn: Turn) -> Reply:
    """Answer something that has no meaning here: over the buttons that were tapped, or below what was typed.

    Words that nobody understands may come from a keyboard that the token's former bot left. The answer takes it away.
    Telegram lets no message with buttons do that, and a message more for it would come to everybody; so this one names
    commands instead, which can be tapped as well.
    """
    say = general.lost if isinstance(turn.event, Pressed) else general.lost_for_words
    return Reply.staying(turn, say(turn._, turn.reader))
