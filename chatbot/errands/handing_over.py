"""Making a document somebody asked for, and sending it to their chat."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from chatbot.documents.table import name_parts
from chatbot.errands.office import Office
from chatbot.petition.errand import Errand, Later
from chatbot.petition.order import Order
from chatbot.petition.team import who_reach
from chatbot.screens import exporting
from chatbot.storage import Transaction, team

logger = logging.getLogger(__name__)

KIND: Final = "document"
TRIES: Final = 3
"""How often a file is sent when nobody knows whether it arrived."""


async def hand_over(errand: Errand, office: Office) -> None:
    """Make it and send it, all its files in order; whoever asked has been told that it takes a moment."""
    assert errand.for_id is not None  # documents are made for somebody
    chat, order = errand.for_id, Order.from_details(errand.details)
    if not await _may_have_it(chat, office):
        logger.warning("a document was not made: whoever asked for it is no owner any more")
        return
    _ = await office.speak_to(chat)
    async with office.folder.open() as folder:
        made = await office.make(order, folder)
        if not made.rows:
            await office.courier.show(chat, exporting.nothing_there(_))
            return
        day = office.clock().astimezone(_.zone)
        names = name_parts(f"{order.what}-{day:%Y-%m-%d}", order.format, len(made.files))
        for nth, (file, name) in enumerate(zip(made.files, names, strict=True), 1):
            caption = exporting.caption(_, order, made.rows, office.clock(), nth, len(names), sealed=office.seals)
            if await _insist(partial(office.courier.send_file, chat, file, name, caption)) is None:
                return  # they have left the chat


async def _may_have_it(person_id: int, office: Office) -> bool:
    async def work(tx: Transaction) -> bool:
        owners = who_reach(await team.find_members(tx, office.organizers), "owner")
        return person_id in {owner.id for owner in owners}

    return await office.database.transact(work)


async def _insist(send: Callable[[], Awaitable[str | None]]) -> str | None:
    """Send until it has arrived: begun anew, the whole errand would send again what has arrived already."""
    unsure = 0
    while True:
        try:
            return await send()
        except Later as later:
            unsure += later.unsure
            if unsure >= TRIES:
                raise
            await asyncio.sleep(later.seconds)
