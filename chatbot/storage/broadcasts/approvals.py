"""A second organizer's word on a broadcast to many: asked for and given for exactly one version of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.model import Language
from chatbot.petition.rounding import round_up
from chatbot.storage.broadcasts import broadcasts, delivery_counts
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import StoredTable, Transaction
from chatbot.storage.organizer import appeal_versions, team
from chatbot.storage.people import subscriptions

TABLE: Final = StoredTable(
    name="approvals", key=("broadcast_id",), parents=("broadcasts",), member=("asked_by", "approved_by")
)
SENT_ALONE: Final = StoredTable(name="sent_alone", key=("broadcast_id", "sent_at"), member=("sent_by",))
JOB: Final = "approval"
"""The kind of errand that shows an update to one organizer and asks for their approval."""
DAY: Final = timedelta(hours=24)
"""What somebody sent alone counts for so long with what they send next: many small audiences are one large."""


@dataclass(frozen=True, slots=True)
class Approval:
    """What was asked, and perhaps given."""

    revision: int
    asked_by: int
    starts: bool
    """With the approval it goes out; otherwise it goes on waiting for its hour."""
    approved_by: int | None


async def count_recipients(tx: Transaction, broadcast: Broadcast) -> dict[Language, int]:
    """How many people would get it now, by the language they would get it in."""
    if broadcast.of_id is not None:
        tally = await delivery_counts.read(tx, broadcast.of_id)
        return {language: tally.count("sent", language) for language in broadcast.posts}
    if broadcast.renews is not None:
        return broadcast.recipients(await appeal_versions.count_signers_of_other_versions(tx, broadcast.renews))
    return broadcast.recipients(await subscriptions.count_audience(tx, broadcast.audience))


async def count_readers(tx: Transaction, broadcast: Broadcast) -> int:
    """How many would read its words: of a correction also those who are still to get what it corrects.

    A correction takes the place of that at once, for whoever waits and for whoever it is sent to again.
    """
    if broadcast.kind != "correction" or broadcast.of_id is None:
        return sum((await count_recipients(tx, broadcast)).values())
    corrected = await broadcasts.get(tx, broadcast.of_id)
    tally = await delivery_counts.read(tx, corrected.id)
    if corrected.ending not in (None, "done"):
        return tally.count("sent")
    if corrected.gathered_at is None:
        return sum((await count_recipients(tx, corrected)).values())
    return tally.total - tally.count("gone") - tally.count("skipped")


async def find(tx: Transaction, broadcast: Broadcast) -> Approval | None:
    """What was asked about this broadcast as it is now; a change makes it forgotten."""
    row = await tx.one(
        "SELECT * FROM approvals WHERE broadcast_id = :id AND revision = :revision",
        id=broadcast.id,
        revision=broadcast.revision,
    )
    if row is None:
        return None
    return Approval(row["revision"], row["asked_by"], bool(row["starts"]), row["approved_by"])


async def is_missing(
    tx: Transaction, broadcast: Broadcast, by: int, now: datetime, *, people: int | None = None
) -> bool:
    """Whether `by` may not let it go alone to as many people as it would, or to `people`, and nobody has approved."""
    threshold = await team.find_threshold(tx)
    if threshold is None or broadcast.kind == "recall":  # what makes good again does not wait
        return False
    if people is None:
        people = await count_readers(tx, broadcast)
    if await count_alone(tx, by, now) + _weigh(broadcast, people) <= threshold:
        return False
    return not await _is_approved(tx, broadcast)


async def count_alone(tx: Transaction, by: int, now: datetime) -> int:
    """To how many people somebody has sent within a day without anybody's approval, to some of them perhaps twice."""
    row = await tx.one(
        "SELECT coalesce(sum(people), 0) AS people FROM sent_alone WHERE sent_by = :by AND sent_at > :since",
        by=by,
        since=timestamps.to_text(now - DAY),
    )
    return int(row["people"]) if row else 0


async def note_alone(tx: Transaction, broadcast: Broadcast, by: int, people: int, now: datetime) -> None:
    """Count what goes out to so many people, unless it was approved. Whoever asks before holds `lock` until then."""
    if broadcast.kind == "recall" or await _is_approved(tx, broadcast):
        return
    await forget_alone(tx, now)
    await tx.run(
        "INSERT INTO sent_alone (broadcast_id, sent_at, sent_by, people) VALUES (:id, :now, :by, :people) "
        "ON CONFLICT (broadcast_id, sent_at) DO UPDATE SET people = sent_alone.people + excluded.people",
        id=broadcast.id,
        now=timestamps.to_text(now),
        by=by,
        people=_weigh(broadcast, people),
    )


async def forget_alone(tx: Transaction, now: datetime) -> None:
    """Let go of what counts no longer."""
    await tx.run("DELETE FROM sent_alone WHERE sent_at <= :before", before=timestamps.to_text(now - DAY))


async def lock(tx: Transaction) -> None:
    """Let those who send come one after the other, so that each sees what the last has sent."""
    await team.lock(tx)


def _weigh(broadcast: Broadcast, people: int) -> int:
    """As how many they count: drafts must not tell how many have signed from somewhere."""
    return round_up(people) if broadcast.is_by_signature else people


async def _is_approved(tx: Transaction, broadcast: Broadcast) -> bool:
    approval = await find(tx, broadcast)
    return approval is not None and approval.approved_by is not None


async def is_open(tx: Transaction, broadcast: Broadcast) -> bool:
    """Whether approval of this version was asked for and has not come."""
    approval = await find(tx, broadcast)
    return approval is not None and approval.approved_by is None


async def ask(tx: Transaction, broadcast_id: int, revision: int, asked_by: int, now: datetime, *, starts: bool) -> bool:
    """Ask for approval of this version; False when that was asked before: then it stays as it is."""
    asked = await tx.run(
        "INSERT INTO approvals (broadcast_id, revision, asked_by, asked_at, starts) "
        "VALUES (:id, :revision, :asked_by, :now, :starts) "
        "ON CONFLICT (broadcast_id) DO UPDATE SET revision = excluded.revision, asked_by = excluded.asked_by, "
        "asked_at = excluded.asked_at, starts = excluded.starts, approved_by = NULL, approved_at = NULL "
        "WHERE approvals.revision <> excluded.revision OR approvals.starts < excluded.starts",
        id=broadcast_id,
        revision=revision,
        asked_by=asked_by,
        now=timestamps.to_text(now),
        starts=1 if starts else 0,
    )
    return asked == 1


async def approve(tx: Transaction, broadcast_id: int, revision: int, approved_by: int, now: datetime) -> bool:
    """Approve of this version, once, and not of what one asked for oneself."""
    approved = await tx.run(
        "UPDATE approvals SET approved_by = :approved_by, approved_at = :now "
        "WHERE broadcast_id = :id AND revision = :revision AND approved_by IS NULL AND asked_by <> :approved_by",
        id=broadcast_id,
        revision=revision,
        approved_by=approved_by,
        now=timestamps.to_text(now),
    )
    return approved == 1


async def take_back(tx: Transaction, broadcast_id: int) -> bool:
    """Ask for it no longer; False when it was approved, or never asked for."""
    taken = await tx.run("DELETE FROM approvals WHERE broadcast_id = :id AND approved_by IS NULL", id=broadcast_id)
    return taken == 1
