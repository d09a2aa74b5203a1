"""What carries a broadcast to Telegram, as the worker sees it. Transport has the real one."""

from typing import Protocol

from chatbot.petition.broadcast import Kind
from chatbot.petition.delivery import Delivery, Outcome
from chatbot.screens.screen import Screen


class Sender(Protocol):
    """Calls Telegram, and says what became of it. All it may raise is that Telegram refuses the bot as a whole."""

    async def send(self, kind: Kind, screen: Screen | None, delivery: Delivery) -> Outcome:
        """Send `screen` to somebody, change the message they have into it, or (None) delete that message."""

    async def probe(self) -> bool:
        """Whether Telegram answers."""

    async def show(self, chat_id: int, screen: Screen, message_id: int | None) -> int | None:
        """Show `screen` in place of a message, or in a new one where there is none (any more).

        Gives the id of the message that shows it now; 0 where nobody can be shown anything in this chat; None where
        Telegram could not be reached: try again later.
        """
