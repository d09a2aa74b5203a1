"""Who follows a broadcast: members who did something with it, and the messages in their chats that show it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from chatbot.petition.broadcasts.broadcast import FollowedMessage, Steering, SteeringAct
from chatbot.petition.job import JobDetails
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Row, StoredTable, Transaction
from chatbot.storage.organizer import jobs

STEERINGS: Final = StoredTable(
    name="steerings", key=("broadcast_id", "member_id"), parents=("broadcasts",), member=("member_id",)
)
MESSAGES: Final = StoredTable(
    name="followed_messages",
    key=("broadcast_id", "member_id", "message_id"),
    parents=("broadcasts",),
    member=("member_id",),
)
CLOSE: Final = "close_message"
"""Kind of the job that shows in a followed message, for the last time, how it is now."""


async def note_steering(tx: Transaction, broadcast_id: int, member_id: int, act: SteeringAct, now: datetime) -> None:
    """Note what a member did last with a broadcast."""
    await tx.run(
        "INSERT INTO steerings (broadcast_id, member_id, act, acted_at) VALUES (:id, :member_id, :act, :now) "
        "ON CONFLICT (broadcast_id, member_id) DO UPDATE SET act = excluded.act, acted_at = excluded.acted_at",
        id=broadcast_id,
        member_id=member_id,
        act=act,
        now=timestamps.to_text(now),
    )


async def find_last_steering(tx: Transaction, broadcast_id: int) -> Steering | None:
    """Return what was done last with a broadcast."""
    row = await tx.one(
        "SELECT act, acted_at, name FROM steerings LEFT JOIN members ON members.id = steerings.member_id "
        "WHERE broadcast_id = :id ORDER BY acted_at DESC, act = 'started', member_id LIMIT 1",
        id=broadcast_id,
    )
    return Steering(row["act"], row["name"] or "", timestamps.from_text(row["acted_at"])) if row else None


async def list_steering(tx: Transaction, broadcast_id: int) -> set[int]:
    """Return the members who started a broadcast or did something with it since."""
    rows = await tx.all("SELECT member_id FROM steerings WHERE broadcast_id = :id", id=broadcast_id)
    return {row["member_id"] for row in rows}


async def note_message(tx: Transaction, message: FollowedMessage) -> None:
    """Note that a message shows a broadcast."""
    await tx.run(
        "INSERT INTO followed_messages (broadcast_id, member_id, message_id, shows, revision) "
        "VALUES (:id, :member_id, :message_id, :shows, :revision) ON CONFLICT (broadcast_id, member_id, message_id) "
        "DO UPDATE SET shows = excluded.shows, revision = excluded.revision",
        id=message.broadcast_id,
        member_id=message.member_id,
        message_id=message.message_id,
        shows=message.shows,
        revision=message.revision,
    )


async def forget_message(tx: Transaction, member_id: int, message_id: int) -> None:
    """Forget a message: it shows something else by now."""
    await tx.run(
        "DELETE FROM followed_messages WHERE member_id = :member_id AND message_id = :message_id",
        member_id=member_id,
        message_id=message_id,
    )


async def list_progress(tx: Transaction, broadcast_id: int) -> list[FollowedMessage]:
    """List the messages that show the progress of a broadcast, beside that of its organizer."""
    rows = await tx.all(
        "SELECT * FROM followed_messages WHERE broadcast_id = :id AND shows = 'progress' "
        "ORDER BY member_id, message_id",
        id=broadcast_id,
    )
    return [_read(row) for row in rows]


async def close_requests(tx: Transaction, now: datetime, broadcast_id: int | None = None) -> None:
    """Add a job for each request that was answered, withdrawn or overtaken, or for all about one broadcast."""
    rows = await tx.all(
        "DELETE FROM followed_messages WHERE shows = 'approval' AND (broadcast_id = :only OR NOT EXISTS ("
        "SELECT 1 FROM approvals JOIN broadcasts ON broadcasts.id = approvals.broadcast_id "
        "WHERE approvals.broadcast_id = followed_messages.broadcast_id "
        "AND approvals.revision = followed_messages.revision "
        "AND approved_by IS NULL AND declined_by IS NULL AND started_at IS NULL)) "
        "RETURNING broadcast_id, member_id, message_id, shows, revision",
        only=broadcast_id or 0,
    )
    await _add_jobs(tx, [_read(row) for row in rows], now)


async def close_progress(tx: Transaction, broadcast_id: int, now: datetime) -> None:
    """Add a job for each message with the progress of a broadcast that has ended."""
    rows = await tx.all(
        "DELETE FROM followed_messages WHERE broadcast_id = :id AND shows = 'progress' AND EXISTS ("
        "SELECT 1 FROM broadcasts WHERE id = :id AND ended_at IS NOT NULL) "
        "RETURNING broadcast_id, member_id, message_id, shows, revision",
        id=broadcast_id,
    )
    await _add_jobs(tx, [_read(row) for row in rows], now)


async def _add_jobs(tx: Transaction, messages: Sequence[FollowedMessage], now: datetime) -> None:
    for each in messages:
        details: JobDetails = {
            "broadcast": each.broadcast_id,
            "revision": each.revision,
            "message": each.message_id,
            "shows": each.shows,
        }
        await jobs.add(tx, CLOSE, details, now, chat_id=each.member_id)


def _read(row: Row) -> FollowedMessage:
    return FollowedMessage(row["broadcast_id"], row["member_id"], row["message_id"], row["shows"], row["revision"])
