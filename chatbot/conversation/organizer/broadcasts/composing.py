"""Writing a broadcast: the review of how it will arrive, and drafts that are left, copied or discarded."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from chatbot.conversation.audit import note_broadcast
from chatbot.conversation.interface import SentMedia
from chatbot.conversation.organizer.broadcasts.posts import ask_post_again, hear_post, refuse_split
from chatbot.conversation.organizer.broadcasts.preview import (
    add_scheduler,
    draw_posts,
    review,
    show,
    with_open_draft,
)
from chatbot.conversation.parts import name_parts
from chatbot.conversation.step_names import StepName
from chatbot.conversation.turn import Reply, Step, Turn
from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastState
from chatbot.petition.broadcasts.rest import can_be_sent_anew, count_copied, count_holders, count_keepers
from chatbot.petition.rounding import round_up
from chatbot.screens.organizer.broadcasts import composing as screens
from chatbot.screens.organizer.broadcasts import ending, progress
from chatbot.storage.broadcasts import broadcasts, deliveries, drafts, following, recalls


async def stop_writing(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Stop writing this draft. It stays."""
    return Reply.done_writing(turn, screens.put_aside(turn._, broadcast))


put_aside: Final = with_open_draft(stop_writing)


# The review.


@with_open_draft
async def hear_review(turn: Turn, draft: Broadcast, _text: str) -> Reply:
    """Changes need a tap: for any typed text, show the buttons again."""
    if refusal := await refuse_split(turn, draft):
        return refusal
    reply = await review(turn, draft, screens.tap_please(turn._), with_posts=False)
    return replace(reply, refused_parts=name_parts(turn.event) if isinstance(turn.event, SentMedia) else None)


async def open_review(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Go back to the review, in place."""
    return await review(turn, broadcast, with_posts=False)


async def show_posts(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Show the posts in every language, in any state, with the buttons below."""
    return replace(await show(turn, broadcast), first=draw_posts(turn, broadcast))


async def ask_discard(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Ask for confirmation before it is discarded."""
    return Reply.staying(turn, await add_scheduler(turn, broadcast, screens.ask_discard(turn._, broadcast)))


async def discard(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Discard a broadcast that was not sent."""
    await following.close_requests(turn.tx, turn.now, broadcast.id)
    if not await drafts.discard(turn.tx, broadcast.id):
        return await show(turn, await broadcasts.get(turn.tx, broadcast.id))
    if broadcast.posts:
        await note_broadcast(turn, "broadcast.discarded", broadcast)
    screen = screens.discarded(turn._, broadcast)
    return Reply.done_writing(turn, screen) if turn.broadcast_id == broadcast.id else Reply.staying(turn, screen)


async def copy(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Begin a draft with the posts of an ended broadcast. If people have it, or a twin, the draft warns of that."""
    tally, recall = await deliveries.tally(turn.tx, broadcast.id), await recalls.find(turn.tx, broadcast)
    is_new = can_be_sent_anew(broadcast, tally, recall)
    had_already = 0 if is_new else count_copied(broadcast, tally)
    if not (is_new or had_already):
        return await show(turn, broadcast, progress.too_late(turn._))
    # The button was tapped twice.
    waiting = await broadcasts.find_draft(turn.tx, turn.person.id)
    if waiting and waiting.kind == "update" and waiting.posts == broadcast.posts:
        return await review(turn, waiting)
    draft = await drafts.create(turn.tx, turn.person.id, turn.now, renews=broadcast.renews)
    # Asked after `create`, whose counter makes two organizers who tap at once wait for each other.
    had_by_twin, keepers = await _count_having_twin(turn, broadcast, draft)
    if had_by_twin is None:
        await drafts.discard(turn.tx, draft.id)
        return await show(turn, broadcast, ending.is_copied(turn._))
    for language, post in broadcast.posts.items():
        await drafts.write_post(turn.tx, draft.id, language, post)
    # A notice about the appeal goes to nobody who has an earlier one.
    keepers = 0 if broadcast.renews else keepers + (count_keepers(recall) if recall else 0)
    await drafts.note_copy(turn.tx, draft.id, broadcast, had_already or had_by_twin, keepers)
    await drafts.set_audience(turn.tx, draft.id, broadcast.audience)
    await drafts.set_reach(turn.tx, draft.id, broadcast.reach)
    await drafts.set_silent(turn.tx, draft.id, silent=broadcast.silent)
    await drafts.set_ready_buttons(turn.tx, draft.id, broadcast.ready_buttons)
    return await review(turn, await broadcasts.get(turn.tx, draft.id))


async def _count_having_twin(turn: Turn, broadcast: Broadcast, draft: Broadcast) -> tuple[int | None, int]:
    """Count who has an older twin of it, at most; None if another twin is there to be sent or copied instead.

    Count also who keeps one that was deleted.
    """
    had = keepers = 0
    for twin in await broadcasts.list_twins(turn.tx, broadcast):
        recall, tally = await recalls.find(turn.tx, twin), await deliveries.tally(turn.tx, twin.id)
        is_deleted = recall is not None and can_be_sent_anew(twin, tally, recall)
        if recall is not None and is_deleted:
            keepers += count_keepers(recall)
        if twin.id == draft.id or is_deleted:
            continue
        if twin.state is not BroadcastState.ENDED or twin.id > broadcast.id or twin.is_by_signature:
            return None, 0
        holders = count_holders(tally, recall)
        had = max(had, round_up(holders) if holders and twin.tells_nights(tally) else holders)
    return had, keepers


STEPS: Final[Mapping[StepName, Step]] = {
    "post": Step(hear_post, ask_post_again, put_aside, ("post", "review"), needs="organizer"),
    "review": Step(
        hear_review,
        with_open_draft(review),
        put_aside,
        ("post", "button", "countries", "hour", "idle"),
        needs="organizer",
    ),
}
