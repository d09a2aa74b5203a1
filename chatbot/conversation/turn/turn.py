"""What a function of the conversation knows in a turn."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from chatbot.conversation.interface import Event, Person
from chatbot.conversation.name_vault import NameVault
from chatbot.conversation.step_names import (
    SIGNING_STEPS,
    StepName,
    is_own_data_step,
    is_signing_step,
)
from chatbot.i18n import Translator
from chatbot.petition.actions.action import Action, find_next
from chatbot.petition.languages import Language
from chatbot.petition.lifecycle import PetitionStatus
from chatbot.petition.model import Campaign, CampaignWords
from chatbot.petition.signing.draft import Draft, Question
from chatbot.petition.team import TeamAccess
from chatbot.screens.context import ReaderContext
from chatbot.storage.engine.database import Transaction
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
    is_expired: bool = False  # their unfinished signature was erased after a day, and they have not been told
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
