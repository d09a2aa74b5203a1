"""One turn: what was heard, what is known while it is carried out, and what is answered.

The transport fills `Heard` and speaks `Answer`; in between a `Turn` is handed to one function, which gives a `Reply`.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal, Self, TypeGuard, get_args

from markupsafe import Markup

from chatbot.conversation.name_vault import NameVault
from chatbot.i18n import Translator
from chatbot.petition.funnel import FunnelStep
from chatbot.petition.lifecycle import PetitionStatus
from chatbot.petition.model import Campaign, CampaignWords, Language
from chatbot.petition.signing.draft import Draft, Question
from chatbot.petition.team import Role
from chatbot.screens.context import ReaderContext
from chatbot.screens.screen import Screen
from chatbot.storage.engine.database import Transaction
from chatbot.storage.people.signatures import Signature

BroadcastStep = Literal["post_ko", "post_en", "button_ko", "button_en", "countries", "hour", "review"]
"""What an organizer is asked while writing an update: a step like the questions of signing."""
TeamStep = Literal["threshold", "export", "words_ko", "words_en", "milestone", "suspicion", "because"]
"""What one of the team is asked for in between, to be typed."""
OwnDataStep = Literal["own_name", "own_country", "own_reason"]
"""What somebody who has signed is asked, to change it."""
StepName = Question | BroadcastStep | TeamStep | OwnDataStep
SIGNING_STEPS: Final[tuple[Question, ...]] = get_args(Question)
BROADCAST_STEPS: Final[tuple[BroadcastStep, ...]] = get_args(BroadcastStep)
TEAM_STEPS: Final[tuple[TeamStep, ...]] = get_args(TeamStep)
OWN_DATA_STEPS: Final[tuple[OwnDataStep, ...]] = get_args(OwnDataStep)


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
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Edited:
    """They changed a text message. One that is a command now counts as `Said`."""

    said: Said


@dataclass(frozen=True, slots=True)
class Pressed:
    """A tap on a button of ours. `message_id` is None where Telegram no longer lets us edit that message."""

    action: str
    query_id: str
    message_id: int | None


@dataclass(frozen=True, slots=True)
class SentMedia:
    """A message without text: a photo, sticker, voice, location, contact … named by its Bot API field."""

    kind: str
    file_id: str | None = None
    """For a photo, video, animation or document: what sends it on."""
    caption: str = ""
    formatted: Markup | None = None
    """The caption as Telegram's HTML, where it is not plain."""
    in_album: bool = False
    """One of several that were sent together; each comes by itself."""


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


Event = Said | Edited | Pressed | SentMedia | Left | Returned | Elsewhere


@dataclass(frozen=True, slots=True)
class Heard:
    """One update of Telegram's, reduced to who did what."""

    update_id: int
    person: Person
    event: Event
    thread_id: int | None = None  # the topic it came in, and the answer's: only the transport deals with it


@dataclass(frozen=True, slots=True)
class Answer:
    """What to do in Telegram once the turn is committed: at most one screen, and the tap acknowledged.

    `edit` is the message the screen replaces in place; None sends a new message. `query_id` is the tap to
    acknowledge (always, or the button spins), with `notice` as its short plain text (≤ 200 characters) if any.
    `first` are screens sent as new messages above it: what subscribers will see, before the question about it.
    `greets` is their role in the team, and asks for its menu of commands in this chat. `thread_id` is the topic.
    """

    chat_id: int
    screen: Screen | None = None
    edit: int | None = None
    query_id: str | None = None
    notice: str | None = None
    first: tuple[Screen, ...] = ()
    greets: Role | None = None
    thread_id: int | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """What the team works with. Only their turns have it."""

    organizers: frozenset[int]
    """The Telegram ids of those named in the settings: owners, whatever is decided in the chat."""
    rate: float
    """Messages a second that a broadcast may send."""
    paid: bool
    """Whether what goes beyond Telegram's free 30 a second is paid for, in Stars."""
    role: Role = "owner"
    """What the one whose turn it is may do."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Everything a function of the conversation may look at, inside the one transaction of the turn."""

    tx: Transaction
    now: datetime
    person: Person
    campaign: Campaign
    status: PetitionStatus
    """How the petition stands, by what its owners decided in the chat."""
    signed_here: int
    """How many signatures this bot has won."""
    bot_link: str
    """`https://t.me/<bot>`."""
    _: Translator
    translators: Mapping[str, Translator]
    """Those of all languages: a letter is in its own."""
    language: Language
    event: Event
    """What was heard: steps that take pictures look at it."""
    sealing: NameVault
    """What becomes of names and reasons on their way to rest."""
    named: frozenset[int]
    """Who is an owner by the settings."""
    desk: Desk | None
    """What the team works with; None for everybody else, for whom their commands do not exist."""
    known_to_team: bool
    """The team has, or once had, their name."""
    place: StepName | None
    """The question they were asked last, while they are signing or writing an update."""
    at_hand: int | None
    """The broadcast that an organizer is writing."""
    draft: Draft
    source: str | None
    """The deep-link payload that brought them first."""
    signature: Signature | None
    updates: Language | None
    """The language of their updates while they are subscribed."""
    proved: bool
    """They passed the human check, at any time."""
    rests: bool
    """They signed and took it back so often that they may sign again only tomorrow."""

    @property
    def is_open(self) -> bool:
        """Whether the petition takes signatures."""
        return self.campaign.is_open and self.status.ending is None

    @property
    def words(self) -> CampaignWords:
        """What the campaign says in their language."""
        return self.campaign.words[self.language]

    @property
    def standing(self) -> ReaderContext:
        """The same facts, as screens want them."""
        number = self.signature.number if self.signature else None
        return ReaderContext(self.is_open, number, self.question is not None, self.updates, self.status)

    @property
    def question(self) -> Question | None:
        """The question of signing that is open, also while an organizer writes an update in between."""
        asked = next((question for question in SIGNING_STEPS if question == self.place), None)
        return asked or (None if self.draft == Draft() else self.draft.next_question)

    def at(self, place: Question | None, draft: Draft) -> Self:
        """Give this turn with the supporter moved on to another question."""
        return replace(self, place=place, draft=draft)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a function of the conversation decided: the screen to show, and where the supporter is from now on.

    Without a screen only the tap is answered. `first` are screens shown above it. `below` leaves the message that was
    tapped as it is, and shows the screen as a new one.
    """

    screen: Screen | None
    place: StepName | None
    draft: Draft
    notice: str | None = None
    first: tuple[Screen, ...] = ()
    below: bool = False
    at_hand: int | None = None
    reached: FunnelStep | None = None
    """A step of the way to a signature that shows neither in the place nor anywhere else."""
    erased: bool = False
    """Everything about them is erased, and nothing more is to be kept."""
    took_back: bool = False  # they have a signature no longer, which they had
    lets_go: bool = False  # something they told us is kept no longer

    @property
    def funnel_steps(self) -> tuple[FunnelStep, ...]:
        """The steps of the way to a signature that this answer shows somebody to have come to."""
        match self.place:
            case "name":
                asked: tuple[FunnelStep, ...] = ("began",)
            case "country" | "reason" | "check":
                asked = (self.place,)
            case _:
                asked = ()
        return ("opened", *asked, *((self.reached,) if self.reached else ()))

    def address(self, heard: Heard) -> Answer:
        """Put the screen where they look: over the message they tapped in, or below what they wrote."""
        answer = Answer(heard.person.id, self.screen, notice=self.notice, first=self.first)
        if not isinstance(heard.event, Pressed):
            return answer
        below = self.below or self.first
        return replace(answer, edit=None if below else heard.event.message_id, query_id=heard.event.query_id)

    @classmethod
    def staying(cls, turn: Turn, screen: Screen | None, notice: str | None = None) -> Self:
        """Show a screen and leave the supporter where they are."""
        return cls(screen, turn.place, turn.draft, notice, at_hand=turn.at_hand)

    @classmethod
    def writing(cls, turn: Turn, screen: Screen | None, task: BroadcastStep, broadcast_id: int) -> Self:
        """Show a screen and let an organizer go on with a task; the signature in the making stays as it is."""
        return cls(screen, task, turn.draft, at_hand=broadcast_id)

    @classmethod
    def done_writing(cls, turn: Turn, screen: Screen | None) -> Self:
        """Show a screen and let an organizer be a supporter again, at the question where they were."""
        return cls(screen, turn.question, turn.draft)


Handler = Callable[[Turn, str], Awaitable[Reply]]
"""Carries out what was said or pressed; the text is what they typed, or the argument of the button or command."""


def is_task(place: StepName) -> TypeGuard[BroadcastStep | TeamStep]:
    """Whether a step is one at the desk."""
    return place in BROADCAST_STEPS or place in TEAM_STEPS


def is_change(place: StepName | None) -> TypeGuard[OwnDataStep]:
    """Whether a step changes a signature."""
    return place in OWN_DATA_STEPS


def is_question(place: StepName | None) -> TypeGuard[Question]:
    """Whether a step is one on the way to a signature."""
    return place in SIGNING_STEPS
