"""Actions after signing, one after the other. An action is stored as done once the signer says so."""

from dataclasses import replace

from chatbot.conversation.supporter import home
from chatbot.conversation.turn import Reply, Turn
from chatbot.petition.actions.action import Action, find_next
from chatbot.screens.callbacks import split
from chatbot.screens.screen import Screen
from chatbot.screens.supporter.after_signing import actions as screens
from chatbot.storage.people import supporters


async def press(turn: Turn, argument: str) -> Reply:
    """Show an action, note that it is done, or pass over it. One that is no longer offered leads to the next one."""
    action_id, what = split(argument, 2)
    chosen = next((each for each in turn.actions if each.id == action_id), None)
    if turn.signature is None or not turn.is_open:
        return await home.home(turn.left, "")
    notice = None
    if chosen is not None and what == "done":
        turn, notice = await _note_done(turn, chosen), screens.noted(turn._)
    if chosen is None or what in ("done", "later"):
        chosen = find_next(turn.actions, turn.after_signing.actions_done, action_id)
    if chosen is None:
        return Reply.staying(turn, screens.all_done(turn._, turn.reader), notice)
    return Reply.staying(turn, await _draw(turn, chosen), notice)


async def _note_done(turn: Turn, action: Action) -> Turn:
    known = {each.id for each in turn.campaign.actions}
    done = (turn.after_signing.actions_done & known) | {action.id}
    if done != turn.after_signing.actions_done:
        await supporters.store_actions(turn.tx, turn.person.id, done)
    return replace(turn, after_signing=replace(turn.after_signing, actions_done=done))


async def _draw(turn: Turn, action: Action) -> Screen:
    others = [each for each in turn.actions if each.id not in {*turn.after_signing.actions_done, action.id}]
    link = await home.find_own_link(turn)
    return screens.show(turn._, action, link, turn.reader, has_others=bool(others))
