"""Finds the handler of an event: by its command or button, or by the step for an answer."""

from dataclasses import replace

from chatbot.conversation.interface import Edited, Event, Pressed, Said, SentMedia
from chatbot.conversation.steps import BUTTONS, COMMANDS, STEPS, TEAM_BUTTONS, TEAM_COMMANDS, ask_again, find_step
from chatbot.conversation.supporter import editing
from chatbot.conversation.supporter.signing import thank, thank_again
from chatbot.conversation.turn import Handler, Reply, Turn
from chatbot.conversation.unknown import answer_unknown
from chatbot.petition.team import Role, is_at_least
from chatbot.screens import callbacks
from chatbot.screens.organizer import menu
from chatbot.screens.supporter import general

_SIGNING = (callbacks.choose(callbacks.CHECK, callbacks.SIGN), callbacks.choose(callbacks.HUMAN, ""))


async def carry_out(turn: Turn, event: Event) -> Reply:
    """Run the handler of an event."""
    match event:
        case Said(command=str(command), payload=payload):
            if handler := COMMANDS.get(command):
                return await handler(turn, payload)
            if feature := TEAM_COMMANDS.get(command):
                needs = menu.COMMANDS[command].needs
                return await _run_for_team(turn, feature.commands[command], needs, payload)
            return answer_unknown(turn)
        case Said(text=text) | SentMedia(caption=text) if turn.step:
            return await STEPS[turn.step].hear(turn, text)
        case Edited(said=said):
            return await editing.take(turn, said)
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
    return await carry_out(turn, event)


async def _press(turn: Turn, action: str) -> Reply:
    verb, step_name, argument = callbacks.read(action)
    if verb == callbacks.CHOOSE_LANGUAGE:
        return await ask_again(turn)
    if handler := BUTTONS.get(verb):
        return await handler(turn, argument)
    if feature := TEAM_BUTTONS.get(verb):
        return await _run_for_team(turn, feature.press, feature.needs, argument)
    step = find_step(step_name)
    if step is None:
        return answer_unknown(turn)
    if step != turn.step:
        return await _press_outdated(turn, action, notice=True)
    choose = STEPS[step].choose
    return await choose(turn, argument) if choose else await ask_again(turn)


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
    return replace(await ask_again(turn), notice=general.step_is_done(turn._) if notice else None)
