"""What carries a broadcast to Telegram, as the worker sees it. Transport has the real one."""

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
    """Calls Telegram, and says what became of it. All it may raise is that Telegram refuses the bot as a whole."""

    async def send(self, kind: BroadcastKind, screen: Screen | None, delivery: Delivery) -> DeliveryOutcome:
        """Send `screen` to somebody, change the message they have into it, or (None) delete that message."""

    async def probe(self) -> bool:
        """Whether Telegram answers."""
