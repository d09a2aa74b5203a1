"""A screen: one message, independent of Telegram's types."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from markupsafe import Markup

from chatbot.petition.broadcasts.place import PlaceKind
from chatbot.petition.broadcasts.post import Media

Style = Literal["plain", "primary", "success", "danger"]


@dataclass(frozen=True, slots=True)
class Press:
    """A button that sends `action` to the bot: at most 64 bytes of ASCII, Telegram's limit for callback data."""

    label: str
    action: str
    style: Style = "plain"


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens an https address."""

    label: str
    url: str
    style: Style = "plain"


@dataclass(frozen=True, slots=True)
class Copy:
    """A button that copies `text` (1–256 characters) to the reader's clipboard."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class ChooseChat:
    """A button that opens the list of the reader's own chats: in the chosen one, the bot offers its cards."""

    label: str
    style: Style = "plain"


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A button below the message field: choose a channel or group, where the bot gets the rights it needs."""

    label: str
    kind: PlaceKind


Button = Press | Link | Copy | ChooseChat
ButtonRow = tuple[Button, ...]
_ROW_LENGTH: Final = 24
"""Characters, of Hangul too, that fit a row of a phone."""


def pack(buttons: Iterable[Button]) -> tuple[ButtonRow, ...]:
    """Put up to three buttons beside each other where each of their labels fits."""
    rows: list[ButtonRow] = []
    for button in buttons:
        row: ButtonRow = (*rows[-1], button) if rows else ()
        if 0 < len(row) <= 3 and all(len(each.label) <= _ROW_LENGTH // len(row) for each in row):
            rows[-1] = row
        else:
            rows.append((button,))
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class Screen:
    """One message: Telegram's HTML in `text` (people's words already escaped, once) and rows of buttons.

    Labels are plain text, never HTML. `preview` lets Telegram unfold the first link of the text. With `media` the text
    is its caption. `silent` makes no sound on the reader's phone. `removes_keyboard` removes a reply keyboard that an
    earlier bot with this token left; Telegram does so only for a message without rows. `keyboard` are buttons below the
    message field, one in a row, for a new message without rows: a text is sent as if it was typed.
    """

    text: Markup
    rows: tuple[ButtonRow, ...] = ()
    preview: bool = False
    media: Media | None = None
    silent: bool = False
    removes_keyboard: bool = False
    keyboard: tuple[ChatRequest | str, ...] = ()
