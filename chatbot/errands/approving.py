"""Asking a second organizer: the letters exactly as they will arrive, and the question below them."""

from dataclasses import dataclass

from chatbot.errands.office import Office
from chatbot.petition.broadcast import Broadcast
from chatbot.petition.errand import Errand
from chatbot.petition.model import Language
from chatbot.petition.team import who_reach
from chatbot.screens import approving as screens
from chatbot.screens.letter import letters
from chatbot.storage import Transaction, approvals, broadcasts, team


@dataclass(frozen=True, slots=True)
class _Question:
    broadcast: Broadcast
    asker: str
    recipients: dict[Language, int]


async def ask(errand: Errand, office: Office) -> None:
    """Ask one organizer, unless it was changed or approved meanwhile, or they are none any more."""
    member_id = errand.for_id
    assert member_id is not None  # whoever asks names them

    async def find(tx: Transaction) -> _Question | None:
        members = who_reach(await team.find_members(tx, office.organizers), "organizer")
        broadcast = await broadcasts.find(tx, int(errand.details["broadcast"] or 0))
        if broadcast is None or broadcast.revision != errand.details["revision"] or broadcast.started_at:
            return None
        approval = await approvals.find(tx, broadcast)
        if approval is None or approval.approved_by or member_id not in {member.id for member in members}:
            return None
        names = await team.find_names(tx)
        people = await approvals.count_recipients(tx, broadcast)
        return _Question(broadcast, names.get(approval.asked_by, ""), people)

    question = await office.database.transact(find)
    if question is None:
        return
    _ = await office.speak_to(member_id)
    for letter in letters(office.translators, question.broadcast).values():
        if await office.courier.show(member_id, letter) is None:
            return
    await office.courier.show(member_id, screens.ask(_, question.broadcast, question.asker, question.recipients))
