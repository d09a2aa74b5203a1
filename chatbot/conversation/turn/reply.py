"""What a function of the conversation replies in a turn."""

from dataclasses import dataclass, replace
from typing import Self

from markupsafe import Markup

from chatbot.conversation.interface import Answer, Edited, Event, Heard, Pressed
from chatbot.conversation.step_names import BroadcastStep, StepName, is_own_data_step, is_signing_step
from chatbot.conversation.turn.turn import Turn
from chatbot.petition.broadcasts.broadcast import FollowedKind
from chatbot.petition.funnel import FunnelStep
from chatbot.petition.languages import Language
from chatbot.petition.signing.draft import Draft
from chatbot.petition.team import Role
from chatbot.screens.screen import Screen
from chatbot.storage.people.question_messages import NO_BUTTONS, QuestionButtons


@dataclass(frozen=True, slots=True)
class Follow:
    """What a screen shows of a broadcast, if its message is to change with it."""

    broadcast_id: int
    shows: FollowedKind
    revision: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What a function of the conversation decided: the screen to show, and the step the supporter is at from now on.

    Without a screen only the tap is answered. `first` are screens shown above it, `then` is one below it. `below`
    leaves the tapped message as it is, and shows the screen as a new one.
    """

    screen: Screen | None
    step: StepName | None
    draft: Draft
    notice: str | None = None
    first: tuple[Screen, ...] = ()
    then: Screen | None = None
    below: bool = False
    broadcast_id: int | None = None
    writing_language: Language | None = None
    order: str = ""
    interrupted: bool = False
    typed: str | None = None
    follows: Follow | None = None
    """Set if the message of the screen is to change with a broadcast."""
    refused_parts: str | None = None
    """The album or split text that this answers; its other parts get no answer. See `parts.name_parts`."""
    is_in_vain: bool = False  # what they sent was not understood, or there was nothing to cancel
    funnel_step: FunnelStep | None = None
    """A funnel step that `step` does not tell."""
    erased: bool = False
    """Everything about them was erased; nothing more may be stored."""
    withdrew: bool = False  # they had a signature and have none now
    buttons: QuestionButtons = NO_BUTTONS
    deleted_text: bool = False  # a name or reason they gave is no longer stored

    @property
    def funnel_steps(self) -> tuple[FunnelStep, ...]:
        """The funnel steps that this reply shows the supporter to have reached.

        Somebody who is asked for the country has a name, and somebody who sees the check has both, given or filled in.
        """
        match self.step:
            case "name":
                asked: tuple[FunnelStep, ...] = ("began",)
            case "country":
                asked = ("began", "country")
            case "check":
                asked = ("began", "country", "reason", "check")
            case _:
                asked = ()
        return ("opened", *asked, *((self.funnel_step,) if self.funnel_step else ()))

    @property
    def in_one_message(self) -> Self:
        """The reply without a further message: its text and buttons are in the message above."""
        if self.screen is None or self.then is None:
            return self
        text = Markup("\n\n").join((self.screen.text, self.then.text))
        return replace(self, screen=replace(self.then, text=text), then=None)

    def find_replaced(self, event: Event) -> int | None:
        """Return the message that the screen replaces, the one they tapped in; None for a new message."""
        return event.message_id if isinstance(event, Pressed) and not (self.below or self.first) else None

    def address(self, heard: Heard, role: Role | None = None) -> Answer:
        """Put the screen in place of the message they tapped in, or below what they wrote. `role` is theirs."""
        tapped = heard.event if isinstance(heard.event, Pressed) else None
        return Answer(
            heard.person.id,
            self.screen,
            edit=self.find_replaced(heard.event),
            query_id=tapped.query_id if tapped else None,
            notice=self.notice,
            first=self.first,
            member_role=role,
            then=self.then,
            asks=heard.update_id if is_signing_step(self.step) or is_own_data_step(self.step) else None,
            outdated=self.buttons.outdated if self.screen is not None else (),
        )

    @classmethod
    def staying(
        cls, turn: Turn, screen: Screen | None, notice: str | None = None, funnel_step: FunnelStep | None = None
    ) -> Self:
        """Show a screen and leave the supporter at their step."""
        language = turn.writing_language
        return cls(
            screen,
            turn.step,
            turn.draft,
            notice,
            broadcast_id=turn.broadcast_id,
            writing_language=language,
            order=turn.order,
            interrupted=turn.interrupted or (screen is not None and not isinstance(turn.event, Edited)),
            typed=turn.typed,
            funnel_step=funnel_step,
        )

    @classmethod
    def writing(
        cls,
        turn: Turn,
        screen: Screen | None,
        step: BroadcastStep,
        broadcast_id: int,
        language: Language | None = None,
    ) -> Self:
        """Show a screen and move an organizer to a step of writing; an unfinished signature is kept."""
        return cls(screen, step, turn.draft, broadcast_id=broadcast_id, writing_language=language)

    @classmethod
    def done_writing(cls, turn: Turn, screen: Screen | None) -> Self:
        """Show a screen that expects no typed answer, after an organizer wrote; an unfinished signature is kept."""
        return cls(screen, None, turn.draft)
