"""Signing: its questions, the answers to them, and the signature."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from chatbot.conversation.interface import SentMedia
from chatbot.conversation.milestones import announce_milestone
from chatbot.conversation.step_names import StepName, is_signing_step
from chatbot.conversation.supporter import home
from chatbot.conversation.supporter.questions import ask, fill_in, message_id, note_risk, profile_name, shown
from chatbot.conversation.turn import Handler, Reply, Step, Turn
from chatbot.petition.countries.find import ANSWERS, UNTOLD, find_country
from chatbot.petition.signing.answers import is_skip, parse_name
from chatbot.petition.signing.draft import Draft, Question
from chatbot.petition.signing.names import NameRefusedError
from chatbot.petition.signing.picture_question import PictureQuestion
from chatbot.petition.signing.reasons import ReasonRefusedError, read_reason
from chatbot.petition.text.characters import begins_like_command
from chatbot.screens import callbacks, refusals
from chatbot.screens.supporter import general, human_check, signed, signing
from chatbot.storage.organizer import petition_status
from chatbot.storage.people import signatures, supporters

_SAME_TAP: Final = timedelta(seconds=5)
"""A tap on Sign so soon after the signature belongs to the tap that signed: its answer is on the way."""


async def begin(turn: Turn, _argument: str) -> Reply:
    """Ask the open question or show the check, filled in, unless they have signed or signing has ended."""
    if turn.signature is not None:
        screen = signed.signed_already(turn._, turn.signature.number, turn.signature.signed_at, turn.reader)
        return Reply(screen, None, Draft())
    if not turn.is_open:
        return _closed(turn)
    if turn.must_wait:
        return _rest(turn)
    draft = fill_in(turn) if turn.draft == Draft() and turn.step is None else turn.draft
    began = replace(draft, began_at=turn.draft.began_at or int(turn.now.timestamp()))
    return _ask(turn, turn.step if is_signing_step(turn.step) else began.next_question, began)


async def take_up(turn: Turn) -> Reply:
    """Ask the open question again of somebody who left it and then typed: that is no answer to it."""
    if not turn.is_open:
        return _closed(turn)
    question = turn.draft.next_question
    told = signing.words_please(turn._) if isinstance(turn.event, SentMedia) else signing.not_taken(turn._)
    if question == "check":
        told = signing.tap_to_sign(turn._)
    return Reply(ask(turn.at(question, turn.draft), told), question, turn.draft)


async def cancel(turn: Turn, _argument: str) -> Reply:
    """Discard the unfinished signature, or say that there is none."""
    after = turn.at(None, Draft())
    screen = signed.cancelled if turn.question else signed.nothing_to_cancel
    return replace(Reply.staying(after, screen(after._, after.reader)), is_in_vain=turn.question is None)


# Typed answers.


async def hear_name(turn: Turn, text: str) -> Reply:
    """Take a typed name, or say what is wrong with it. What is hardly a name is asked about once."""
    if is_skip(text):
        return Reply.staying(turn, ask(turn, signing.needed(turn._)))
    turn = turn.at("name", replace(turn.draft, name_message=message_id(turn)))
    try:
        parsed = parse_name(text)
        name = turn.name_vault.seal(parsed.name)
        if not parsed.is_doubtful:
            return _go_on(turn, replace(turn.draft, name=name, doubtful_name=None))
        draft = replace(turn.draft, doubtful_name=name)
        return Reply(signing.ask_whether_name(turn._, parsed.name, draft, shown(turn).name), "name", draft)
    except NameRefusedError as refused:
        return Reply.staying(turn, ask(turn, refusals.name_refused(turn._, refused.problem, refused.signs)))


async def hear_country(turn: Turn, text: str) -> Reply:
    """Take a typed country if it is clear. Otherwise offer similar countries, or ask again with examples."""
    turn = turn.at("country", replace(turn.draft, country_message=message_id(turn)))
    match = find_country(text, turn.languages)
    if match.sure:
        return _go_on(turn, replace(turn.draft, country=match.sure))
    offers = match.offers or ((UNTOLD,) if is_skip(text) else ())
    if not offers:
        return Reply.staying(turn, ask(turn, signing.no_such_country(turn._)))
    question = signing.which_korea(turn._) if match.divided else signing.did_you_mean(turn._, offers)
    return Reply.staying(turn, signing.offer_countries(turn._, turn.draft, offers, question))


async def hear_reason(turn: Turn, text: str) -> Reply:
    """Take a typed reason, or say what is wrong with it."""
    if is_skip(text):
        return _go_on(turn, replace(turn.draft, reason=None, reason_message=None))
    turn = turn.at("reason", replace(turn.draft, reason_message=message_id(turn)))
    try:
        return _go_on(turn, replace(turn.draft, reason=turn.name_vault.seal(read_reason(text))))
    except ReasonRefusedError as refused:
        return Reply.staying(turn, ask(turn, refusals.reason_refused(turn._, refused.problem, refused.length)))


async def hear_check(turn: Turn, _text: str) -> Reply:
    """Show the check again: signing needs a tap."""
    turn = turn.at("check", note_risk(turn, turn.draft))
    return Reply.staying(turn, ask(turn, signing.tap_to_sign(turn._)))


# Tapped answers.


async def choose_name(turn: Turn, choice: str) -> Reply:
    """Take the name of the Telegram profile, or the typed one that was asked about, or go back."""
    draft, doubtful = replace(turn.draft, name_message=None, doubtful_name=None), turn.draft.doubtful_name
    if choice == callbacks.PROFILE and (profile := profile_name(turn)) is not None:
        return _go_on(turn, replace(draft, name=turn.name_vault.seal(profile)))
    if doubtful and choice == signing.doubtful_choice(turn.draft):
        return _go_on(turn, replace(draft, name=doubtful))
    if choice.startswith(callbacks.YES):  # in an old message, about another text
        return Reply.staying(turn, ask(turn))
    return await _go_back(turn, draft)


async def choose_country(turn: Turn, choice: str) -> Reply:
    """Take the country of the button, or go back."""
    draft = replace(turn.draft, country_message=None)
    return _go_on(turn, replace(draft, country=choice)) if choice in ANSWERS else await _go_back(turn, draft)


async def choose_reason(turn: Turn, choice: str) -> Reply:
    """Leave the reason out, or go back."""
    draft = replace(turn.draft, reason_message=None)
    return _go_on(turn, replace(draft, reason=None)) if choice == callbacks.SKIP else await _go_back(turn, draft)


async def _go_back(turn: Turn, draft: Draft) -> Reply:
    """Go back with the answers as they are: to the check once all are there, otherwise to the question before."""
    if turn.step == "name":
        return await home.home(turn.left, "") if draft.name is None else _go_on(turn, draft)
    return _ask(turn, "name" if draft.next_question == "country" else draft.next_question, draft)


async def choose_check(turn: Turn, choice: str) -> Reply:
    """Sign what the button was shown with, or go back to one of the questions."""
    match choice:
        case callbacks.NAME | callbacks.COUNTRY | callbacks.REASON:
            return _ask(turn, choice, turn.draft)
        case choice if choice in (signing.name_choice(named=True), signing.name_choice(named=False)):
            return _ask(turn, "check", replace(turn.draft, named=choice == signing.name_choice(named=True)))
        case shown if shown == signing.sign_choice(turn.draft):
            return await _sign(turn)
    return Reply.staying(turn, ask(turn))


# The human check.


async def hear_human(turn: Turn, text: str) -> Reply:
    """Take the typed name of a picture. The right one leads back to the check, since signing needs a tap."""
    picture_question = turn.draft.picture_question
    if picture_question is None:
        return _ask(turn, "check", turn.draft)
    if picture_question.is_resting(turn.now):
        return Reply.staying(turn, ask(turn, human_check.still_resting(turn._)))
    typed = picture_question.find_typed(text, human_check.find_words(turn.translators.values()))
    if typed is None:
        return Reply.staying(turn, ask(turn, human_check.tap_or_type(turn._)))
    if typed != picture_question.wanted:
        return _miss(turn, picture_question)
    passed = await _pass(turn)
    return Reply(ask(passed.at("check", passed.draft), human_check.right(turn._)), "check", passed.draft)


async def choose_human(turn: Turn, choice: str) -> Reply:
    """Sign after a tap on the right picture, or show other pictures. A button of earlier pictures does nothing."""
    picture_question = turn.draft.picture_question
    if picture_question is None or choice == callbacks.BACK:
        return _ask(turn, "check", turn.draft)
    tapped = picture_question.find_tapped(choice)
    if tapped is None:
        return Reply.staying(turn, ask(turn))
    if picture_question.is_resting(turn.now):
        return Reply.staying(turn, None, human_check.rest_notice(turn._))
    return await _sign(await _pass(turn)) if tapped == picture_question.wanted else _miss(turn, picture_question)


async def _pass(turn: Turn) -> Turn:
    await supporters.note_human(turn.tx, turn.person.id, turn.now)
    return replace(turn, draft=replace(turn.draft, picture_question=None), passed_human_check=True)


def _miss(turn: Turn, picture_question: PictureQuestion) -> Reply:
    if not turn.status.human.asks(turn.now):  # it was switched off meanwhile
        return _ask(turn, "check", replace(turn.draft, picture_question=None))
    another = picture_question.ask_again(turn.now)
    draft = replace(turn.draft, picture_question=another)
    told = human_check.rest(turn._) if another.is_resting(turn.now) else human_check.missed(turn._)
    return Reply(ask(turn.at("human", draft), told), "human", draft)


def _go_on(turn: Turn, draft: Draft) -> Reply:
    return _ask(turn, draft.next_question, draft)


def _ask(turn: Turn, question: Question, draft: Draft) -> Reply:
    draft = note_risk(turn, draft) if turn.step == "check" != question else draft
    return Reply(ask(turn.at(question, draft)), question, draft)


async def _sign(turn: Turn) -> Reply:
    draft = turn.draft
    if draft.next_question != "check" or draft.name is None or draft.country is None:
        return _go_on(turn, draft)
    if turn.must_wait:
        return _rest(turn)
    if turn.status.human.asks(turn.now) and not turn.passed_human_check:
        # The same pictures again until one is tapped, however often they go back and forth.
        return _ask(turn, "human", replace(draft, picture_question=draft.picture_question or PictureQuestion.draw()))
    signature = await signatures.add(
        turn.tx,
        supporter_id=turn.person.id,
        name=draft.name,
        country=draft.country,
        reason=draft.reason,
        named=draft.named,
        language=turn.language,
        source=turn.source,
        appeal_version=turn.campaign.appeal_version,
        first_number=turn.campaign.carried_over + 1,
        now=turn.now,
        seconds=draft.measure(turn.now),
    )
    # None: another process took their signature since this turn began. The answer is the same.
    signature = signature or await signatures.find(turn.tx, turn.person.id)
    if signature is None:  # it was closed since this turn began
        return _closed(replace(turn, status=await petition_status.find(turn.tx)))
    await announce_milestone(turn, turn.total + 1)
    return thank(replace(turn, step=None, draft=Draft(), signature=signature))


def _closed(turn: Turn) -> Reply:
    """Say that signing has ended. Their answers are kept, in case it is reopened."""
    return Reply.staying(turn.left, signed.ended(turn._, turn.reader))


def _rest(turn: Turn) -> Reply:
    return Reply.staying(turn.left, signed.rest(turn._))


def thank(turn: Turn) -> Reply:
    """Thank a signer with a receipt that stays, and ask about updates below it."""
    signature = turn.signature
    if signature is None:
        raise ValueError("there is no signature to thank for")
    name = turn.name_vault.recall(signature.name)
    receipt = signed.thank(turn._, name, signature.number, turn.words, signature.signed_at)
    then = signed.go_on(turn._, turn.reader, has_reason=signature.reason is not None)
    return Reply(receipt, None, Draft(), then=then, funnel_step="signed")


def thank_again(turn: Turn) -> Reply:
    """Answer a later tap on the button that signed with the thanks, in one message: it may be the hundredth tap."""
    reply = thank(turn)
    if turn.signature and abs(turn.now - turn.signature.signed_at) <= _SAME_TAP:
        return replace(reply, then=None, notice=signed.has_signed(turn._, turn.signature.number))
    return reply.in_one_message


def _step(hear: Handler, choose: Handler, *leads_to: str) -> Step:
    """Declare a question of signing, which takes answers only while there is something to sign."""

    async def hear_answer(turn: Turn, text: str) -> Reply:
        if turn.signature is not None or not turn.is_open:
            return await begin(turn, "")
        if isinstance(turn.event, SentMedia):
            return Reply.staying(turn, ask(turn, signing.words_please(turn._)))
        if begins_like_command(text):  # Telegram marks only Latin commands: `/취소` is nobody's name
            return Reply.staying(turn, ask(turn, general.unknown_command(turn._)))
        return await hear(turn, text)

    async def choose_answer(turn: Turn, choice: str) -> Reply:
        return await choose(turn, choice) if turn.is_open else await begin(turn, "")

    return Step(hear_answer, _ask_again, cancel, leads_to, choose_answer)


async def _ask_again(turn: Turn) -> Reply:
    return Reply.staying(turn, ask(turn)) if turn.is_open else await home.home(turn.left, "")


STEPS: Final[Mapping[StepName, Step]] = {
    "name": _step(hear_name, choose_name, "country", "check"),
    "country": _step(hear_country, choose_country, "name", "check"),
    "reason": _step(hear_reason, choose_reason, "check"),
    "check": _step(hear_check, choose_check, "name", "country", "reason", "human", "idle"),
    "human": _step(hear_human, choose_human, "check", "idle"),
}
