"""One signature, which an owner finds by its number: shown, excluded with a reason, and counted again."""

from markupsafe import Markup

from chatbot.conversation.audit import note, tell_others
from chatbot.conversation.organizer.records.counting import note_question, show
from chatbot.conversation.organizer.team.roster import find_name
from chatbot.conversation.turn import Reply, Turn
from chatbot.petition.job import JobDetails
from chatbot.petition.review.filter import ReviewFilter
from chatbot.petition.sealing.envelope import is_sealed
from chatbot.screens.callbacks import read_number, split
from chatbot.screens.organizer import menu as menu_screens
from chatbot.screens.organizer.records import one_signature as screens
from chatbot.screens.organizer.records import review as review_screens
from chatbot.screens.organizer.records import review_conditions as condition_screens
from chatbot.storage.organizer.review import set_asides
from chatbot.storage.people import confirmations, signatures
from chatbot.storage.people.signatures import Signature


async def show_card(turn: Turn, number: int, hint: Markup | None = None) -> Reply:
    """Show the signature with this number, and note the question."""
    if not turn.is_owner:
        return show(turn, menu_screens.may_not(turn._, "owner"))
    await note_question(turn, ReviewFilter(number=number))
    found = await signatures.find_by_number(turn.tx, number)
    if found is None:
        return _ask_number(turn, number)
    return show(turn, screens.show(turn._, await _read_card(turn, found), hint))


async def press(turn: Turn, what: str, argument: str) -> Reply:
    """Carry out a button: `one`, `exclude` or `again` with a number, or `count:<number>:<code>`."""
    written, code = split(argument, 2)
    number = read_number(written)
    if what == "one" or not turn.is_owner:
        return await show_card(turn, number)
    found = await signatures.find_by_number(turn.tx, number)
    if found is None:
        return _ask_number(turn, number)
    if what == "exclude" and found.counts:
        await set_asides.create_counted(turn.tx, turn.person.id, number, turn.now)
        return Reply(review_screens.ask_reason(turn._, for_one=True), "review_reason", turn.draft)
    if what == "again" and found.set_aside_id is not None:
        code = await confirmations.ask(turn.tx, turn.person.id, _about(found), turn.now)
        return show(turn, screens.confirm_again(turn._, number, code))
    if what == "count" and found.set_aside_id is not None:
        return await _count_again(turn, found, found.set_aside_id, code)
    return await _show_unchanged(turn, found)


async def _count_again(turn: Turn, found: Signature, set_aside_id: int, code: str) -> Reply:
    one = await set_asides.find(turn.tx, set_aside_id)
    taken = await confirmations.take(turn.tx, code, turn.person.id, _about(found), turn.now)
    if not taken or one is None or not await set_asides.restore_one(turn.tx, set_aside_id, found.number):
        return await _show_unchanged(turn, found)
    await note(turn, "doubts.one_back")
    known: JobDetails = {
        "what": "one_back",
        "id": set_aside_id,
        "by": await find_name(turn),
        "reason": one.reason,
        "count": 0,
    }
    await tell_others(turn, "set_aside", known)
    after = await signatures.find_by_number(turn.tx, found.number) or found
    return show(turn, screens.show(turn._, await _read_card(turn, after), screens.counts_again(turn._)))


async def _show_unchanged(turn: Turn, found: Signature) -> Reply:
    found = await signatures.find_by_number(turn.tx, found.number) or found  # a colleague may have been first
    return show(turn, screens.show(turn._, await _read_card(turn, found), review_screens.used_up(turn._)))


def _ask_number(turn: Turn, number: int) -> Reply:
    problem = screens.not_found(turn._, number)
    return Reply(condition_screens.ask_number(turn._, problem), "review_conditions", turn.draft)


async def _read_card(turn: Turn, found: Signature) -> screens.SignatureCard:
    one = await set_asides.find(turn.tx, found.set_aside_id) if found.set_aside_id is not None else None
    return screens.SignatureCard(
        number=found.number,
        name=None if is_sealed(found.name) else found.name,
        country=found.country,
        signed_at=found.signed_at,
        may_be_named=found.named_at is not None,
        set_aside_id=found.set_aside_id,
        reason=one.reason if one else None,
    )


def _about(found: Signature) -> str:
    return f"doubts:again:{found.number}:{found.set_aside_id}"
