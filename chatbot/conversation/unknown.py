"""The reply to unknown commands and buttons, and to text that answers no question or one that is gone."""

from dataclasses import replace

from chatbot.conversation.interface import Edited, Pressed, SentMedia
from chatbot.conversation.parts import name_parts
from chatbot.conversation.turn import Reply, Turn
from chatbot.screens.organizer import desk, menu
from chatbot.screens.supporter import general, signing


def answer_unknown(turn: Turn) -> Reply:
    """Answer an unknown command, button or text.

    Text may come from a reply keyboard that the token's former bot left, so the answer to text removes that keyboard.
    In Telegram no message with inline buttons can do so, and everybody would get a second message; so this answer names
    commands, which can be tapped as well; a member is first led to the desk. An album is answered once.
    """
    if isinstance(turn.event, Pressed):
        screen = general.unknown_button(turn._, turn.reader, desk.way_to_desk(turn._) if turn.team else ())
    else:
        of_team = menu.to_desk(turn._) if turn.team else None
        screen = general.unknown_text(turn._, turn.reader, of_team, is_repeated=turn.is_repeated)
    refused = name_parts(turn.event) if isinstance(turn.event, SentMedia) else None
    return replace(Reply.staying(turn, screen), is_in_vain=True, refused_parts=refused)


def tell_expired(turn: Turn, reply: Reply) -> Reply:
    """Say once that their unfinished signature was erased: above the screen, or instead of it if it says nothing else.

    An edit has no other answer. A day later it is hardly of anything but an answer that is gone.
    """
    if not turn.is_expired or turn.signature is not None or not turn.is_open or reply.erased:
        return reply
    if reply.is_in_vain or (reply.screen is None and isinstance(turn.event, Edited)):
        return replace(reply, screen=signing.begin_again(turn._, turn.reader))
    if reply.screen is None:
        return reply
    return replace(reply, screen=signing.tell_above(reply.screen, signing.expired(turn._)), notice=None)
