"""Live card: a card whose number is kept up to date, and the outcome of an edit."""

from dataclasses import dataclass
from typing import Final, Literal

from chatbot.petition.languages import Language

START: Final = "card"
"""The start parameter of cards that belong to nobody: `https://t.me/<bot>?start=card`."""

IN_GROUPS: str = "group"
"""The same of cards in groups that are not linked."""


@dataclass(frozen=True, slots=True)
class LiveCard:
    """A message that shows the card: one that somebody posted in any chat, or one of the bot's own in a group."""

    language: Language
    inline_message_id: str | None = None
    """Telegram's id of a message that somebody posted."""
    chat_id: int | None = None
    message_id: int | None = None
    """With `chat_id`, a message of the bot."""
    start: str = START
    """The start parameter of its button."""

    @property
    def key(self) -> str:
        """What identifies its message and its button, in one word or three; see `from_key`."""
        return self.inline_message_id or f"{self.chat_id} {self.message_id} {self.start}"

    @classmethod
    def from_key(cls, language: Language, key: str) -> "LiveCard":
        """Return the card with this key. Telegram's ids of posted messages are one word."""
        match key.split(" "):
            case [chat_id, message_id, start]:
                return cls(language, chat_id=int(chat_id), message_id=int(message_id), start=start)
        return cls(language, key)


@dataclass(frozen=True, slots=True)
class CardEdit:
    """The outcome of an edit."""

    outcome: Literal["shown", "lost", "gone", "moved", "refused", "failed"]
    """Lost: the message is not there; gone: the bot may not edit there; refused: Telegram refuses
    this card; failed: another try may succeed."""
    seconds: float = 0.0
    """How long Telegram asks to wait."""
