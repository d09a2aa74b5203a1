"""A delivery: one person's copy of a broadcast, and what became of it."""

from dataclasses import dataclass
from typing import Literal

from chatbot.petition.model import Language

GoneReason = Literal["blocked", "deactivated", "not_found", "message_gone"]
"""Why somebody cannot be reached; `message_gone`: what was to be corrected or recalled is no longer in their chat."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Somebody whose turn it is: committed as `sending` before Telegram is called."""

    supporter_id: int
    language: Language
    """The language of the post they get."""
    message_id: int | None
    """The message to change, where the broadcast is a correction or a recall."""


@dataclass(frozen=True, slots=True)
class Sent:
    """It arrived. `message_id` is None for corrections and recalls, which change a message."""

    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """The recipient cannot be reached."""

    reason: GoneReason


@dataclass(frozen=True, slots=True)
class Failed:
    """Surely not done, for a reason of this one delivery (`too_old` to be recalled, …)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """May have arrived or not (a time-out, a cut connection, an error of Telegram's own)."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """Surely not done, and to be tried again, not before `seconds` from now. `flood`: Telegram's 429, for everybody."""

    seconds: float = 0.0
    flood: bool = False


@dataclass(frozen=True, slots=True)
class ContentRefused:
    """Telegram refuses the content, as it will for everybody else. `said` is what it said."""

    said: str


Result = Sent | Gone | Failed | Unknown
"""What is written into the ledger."""
DeliveryOutcome = Result | NotSent | ContentRefused
"""What a call to Telegram may lead to. A refused token is no outcome: it is raised, and ends everything."""
