"""Counts the signatures that match a review filter, sets them aside or restores them, in batches.

A crash between two batches loses nothing: the progress is stored with the set-aside, and the job is repeated.
"""

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Final

from chatbot.i18n import Translator
from chatbot.jobs.context import JobContext
from chatbot.petition.job import Job, RetryLaterError
from chatbot.petition.review.filter import SetAside
from chatbot.petition.rounding import round_down
from chatbot.petition.team import list_at_least
from chatbot.screens import times
from chatbot.screens.organizer.records import review as screens
from chatbot.screens.organizer.records import review_conditions as condition_screens
from chatbot.screens.screen import Screen
from chatbot.storage import Transaction
from chatbot.storage.organizer import audit_log, jobs, team
from chatbot.storage.organizer.review import set_asides, signals
from chatbot.storage.people import counters, signatures
from chatbot.storage.people.signatures import Signature

EVERY: Final = 3.0
"""Seconds between two edits of the progress message."""
LOST: Final = 2
"""Uneditable messages after which no new one shows the progress, only the result."""
_LOOKED_AT: Final = 2_000
_LISTED: Final = 5
"""Signatures with a name that an owner can open."""


async def carry_out(job: Job, context: JobContext) -> None:
    """Do the next step, until it is finished or somebody stops it."""
    assert job.chat_id is not None  # the requester is named
    one = await _find(job, context)
    if one is None:
        return
    if one.state in ("asked", "counted"):
        # Counted already: a crash came before the count was shown, or before that was noted.
        await _count(job, context, one)
        return
    period = await context.database.read_snapshot(set_asides.find_range, one.review_filter)
    shown_at = float("-inf")
    while one is not None and one.state in ("running", "restoring"):
        one = await context.database.transact(_advance, job, context, period)
        if one is None or one.state not in ("running", "restoring"):
            break  # shown below, once: a second edit could replace what the reader has opened there by then
        if asyncio.get_running_loop().time() - shown_at >= EVERY:
            shown_at = asyncio.get_running_loop().time()
            with suppress(RetryLaterError):  # the progress message can wait; the work goes on
                await _show(job, context, await _write(one, job.chat_id, context), on_the_way=True)
    if (ended := await _find(job, context)) is not None:
        await _show(job, context, await _write(ended, job.chat_id, context))


async def _write(one: SetAside, member_id: int, context: JobContext) -> Screen:
    """Write how a set-aside stands; owners see which name or number it means."""
    _ = await context.speak_to(member_id)
    names, here, is_owner = await context.database.transact(_read_state, one, member_id, context)
    number = one.review_filter.number if is_owner else None
    totals = screens.Totals(here, context.campaign.carried_over)
    return screens.show_set_aside(_, one, names, totals, number=number or None)


async def _read_state(
    tx: Transaction, one: SetAside, member_id: int, context: JobContext
) -> tuple[dict[str, str], int, bool]:
    is_owner = await _is_owner(tx, member_id, context)
    names = await _find_names(tx, one) if is_owner else {}
    return names, await counters.read(tx, counters.SIGNATURES), is_owner


async def _is_owner(tx: Transaction, member_id: int, context: JobContext) -> bool:
    owners = list_at_least(await team.find_members(tx, context.configured_owners), "owner")
    return member_id in {each.id for each in owners}


async def _find_names(tx: Transaction, one: SetAside) -> dict[str, str]:
    hashed, name = one.review_filter.name, await set_asides.find_name(tx, one)
    return {hashed: name} if hashed and name else {}


async def _advance(tx: Transaction, job: Job, context: JobContext, period: tuple[int, int]) -> SetAside | None:
    """Process one batch. The last one also records and announces the result, in the same transaction."""
    set_aside_id, now = int(job.details["id"] or 0), context.clock()
    one = await set_asides.set_aside_some(tx, set_aside_id, *period) or await set_asides.restore_some(tx, set_aside_id)
    if one is None:
        return None
    if one.state in ("done", "restored"):
        told = {"what": one.state, "id": one.id, "by": job.details["by"], "reason": one.reason, **one.told_count}
        await jobs.tell(tx, "set_aside", told, now, but=job.chat_id)
        await audit_log.add(tx, job.chat_id or one.made_by, f"doubts.{one.state}", now, count=round_down(one.done))
    else:
        await jobs.keep_progress(tx, job.id, job.progress)
    return one


async def _count(job: Job, context: JobContext, one: SetAside) -> None:
    begin, end = await context.database.read_snapshot(set_asides.find_range, one.review_filter)
    found, last_number, first = 0, min(one.last_number, end - 1), list[Signature]()
    while begin <= last_number:
        some, searched_to = await context.database.read_snapshot(
            set_asides.list_matching, one.review_filter, begin, last_number, _LOOKED_AT
        )
        found += len(some)
        first += [signatures.read_row(row) for row in some[: _LISTED - len(first)]]
        begin = searched_to + 1
    assert job.chat_id is not None  # the requester is named
    _ = await context.speak_to(job.chat_id)
    screen = await context.database.transact(_note_count, one, found, first, job.chat_id, context, _)
    if screen is not None:
        await _show(job, context, screen)


async def _note_count(
    tx: Transaction,
    one: SetAside,
    found: int,
    first: list[Signature],
    member_id: int,
    context: JobContext,
    _: Translator,
) -> Screen | None:
    example = first[0].number if first else None
    if not await set_asides.note_count(tx, one.id, found, example):
        return None
    is_owner = await _is_owner(tx, member_id, context)
    seen = await signals.find_seen(tx, one.review_filter, context.clock() - signals.KEPT)
    counted = replace(one, found=found, example=example)
    total = await counters.read(tx, counters.SIGNATURES)
    may = counted.can_be_set_aside(seen, is_owner=is_owner)
    names = await _find_names(tx, counted) if is_owner else {}
    listed = [_list(_, each) for each in first] if is_owner and one.review_filter.name else []
    return condition_screens.counted(_, counted, total, seen, names, listed, may=may, is_owner=is_owner)


def _list(_: Translator, one: Signature) -> condition_screens.MatchingSignature:
    line = _.row([times.brief(_, one.signed_at), _.country(one.country)])
    return condition_screens.MatchingSignature(one.number, line)


async def _find(job: Job, context: JobContext) -> SetAside | None:
    return await context.database.transact(set_asides.find, int(job.details["id"] or 0))


async def _show(job: Job, context: JobContext, screen: Screen, *, on_the_way: bool = False) -> None:
    """Show the screen in the tapped message, or in a new one that is edited from then on.

    If messages cannot be edited, stop showing progress (`on_the_way`) after `LOST` of them.
    """
    assert job.chat_id is not None
    progress = dict(job.progress)
    lost = int(progress.get("lost") or 0)
    if on_the_way and lost >= LOST:
        return
    message_id = progress.get("message_id") or job.details["message_id"]
    shown = await context.chat_sender.show(job.chat_id, screen, message_id if isinstance(message_id, int) else None)
    if shown is not None and shown != message_id:
        job.progress["message_id"] = shown
        job.progress["lost"] = lost + (message_id is not None)
        await context.database.transact(jobs.keep_progress, job.id, job.progress)
