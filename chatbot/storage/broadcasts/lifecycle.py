"""Steering a broadcast, from its start to its report.

Every change is one statement with its condition in WHERE, and gives False where it came too late.
"""

from datetime import datetime
from typing import Literal

from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastEnding
from chatbot.storage.broadcasts import broadcasts
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Transaction


async def start(tx: Transaction, broadcast_id: int, revision: int, organizer_id: int, now: datetime) -> bool:
    """Let it go out; False when it was changed since `revision` (an old button), started or thrown away.

    A correction takes the place of what it corrects, for the timeline and for whoever is still to get it; a recalled
    update leaves the timeline, and goes to nobody more.
    """
    started = await tx.one(
        "UPDATE broadcasts SET started_at = :now, organizer_id = :organizer_id, late_at = NULL, reported_at = NULL "
        "WHERE id = :id AND started_at IS NULL AND ended_at IS NULL AND revision = :revision RETURNING kind, of_id",
        id=broadcast_id,
        revision=revision,
        organizer_id=organizer_id,
        now=timestamps.to_text(now),
    )
    if started is None:
        return False
    if started["kind"] == "correction":
        for language, post in (await broadcasts.read_posts(tx, broadcast_id)).items():
            await broadcasts.save_post(tx, started["of_id"], language, post)
    elif started["kind"] == "recall":
        await tx.run(
            "UPDATE broadcasts SET recalled_at = :now WHERE id = :id", id=started["of_id"], now=timestamps.to_text(now)
        )
        await end(tx, started["of_id"], "cancelled", now)
    return True


async def pause(tx: Transaction, broadcast_id: int, now: datetime) -> bool:
    """Send nothing more for now; False when it is not running."""
    changed = await tx.run(
        "UPDATE broadcasts SET paused_at = :now "
        "WHERE id = :id AND started_at IS NOT NULL AND paused_at IS NULL AND ended_at IS NULL",
        id=broadcast_id,
        now=timestamps.to_text(now),
    )
    return changed == 1


async def resume(tx: Transaction, broadcast_id: int) -> bool:
    """Go on; False when it is not paused."""
    changed = await tx.run(
        "UPDATE broadcasts SET paused_at = NULL WHERE id = :id AND paused_at IS NOT NULL AND ended_at IS NULL",
        id=broadcast_id,
    )
    return changed == 1


async def end(
    tx: Transaction, broadcast_id: int, ending: BroadcastEnding, now: datetime, refusal: str | None = None
) -> bool:
    """Send nothing more; False when it has ended already, or never started. `refusal` is what Telegram said."""
    changed = await tx.run(
        "UPDATE broadcasts SET ended_at = :now, ending = :ending, refusal = :refusal "
        "WHERE id = :id AND started_at IS NOT NULL AND ended_at IS NULL",
        id=broadcast_id,
        ending=ending,
        refusal=refusal,
        now=timestamps.to_text(now),
    )
    return changed == 1


async def send_again(
    tx: Transaction, broadcast_id: int, whose: Literal["failed", "unknown"], organizer_id: int | None = None
) -> bool:
    """Begin to send once more to those whose delivery failed, or is unknown; only where everybody was tried.

    The progress is shown to `organizer_id`, or else to who started it.
    """
    changed = await tx.run(
        "UPDATE broadcasts SET again = :whose, ended_at = NULL, ending = NULL, refusal = NULL, paused_at = NULL, "
        "reported_at = NULL, progress_message_id = NULL, organizer_id = coalesce(:organizer_id, organizer_id) "
        "WHERE id = :id AND ending = 'done' AND recalled_at IS NULL",
        id=broadcast_id,
        whose=whose,
        organizer_id=organizer_id,
    )
    return changed == 1


# What the organizers are shown.


async def note_progress_message(tx: Transaction, broadcast_id: int, message_id: int | None) -> None:
    """Keep which message shows the progress."""
    await tx.run(
        "UPDATE broadcasts SET progress_message_id = :message_id WHERE id = :id",
        id=broadcast_id,
        message_id=message_id,
    )


async def list_unreported(tx: Transaction) -> list[Broadcast]:
    """What has ended, or has missed its hour, without the organizers having been told."""
    rows = await tx.all(
        "SELECT id FROM broadcasts WHERE reported_at IS NULL AND (ended_at IS NOT NULL OR late_at IS NOT NULL) "
        "AND (started_at IS NOT NULL OR ended_at IS NULL) ORDER BY id"
    )
    return [await broadcasts.get(tx, row["id"]) for row in rows]


async def note_report(tx: Transaction, broadcast_id: int, now: datetime) -> bool:
    """The organizers are being told, once; False when they were."""
    changed = await tx.run(
        "UPDATE broadcasts SET reported_at = :now WHERE id = :id AND reported_at IS NULL",
        id=broadcast_id,
        now=timestamps.to_text(now),
    )
    return changed == 1
