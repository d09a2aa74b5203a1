"""Place delivery: a place's copy of a broadcast. Places are never counted as people."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from chatbot.petition.languages import Language

PlaceDeliveryState = Literal["waiting", "sending", "sent", "gone", "failed", "unknown", "skipped"]
"""As for people's deliveries; `skipped`: the place was paused, unlinked or without the right to post, or it has no
words in a language for the place."""


@dataclass(frozen=True, slots=True)
class PlaceDelivery:
    """What becomes of a broadcast in one place. Before the start it says what would."""

    code: str
    title: str
    """The name of the place when it was sent."""
    language: Language
    """The language of the place; once it is sent, that of the post."""
    state: PlaceDeliveryState = "waiting"
    reason: str = ""
    chat_id: int | None = None
    """Where it was sent."""
    message_id: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether it has no outcome yet."""
        return self.state in ("waiting", "sending")

    @property
    def is_there(self) -> bool:
        """Whether the place has, or may have, the message."""
        return self.state in ("sent", "unknown")

    @property
    def may_be_retried(self) -> bool:
        """Whether another try may succeed and posts nothing twice."""
        return self.state in ("gone", "failed", "skipped") and self.reason not in ("too_old", "message_gone")


def select(places: Iterable[PlaceDelivery], *states: PlaceDeliveryState) -> list[PlaceDelivery]:
    """Return the deliveries in these states."""
    return [each for each in places if each.state in states]
