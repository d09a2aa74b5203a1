"""One turn: what was heard and what is answered. The transport fills `Heard` and speaks `Answer`."""

from dataclasses import dataclass

from chatbot.screens.screen import Screen


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in Telegram, as their profile shows them at this moment."""

    id: int
    name: str
    """First and last name as Telegram has them, joined by one space; raw, unchecked."""
    language_code: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """A text message. `command` and `payload` are set for `/command payload` (no slash, no @bot, lower case)."""

    text: str
    command: str | None = None
    payload: str = ""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A tap on a button of ours. `message_id` is None where Telegram no longer lets us edit that message."""

    action: str
    query_id: str
    message_id: int | None


@dataclass(frozen=True, slots=True)
class Sent:
    """A message without text: a photo, sticker, voice, location, contact … named by its Bot API field."""

    kind: str


@dataclass(frozen=True, slots=True)
class Left:
    """They blocked the bot."""


@dataclass(frozen=True, slots=True)
class Returned:
    """They unblocked the bot."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The bot was called by a command in, or added to, a group; `chat_id` is the group's."""

    chat_id: int
    query_id: str | None = None
    """Set when the call was a tap on a button, which must be answered all the same."""


Event = Said | Pressed | Sent | Left | Returned | Elsewhere


@dataclass(frozen=True, slots=True)
class Heard:
    """One update of Telegram's, reduced to who did what."""

    update_id: int
    person: Person
    event: Event


@dataclass(frozen=True, slots=True)
class Answer:
    """What to do in Telegram once the turn is committed: at most one screen, and the tap acknowledged.

    `edit` is the message the screen replaces in place; None sends a new message. `query_id` is the tap to
    acknowledge (always, or the button spins), with `notice` as its short plain text (≤ 200 characters) if any.
    """

    chat_id: int
    screen: Screen | None = None
    edit: int | None = None
    query_id: str | None = None
    notice: str | None = None
