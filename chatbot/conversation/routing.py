"""Finds the handler of an event: by its command or button, or by the step for an answer.

Typed text is an answer only while its question is the last thing that was shown. So everything else that is shown
leaves the question, and keeps the answers: only `_ASKING` and a language ask it again.
"""

from dataclasses import replace
from typing import Final

from markupsafe import Markup

from chatbot.conversation.interface import Edited, Event, Pressed, Said, SentMedia, SharedChat
from chatbot.conversation.organizer.broadcasts import rewriting
from chatbot.conversation.organizer.places import linking
from chatbot.conversation.step_names import StepName, is_own_data_step, is_signing_step, is_team_question
from chatbot.conversation.steps import BUTTONS, COMMANDS, STEPS, TEAM_BUTTONS, TEAM_COMMANDS, ask_again, find_step
from chatbot.conversation.supporter import editing, my_data
from chatbot.conversation.supporter.questions import message_id
from chatbot.conversation.supporter.signing import take_up, thank, thank_again
from chatbot.conversation.supporter.typed_buttons import find_typed_button, is_sign_label
from chatbot.conversation.turn import Handler, Reply, Turn
from chatbot.conversation.unknown import answer_unknown
from chatbot.petition.signing.answers import is_cancel
from chatbot.petition.team import Role, is_at_least
from chatbot.petition.text.characters import begins_like_command
from chatbot.screens import callbacks
from chatbot.screens.organizer import menu
from chatbot.screens.organizer.broadcasts import launching
from chatbot.screens.supporter import general, signing
from chatbot.storage.broadcasts import broadcasts, deliveries

_SIGNING: Final = (callbacks.choose(callbacks.CHECK, callbacks.SIGN), callbacks.choose(callbacks.HUMAN, ""))
_ASKING: Final = frozenset({"sign", "cancel"})
"""Commands and buttons that ask the open question or end it, and so do not leave it."""


async def carry_out(turn: Turn, event: Event) -> Reply:
    """Run the handler of an event. The buttons below the message field go with the question that they answer."""
    if isinstance(event, Said) and linking.is_declined(turn, event.text):
        return linking.decline(turn, await ask_again(turn) if turn.step not in (None, "place") else None)
    try:
        reply = await _carry_out(turn, event)
    except broadcasts.NoSuchBroadcastError:  # a colleague discarded the draft at the same moment
        reply = Reply.done_writing(turn, launching.is_gone(turn._))
    return linking.take_list_away(turn, reply) if turn.step == "place" and reply.step != "place" else reply


async def _carry_out(turn: Turn, event: Event) -> Reply:
    match event:
        case Said(command=str(command), payload=payload):
            if handler := COMMANDS.get(command):
                return await _run(turn, command, handler, payload)
            if turn.team and command in TEAM_COMMANDS:
                return await _run(turn, command, _run_team_command, f"{command} {payload}")
            if is_signing_step(turn.step) or is_own_data_step(turn.step):
                return await STEPS[turn.step].hear(turn, event.text)
        case Said(text=text) | SentMedia(caption=text) if turn.step:
            return await _hear(turn, turn.step, text)
        case Said() | SentMedia() if turn.question:
            return await take_up(turn)
        case SharedChat():
            return await _run_for_team(turn, _link_place, "organizer", "")
        case Edited(said=said):
            return await rewriting.take(turn, said) or await editing.take(turn, said)
        case Pressed(action=action):
            return await _press(turn, action)
    return answer_unknown(turn)


async def repeat(turn: Turn, event: Event) -> Reply:
    """Answer an update that is delivered again. Change nothing.

    A command or button that works at every step has the same effect twice as once. An answer to a question has had its
    effect: the question that followed it is asked again.
    """
    match event:
        case Said(command=None) | Edited() | SentMedia() if turn.step:
            return await ask_again(turn)
        case Pressed(action=action) if find_step(callbacks.read(action).step):
            return await _press_outdated(turn, action, notice=False)
    return await carry_out(replace(turn, is_repeated=True), event)


async def _run(turn: Turn, name: str, handler: Handler, argument: str) -> Reply:
    """Run a handler that works at every step, and leave the open question if something else is shown."""
    if name in _ASKING:
        return await handler(turn, argument)
    reply = await handler(replace(turn, step=None) if turn.step == "place" else turn.left, argument)
    is_notice = reply.screen is None and not reply.first and reply.step is None
    return replace(reply, step=turn.step, draft=turn.draft) if is_notice and not reply.erased else reply


async def _hear(turn: Turn, step: StepName, text: str) -> Reply:
    """Take a typed answer. The label of a button of the question is that button, except to sign."""
    if isinstance(turn.event, Said) and (is_signing_step(step) or is_own_data_step(step)):
        if turn.event.is_forwarded:
            return await _ask_below(turn, step, signing.forwarded(turn._))
        if is_cancel(text) and not begins_like_command(text):
            return await STEPS[step].leave(turn, "")
        if await _was_interrupted(turn):
            return await _ask_below(turn, step, signing.not_taken(turn._))
        if action := await find_typed_button(turn, STEPS[step].ask, text):
            return await _press(turn, action)
        if is_sign_label(turn, text):
            return await (STEPS[step].hear(turn, text) if step == "check" else ask_again(turn))
    if turn.interrupted and is_team_question(step) and step != "post":  # a post is taken after a question
        return await _ask_below(turn, step, signing.not_taken(turn._))
    return await STEPS[step].hear(turn, text)


async def _ask_below(turn: Turn, step: StepName, told: Markup) -> Reply:
    """Ask the question of the step again, below a line that says why."""
    reply = await STEPS[step].ask(turn)
    return replace(reply, screen=reply.screen and signing.tell_above(reply.screen, told))


async def _was_interrupted(turn: Turn) -> bool:
    """Whether a broadcast stands between the question and what they typed, and is what they may have answered."""
    first, last = turn.draft.asked_after, message_id(turn)
    if first is None or last is None or turn.subscription_language is None:
        return False
    return await deliveries.has_come_between(turn.tx, turn.person.id, first, last)


async def _press(turn: Turn, action: str) -> Reply:
    verb, step_name, argument = callbacks.read(action)
    if verb == callbacks.CHOOSE_LANGUAGE:
        return await ask_again(turn)
    if handler := BUTTONS.get(verb):
        return await _run(turn, verb, handler, argument)
    if verb in TEAM_BUTTONS:
        return await _run(turn, verb, _run_team_button, action)
    step = find_step(step_name)
    if step is None:
        return await _run(turn, verb, _answer_unknown, "")
    if step != turn.step and not (turn.step is None and turn.question and is_signing_step(step)):
        return await _press_outdated(turn, action, notice=True)
    choose = STEPS[step].choose
    # A question that they left is on the screen again for somebody who taps its button.
    shown = turn if step == turn.step else replace(turn, step=step)
    return await choose(shown, argument) if choose else await ask_again(turn)


async def _link_place(turn: Turn, _argument: str) -> Reply:
    return await linking.link(turn, turn.event) if isinstance(turn.event, SharedChat) else answer_unknown(turn)


async def _answer_unknown(turn: Turn, _argument: str) -> Reply:
    return answer_unknown(turn)


async def _run_team_command(turn: Turn, said: str) -> Reply:
    command, _, payload = said.partition(" ")
    return await _run_for_team(turn, TEAM_COMMANDS[command].commands[command], menu.COMMANDS[command].needs, payload)


async def _run_team_button(turn: Turn, action: str) -> Reply:
    verb, _, argument = callbacks.read(action)
    feature = TEAM_BUTTONS[verb]
    return await _run_for_team(turn, feature.press, feature.needs, argument)


async def _run_for_team(turn: Turn, handler: Handler, needs: Role, argument: str) -> Reply:
    """Run a handler if the role allows it. People outside the team get the reply to unknown commands."""
    if turn.team is None:
        return answer_unknown(turn)
    if is_at_least(turn.team.role, needs):
        return await handler(turn, argument)
    if isinstance(turn.event, Pressed):
        return Reply.staying(turn, None, menu.may_not_tap(turn._, needs))
    return Reply.staying(turn, menu.may_not(turn._, needs))


async def _press_outdated(turn: Turn, action: str, *, notice: bool) -> Reply:
    """Answer a button of an earlier step with the open question. The button that signed thanks again."""
    if turn.signature and turn.step is None and action.startswith(_SIGNING):
        return thank_again(turn) if notice else thank(turn)
    is_change = turn.signature and turn.step is None and action.startswith(callbacks.OWN)
    reply = await (my_data.show(turn, "") if is_change else ask_again(turn))
    return replace(reply, notice=general.step_is_done(turn._) if notice else None)
