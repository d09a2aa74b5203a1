"""Delivery: one person's copy of a broadcast, and its outcomes."""

from dataclasses import dataclass
from typing import Literal

from chatbot.petition.languages import Language

GoneReason = Literal["blocked", "deactivated", "not_found", "message_gone", "removed", "rights", "moved"]
"""Why a recipient is out of reach; `message_gone`: the message to correct or recall is not in the chat any more.

Of a place: the bot was `removed` or has no `rights` to post there, or the group `moved` to a new id.
"""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A claimed delivery, committed as `sending` before the call to Telegram. In a place, its chat is the recipient."""

    supporter_id: int
    language: Language
    """The language of the post."""
    message_id: int | None
    """The message to change, where the broadcast is a correction or a recall."""

    @property
    def is_to_place(self) -> bool:
        """Whether it goes to a group or a channel: their ids are negative."""
        return self.supporter_id < 0


@dataclass(frozen=True, slots=True)
class Sent:
    """The message arrived. `message_id` is None for corrections and recalls, which change a message."""

    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """The recipient cannot be reached."""

    reason: GoneReason
    new_chat_id: int | None = None
    """Where a group `moved` to, if Telegram says so."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Certainly not sent, for a reason of this delivery alone (`too_old` to be recalled, …)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """May or may not have arrived (a timeout, a lost connection, a server error of Telegram)."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """Certainly not sent; to be retried after `seconds`. `flood`: a 429 of Telegram, which applies to everybody."""

    seconds: float = 0.0
    flood: bool = False


@dataclass(frozen=True, slots=True)
class ContentRefused:
    """Telegram refuses the content, as it will for all other recipients. `said` is its error message."""

    said: str


Result = Sent | Gone | Failed | Unknown
"""Outcomes that the ledger stores."""
DeliveryOutcome = Result | NotSent | ContentRefused
"""Outcomes of a call to Telegram. A refused token is none: it is raised and ends the worker."""
