"""Hearing an update: one transaction from what is known of the supporter to what is kept of the turn.

Nothing is spoken in here. The answer is returned once the turn is committed, and the transport speaks it then.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from chatbot.conversation import browsing, desk, editing, forgetting
from chatbot.conversation.questions import ask
from chatbot.conversation.repeats import Repeats
from chatbot.conversation.sealing import Closes, Sealing
from chatbot.conversation.signing import begin, thank
from chatbot.conversation.steps import BUTTONS, COMMANDS, DESK_BUTTONS, DESK_COMMANDS, STEPS
from chatbot.conversation.thanking import congratulate
from chatbot.conversation.turn import (
    Answer,
    Desk,
    Edited,
    Elsewhere,
    Event,
    Heard,
    Left,
    Place,
    Pressed,
    Reply,
    Returned,
    Said,
    Sent,
    Turn,
    is_change,
    is_question,
    is_task,
)
from chatbot.conversation.whereabouts import here
from chatbot.i18n import Translator
from chatbot.petition.draft import Draft
from chatbot.petition.model import LANGUAGES, Campaign, Language, guess_language
from chatbot.petition.team import Role, reaches
from chatbot.screens import actions, signing, telling
from chatbot.storage import Database, Transaction, course, received, signatures, subscriptions, supporters, team

_IDLE = "idle"
_SIGNING = (actions.choose(actions.CHECK, actions.SIGN), actions.choose(actions.HUMAN, ""))
_AT_HAND = "broadcast"
"""Kept with the draft of a signature: which broadcast an organizer is writing."""


class Dialog:
    """Hears one update at a time for each supporter; any number of supporters at once."""

    def __init__(
        self,
        database: Database,
        campaign: Campaign,
        translators: Mapping[str, Translator],
        bot_link: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        desk: Desk | None = None,
        seal: Closes | None = None,
    ) -> None:
        """`bot_link` is `https://t.me/<bot>`; `clock` gives aware moments.

        Without a `desk` there is no team; with a `seal` names and reasons are sealed before they are kept.
        """
        self._database = database
        self._campaign = campaign
        self._translators = translators
        self.bot_link = bot_link
        """May change at any time, by @BotFather."""
        self._clock = clock
        self._desk = desk
        self._sealing = Sealing(seal)
        self._repeats = Repeats()

    async def hear(self, heard: Heard) -> Answer | None:
        """Carry one update through, commit it, and return what to say; None is silence.

        Raises `DatabaseUnavailable` when nothing was kept and the update should come again.
        """
        if isinstance(heard.event, Elsewhere):
            _ = self._translators[guess_language(heard.person.language_code)]
            screen = telling.come_over(_, self.bot_link)
            return Answer(heard.event.chat_id, screen, query_id=heard.event.query_id)
        now = self._clock()

        async def work(tx: Transaction) -> tuple[Reply | None, Role | None]:
            return await self._take(tx, heard, now)

        reply, role = await self._database.transact(work)
        if reply is None:
            # Silence, but a tap is acknowledged all the same, or its button spins.
            return Answer(heard.person.id, query_id=heard.event.query_id) if isinstance(heard.event, Pressed) else None
        if reply.erased or reply.took_back or reply.lets_go:
            await self._database.scrub()
        if reply.took_back:
            self._repeats.note(heard.person.id)
        return replace(reply.address(heard), greets=role)

    async def part_with(self, supporter_id: int) -> None:
        """Telegram says that this person cannot be reached any more: no updates until they come back."""
        now = self._clock()
        await self._database.transact(lambda tx: _part(tx, supporter_id, now))

    def apologise(self, heard: Heard) -> Answer:
        """What to say where a fault of ours stopped a turn; nothing where nobody is waiting for a word."""
        if isinstance(heard.event, Left | Returned | Elsewhere):
            return Answer(heard.person.id)
        _ = self._translators[guess_language(heard.person.language_code)]
        query_id = heard.event.query_id if isinstance(heard.event, Pressed) else None
        # A new message: whatever they were looking at stays there for another try.
        return Answer(heard.person.id, telling.apologise(_), query_id=query_id)

    def calm(self, heard: Heard) -> Answer:
        """What to say to somebody who says too much too fast; what they said is not carried out."""
        _ = self._translators[guess_language(heard.person.language_code)]
        if isinstance(heard.event, Pressed):
            return Answer(heard.person.id, query_id=heard.event.query_id, notice=telling.too_fast(_))
        return Answer(heard.person.id, telling.slow_down(_))

    async def _take(self, tx: Transaction, heard: Heard, now: datetime) -> tuple[Reply | None, Role | None]:
        person, event = heard.person, heard.event
        is_new = await received.note(tx, heard.update_id, now)
        if is_new and not isinstance(event, Left | Returned | Edited) and not forgetting.is_wanted(event):
            supporter = await supporters.meet(tx, person.id, language=guess_language(person.language_code), now=now)
        elif met := await supporters.meet_again(tx, person.id, now=now):
            supporter = met
        else:
            # Nobody we know, or not any more: nothing is kept of them.
            _ = self._translators[guess_language(person.language_code)]
            if not forgetting.is_wanted(event):
                return None, None
            return await forgetting.tell_stranger(tx, person.id, _, event), None
        if isinstance(event, Left):
            await _part(tx, person.id, now)
            return None, None
        if supporter.blocked:
            await supporters.mark_returned(tx, person.id)
        if isinstance(event, Returned):
            return None, None
        if not is_new and supporter.last_update_id != heard.update_id:
            # Delivered twice, and they have gone on since: a later answer stands already.
            return None, None
        turn = await self._know(tx, heard, supporter, now)
        if isinstance(event, Pressed):
            turn = await self._speak(turn, event.action)
        await congratulate(turn, self._campaign.carried_over + turn.signed_here)
        reply = await _carry_out(turn, event) if is_new else await _repeat(turn, event)
        if reply.erased:
            return reply, None
        await supporters.place(
            tx,
            person.id,
            step=reply.place or _IDLE,
            draft=reply.draft.to_mapping() | ({_AT_HAND: reply.at_hand} if reply.at_hand else {}),
            update_id=heard.update_id,
            now=now,
            newly=[each for each in reply.milestones if each not in supporter.reached],
        )
        return replace(reply, lets_go=forgetting.lets_go(turn.draft, reply)), turn.desk.role if turn.desk else None

    async def _know(self, tx: Transaction, heard: Heard, supporter: supporters.Supporter, now: datetime) -> Turn:
        person, role = heard.person, self._role_of(supporter)
        if role == "owner" and not supporter.known_to_team:
            await team.introduce(tx, person.id, person.name, now)
        place, at_hand = _place(supporter.step), supporter.draft.get(_AT_HAND)
        signature = await signatures.find(tx, person.id)
        may_stay = reaches(role, STEPS[place].needs) if place and is_task(place) else not is_change(place) or signature
        place = place if may_stay else None
        subscription = await subscriptions.find(tx, person.id)
        standing, signed_here = await course.find_with_count(tx)
        guess = not supporter.language_chosen and person.language_code
        language = guess_language(person.language_code) if guess else supporter.language
        return Turn(
            tx=tx,
            now=now,
            person=person,
            campaign=self._campaign,
            course=standing,
            signed_here=signed_here,
            bot_link=self.bot_link,
            _=self._translators[language],
            translators=self._translators,
            language=language,
            event=heard.event,
            sealing=self._sealing,
            named=self._desk.organizers if self._desk else frozenset(),
            desk=replace(self._desk, role=role) if self._desk and role else None,
            known_to_team=supporter.known_to_team or role is not None,
            place=place,
            at_hand=at_hand if isinstance(at_hand, int) else None,
            draft=Draft.from_mapping(supporter.draft),
            source=supporter.source,
            signature=signature,
            updates=subscription.language if subscription else None,
            proved=supporter.proved,
            rests=self._repeats.is_too_often(person.id),
        )

    def _role_of(self, supporter: supporters.Supporter) -> Role | None:
        if self._desk is None:
            return None
        return "owner" if supporter.id in self._desk.organizers else supporter.role

    async def _speak(self, turn: Turn, action: str) -> Turn:
        language = _chosen_language(action)
        if language is None:
            return turn
        await supporters.choose_language(turn.tx, turn.person.id, language, turn.now)
        return replace(turn, language=language, _=self._translators[language])


async def _carry_out(turn: Turn, event: Event) -> Reply:
    match event:
        case Said(command=str(command), payload=payload):
            if handler := COMMANDS.get(command):
                return await handler(turn, payload)
            wanted = DESK_COMMANDS.get(command)
            return await desk.let(turn, wanted, payload) if wanted else browsing.lost(turn)
        case Said(text=text):
            return await _answer_question(turn, text)
        case Edited(said=said):
            return await editing.take(turn, said)
        case Pressed(action=action):
            return await _press(turn, action)
        case Sent(caption=caption) if turn.place and not is_question(turn.place):
            return await STEPS[turn.place].hear(turn, caption)
        case Sent() if turn.place and not turn.is_open:
            return await begin(turn, "")
        case Sent() if turn.place:
            return Reply.staying(turn, ask(turn, signing.words_please(turn._)))
    return browsing.lost(turn)


async def _repeat(turn: Turn, event: Event) -> Reply:
    """Answer the update that brought them here once more, changing nothing.

    What may be said at any time has the same effect twice as once; an answer to a question has had its effect.
    """
    match event:
        case Said(command=None) | Edited() | Sent() if turn.place:
            return await here(turn)
        case Pressed(action=action) if _step_of(action):
            return await _left_behind(turn, action, notice=False)
    return await _carry_out(turn, event)


async def _answer_question(turn: Turn, text: str) -> Reply:
    if turn.place is None:
        return browsing.lost(turn)
    if is_question(turn.place) and (turn.signature is not None or not turn.is_open):
        return await begin(turn, "")
    return await STEPS[turn.place].hear(turn, text)


async def _press(turn: Turn, action: str) -> Reply:
    verb, _, argument = action.partition(":")
    if verb == actions.SPEAK:
        return await here(turn)
    if handler := BUTTONS.get(verb):
        return await handler(turn, argument)
    if wanted := DESK_BUTTONS.get(verb):
        return await desk.let(turn, wanted, argument)
    step = _step_of(action)
    if step is None:
        return browsing.lost(turn)
    if step != turn.place:
        return await _left_behind(turn, action, notice=True)
    if is_question(step) and not turn.is_open:
        return await begin(turn, "")
    return await STEPS[step].choose(turn, action.partition(".")[2])


async def _left_behind(turn: Turn, action: str, *, notice: bool) -> Reply:
    """A button of a step already left: show where they are. The one that made the signature thanks once more."""
    if turn.signature and turn.place is None and action.startswith(_SIGNING):
        return thank(turn)
    return replace(await here(turn), notice=telling.step_is_done(turn._) if notice else None)


async def _part(tx: Transaction, supporter_id: int, now: datetime) -> None:
    await supporters.mark_blocked(tx, supporter_id, now)
    await subscriptions.end(tx, supporter_id, "blocked", now)


def _place(step: str) -> Place | None:
    return next((place for place in STEPS if place == step), None)


def _step_of(action: str) -> Place | None:
    return _place(action.partition(".")[0]) if "." in action else None


def _chosen_language(action: str) -> Language | None:
    verb, _, spoken = action.partition(":")
    return next((each for each in LANGUAGES if each == spoken), None) if verb in (actions.SPEAK, actions.HOME) else None
