"""One turn: what its function knows, and what it replies."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Self

from markupsafe import Markup

from chatbot.conversation.interface import Answer, Edited, Event, Heard, Person, Pressed
from chatbot.conversation.name_vault import NameVault
from chatbot.conversation.step_names import (
    SIGNING_STEPS,
    BroadcastStep,
    StepName,
    is_own_data_step,
    is_signing_step,
)
from chatbot.i18n import Translator
from chatbot.petition.actions.action import Action, find_next
from chatbot.petition.broadcasts.broadcast import FollowedKind
from chatbot.petition.funnel import FunnelStep
from chatbot.petition.languages import Language
from chatbot.petition.lifecycle import PetitionStatus
from chatbot.petition.model import Campaign, CampaignWords
from chatbot.petition.signing.draft import Draft, Question
from chatbot.petition.team import Role, TeamAccess
from chatbot.screens.context import ReaderContext
from chatbot.screens.screen import Screen
from chatbot.storage.engine.database import Transaction
from chatbot.storage.people.question_messages import NO_BUTTONS, QuestionButtons
from chatbot.storage.people.signatures import Signature
from chatbot.storage.people.supporters import AfterSigning
from chatbot.storage.privacy.share_codes import ShareCodes


@dataclass(frozen=True, slots=True)
class Turn:
    """Everything a function of the conversation may use, inside the one transaction of the turn."""

    tx: Transaction
    now: datetime
    person: Person
    campaign: Campaign
    status: PetitionStatus
    """The petition status, as the owners set it in the chat."""
    signed_here: int  # number of signatures given through this bot
    bot_link: str
    _: Translator
    translators: Mapping[str, Translator]
    """Those of all languages: each post is rendered in its own."""
    language: Language
    event: Event
    """What was heard. Steps that take pictures read it."""
    name_vault: NameVault
    """Seals names and reasons before they are stored."""
    share_codes: ShareCodes
    configured_owners: frozenset[int]
    team: TeamAccess | None
    """None for anybody outside the team: its commands do not exist for them."""
    known_to_team: bool  # the team has, or once had, their name
    offers_chats: bool  # the bot's inline mode is on, so that it can post a card in any chat
    step: StepName | None
    """The question they were asked last; None while no answer is expected."""
    broadcast_id: int | None  # the broadcast that an organizer is writing
    writing_language: Language | None
    """The language of the text they were asked for, if the step asks for one. The campaign may have dropped it."""
    order: str
    """What the step is about: the code of the file whose days they were asked for, or the revision they decline."""
    interrupted: bool
    """Whether something else was shown after the question of the step."""
    typed: str | None
    """What an organizer typed after that, until they say whether it is the text that was asked for."""
    draft: Draft
    source: str | None
    """The payload of the deep link that brought them first."""
    signature: Signature | None
    subscription_language: Language | None  # None without a subscription
    passed_human_check: bool
    """Whether they passed the human check, at any time."""
    must_wait: bool
    """Whether they signed and withdrew so often that they may sign again only tomorrow."""
    after_signing: AfterSigning
    """What they did beyond their own signature."""
    is_repeated: bool = False  # the update was carried out before

    def read_language(self, text: str) -> Language | None:
        """Return the offered language with this code; None for any other text."""
        return text if text in self.campaign.languages else None

    @property
    def is_open(self) -> bool:
        """Whether the petition accepts signatures."""
        return self.campaign.is_open and self.status.ending is None

    @property
    def total(self) -> int:
        """The number of supporters: those signed here, and those carried over."""
        return self.campaign.carried_over + self.signed_here

    @property
    def milestone(self) -> int | None:
        """The next number of supporters to reach; None once the petition has ended."""
        return self.status.find_milestone(self.campaign, self.total) if self.is_open else None

    @property
    def is_owner(self) -> bool:
        """Whether it is an owner's turn."""
        return self.team is not None and self.team.role == "owner"

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages of typed text: their own first, then the campaign's others."""
        return tuple(dict.fromkeys((self.language, *self.campaign.languages)))

    @property
    def words(self) -> CampaignWords:
        """The campaign's texts in their language."""
        return self.campaign.words[self.language]

    @property
    def reader(self) -> ReaderContext:
        """The facts that screens need."""
        number = self.signature.number if self.signature else None
        action = find_next(self.actions, self.after_signing.actions_done) if self.is_open else None
        further = (self.after_signing.friends_signed, self.after_signing.hears_of_friends, action)
        is_drafting = self.question is not None
        return ReaderContext(self.is_open, number, is_drafting, self.subscription_language, self.status, *further)

    @property
    def actions(self) -> tuple[Action, ...]:
        """What they can do after they signed."""
        return self.campaign.list_actions(self.language, self.signature.country) if self.signature else ()

    @property
    def question(self) -> Question | None:
        """The open question of signing, even after they left it or while an organizer writes a broadcast."""
        if self.signature is not None:
            return None
        asked = next((question for question in SIGNING_STEPS if question == self.step), None)
        return asked or (self.draft.next_question if self.draft.has_begun else None)

    @property
    def left(self) -> Self:
        """The turn without the question: something else is shown, so typed text answers nothing. The draft stays."""
        if not (is_signing_step(self.step) or is_own_data_step(self.step)):
            return self
        draft = self.draft
        if self.signature is not None:
            draft = Draft(undo=draft.undo, asked_at=draft.asked_at) if draft.undo else Draft()
        return replace(self, step=None, draft=draft)

    def at(self, question: Question | None, draft: Draft) -> Self:
        """Give this turn with the supporter moved on to another question."""
        return replace(self, step=question, draft=draft)


@dataclass(frozen=True, slots=True)
class Follow:
    """What a screen shows of a broadcast, if its message is to change with it."""

    broadcast_id: int
    shows: FollowedKind
    revision: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What a function of the conversation decided: the screen to show, and the step the supporter is at from now on.

    Without a screen only the tap is answered. `first` are screens shown above it, `then` is one below it. `below`
    leaves the tapped message as it is, and shows the screen as a new one.
    """

    screen: Screen | None
    step: StepName | None
    draft: Draft
    notice: str | None = None
    first: tuple[Screen, ...] = ()
    then: Screen | None = None
    below: bool = False
    broadcast_id: int | None = None
    writing_language: Language | None = None
    order: str = ""
    interrupted: bool = False
    typed: str | None = None
    follows: Follow | None = None
    """Set if the message of the screen is to change with a broadcast."""
    refused_parts: str | None = None
    """The album or split text that this answers; its other parts get no answer. See `parts.name_parts`."""
    funnel_step: FunnelStep | None = None
    """A funnel step that `step` does not tell."""
    erased: bool = False
    """Everything about them was erased; nothing more may be stored."""
    withdrew: bool = False  # they had a signature and have none now
    buttons: QuestionButtons = NO_BUTTONS
    deleted_text: bool = False  # a name or reason they gave is no longer stored

    @property
    def funnel_steps(self) -> tuple[FunnelStep, ...]:
        """The funnel steps that this reply shows the supporter to have reached.

        Somebody who is asked for the country has a name, and somebody who sees the check has both, given or filled in.
        """
        match self.step:
            case "name":
                asked: tuple[FunnelStep, ...] = ("began",)
            case "country":
                asked = ("began", "country")
            case "check":
                asked = ("began", "country", "reason", "check")
            case _:
                asked = ()
        return ("opened", *asked, *((self.funnel_step,) if self.funnel_step else ()))

    @property
    def in_one_message(self) -> Self:
        """The reply without a further message: its text and buttons are in the message above."""
        if self.screen is None or self.then is None:
            return self
        text = Markup("\n\n").join((self.screen.text, self.then.text))
        return replace(self, screen=replace(self.then, text=text), then=None)

    def find_replaced(self, event: Event) -> int | None:
        """Return the message that the screen replaces, the one they tapped in; None for a new message."""
        return event.message_id if isinstance(event, Pressed) and not (self.below or self.first) else None

    def address(self, heard: Heard, role: Role | None = None) -> Answer:
        """Put the screen in place of the message they tapped in, or below what they wrote. `role` is theirs."""
        tapped = heard.event if isinstance(heard.event, Pressed) else None
        return Answer(
            heard.person.id,
            self.screen,
            edit=self.find_replaced(heard.event),
            query_id=tapped.query_id if tapped else None,
            notice=self.notice,
            first=self.first,
            member_role=role,
            then=self.then,
            asks=heard.update_id if is_signing_step(self.step) or is_own_data_step(self.step) else None,
            outdated=self.buttons.outdated if self.screen is not None else (),
        )

    @classmethod
    def staying(
        cls, turn: Turn, screen: Screen | None, notice: str | None = None, funnel_step: FunnelStep | None = None
    ) -> Self:
        """Show a screen and leave the supporter at their step."""
        language = turn.writing_language
        return cls(
            screen,
            turn.step,
            turn.draft,
            notice,
            broadcast_id=turn.broadcast_id,
            writing_language=language,
            order=turn.order,
            interrupted=turn.interrupted or (screen is not None and not isinstance(turn.event, Edited)),
            typed=turn.typed,
            funnel_step=funnel_step,
        )

    @classmethod
    def writing(
        cls,
        turn: Turn,
        screen: Screen | None,
        step: BroadcastStep,
        broadcast_id: int,
        language: Language | None = None,
    ) -> Self:
        """Show a screen and move an organizer to a step of writing; an unfinished signature is kept."""
        return cls(screen, step, turn.draft, broadcast_id=broadcast_id, writing_language=language)

    @classmethod
    def done_writing(cls, turn: Turn, screen: Screen | None) -> Self:
        """Show a screen that expects no typed answer, after an organizer wrote; an unfinished signature is kept."""
        return cls(screen, None, turn.draft)


Handler = Callable[[Turn, str], Awaitable[Reply]]
"""Carries out what was said or pressed; the text is what they typed, or the argument of the button or command."""


@dataclass(frozen=True, slots=True)
class Step:
    """One question of the conversation, and everything that can happen while it is open."""

    hear: Handler
    """Takes a typed answer, or the caption of a picture."""
    ask: Callable[[Turn], Awaitable[Reply]]
    """Asks it again."""
    leave: Handler
    """Carries out /cancel."""
    leads_to: tuple[str, ...]
    """The steps that may come next; "idle" is none."""
    choose: Handler | None = None
    """Takes a tapped answer; None if no button is the step's own."""
    needs: Role | Literal["signature"] | None = None
    """The role, or the signature, without which the step is left."""
