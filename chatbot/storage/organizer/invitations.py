"""Invitations into the team: a link works for one person within two days, and only its hash is stored."""

import secrets
from datetime import datetime, timedelta
from typing import Final

from chatbot.petition.team import CLOCK_TOLERANCE, Invitation, Role
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Row, StoredTable, Transaction
from chatbot.storage.organizer.owner_links import hash_secret

TABLE: Final = StoredTable(name="invitations", key=("id",), member=("invited_by", "used_by"))
GOOD_FOR: Final = timedelta(hours=48)
_ID_BITS: Final = 48


def make_secret() -> str:
    """Make the secret part of a link: 22 characters of A-Z a-z 0-9 _ -."""
    return secrets.token_urlsafe(16)


async def add(tx: Transaction, secret: str, role: Role, invited_by: int, now: datetime) -> Invitation:
    """Create the invitation for the link with `secret`; returns the existing one if it was created before."""
    await tx.run(
        "INSERT INTO invitations (id, hash, role, invited_by, made_at, until) "
        "VALUES (:id, :hash, :role, :invited_by, :now, :until) ON CONFLICT (hash) DO NOTHING",
        id=secrets.randbits(_ID_BITS),
        hash=hash_secret(secret),
        role=role,
        invited_by=invited_by,
        now=timestamps.to_text(now),
        until=timestamps.to_text(now + GOOD_FOR),
    )
    invitation = await follow(tx, secret)
    assert invitation is not None  # it was there, or is now
    return invitation


async def follow(tx: Transaction, secret: str) -> Invitation | None:
    """Return the invitation of a link, open or closed; None if there never was one."""
    row = await tx.one("SELECT * FROM invitations WHERE hash = :hash", hash=hash_secret(secret))
    return _read(row) if row else None


async def find(tx: Transaction, invitation_id: int) -> Invitation | None:
    """Return the invitation with this id, open or closed."""
    row = await tx.one("SELECT * FROM invitations WHERE id = :id", id=invitation_id)
    return _read(row) if row else None


async def list_open(tx: Transaction, now: datetime) -> list[Invitation]:
    """List the invitations that can still be redeemed, the oldest first."""
    rows = await tx.all(
        "SELECT * FROM invitations WHERE closed_at IS NULL AND until > :now ORDER BY made_at, id",
        now=timestamps.to_text(now),
    )
    return [_read(row) for row in rows]


async def redeem(tx: Transaction, invitation_id: int, person_id: int, now: datetime) -> bool:
    """Redeem the invitation once. False if it is used, revoked or expired."""
    used = await tx.run(
        "UPDATE invitations SET used_by = :person_id, closed_at = :now "
        "WHERE id = :id AND closed_at IS NULL AND until > :now AND made_at < :latest",
        id=invitation_id,
        person_id=person_id,
        now=timestamps.to_text(now),
        latest=timestamps.to_text(now + CLOCK_TOLERANCE),
    )
    return used == 1


async def revoke(tx: Transaction, invitation_id: int, now: datetime) -> bool:
    """Revoke the invitation. False if it was used or revoked before."""
    taken = await tx.run(
        "UPDATE invitations SET closed_at = :now WHERE id = :id AND closed_at IS NULL AND until > :now",
        id=invitation_id,
        now=timestamps.to_text(now),
    )
    return taken == 1


def _read(row: Row) -> Invitation:
    return Invitation(
        id=row["id"],
        role=row["role"],
        invited_by=row["invited_by"],
        made_at=timestamps.from_text(row["made_at"]),
        until=timestamps.from_text(row["until"]),
        used_by=row["used_by"],
        is_closed=row["closed_at"] is not None,
    )
