"""Counts what waits for a team member: drafts, scheduled broadcasts and requested approvals."""

from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.storage.broadcasts import broadcasts
from chatbot.storage.engine.database import Transaction

_NOT_STARTED = "started_at IS NULL AND ended_at IS NULL"


async def count_drafts(tx: Transaction, organizer_id: int) -> int:
    """Count the drafts of this organizer."""
    row = await tx.one(
        f"SELECT count(*) AS number FROM broadcasts WHERE organizer_id = :id AND {_NOT_STARTED} "  # noqa: S608 - ours
        "AND scheduled_for IS NULL",
        id=organizer_id,
    )
    return row["number"] if row else 0


async def count_scheduled(tx: Transaction) -> int:
    """Count the scheduled broadcasts, late ones included."""
    row = await tx.one(
        f"SELECT count(*) AS number FROM broadcasts WHERE scheduled_for IS NOT NULL AND {_NOT_STARTED}"  # noqa: S608
    )
    return row["number"] if row else 0


async def count_running(tx: Transaction) -> int:
    """Count the broadcasts that are being sent or are paused."""
    row = await tx.one("SELECT count(*) AS number FROM broadcasts WHERE started_at IS NOT NULL AND ended_at IS NULL")
    return row["number"] if row else 0


async def count_requested(tx: Transaction) -> int:
    """Count the unscheduled broadcasts that go out as soon as somebody approves them."""
    row = await tx.one(
        "SELECT count(*) AS number FROM approvals JOIN broadcasts ON broadcasts.id = approvals.broadcast_id "
        "AND broadcasts.revision = approvals.revision WHERE approved_by IS NULL AND declined_by IS NULL "
        "AND scheduled_for IS NULL AND started_at IS NULL AND ended_at IS NULL"
    )
    return row["number"] if row else 0


async def list_to_approve(tx: Transaction, member_id: int, limit: int) -> list[Broadcast]:
    """List the broadcasts that wait for the approval of this member, the earliest request first."""
    rows = await tx.all(
        "SELECT broadcasts.id FROM approvals JOIN broadcasts ON broadcasts.id = approvals.broadcast_id "
        "AND broadcasts.revision = approvals.revision "
        "WHERE approved_by IS NULL AND declined_by IS NULL AND asked_by <> :member_id "
        "AND started_at IS NULL AND ended_at IS NULL ORDER BY asked_at, broadcasts.id LIMIT :limit",
        member_id=member_id,
        limit=limit,
    )
    return await broadcasts.find_all(tx, rows)
