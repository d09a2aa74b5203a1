"""Edited messages: a typo mended in the answer's own message, while what it answered still stands."""

from collections.abc import Mapping
from typing import Final

from chatbot.conversation.interface import Said
from chatbot.conversation.step_names import is_signing_step
from chatbot.conversation.supporter import signing
from chatbot.conversation.supporter.questions import ask
from chatbot.conversation.turn import Handler, Reply, Turn
from chatbot.petition.signing.draft import Draft, Line
from chatbot.screens import editing as screens

_HEAR: Final[Mapping[Line, Handler]] = {
    "name": signing.hear_name,
    "country": signing.hear_country,
    "reason": signing.hear_reason,
}


async def take(turn: Turn, said: Said) -> Reply:
    """Take an edited message as the answer that it was, or say kindly that an edit does nothing here.

    Nothing but the line that was answered in this very message is changed, and only until that line is answered anew.
    Silence where nobody waits for a word: Telegram reports edits of whatever was once said.
    """
    if turn.step is None:
        return Reply.staying(turn, screens.change_signature(turn._) if turn.signature else None)
    if not is_signing_step(turn.step):
        return Reply.staying(turn, screens.not_followed(turn._))
    if turn.signature is not None or not turn.is_open:
        return Reply.staying(turn, None)
    line = turn.draft.find_line(said.message_id)
    if line is None:
        return Reply.staying(turn, ask(turn, screens.send_again(turn._)))
    reply = await _HEAR[line](turn.at(line, turn.draft), said.text)
    if reply.step == line:  # refused, or not sure: the question says what to do
        return reply
    if _words(turn, reply.draft) == _words(turn, turn.draft):
        return Reply.staying(turn, None)
    # Back to where they were; but whoever was before the pictures is to see first what they sign.
    step = "check" if turn.step == "human" else reply.step if turn.step == line else turn.step
    if not is_signing_step(step):
        return reply
    return Reply(ask(turn.at(step, reply.draft), screens.taken(turn._)), step, reply.draft)


def _words(turn: Turn, draft: Draft) -> tuple[str | None, ...]:
    """The answers in words; sealing the same words twice gives different ones to keep."""
    name, reason = (None if kept is None else turn.name_vault.recall(kept) for kept in (draft.name, draft.reason))
    return name, draft.country, reason
