"""Edited messages: correcting an answer by editing the message it was typed in."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from chatbot.conversation.interface import Said, SentMedia
from chatbot.conversation.step_names import StepName, is_own_data_step, is_signing_step
from chatbot.conversation.supporter import my_data, signing
from chatbot.conversation.supporter.questions import ask, note_risk
from chatbot.conversation.supporter.signing import take_up
from chatbot.conversation.supporter.typed_buttons import find_typed_button, is_sign_label
from chatbot.conversation.turn import Handler, Reply, Turn
from chatbot.petition.countries.find import ANSWERS
from chatbot.petition.signing.answers import is_cancel
from chatbot.petition.signing.draft import Draft, Line
from chatbot.screens import callbacks
from chatbot.screens import editing as screens

_HEAR: Final[Mapping[Line, Handler]] = {
    "name": signing.hear_name,
    "country": signing.hear_country,
    "reason": signing.hear_reason,
}


async def take(turn: Turn, said: Said | SentMedia) -> Reply:
    """Take an edited message as a new answer to its question, or say that the edit has no effect.

    An edit changes only the line that was answered in this message, and only until that line is answered anew.
    Most edits get no answer: Telegram reports an edit of any message, and few people expect one.
    """
    if isinstance(said, SentMedia):
        return Reply.staying(turn, None)
    if turn.step is None and turn.question and turn.is_open and turn.draft.find_line(said.message_id):
        return await take_up(turn)
    if turn.step is None:
        return Reply.staying(turn, screens.change_signature(turn._) if turn.signature else None)
    if is_own_data_step(turn.step) and turn.draft.find_line(said.message_id):  # refused or unclear
        if await _is_no_answer(turn, turn.step, said.text):
            return Reply.staying(turn, screens.not_followed(turn._))
        return await my_data.STEPS[turn.step].hear(turn, said.text)
    if not is_signing_step(turn.step):
        return Reply.staying(turn, screens.not_followed(turn._))
    if turn.signature is not None or not turn.is_open:
        return Reply.staying(turn, None)
    line = turn.draft.find_line(said.message_id)
    if line is None or await _is_no_answer(turn, line, said.text):
        return Reply.staying(turn, ask(turn, screens.send_again(turn._)))
    reply = await _HEAR[line](turn.at(line, turn.draft), said.text)
    if reply.step == line:  # refused or unclear: the question says what to do
        return reply
    if _words(turn, reply.draft) == _words(turn, turn.draft):
        return Reply.staying(turn, None)
    # Back to their question; from the human check to the check, so that they see what they sign.
    step = "check" if turn.step == "human" else reply.step if turn.step == line else turn.step
    if not is_signing_step(step):
        return reply
    draft = note_risk(turn, reply.draft) if turn.step == "check" and line != "country" else reply.draft
    return Reply(ask(turn.at(step, draft), screens.taken(turn._)), step, draft)


async def _is_no_answer(turn: Turn, step: StepName, text: str) -> bool:
    """Whether the text, if it were typed, would be a wish to stop or a button other than that of a country."""
    if is_cancel(text) or is_sign_label(turn, text):
        return True
    ask_again = {**signing.STEPS, **my_data.STEPS}[step].ask
    unanswered = turn.signature and replace(turn.signature, reason=None)
    asked_first = replace(turn, step=step, draft=Draft(), signature=unanswered)
    action = await find_typed_button(asked_first, ask_again, text)
    return action is not None and callbacks.read(action).argument not in ANSWERS


def _words(turn: Turn, draft: Draft) -> tuple[str | None, ...]:
    """Give the answers as text, to compare them: sealing the same text twice gives two different results."""
    name, reason = (None if kept is None else turn.name_vault.recall(kept) for kept in (draft.name, draft.reason))
    return name, draft.country, reason
