"""Counting the signatures that are meant, setting them aside and putting them back, batch by batch with its progress.

A crash between two batches loses nothing: how far it is stands with what was set aside, and the errand is begun anew.
"""

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Final

from chatbot.errands.office import Office
from chatbot.petition.doubt import SetAside
from chatbot.petition.errand import Errand, Later
from chatbot.petition.few import round_down
from chatbot.petition.team import who_reach
from chatbot.screens import doubting as screens
from chatbot.screens.screen import Screen
from chatbot.storage import Transaction, counters, errands, journal, set_asides, signals, team

EVERY: Final = 3.0
"""Seconds between two edits of the message that shows the progress."""
LOST: Final = 2
"""Messages that could not be edited, after which no more new ones tell how far it is: only the end does."""
_LOOKED_AT: Final = 2_000


async def carry_out(errand: Errand, office: Office) -> None:
    """Do whatever is next, up to its end, or until somebody stops it."""
    assert errand.for_id is not None  # somebody asked for it
    one = await _find(errand, office)
    if one is None:
        return
    if one.state == "asked":
        await _count(errand, office, one)
        return
    if one.state == "counted":
        return  # counted and shown before a crash; they go on from there
    suspicion = one.suspicion
    span = await office.database.look(lambda tx: set_asides.find_span(tx, suspicion))
    shown_at = float("-inf")
    while one is not None and one.state in ("running", "restoring"):
        one = await office.database.transact(lambda tx: _advance(tx, errand, office, span))
        if one is not None and asyncio.get_running_loop().time() - shown_at >= EVERY:
            shown_at = asyncio.get_running_loop().time()
            with suppress(Later):  # how far it is can wait; the work goes on
                screen = screens.standing(await office.speak_to(errand.for_id), one)
                await _show(errand, office, screen, on_the_way=True)
    if (ended := await _find(errand, office)) is not None:
        await _show(errand, office, screens.standing(await office.speak_to(errand.for_id), ended))


async def _advance(tx: Transaction, errand: Errand, office: Office, span: tuple[int, int]) -> SetAside | None:
    """One batch. With the last one its end is noted and told, in the same transaction."""
    set_aside_id, now = int(errand.details["id"] or 0), office.clock()
    one = await set_asides.set_aside_some(tx, set_aside_id, *span) or await set_asides.restore_some(tx, set_aside_id)
    if one is None:
        return None
    if one.state in ("done", "restored"):
        count = round_down(one.done)
        told = {"what": one.state, "id": one.id, "by": errand.details["by"], "reason": one.reason, "count": count}
        await errands.tell(tx, "set_aside", told, now, but=errand.for_id)
        await journal.note(tx, errand.for_id or one.made_by, f"doubts.{one.state}", now, count=count)
    else:
        await errands.keep_progress(tx, errand.id, errand.progress)
    return one


async def _count(errand: Errand, office: Office, one: SetAside) -> None:
    begin, end = await office.database.look(lambda tx: set_asides.find_span(tx, one.suspicion))
    found, last_number = 0, min(one.last_number, end - 1)
    while begin <= last_number:

        async def look(tx: Transaction, begin: int = begin) -> tuple[int, int]:
            rows, looked_to = await set_asides.list_meant(tx, one.suspicion, begin, last_number, _LOOKED_AT)
            return len(rows), looked_to

        some, looked_to = await office.database.look(look)
        found += some
        begin = looked_to + 1

    async def keep(tx: Transaction) -> Screen | None:
        if not await set_asides.note_count(tx, one.id, found):
            return None
        owners = who_reach(await team.find_members(tx, office.organizers), "owner")
        is_owner = errand.for_id in {each.id for each in owners}
        seen = await signals.find_seen(tx, one.suspicion, office.clock() - signals.KEPT)
        counted, total = replace(one, found=found), await counters.read(tx, counters.SIGNATURES)
        may = counted.can_be_set_aside(seen, is_owner=is_owner)
        return screens.counted(_, counted, total, seen, may=may, is_owner=is_owner)

    assert errand.for_id is not None  # somebody asked for it
    _ = await office.speak_to(errand.for_id)
    screen = await office.database.transact(keep)
    if screen is not None:
        await _show(errand, office, screen)


async def _find(errand: Errand, office: Office) -> SetAside | None:
    return await office.database.transact(lambda tx: set_asides.find(tx, int(errand.details["id"] or 0)))


async def _show(errand: Errand, office: Office, screen: Screen, *, on_the_way: bool = False) -> None:
    """Show it over the message that was tapped, or in one of its own that is edited from then on.

    Where messages cannot be edited, after `LOST` of them the next one stays as it is `on_the_way`.
    """
    assert errand.for_id is not None
    progress = dict(errand.progress)
    lost = int(progress.get("lost") or 0)
    if on_the_way and lost >= LOST:
        return
    message_id = progress.get("message_id") or errand.details["message_id"]
    shown = await office.courier.show(errand.for_id, screen, message_id if isinstance(message_id, int) else None)
    if shown is not None and shown != message_id:
        errand.progress["message_id"] = shown  # type: ignore[index]
        errand.progress["lost"] = lost + (message_id is not None)  # type: ignore[index]
        await office.database.transact(lambda tx: errands.keep_progress(tx, errand.id, errand.progress))
