"""Runs a turn in one transaction: reads what is known of the person, runs the handler, stores the reply.

The answer is returned once the turn is committed. The transport sends it.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from chatbot.conversation import places, routing, stored_draft
from chatbot.conversation.interface import (
    Answer,
    BlockedBot,
    CardEvent,
    Edited,
    Heard,
    InGroup,
    Person,
    PlaceEvent,
    Pressed,
    UnblockedBot,
)
from chatbot.conversation.milestones import announce_milestone
from chatbot.conversation.name_vault import NameVault, Sealer
from chatbot.conversation.parts import is_part
from chatbot.conversation.steps import STEPS, read_step
from chatbot.conversation.supporter import forgetting
from chatbot.conversation.supporter.cards.offers import CardOffers
from chatbot.conversation.supporter.repeated_signing import WithdrawalCounter
from chatbot.conversation.turn import Reply, Turn
from chatbot.conversation.unknown import tell_expired
from chatbot.i18n import Translator
from chatbot.petition.dates.zones import read_zone
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.petition.retention import QUESTIONS, is_recent
from chatbot.petition.sealing.message_ids import MessageIdSeal
from chatbot.petition.signing.draft import Draft
from chatbot.petition.team import Role, TeamAccess, is_at_least
from chatbot.screens import callbacks
from chatbot.screens.supporter import general
from chatbot.storage import Database, DatabaseDamagedError, DatabaseUnavailableError, Transaction
from chatbot.storage.organizer import chat_menus, jobs, petition_status, team
from chatbot.storage.people import processed_updates, signatures, subscriptions, supporters
from chatbot.storage.privacy.share_codes import ShareCodes

_IDLE = "idle"
_READING: Final = 1.0
"""Seconds to read the language of a person who has to wait for the database."""
_ANSWERED: Final = 10_000
"""Most updates remembered as answered."""


class Dialog:
    """The conversation with everybody. Callers run one update of a person at a time; different people run at once."""

    unavailable: Final = (DatabaseUnavailableError,)

    def __init__(
        self,
        database: Database,
        campaign: Campaign,
        translators: Mapping[str, Translator],
        bot_link: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        team: TeamAccess | None = None,
        seal: Sealer | None = None,
        card_seal: MessageIdSeal | None = None,
        on_team_turn: Callable[[], None] = lambda: None,
    ) -> None:
        """`bot_link` is `https://t.me/<bot>`; `clock` gives aware moments.

        With a `seal` names and reasons are sealed before they are stored. `on_team_turn` is called after each turn of
        a team member, which may have asked for a job.
        """
        self._database = database
        self._campaign = campaign
        self._translators = translators
        self.bot_link = bot_link
        """@BotFather may change it at any time."""
        self.offers_chats = False
        """Whether the bot can offer cards, because its inline mode is on; @BotFather may switch it at any time."""
        self._clock = clock
        self._team = team
        self._name_vault = NameVault(seal)
        self._on_team_turn = on_team_turn
        self._withdrawals = WithdrawalCounter()
        self._share_codes = ShareCodes(card_seal.share_key if card_seal else b"")
        self._cards = CardOffers(database, campaign, translators, card_seal, self._share_codes)
        self._groups = places.GroupAnswers(database, campaign, translators, on_team_turn, self._cards.follow)
        self._answered: OrderedDict[int, None] = OrderedDict()
        """Ids of the updates that this process answered last, in their order."""

    async def hear(self, heard: Heard) -> Answer | None:
        """Carry one update through, commit it, and return what to say; None sends nothing.

        Raises `DatabaseUnavailableError` if nothing was stored and the update should come again.
        """
        if isinstance(heard.event, CardEvent):
            return await self._cards.answer(heard, heard.event, self.bot_link, self._clock())
        if isinstance(heard.event, InGroup | PlaceEvent):
            return await self._groups.hear(heard, heard.event, self.bot_link, self._clock())
        try:
            reply, role = await self._database.transact(self._take, heard, self._clock())
        except DatabaseDamagedError as error:
            # Only this turn fails. Retrying it forever would block all other updates.
            raise RuntimeError("a turn needs a damaged page of the database") from error
        if reply is None:
            # A tap must be acknowledged, or its button spins.
            return Answer(heard.person.id, query_id=heard.event.query_id) if isinstance(heard.event, Pressed) else None
        if reply.erased or reply.withdrew or reply.deleted_text:
            await self._database.purge_deleted()
        if reply.withdrew:
            self._withdrawals.add(heard.person.id)
        if role:
            self._on_team_turn()
        self._answered[heard.update_id] = None
        if len(self._answered) > _ANSWERED:
            self._answered.popitem(last=False)
        return reply.address(heard, role)

    async def mark_unreachable(self, supporter_id: int) -> None:
        """End the subscription of a person whom Telegram can no longer reach."""
        await self._database.transact(_mark_blocked, supporter_id, self._clock())

    def apologise(self, heard: Heard) -> Answer:
        """Answer a person whose turn failed because of a bug; say nothing if they expect no answer."""
        if isinstance(heard.event, BlockedBot | UnblockedBot | InGroup | PlaceEvent | CardEvent):
            return Answer(heard.person.id)
        _ = self._guess_translator(heard.person)
        query_id = heard.event.query_id if isinstance(heard.event, Pressed) else None
        # In a new message, so that the one they tapped in stays for another try.
        return Answer(heard.person.id, general.apologise(_), query_id=query_id)

    async def ask_to_wait(self, heard: Heard) -> Answer:
        """Answer a person whose turn cannot be stored now; it is tried again, and nothing of it is done yet."""
        language = None
        with suppress(DatabaseUnavailableError, TimeoutError):  # a full disk can be read, a server may be away
            async with asyncio.timeout(_READING):
                language = (await self._database.read_snapshot(team.find_reader, heard.person.id)).language
        offered = self._campaign.find_offered(language or self._campaign.match(heard.person.language_code))
        query_id = heard.event.query_id if isinstance(heard.event, Pressed) else None
        return Answer(heard.person.id, general.ask_to_wait(self._translators[offered]), query_id=query_id)

    def slow_down(self, heard: Heard) -> Answer:
        """Answer a person who sends too much too fast; what they sent is not carried out."""
        _ = self._guess_translator(heard.person)
        if isinstance(heard.event, Pressed):
            return Answer(heard.person.id, query_id=heard.event.query_id, notice=general.too_fast(_))
        return Answer(heard.person.id, general.slow_down(_))

    async def _take(self, tx: Transaction, heard: Heard, now: datetime) -> tuple[Reply | None, Role | None]:
        person, event = heard.person, heard.event
        is_new = await processed_updates.note(tx, heard.update_id, now)
        if is_new and not isinstance(event, BlockedBot | UnblockedBot | Edited) and not forgetting.is_request(event):
            language = self._campaign.match(person.language_code)
            supporter = await supporters.meet(tx, person.id, language=language, now=now)
        elif met := await supporters.meet_again(tx, person.id, now=now):
            supporter = met
        else:
            # The person is unknown, or erased. Nothing is stored about them.
            _ = self._guess_translator(person)
            if not forgetting.is_request(event):
                return None, None
            return await forgetting.tell_stranger(tx, person.id, _, event), None
        if isinstance(event, BlockedBot):
            await _mark_blocked(tx, person.id, now)
            return None, None
        if supporter.blocked:
            await supporters.mark_returned(tx, person.id)
        if isinstance(event, UnblockedBot):
            return None, None
        if not is_new and supporter.last_update_id != heard.update_id:
            # An old update delivered again: they have had a later answer since.
            return None, None
        if is_new and is_part(supporter.draft.get(stored_draft.PARTS), event):
            return None, None
        turn = await self._make_turn(tx, heard, supporter, now)
        if isinstance(event, Pressed):
            turn = await self._switch_language(turn, supporter, event.action)
        await announce_milestone(turn, turn.total)
        reply = tell_expired(turn, await (routing.carry_out if is_new else routing.repeat)(turn, event))
        if reply.erased:
            return reply, None
        if not is_new:  # after a crash nothing may have been sent; otherwise all of it was
            reply = replace(reply, then=None) if heard.update_id in self._answered else reply.in_one_message
        reply = stored_draft.follow_question(supporter.draft, reply, heard)
        if forgetting.deletes_text(Draft.from_mapping(supporter.draft), reply):
            reply = replace(reply, deleted_text=True)
        await supporters.store_step(
            tx,
            person.id,
            step=reply.step or (supporters.EXPIRED if turn.is_expired and reply.screen is None else _IDLE),
            draft=stored_draft.write(reply),
            update_id=heard.update_id,
            now=now,
            newly=[each for each in reply.funnel_steps if each not in supporter.reached],
        )
        return reply, turn.team.role if turn.team else None

    async def _make_turn(self, tx: Transaction, heard: Heard, supporter: supporters.Supporter, now: datetime) -> Turn:
        person, role = heard.person, self._role_of(supporter)
        if role == "owner" and not supporter.known_to_team:
            await team.introduce(tx, person.id, person.name, now)
        if role is not None and await chat_menus.note_given(tx, person.id, now):
            await jobs.add(tx, team.MENU, {}, now, chat_id=person.id)
        (step, of_step), broadcast_id = read_step(supporter.step), supporter.draft.get(stored_draft.BROADCAST)
        asked_in, order = supporter.draft.get(stored_draft.LANGUAGE, of_step), supporter.draft.get(stored_draft.ORDER)
        signature, subscribed_in = await signatures.find_with_subscription(tx, person.id)
        needs = STEPS[step].needs if step else None
        draft = self._name_vault.seal_draft(stored_draft.drop_late(Draft.from_mapping(supporter.draft), now))
        if needs == "signature":
            may_stay = (
                signature is not None and draft.asked_at is not None and is_recent(draft.asked_at, now, QUESTIONS)
            )
        else:
            may_stay = needs is None or is_at_least(role, needs)
        status, signed_here = await petition_status.find_with_count(tx)
        guess = not supporter.language_chosen and person.language_code
        language = self._campaign.match(person.language_code) if guess else supporter.language
        language = self._campaign.find_offered(language)
        return Turn(
            tx=tx,
            now=now,
            person=person,
            campaign=self._campaign,
            status=status,
            signed_here=signed_here,
            bot_link=self.bot_link,
            _=self._find_translator(language, supporter),
            translators=self._translators,
            language=language,
            event=heard.event,
            name_vault=self._name_vault,
            share_codes=self._share_codes,
            offers_chats=self.offers_chats,
            configured_owners=self._team.configured_owners if self._team else frozenset(),
            team=replace(self._team, role=role) if self._team and role else None,
            known_to_team=supporter.known_to_team or role is not None,
            step=step if may_stay else None,
            broadcast_id=broadcast_id if isinstance(broadcast_id, int) else None,
            interrupted=bool(supporter.draft.get(stored_draft.INTERRUPTED)),
            typed=typed if isinstance(typed := supporter.draft.get(stored_draft.TYPED), str) else None,
            writing_language=asked_in if isinstance(asked_in, str) else None,
            order=order if isinstance(order, str) else "",
            draft=draft,
            source=supporter.source,
            signature=signature,
            subscription_language=subscribed_in and self._campaign.find_offered(subscribed_in),
            passed_human_check=supporter.passed_human_check,
            must_wait=self._withdrawals.is_over_limit(person.id),
            after_signing=supporter.after_signing,
            is_expired=supporter.step == supporters.EXPIRED,
        )

    def _guess_translator(self, person: Person) -> Translator:
        return self._translators[self._campaign.match(person.language_code)]

    def _find_translator(self, language: Language, supporter: supporters.Supporter) -> Translator:
        """Return the translator for a person. Members of the team see hours in their own zone, or the campaign's."""
        _ = self._translators[language]
        is_member = self._role_of(supporter) is not None
        return _.in_zone(read_zone(supporter.zone) or self._campaign.zone) if is_member else _

    def _role_of(self, supporter: supporters.Supporter) -> Role | None:
        if self._team is None:
            return None
        return "owner" if supporter.id in self._team.configured_owners else supporter.role

    async def _switch_language(self, turn: Turn, supporter: supporters.Supporter, action: str) -> Turn:
        verb, _, language = callbacks.read(action)
        if verb not in (callbacks.CHOOSE_LANGUAGE, callbacks.HOME) or language not in self._campaign.languages:
            return turn
        await supporters.choose_language(turn.tx, turn.person.id, language, turn.now)
        return replace(turn, language=language, _=self._find_translator(language, supporter))


async def _mark_blocked(tx: Transaction, supporter_id: int, now: datetime) -> None:
    await supporters.mark_blocked(tx, supporter_id, now)
    await subscriptions.end(tx, supporter_id, "blocked", now)
