"""Anonymises members in what they did in the team, some time after they left.

Members cannot choose the moment: one who misuses the role could remove their name from the audit log with `/forget`.
They are told so when they join and when they ask to be erased. Their data as a supporter is erased at once; see
`erasure`.
"""

import secrets
from datetime import datetime
from typing import Final

from chatbot.petition.retention import FORMER_MEMBERS
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Transaction
from chatbot.storage.organizer import audit_log, jobs
from chatbot.storage.privacy.tables import TABLES

_ALIAS_BITS: Final = 52


async def schedule(tx: Transaction, member_id: int, now: datetime) -> datetime | None:
    """Remove a member from the team and anonymise them `FORMER_MEMBERS` later. None if they are anonymised by now."""
    row = await tx.one(
        "UPDATE members SET role = NULL, zone = NULL, left_at = coalesce(left_at, :now) WHERE id = :id "
        "RETURNING left_at",
        id=member_id,
        now=timestamps.to_text(now),
    )
    until = (timestamps.from_text(row["left_at"]) if row else now) + FORMER_MEMBERS
    if until <= now:
        await anonymise(tx, member_id)
        return None
    await tx.run("UPDATE members SET anonymise_at = :at WHERE id = :id", id=member_id, at=timestamps.to_text(until))
    return until


async def find_hour(tx: Transaction, member_id: int) -> datetime | None:
    """Return when a person who asked to be erased is anonymised; None for everybody else."""
    row = await tx.one("SELECT anonymise_at FROM members WHERE id = :id", id=member_id)
    return timestamps.from_text(row["anonymise_at"]) if row and row["anonymise_at"] else None


async def anonymise_due(tx: Transaction, now: datetime, limit: int) -> int:
    """Anonymise the next `limit` members who are due, and tell the owners; returns how many."""
    rows = await tx.all(
        "SELECT id FROM members WHERE anonymise_at <= :now ORDER BY anonymise_at, id LIMIT :limit",
        now=timestamps.to_text(now),
        limit=limit,
    )
    for row in rows:
        await anonymise(tx, row["id"])
        await jobs.tell(tx, "member_hidden", {}, now, needs="owner")
    return len(rows)


async def anonymise(tx: Transaction, member_id: int) -> None:
    """Replace a member by one alias in everything they did, and remove their name."""
    alias = -1 - secrets.randbits(_ALIAS_BITS)
    row = await tx.one("DELETE FROM members WHERE id = :id RETURNING name", id=member_id)
    for table in TABLES.values():
        for column in table.member if table != audit_log.TABLE else ():
            await tx.run(
                f"UPDATE {table.name} SET {column} = :alias WHERE {column} = :id",  # noqa: S608 - our own names
                alias=alias,
                id=member_id,
            )
    await tx.run("DELETE FROM confirmations WHERE about LIKE :about", about=f"role:{member_id}:%")
    await audit_log.anonymise(tx, member_id, row["name"] if row else "", alias)
