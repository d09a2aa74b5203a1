"""What the transport and the conversation exchange: events from Telegram, and the answers to them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from markupsafe import Markup

from chatbot.petition.broadcasts.place import PlaceKind, PlaceTrouble
from chatbot.petition.team import Role
from chatbot.screens.screen import Screen


@dataclass(frozen=True, slots=True)
class Person:
    """A Telegram user, as their profile shows them at this moment."""

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
    formatted: Markup | None = None
    """The same as Telegram's HTML, if any of it is bold, a link, a quotation …; None for plain text."""
    message_id: int | None = None
    sent_at: datetime | None = None
    """To the second, as Telegram has it."""
    has_custom_emoji: bool = False
    """Bots may not send them: they become ordinary ones."""
    is_forwarded: bool = False
    """Somebody may have written it to somebody else."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A tap on one of the bot's buttons. `message_id` is None if Telegram no longer lets us edit that message."""

    action: str
    query_id: str
    message_id: int | None


@dataclass(frozen=True, slots=True)
class SentMedia:
    """A message without text: a photo, sticker, voice, location, contact … named by its Bot API field."""

    kind: str
    file_id: str | None = None
    """Sends a photo, video, animation or document on."""
    caption: str = ""
    formatted: Markup | None = None
    """The caption as Telegram's HTML; None for a plain one."""
    album: str | None = None
    """Of several sent together, each arrives as an event of its own, with the same album."""
    message_id: int | None = None
    sent_at: datetime | None = None
    has_custom_emoji: bool = False


@dataclass(frozen=True, slots=True)
class Edited:
    """An edit of a text message, or of a file or its caption. A new text that is a command is `Said` instead."""

    said: Said | SentMedia


@dataclass(frozen=True, slots=True)
class BlockedBot:
    """The person blocked the bot."""


@dataclass(frozen=True, slots=True)
class UnblockedBot:
    """The person unblocked the bot."""


@dataclass(frozen=True, slots=True)
class SharedChat:
    """A channel or group that the person chose by a button; Telegram gave the bot the rights that the button names."""

    kind: PlaceKind
    chat_id: int
    title: str


@dataclass(frozen=True, slots=True)
class InGroup:
    """A command to the bot, or a mention of it, in a group; `chat_id` is the group's."""

    chat_id: int
    query_id: str | None = None
    """Set for a tap on a button, which must be answered all the same."""
    wants_card: bool = False
    """Whether it is answered with the card of the petition; otherwise with the way to the private chat."""


@dataclass(frozen=True, slots=True)
class BotStatus:
    """The bot was added to a group or channel, was removed from it, or has other rights there now."""

    chat_id: int
    title: str
    trouble: PlaceTrouble | None
    """Why it cannot post there; None if it can."""
    joined: bool = False
    """Whether it is an ordinary member of a group from now on. An admin waits to be asked."""


@dataclass(frozen=True, slots=True)
class BotAdded:
    """A group reads that somebody added the bot, which a group that became a supergroup does not."""

    chat_id: int


@dataclass(frozen=True, slots=True)
class PlaceRenamed:
    """A group or channel has a new title."""

    chat_id: int
    title: str


@dataclass(frozen=True, slots=True)
class PlaceMoved:
    """A group became a supergroup, which has another id."""

    chat_id: int
    new_chat_id: int


PlaceEvent = BotStatus | BotAdded | PlaceRenamed | PlaceMoved
"""A change of a group or channel. Who made it is not read."""


@dataclass(frozen=True, slots=True)
class AskedForCards:
    """The person is about to share: they typed @bot in any chat, or chose a chat to share in."""

    query_id: str
    in_channel: bool = False
    """Whether the chat is a channel, where nobody sees which of its admins posts."""


@dataclass(frozen=True, slots=True)
class PostedCard:
    """The person posted the card in this language."""

    inline_message_id: str
    language: str


@dataclass(frozen=True, slots=True)
class CalledAsGuest:
    """The person called the bot in a chat of which it is no member."""

    query_id: str
    chat_id: int


CardEvent = AskedForCards | PostedCard | CalledAsGuest
Event = Said | Edited | Pressed | SentMedia | SharedChat | BlockedBot | UnblockedBot | InGroup | PlaceEvent | CardEvent


@dataclass(frozen=True, slots=True)
class Heard:
    """One update from Telegram, reduced to who did what."""

    update_id: int
    person: Person
    event: Event
    thread_id: int | None = None  # the topic of the update and of its answer; only the transport reads it
    comment_id: int | None = None  # the message, if it is a comment or a reply in a group without topics


@dataclass(frozen=True, slots=True)
class OfferedCard:
    """A card in one language, with what a list of cards says of it. Title and description are plain text."""

    language: str
    title: str
    description: str
    screen: Screen


@dataclass(frozen=True, slots=True)
class CardOffer:
    """Cards to choose from or, for a guest, the one to post."""

    query_id: str
    cards: tuple[OfferedCard, ...]
    button: tuple[str, str] | None = None
    """Above them: a label, and the start parameter with which it opens the bot's chat."""
    is_guest: bool = False
    on_posted: Callable[[str], Awaitable[None]] | None = field(default=None, compare=False)
    """Called with the id of the message that a guest posted."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What to do in Telegram once the turn is committed: at most one screen, and the tap acknowledged.

    `edit` is the message that the screen replaces; None sends a new message. `then` is sent below it as a new message:
    the question below a receipt that stays. `query_id` is the tap to
    acknowledge (always, or the button spins), with `notice` as its short plain text (≤ 200 characters) if any.
    `first` are screens sent above it as new messages: what subscribers will see, before the question about it.
    `on_posted` is called with the id of the message of `screen`.
    `member_role` is the person's role in the team, if they have one. `thread_id` is the topic.
    `comment_id` is the message in a group that it replies to, so that it stands in the same thread of comments.
    """

    chat_id: int
    screen: Screen | None = None
    edit: int | None = None
    query_id: str | None = None
    notice: str | None = None
    first: tuple[Screen, ...] = ()
    member_role: Role | None = None
    thread_id: int | None = None
    comment_id: int | None = None
    then: Screen | None = None
    asks: int | None = None  # the screen is a question, to which this update led
    outdated: tuple[int, ...] = ()  # messages whose question was answered, and whose buttons are to go
    offer: CardOffer | None = None  # sent alone, to a chat without the bot
    on_posted: Callable[[int], Awaitable[None]] | None = field(default=None, compare=False)


class Conversation(Protocol):
    """What the transport needs of a conversation: `Dialog`, or one of a test's own."""

    @property
    def unavailable(self) -> tuple[type[Exception], ...]:
        """Errors of `hear` that leave nothing behind: the update should come again. Any other is a bug."""

    async def hear(self, heard: Heard) -> Answer | None:
        """Take one turn. Return once it is committed; None sends nothing."""

    def apologise(self, heard: Heard) -> Answer:
        """Answer a person whose turn failed because of a bug."""

    async def ask_to_wait(self, heard: Heard) -> Answer:
        """Answer a person whose turn cannot be stored now and is tried again."""

    def slow_down(self, heard: Heard) -> Answer:
        """Answer a person who sends more than their rate limit."""
