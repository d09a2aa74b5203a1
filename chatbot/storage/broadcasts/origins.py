"""Origins of posts: the message of an organizer that each of them was typed or sent in."""

from dataclasses import dataclass
from datetime import datetime

from chatbot.petition.languages import Language
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Row, Transaction


@dataclass(frozen=True, slots=True)
class Origin:
    """The message of a post."""

    broadcast_id: int
    language: Language
    message_id: int
    sent_at: datetime | None
    """To the second, as Telegram has it."""


async def note(
    tx: Transaction,
    broadcast_id: int,
    language: Language,
    *,
    written_by: int,
    message_id: int | None,
    sent_at: datetime | None,
) -> None:
    """Note in which message this post was written."""
    await tx.run(
        "UPDATE posts SET written_by = :written_by, message_id = :message_id, sent_at = :sent_at "
        "WHERE broadcast_id = :id AND language = :language",
        id=broadcast_id,
        language=language,
        written_by=written_by,
        message_id=message_id,
        sent_at=timestamps.to_text(sent_at) if sent_at else None,
    )


async def find(tx: Transaction, written_by: int, message_id: int) -> Origin | None:
    """Find the post that was written in this message, in the latest broadcast that has it."""
    row = await tx.one(
        "SELECT broadcast_id, language, message_id, sent_at FROM posts "
        "WHERE written_by = :written_by AND message_id = :message_id ORDER BY broadcast_id DESC LIMIT 1",
        written_by=written_by,
        message_id=message_id,
    )
    return _read(row) if row else None


async def find_latest(tx: Transaction, broadcast_id: int, written_by: int) -> Origin | None:
    """Find the post of a broadcast that this organizer wrote last."""
    row = await tx.one(
        "SELECT broadcast_id, language, message_id, sent_at FROM posts "
        "WHERE broadcast_id = :id AND written_by = :written_by AND message_id IS NOT NULL "
        "ORDER BY message_id DESC LIMIT 1",
        id=broadcast_id,
        written_by=written_by,
    )
    return _read(row) if row else None


def _read(row: Row) -> Origin:
    sent_at = timestamps.from_text(row["sent_at"]) if row["sent_at"] else None
    return Origin(row["broadcast_id"], row["language"], row["message_id"], sent_at)
