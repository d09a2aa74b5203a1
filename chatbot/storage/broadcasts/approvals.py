"""Approvals by a second organizer for broadcasts to many, each for exactly one revision."""

from datetime import datetime, timedelta
from typing import Final

from chatbot.petition.broadcasts.approval import Approval
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.petition.rounding import round_up
from chatbot.storage.broadcasts import broadcasts, delivery_counts
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import StoredTable, Transaction
from chatbot.storage.organizer import appeal_versions, jobs, team
from chatbot.storage.people import subscriptions

TABLE: Final = StoredTable(
    name="approvals",
    key=("broadcast_id",),
    parents=("broadcasts",),
    member=("asked_by", "approved_by", "declined_by"),
)
SENT_ALONE: Final = StoredTable(name="sent_alone", key=("broadcast_id", "sent_at"), member=("sent_by",))
JOB: Final = "approval"
"""Kind of the job that shows a broadcast to one organizer and asks for their approval."""
REMINDER: Final = "approval_reminder"
"""Kind of the job that reminds all who can approve a scheduled broadcast."""
BEFORE: Final = timedelta(hours=1)
"""How long before the scheduled time they are reminded."""
_FRESH: Final = timedelta(minutes=30)
"""They are not reminded of a request that is younger than this."""
DAY: Final = timedelta(hours=24)
"""Recipients of unapproved broadcasts are added up over this time: many small audiences count as a large one."""


async def count_recipients(tx: Transaction, broadcast: Broadcast, campaign: Campaign) -> dict[Language, int]:
    """Count the recipients by the language of their post, as of now.

    For an addition this counts all readers of its language: only its ledger tells who of them has got the broadcast.
    For a correction of what has not reached all, it counts them all: how many have it would tell where it is night.
    """
    if broadcast.of_id is not None and broadcast.kind != "addition":
        of, tally = await broadcasts.get(tx, broadcast.of_id), await delivery_counts.read(tx, broadcast.of_id)
        holders = of.count_reached(tally)
        return {each: holders.get(each, 0) for each in broadcast.list_written(campaign)}
    if broadcast.renews is not None:
        signers = await appeal_versions.count_signers_of_other_versions(tx, broadcast.renews)
        return broadcast.count_recipients(signers, campaign)
    readers = await subscriptions.count_by_language(tx, broadcast.audience.countries)
    return broadcast.count_recipients(readers, campaign)


async def count_readers(tx: Transaction, broadcast: Broadcast, campaign: Campaign) -> int:
    """Count the readers: for a correction, also the recipients that are still to get what it corrects.

    A correction replaces the posts at once, for waiting and for retried deliveries. The number is told, and compared
    with what one organizer may send alone, so it must not tell for whom it is night.
    """
    if broadcast.kind != "correction" or broadcast.of_id is None:
        return sum((await count_recipients(tx, broadcast, campaign)).values())
    corrected = await broadcasts.get(tx, broadcast.of_id)
    tally = await delivery_counts.read(tx, corrected.id)
    if corrected.ending not in (None, "done"):
        return round_up(tally.count("sent")) if corrected.tells_nights(tally) else tally.count("sent")
    if corrected.gathered_at is None:
        return sum((await count_recipients(tx, corrected, campaign)).values())
    if corrected.tells_nights(tally):
        return tally.total
    return tally.total - tally.count("gone") - tally.count("skipped")


async def find(tx: Transaction, broadcast: Broadcast) -> Approval | None:
    """Return the approval for the current revision, open or given. A change of the broadcast discards it."""
    approval = await find_any(tx, broadcast.id)
    is_this = approval is not None and approval.revision == broadcast.revision and approval.declined_by is None
    return approval if is_this else None


async def find_any(tx: Transaction, broadcast_id: int) -> Approval | None:
    """Return the latest approval, also one that was declined or that is for an older revision."""
    row = await tx.one("SELECT * FROM approvals WHERE broadcast_id = :id", id=broadcast_id)
    if row is None:
        return None
    return Approval(
        revision=row["revision"],
        asked_by=row["asked_by"],
        asked_at=timestamps.from_text(row["asked_at"]),
        starts=bool(row["starts"]),
        approved_by=row["approved_by"],
        declined_by=row["declined_by"],
        reason=row["reason"] or "",
    )


async def is_missing(tx: Transaction, broadcast: Broadcast, people: int, member_id: int, now: datetime) -> bool:
    """Whether `member_id` needs an approval to send it to this number of people, and has none."""
    threshold = await team.find_threshold(tx)
    if threshold is None or broadcast.kind == "recall":  # a recall repairs damage and must not wait
        return False
    if await count_alone(tx, broadcast, people, member_id, now) <= threshold:
        return False
    return not await _is_approved(tx, broadcast)


async def count_alone(tx: Transaction, broadcast: Broadcast, people: int, member_id: int, now: datetime) -> int:
    """Count those to whom a member would have sent without approval within a day, with this broadcast to `people`."""
    return await count_unapproved(tx, member_id, now) + _weigh(broadcast, people)


async def count_unapproved(tx: Transaction, member_id: int, now: datetime) -> int:
    """Count the recipients of a member's unapproved broadcasts of the last day; some may count twice."""
    row = await tx.one(
        "SELECT coalesce(sum(people), 0) AS people FROM sent_alone WHERE sent_by = :member_id AND sent_at > :since",
        member_id=member_id,
        since=timestamps.to_text(now - DAY),
    )
    return int(row["people"]) if row else 0


async def note_unapproved(tx: Transaction, broadcast: Broadcast, member_id: int, people: int, now: datetime) -> None:
    """Note a broadcast to `people` recipients unless it is approved. The caller holds `lock` since it checked."""
    if broadcast.kind == "recall" or await _is_approved(tx, broadcast):
        return
    await delete_old_notes(tx, now)
    await tx.run(
        "INSERT INTO sent_alone (broadcast_id, sent_at, sent_by, people) VALUES (:id, :now, :member_id, :people) "
        "ON CONFLICT (broadcast_id, sent_at) DO UPDATE SET people = sent_alone.people + excluded.people",
        id=broadcast.id,
        now=timestamps.to_text(now),
        member_id=member_id,
        people=_weigh(broadcast, people),
    )


async def delete_old_notes(tx: Transaction, now: datetime) -> None:
    """Delete notes that are too old to count."""
    await tx.run("DELETE FROM sent_alone WHERE sent_at <= :before", before=timestamps.to_text(now - DAY))


async def lock(tx: Transaction) -> None:
    """Lock: senders wait for each other, so that each sees the notes of the previous one."""
    await team.lock(tx)


def _weigh(broadcast: Broadcast, people: int) -> int:
    """Return the number that counts: drafts must not reveal how many people from a country have signed."""
    return round_up(people) if broadcast.is_by_signature else people


async def _is_approved(tx: Transaction, broadcast: Broadcast) -> bool:
    approval = await find(tx, broadcast)
    return approval is not None and approval.approved_by is not None


async def is_open(tx: Transaction, broadcast: Broadcast) -> bool:
    """Whether approval of this revision was requested and not given."""
    approval = await find(tx, broadcast)
    return approval is not None and approval.is_open


async def ask(tx: Transaction, broadcast_id: int, revision: int, asked_by: int, now: datetime, *, starts: bool) -> bool:
    """Request approval of this revision; False if it was requested before, which then stays.

    After a "no" it can be requested again.
    """
    asked = await tx.run(
        "INSERT INTO approvals (broadcast_id, revision, asked_by, asked_at, starts) "
        "VALUES (:id, :revision, :asked_by, :now, :starts) "
        "ON CONFLICT (broadcast_id) DO UPDATE SET revision = excluded.revision, asked_by = excluded.asked_by, "
        "asked_at = excluded.asked_at, starts = excluded.starts, approved_by = NULL, approved_at = NULL, "
        "declined_by = NULL, declined_at = NULL, reason = NULL, reminded_at = NULL "
        "WHERE approvals.revision <> excluded.revision OR approvals.starts < excluded.starts "
        "OR approvals.declined_by IS NOT NULL",
        id=broadcast_id,
        revision=revision,
        asked_by=asked_by,
        now=timestamps.to_text(now),
        starts=1 if starts else 0,
    )
    return asked == 1


async def approve(tx: Transaction, broadcast_id: int, revision: int, approved_by: int, now: datetime) -> bool:
    """Approve this revision once; False for the member who requested it."""
    approved = await tx.run(
        "UPDATE approvals SET approved_by = :approved_by, approved_at = :now "
        "WHERE broadcast_id = :id AND revision = :revision AND approved_by IS NULL AND declined_by IS NULL "
        "AND asked_by <> :approved_by",
        id=broadcast_id,
        revision=revision,
        approved_by=approved_by,
        now=timestamps.to_text(now),
    )
    return approved == 1


async def decline(
    tx: Transaction, broadcast_id: int, revision: int, declined_by: int, reason: str, now: datetime
) -> bool:
    """Decline this revision once; False for the member who requested it, or if somebody answered before."""
    declined = await tx.run(
        "UPDATE approvals SET declined_by = :declined_by, declined_at = :now, reason = :reason "
        "WHERE broadcast_id = :id AND revision = :revision AND approved_by IS NULL AND declined_by IS NULL "
        "AND asked_by <> :declined_by",
        id=broadcast_id,
        revision=revision,
        declined_by=declined_by,
        reason=reason or None,
        now=timestamps.to_text(now),
    )
    return declined == 1


async def withdraw(tx: Transaction, broadcast_id: int) -> bool:
    """Withdraw the open request; False if it was answered or never made."""
    taken = await tx.run(
        "DELETE FROM approvals WHERE broadcast_id = :id AND approved_by IS NULL AND declined_by IS NULL",
        id=broadcast_id,
    )
    return taken == 1


async def drop(tx: Transaction, broadcast_id: int, revision: int) -> None:
    """Delete the approval of a revision that is not the current one any more."""
    await tx.run(
        "DELETE FROM approvals WHERE broadcast_id = :id AND revision = :revision", id=broadcast_id, revision=revision
    )


async def remind(tx: Transaction, now: datetime) -> None:
    """Add a job for each scheduled broadcast whose time is near and that nobody has approved yet, once."""
    rows = await tx.all(
        "UPDATE approvals SET reminded_at = :now WHERE approved_by IS NULL AND declined_by IS NULL "
        "AND reminded_at IS NULL AND asked_at <= :before AND EXISTS (SELECT 1 FROM broadcasts "
        "WHERE broadcasts.id = approvals.broadcast_id AND broadcasts.revision = approvals.revision "
        "AND scheduled_for > :now AND scheduled_for <= :soon AND late_at IS NULL AND started_at IS NULL "
        "AND ended_at IS NULL) RETURNING broadcast_id, revision",
        now=timestamps.to_text(now),
        before=timestamps.to_text(now - _FRESH),
        soon=timestamps.to_text(now + BEFORE),
    )
    for row in rows:
        details = {"broadcast": row["broadcast_id"], "revision": row["revision"]}
        await jobs.add(tx, REMINDER, details, now, chat_id=None)
