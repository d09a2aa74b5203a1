"""Messages that arrive in parts: an album, and a text that the sender's app has split because it was too long."""

from datetime import datetime, timedelta
from typing import Final

from chatbot.conversation.interface import Event, Said, SentMedia

_TOGETHER: Final = timedelta(seconds=1)
"""Parts are sent within a second. Telegram gives the time in whole seconds."""


def name_parts(event: Event) -> str | None:
    """Name that to which this part belongs; its other parts have the same name or, for a text, nearly the same."""
    match event:
        case SentMedia(album=str(album)):
            return f"album:{album}"
        case Said(sent_at=datetime() as sent_at):
            return f"text:{int(sent_at.timestamp())}"
    return None


def is_part(refused: object, event: Event) -> bool:
    """Whether the event is a further part of what was `refused`, and so needs no second answer."""
    match event:
        case SentMedia(album=str(_)):
            return refused == name_parts(event)
        case Said(command=None, sent_at=datetime() as sent_at):
            seconds = int(sent_at.timestamp())
            return refused in (f"text:{seconds}", f"text:{seconds - 1}")
    return False


def are_together(earlier: datetime | None, later: datetime | None) -> bool:
    """Whether one message followed the other too fast for a person."""
    return earlier is not None and later is not None and timedelta() <= later - earlier <= _TOGETHER
