"""Lifecycle of a broadcast from its start to its report.

Every change is one statement with its condition in WHERE, and returns False if it came too late.
"""

from collections.abc import Collection
from datetime import datetime

from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastEnding, SteeringAct
from chatbot.petition.broadcasts.rest import Retry
from chatbot.storage.broadcasts import broadcasts, delivery_counts, drafts, following
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Transaction
from chatbot.storage.places import deliveries as place_deliveries


async def start(tx: Transaction, broadcast_id: int, revision: int, organizer_id: int, now: datetime) -> bool:
    """Start it; False if it was changed since `revision` (an old button), started or deleted, or has no post.

    A correction replaces the posts of what it corrects, in the timeline and in waiting deliveries. A recalled broadcast
    leaves the timeline and is sent to no further recipients. An addition gives its post to the broadcast that it is
    about, which goes on for the readers of that language; False if that has the post or is running. What was recalled
    gets neither.
    """
    if not await _can_change(tx, broadcast_id):
        return False
    started = await tx.one(
        "UPDATE broadcasts SET started_at = :now, organizer_id = :organizer_id, late_at = NULL, reported_at = NULL "
        "WHERE id = :id AND started_at IS NULL AND ended_at IS NULL AND revision = :revision "
        "AND (kind = 'recall' OR EXISTS (SELECT 1 FROM posts WHERE posts.broadcast_id = broadcasts.id)) "
        "RETURNING kind, of_id",
        id=broadcast_id,
        revision=revision,
        organizer_id=organizer_id,
        now=timestamps.to_text(now),
    )
    if started is None:
        return False
    await following.note_steering(tx, broadcast_id, organizer_id, "started", now)
    if started["kind"] == "update" and started["of_id"] is not None:
        await _add_posts(tx, broadcast_id, started["of_id"], now)
        await following.note_steering(tx, started["of_id"], organizer_id, "started", now)
    elif started["kind"] == "correction":
        for language, post in (await broadcasts.read_posts(tx, broadcast_id)).items():
            await broadcasts.save_post(tx, started["of_id"], language, post)
        await tx.run(
            "UPDATE broadcasts SET ready_buttons = (SELECT ready_buttons FROM broadcasts WHERE id = :id) "
            "WHERE id = :of_id",
            id=broadcast_id,
            of_id=started["of_id"],
        )
        await _replace_corrections(tx, started["of_id"], now, but=broadcast_id)
    elif started["kind"] == "recall":
        await tx.run(
            "UPDATE broadcasts SET recalled_at = :now WHERE id = :id", id=started["of_id"], now=timestamps.to_text(now)
        )
        await end(tx, started["of_id"], "cancelled", now)
        await following.note_steering(tx, started["of_id"], organizer_id, "recalled", now)
        await _replace_corrections(tx, started["of_id"], now, but=broadcast_id)
        for each in await drafts.list_about(tx, started["of_id"]):
            await drafts.discard(tx, each.id)
    return True


async def _replace_corrections(tx: Transaction, of_id: int, now: datetime, but: int) -> None:
    """End earlier corrections for good: continued later, they would put an older text into the chats."""
    await tx.run(
        "UPDATE broadcasts SET ended_at = coalesce(ended_at, :now), ending = 'replaced' WHERE of_id = :of_id "
        "AND kind = 'correction' AND id <> :but AND started_at IS NOT NULL",
        of_id=of_id,
        but=but,
        now=timestamps.to_text(now),
    )


async def _can_change(tx: Transaction, broadcast_id: int) -> bool:
    """Whether nothing but an edit or a start keeps this draft from starting. Locks the broadcast that it changes."""
    row = await tx.one(
        "UPDATE broadcasts SET again = again "
        "WHERE id = (SELECT of_id FROM broadcasts WHERE id = :id AND kind <> 'recall') RETURNING id",
        id=broadcast_id,
    )
    if row is None:  # it is neither an addition nor a correction
        return True
    original, change = await broadcasts.get(tx, row["id"]), await broadcasts.find(tx, broadcast_id)
    if change is None or original.recalled_at is not None:
        return False
    if change.kind == "correction":
        return True
    is_new = not change.posts.keys() & original.posts.keys()
    return is_new and original.takes_languages(await delivery_counts.read(tx, original.id))


async def _add_posts(tx: Transaction, broadcast_id: int, of_id: int, now: datetime) -> None:
    posts = await broadcasts.read_posts(tx, broadcast_id)
    for language, post in posts.items():
        await broadcasts.save_post(tx, of_id, language, post)
    original = await broadcasts.get(tx, of_id)
    unwritten = [each.code for each in original.places if each.reason == "no_words" and each.language in posts]
    await place_deliveries.put_back(tx, of_id, unwritten)
    await tx.run(
        "UPDATE broadcasts SET ended_at = NULL, ending = NULL, paused_at = NULL, gathered_at = NULL, "
        "gathered_to = NULL, reported_at = NULL, progress_message_id = NULL, "
        "urgent_at = (SELECT urgent_at FROM broadcasts WHERE id = :id), "
        "organizer_id = (SELECT organizer_id FROM broadcasts WHERE id = :id) WHERE id = :of_id",
        id=broadcast_id,
        of_id=of_id,
    )
    # The broadcast is sent and reported under the number of the original.
    await tx.run(
        "UPDATE broadcasts SET gathered_at = :now, ended_at = :now, ending = 'done', reported_at = :now WHERE id = :id",
        id=broadcast_id,
        now=timestamps.to_text(now),
    )


async def miss_time(tx: Transaction, broadcast_id: int, now: datetime) -> None:
    """Let a scheduled broadcast wait for an organizer, who is told."""
    await tx.run(
        "UPDATE broadcasts SET late_at = :now, reported_at = NULL WHERE id = :id AND started_at IS NULL",
        id=broadcast_id,
        now=timestamps.to_text(now),
    )


async def pause(tx: Transaction, broadcast_id: int, now: datetime, organizer_id: int | None = None) -> bool:
    """Pause it; False if it is not running."""
    changed = await tx.run(
        "UPDATE broadcasts SET paused_at = :now "
        "WHERE id = :id AND started_at IS NOT NULL AND paused_at IS NULL AND ended_at IS NULL",
        id=broadcast_id,
        now=timestamps.to_text(now),
    )
    return await _note(tx, changed, broadcast_id, organizer_id, "paused", now)


async def resume(
    tx: Transaction, broadcast_id: int, now: datetime | None = None, organizer_id: int | None = None
) -> bool:
    """Resume it; False if it is not paused."""
    changed = await tx.run(
        "UPDATE broadcasts SET paused_at = NULL WHERE id = :id AND paused_at IS NOT NULL AND ended_at IS NULL",
        id=broadcast_id,
    )
    return await _note(tx, changed, broadcast_id, organizer_id, "resumed", now)


async def _note(
    tx: Transaction, changed: int, broadcast_id: int, organizer_id: int | None, act: SteeringAct, now: datetime | None
) -> bool:
    """Note who did it, if it was done and somebody did it in the chat."""
    if changed == 1 and organizer_id is not None and now is not None:
        await following.note_steering(tx, broadcast_id, organizer_id, act, now)
    return changed == 1


async def end(
    tx: Transaction, broadcast_id: int, ending: BroadcastEnding, now: datetime, refusal: str | None = None
) -> bool:
    """End it; False if it has ended or was never started. `refusal` is the error message of Telegram."""
    changed = await tx.run(
        "UPDATE broadcasts SET ended_at = :now, ending = :ending, refusal = :refusal "
        "WHERE id = :id AND started_at IS NOT NULL AND ended_at IS NULL",
        id=broadcast_id,
        ending=ending,
        refusal=refusal,
        now=timestamps.to_text(now),
    )
    return changed == 1


async def cancel(tx: Transaction, broadcast_id: int, now: datetime, organizer_id: int | None = None) -> bool:
    """Cancel it; False if it has ended, or is a recall, which has to be finished and is only paused."""
    changed = await tx.run(
        "UPDATE broadcasts SET ended_at = :now, ending = 'cancelled' "
        "WHERE id = :id AND kind <> 'recall' AND started_at IS NOT NULL AND ended_at IS NULL",
        id=broadcast_id,
        now=timestamps.to_text(now),
    )
    return await _note(tx, changed, broadcast_id, organizer_id, "cancelled", now)


async def wake(tx: Transaction, broadcast_id: int, now: datetime, organizer_id: int | None = None) -> bool:
    """Send it also to people for whom it is night; False unless it is running and waits for their morning."""
    changed = await tx.run(
        "UPDATE broadcasts SET urgent_at = :now WHERE id = :id AND kind = 'update' AND started_at IS NOT NULL "
        "AND ended_at IS NULL AND paused_at IS NULL AND urgent_at IS NULL",
        id=broadcast_id,
        now=timestamps.to_text(now),
    )
    return await _note(tx, changed, broadcast_id, organizer_id, "woke", now)


async def send_again(
    tx: Transaction, broadcast_id: int, whose: Retry, organizer_id: int | None = None, now: datetime | None = None
) -> bool:
    """Continue an ended broadcast; False if it is not ended or was recalled.

    Failed or unknown deliveries are retried only after a broadcast that has tried all of them; the rest also after one
    that was stopped. A correction is not continued once a later one, or a recall, has begun. Its progress is shown to
    `organizer_id`, or to the organizer who started it.
    """
    changed = await tx.run(
        "UPDATE broadcasts SET again = :whose, urgent_at = NULL, ended_at = NULL, ending = NULL, refusal = NULL, "
        "paused_at = NULL, reported_at = NULL, progress_message_id = NULL, "
        "organizer_id = coalesce(:organizer_id, organizer_id) "
        "WHERE id = :id AND ended_at IS NOT NULL AND (:any = 1 OR ending = 'done') AND recalled_at IS NULL "
        "AND NOT (kind = 'correction' AND EXISTS (SELECT 1 FROM broadcasts AS later WHERE later.id > broadcasts.id "
        "AND later.of_id = broadcasts.of_id AND later.kind <> 'update' AND later.started_at IS NOT NULL))",
        id=broadcast_id,
        whose="unknown" if whose == "unknown" else "failed",
        any=1 if whose == "rest" else 0,
        organizer_id=organizer_id,
    )
    if changed:
        places = (await broadcasts.get(tx, broadcast_id)).places if whose != "unknown" else ()
        await place_deliveries.put_back(tx, broadcast_id, [each.code for each in places if each.may_be_retried])
    return await _note(tx, changed, broadcast_id, organizer_id, "again", now)


async def send_to_places_again(
    tx: Transaction, broadcast_id: int, codes: Collection[str], organizer_id: int, now: datetime
) -> bool:
    """Continue an ended broadcast in places that have not got it; False if that is not possible, see `send_again`."""
    broadcast = await broadcasts.get(tx, broadcast_id)
    chosen = [each.code for each in broadcast.places if each.code in codes and each.state != "sent"]
    if not chosen or broadcast.ending != "done" or not await send_again(tx, broadcast_id, "unknown", organizer_id, now):
        return False
    await tx.run("UPDATE broadcasts SET again = NULL WHERE id = :id", id=broadcast_id)  # nobody else gets it
    await place_deliveries.put_back(tx, broadcast_id, chosen)
    return True


# For the organizers.


async def note_progress_message(tx: Transaction, broadcast_id: int, message_id: int | None) -> None:
    """Store the id of the message that shows the progress."""
    await tx.run(
        "UPDATE broadcasts SET progress_message_id = :message_id WHERE id = :id",
        id=broadcast_id,
        message_id=message_id,
    )


async def list_unreported(tx: Transaction) -> list[Broadcast]:
    """List ended and late broadcasts that were not reported to the organizers."""
    rows = await tx.all(
        "SELECT id FROM broadcasts WHERE reported_at IS NULL AND (ended_at IS NOT NULL OR late_at IS NOT NULL) "
        "AND (started_at IS NOT NULL OR ended_at IS NULL) ORDER BY id"
    )
    return await broadcasts.find_all(tx, rows)


async def note_report(tx: Transaction, broadcast_id: int, now: datetime) -> bool:
    """Note that it is reported to the organizers; False if it was already."""
    changed = await tx.run(
        "UPDATE broadcasts SET reported_at = :now WHERE id = :id AND reported_at IS NULL",
        id=broadcast_id,
        now=timestamps.to_text(now),
    )
    if changed:
        await following.close_progress(tx, broadcast_id, now)
    return changed == 1
