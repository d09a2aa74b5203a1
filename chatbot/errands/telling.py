"""Telling the team: one errand becomes one for each of them, and each of those a message."""

import logging

from chatbot.errands.office import Office
from chatbot.petition.errand import Errand
from chatbot.petition.team import read_role, who_reach
from chatbot.screens import notices
from chatbot.storage import Transaction, errands, team

logger = logging.getLogger(__name__)


async def spread(errand: Errand, office: Office) -> None:
    """Write an errand for everybody who is to be told, in the transaction that ends this one: nobody twice."""
    details = {name: value for name, value in errand.details.items() if name not in ("needs", "but")}
    needs, but = read_role(str(errand.details["needs"])) or "owner", errand.details["but"]
    now = office.clock()

    async def work(tx: Transaction) -> None:
        if await errands.remove(tx, errand.id):
            members = await team.find_members(tx, office.organizers)
            for member in who_reach(members, needs, but=but if isinstance(but, int) else None):
                await errands.add(tx, errands.NOTICE, details, now, for_id=member.id)

    await office.database.transact(work)


async def tell(errand: Errand, office: Office) -> None:
    """Show one of the team a notice, in their language."""
    assert errand.for_id is not None  # `spread` names them
    screen = notices.write(await office.speak_to(errand.for_id), str(errand.details["notice"]), errand.details)
    if await office.courier.show(errand.for_id, screen) is None:
        logger.warning("one of the team cannot be told anything: they have left the chat or never opened it")
