"""The sender of a broadcast as the worker sees it; the implementation is in transport."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from chatbot.petition.broadcasts.broadcast import BroadcastKind
from chatbot.petition.broadcasts.outcome import Delivery, DeliveryOutcome
from chatbot.screens.screen import Screen

Show = Callable[[int, Screen, int | None], Awaitable[int | None]]
"""Shows a screen in a chat: in place of a message, or in a new one if that is None or gone.

Returns the id of the message that shows it now, None if the chat can be shown nothing. Raises `RetryLaterError`.
"""


class Sender(Protocol):
    """Calls Telegram and returns the outcome. Raises only if Telegram refuses the bot as a whole."""

    async def send(self, kind: BroadcastKind, screen: Screen | None, delivery: Delivery) -> DeliveryOutcome:
        """Send `screen` to a subscriber, or edit or (None) delete the message that was delivered to them."""

    async def probe(self) -> bool:
        """Tell whether Telegram answers."""
