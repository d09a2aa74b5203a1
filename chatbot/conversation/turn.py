"""One turn: what was heard, what is known while it is carried out, and what is answered.

The transport fills `Heard` and speaks `Answer`; in between a `Turn` is handed to one function, which gives a `Reply`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.draft import Draft, Question
from chatbot.petition.model import Campaign, CampaignWords, Language
from chatbot.screens.screen import Screen
from chatbot.screens.standing import Standing
from chatbot.storage.database import Transaction
from chatbot.storage.signatures import Signature


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
    formatted: Markup | None = None
    """The same as Telegram's HTML, where some of it is bold, a link, a quotation …; None where it is plain."""


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
    file_id: str | None = None
    """For a photo, video, animation or document: what sends it on."""
    caption: str = ""
    formatted: Markup | None = None
    """The caption as Telegram's HTML, where it is not plain."""


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
    `first` are screens sent as new messages above it: what subscribers will see, before the question about it.
    `greets_organizer` asks for the organizers' menu of commands in this chat.
    """

    chat_id: int
    screen: Screen | None = None
    edit: int | None = None
    query_id: str | None = None
    notice: str | None = None
    first: tuple[Screen, ...] = ()
    greets_organizer: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """What organizers work with. Only their turns have it."""

    organizers: frozenset[int]
    """Their Telegram ids."""
    rate: float
    """Messages a second that a broadcast may send."""
    paid: bool
    """Whether what goes beyond Telegram's free 30 a second is paid for, in Stars."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Everything a function of the conversation may look at, inside the one transaction of the turn."""

    tx: Transaction
    now: datetime
    person: Person
    campaign: Campaign
    signed_here: int
    """How many signatures this bot has won."""
    bot_link: str
    """`https://t.me/<bot>`."""
    _: Translator
    language: Language
    place: Question | None
    """The question they were asked last, while they are signing."""
    draft: Draft
    source: str | None
    """The deep-link payload that brought them first."""
    signature: Signature | None
    updates: Language | None
    """The language of their updates while they are subscribed."""

    @property
    def words(self) -> CampaignWords:
        """What the campaign says in their language."""
        return self.campaign.words[self.language]

    @property
    def standing(self) -> Standing:
        """The same facts, as screens want them."""
        number = self.signature.number if self.signature else None
        return Standing(self.campaign.is_open, number, self.place is not None, self.updates)

    def at(self, place: Question | None, draft: Draft) -> Self:
        """Give this turn with the supporter moved on to another question."""
        return replace(self, place=place, draft=draft)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a function of the conversation decided: the screen to show, and where the supporter is from now on."""

    screen: Screen
    place: Question | None
    draft: Draft
    notice: str | None = None

    @classmethod
    def staying(cls, turn: Turn, screen: Screen, notice: str | None = None) -> Self:
        """Show a screen and leave the supporter where they are."""
        return cls(screen, turn.place, turn.draft, notice)


Handler = Callable[[Turn, str], Awaitable[Reply]]
"""Carries out what was said or pressed; the text is what they typed, or the argument of the button or command."""
