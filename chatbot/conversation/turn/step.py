"""One question of the conversation, and what handles everything that can happen while it is open."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from chatbot.conversation.turn.reply import Reply
from chatbot.conversation.turn.turn import Turn
from chatbot.petition.team import Role

Handler = Callable[[Turn, str], Awaitable[Reply]]
"""Carries out what was said or pressed; the text is what they typed, or the argument of the button or command."""


@dataclass(frozen=True, slots=True)
class Step:
    """What happens while one question is open."""

    hear: Handler
    """Takes a typed answer, or the caption of a picture."""
    ask: Callable[[Turn], Awaitable[Reply]]
    """Asks it again."""
    leave: Handler
    """Carries out /cancel."""
    leads_to: tuple[str, ...]
    """The steps that may come next; "idle" is none."""
    choose: Handler | None = None
    """Takes a tapped answer; None if no button is the step's own."""
    needs: Role | Literal["signature"] | None = None
    """The role, or the signature, without which the step is left."""
