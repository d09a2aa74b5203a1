"""What replies need of the pacer of the broadcasts, which keeps Telegram's limits."""

from typing import Protocol


class Pace(Protocol):
    """Decides when a message may be sent; see `chatbot.broadcasting.pace.Pacer`."""

    def delay(self, chat_id: int, *, edit: bool = False) -> float:
        """Return the seconds that the limits of this chat make a message or an edit wait."""

    async def admit_reply(self, chat_id: int, *, edit: bool = False) -> None:
        """Wait until a message or an edit may be sent to this chat, and count it."""

    async def admit_acknowledgement(self) -> None:
        """Wait while all chats are halted."""

    def try_admit_reply(self, chat_id: int, *, edit: bool = False) -> bool:
        """Count one message or edit that is sent at once; False if it has to wait."""

    def note_flood(self, chat_id: int, seconds: float) -> None:
        """Note a 429 to a message in this chat."""

    def note_answer(self, chat_id: int) -> None:
        """Note that Telegram answered a message in this chat with anything but a 429."""
