"""Corrections: edit a sent broadcast in every chat that has it, or recall it."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from chatbot.conversation.audit import note_broadcast
from chatbot.conversation.organizer.broadcasts.preview import ask_post, review, show
from chatbot.conversation.turn import Reply, Turn
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.screens.organizer.broadcasts import correcting as screens
from chatbot.screens.organizer.broadcasts import launching, progress
from chatbot.storage.broadcasts import broadcasts, deliveries, drafts, following, lifecycle

DELETABLE: Final = timedelta(hours=48)
"""How long a bot may delete its own messages. https://core.telegram.org/bots/api#deletemessage"""


async def correct(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Begin a correction, or continue its draft."""
    if not await _was_delivered(turn, broadcast):
        return await show(turn, broadcast, progress.too_late(turn._))
    draft = await broadcasts.find_draft(turn.tx, turn.person.id, broadcast.id)
    if draft is None or draft.of_id != broadcast.id:
        draft = await drafts.create(turn.tx, turn.person.id, turn.now, kind="correction", of=broadcast)
        # Read again after `create`, whose counter makes a recall at the same moment wait, or this wait for it.
        broadcast = await broadcasts.get(turn.tx, broadcast.id)
        if broadcast.recalled_at is not None:
            await drafts.discard(turn.tx, draft.id)
            return await show(turn, broadcast, progress.too_late(turn._))
    if len(draft.posts) == 1 and draft.posts == broadcast.posts:
        # Below the report, which stays as it is.
        return replace(await ask_post(turn, draft, draft.list_written(turn.campaign)[0]), below=True)
    return await review(turn, draft)


async def ask_recall(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Ask for confirmation before the recall."""
    if broadcast.started_at is None or not await _was_delivered(turn, broadcast):
        return await show(turn, broadcast, progress.too_late(turn._))
    tally = await deliveries.tally(turn.tx, broadcast.id)
    latest = await broadcasts.find_addition(turn.tx, broadcast.id) or broadcast
    too_old = latest.started_at is not None and turn.now > latest.started_at + DELETABLE
    lost = len(await _list_lost(turn, broadcast))
    return Reply.staying(turn, screens.ask_recall(turn._, broadcast, tally, too_old=too_old, lost=lost))


async def recall(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Recall it, once."""
    draft = await drafts.create(turn.tx, turn.person.id, turn.now, kind="recall", of=broadcast)
    # Read again after `create`, whose counter makes two organizers who tap at once wait for each other.
    now = await broadcasts.get(turn.tx, broadcast.id)
    can_recall = await _was_delivered(turn, now)
    lost = await _list_lost(turn, now) if can_recall else []
    for each in lost:
        await following.close_requests(turn.tx, turn.now, each.id)
    if not can_recall or not await lifecycle.start(turn.tx, draft.id, draft.revision, turn.person.id, turn.now):
        await drafts.discard(turn.tx, draft.id)
        return await show(turn, now, progress.too_late(turn._))
    await note_broadcast(turn, "broadcast.recalled", broadcast)
    for each in lost:
        await note_broadcast(turn, "broadcast.discarded", each)
    return Reply.staying(turn, launching.started(turn._, draft, {}))


async def _list_lost(turn: Turn, broadcast: Broadcast) -> list[Broadcast]:
    """List what somebody wrote about it, and what is discarded with its recall."""
    about = await drafts.list_about(turn.tx, broadcast.id)
    return [each for each in about if each.posts and each.contents != broadcast.contents]


async def _was_delivered(turn: Turn, broadcast: Broadcast) -> bool:
    """Whether somebody has it or gets it in their morning, and it was not recalled."""
    if broadcast.kind != "update" or broadcast.started_at is None or broadcast.recalled_at is not None:
        return False
    tally = await deliveries.tally(turn.tx, broadcast.id)
    is_on_its_way = broadcast.ended_at is None and tally.left > 0
    return broadcast.is_by_signature or broadcast.is_in_places or is_on_its_way or tally.count("sent") > 0
