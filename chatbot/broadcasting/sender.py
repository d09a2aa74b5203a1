"""What carries a broadcast to Telegram, as the worker sees it. Transport has the real one."""

from typing import Protocol

from chatbot.petition.broadcasts.broadcast import BroadcastKind
from chatbot.petition.broadcasts.outcome import Delivery, DeliveryOutcome
from chatbot.screens.screen import Screen


class Sender(Protocol):
    """Calls Telegram, and says what became of it. All it may raise is that Telegram refuses the bot as a whole."""

    async def send(self, kind: BroadcastKind, screen: Screen | None, delivery: Delivery) -> DeliveryOutcome:
        """Send `screen` to somebody, change the message they have into it, or (None) delete that message."""

    async def probe(self) -> bool:
        """Whether Telegram answers."""

    async def show(self, chat_id: int, screen: Screen, message_id: int | None) -> int | None:
        """Show `screen` in place of a message, or in a new one where there is none (any more).

        Gives the id of the message that shows it now; 0 where nobody can be shown anything in this chat; None where
        Telegram could not be reached: try again later.
        """
