"""A capability of the organizers, declared once beside its functions; `steps` collects all of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chatbot.conversation.step_names import StepName
from chatbot.conversation.turn import Handler, Reply, Step, Turn
from chatbot.petition.team import Role
from chatbot.screens.callbacks import Verb, split
from chatbot.screens.organizer import menu
from chatbot.screens.screen import Screen


@dataclass(frozen=True, slots=True)
class Feature:
    """What one capability listens to: its commands, its buttons, and answers at its steps."""

    verb: Verb
    """The first word in the data of all its buttons."""
    press: Handler
    commands: Mapping[str, Handler]
    """Their roles and menu lines are in `screens.organizer.menu`."""
    steps: Mapping[StepName, Step] = field(default_factory=dict)
    needs: Role = "organizer"
    """The role without which its buttons do nothing."""

    def show(self, turn: Turn, screen: Screen) -> Reply:
        """Show a screen that expects no typed answer. This leaves a step of this feature, and no other step."""
        return Reply.done_writing(turn, screen) if turn.step in self.steps else Reply.staying(turn, screen)


def dispatch(acts: Mapping[str, Handler], owner_acts: Mapping[str, Handler], otherwise: Handler) -> Handler:
    """Make the handler of `<verb>:<what>[:<more>]`, where some acts are for owners only."""

    async def press(turn: Turn, argument: str) -> Reply:
        what, more = split(argument, 2)
        if what in owner_acts and not turn.is_owner:
            return Reply.staying(turn, None, menu.may_not_tap(turn._, "owner"))
        return await {**acts, **owner_acts}.get(what, otherwise)(turn, more)

    return press
