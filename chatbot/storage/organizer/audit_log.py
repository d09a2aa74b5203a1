"""The audit log: every action of the team, in a chain of hashes that shows later changes."""

import hashlib
from datetime import datetime
from typing import Final

import orjson

from chatbot.petition.audit_entry import AuditEntry
from chatbot.problem import Problem
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Row, StoredTable, Transaction

TABLE: Final = StoredTable(name="audit_log", key=("number",), member=("member_id",))
END: Final = StoredTable(name="audit_log_end", key=("name",))
_AT_ONCE: Final = 1_000
_NAMES: Final = ("name", "inviter", "asker")
"""The details that hold the name of a team member."""


async def add(tx: Transaction, member_id: int, action: str, now: datetime, **details: str | int | None) -> None:
    """Add the action of a member, `<kind>.<verb>`, in the transaction that does it.

    `details` hold what changed, before and after, and never a supporter's name or id. Each action has its line in
    screens/organizer/records/audit_lines.py. One transaction writes at a time: on PostgreSQL the row of the end stays
    locked until the commit, so add the entry last.
    """
    end = await tx.one(
        "INSERT INTO audit_log_end (name, number, hash) VALUES ('audit_log', 1, '') "
        "ON CONFLICT (name) DO UPDATE SET number = audit_log_end.number + 1 RETURNING number, hash"
    )
    assert end is not None  # an upsert returns its row
    kept = orjson.dumps(details, option=orjson.OPT_SORT_KEYS).decode()
    done_at = timestamps.to_text(now)
    link = _link(end["hash"], end["number"], member_id, action, kept, done_at)
    await tx.run(
        "INSERT INTO audit_log (number, member_id, kind, action, details, done_at, hash) "
        "VALUES (:number, :member_id, :kind, :action, :details, :done_at, :hash)",
        number=end["number"],
        member_id=member_id,
        kind=action.partition(".")[0],
        action=action,
        details=kept,
        done_at=done_at,
        hash=link,
    )
    await tx.run("UPDATE audit_log_end SET hash = :hash WHERE name = 'audit_log'", hash=link)


async def anonymise(tx: Transaction, member_id: int, name: str, alias: int) -> None:
    """Replace `member_id` by `alias` in every entry, and take the member's name out of all entries.

    The chain is computed anew from the first changed entry on. Nothing else may do that.
    """
    # Locks out other writers: they would go on from a hash that is about to change.
    await tx.run("UPDATE audit_log_end SET number = number WHERE name = 'audit_log'")
    number, link, changed = 0, "", False
    while rows := await tx.all(
        "SELECT * FROM audit_log WHERE number > :after ORDER BY number LIMIT :limit", after=number, limit=_AT_ONCE
    ):
        for row in rows:
            number = row["number"]
            author = alias if row["member_id"] == member_id else row["member_id"]
            details = orjson.loads(row["details"])
            kept = {key: "–" if key in _NAMES and name and value == name else value for key, value in details.items()}
            changed = changed or author != row["member_id"] or kept != details
            if not changed:
                link = row["hash"]
                continue
            told = orjson.dumps(kept, option=orjson.OPT_SORT_KEYS).decode()
            link = _link(link, number, author, row["action"], told, row["done_at"])
            await tx.run(
                "UPDATE audit_log SET member_id = :member_id, details = :details, hash = :hash WHERE number = :number",
                member_id=author,
                details=told,
                hash=link,
                number=number,
            )
    if changed:
        await tx.run("UPDATE audit_log_end SET hash = :hash WHERE name = 'audit_log'", hash=link)


async def read(tx: Transaction, after: int, limit: int) -> list[AuditEntry]:
    """Read the next `limit` entries after the number `after`, the oldest first."""
    rows = await tx.all(
        "SELECT * FROM audit_log WHERE number > :after ORDER BY number LIMIT :limit", after=after, limit=limit
    )
    return [_read(row) for row in rows]


async def list_before(
    tx: Transaction, before: int | None, limit: int, *, kind: str | None = None, member_id: int | None = None
) -> list[AuditEntry]:
    """List the last `limit` entries before the number `before`, the newest first: of a kind, or of a member."""
    return await _select(tx, "number < :place", "DESC", 2**62 if before is None else before, limit, kind, member_id)


async def list_after(
    tx: Transaction, after: int, limit: int, *, kind: str | None = None, member_id: int | None = None
) -> list[AuditEntry]:
    """List the first `limit` entries after the number `after`; they too come newest first."""
    return (await _select(tx, "number > :place", "ASC", after, limit, kind, member_id))[::-1]


async def _select(
    tx: Transaction, where: str, order: str, place: int, limit: int, kind: str | None, member_id: int | None
) -> list[AuditEntry]:
    chosen: dict[str, str | int] = {}
    if kind is not None:
        where, chosen["kind"] = f"{where} AND kind = :kind", kind
    if member_id is not None:
        where, chosen["member_id"] = f"{where} AND member_id = :member_id", member_id
    rows = await tx.all(
        f"SELECT * FROM audit_log WHERE {where} ORDER BY number {order} LIMIT :limit",  # noqa: S608 - our own texts
        place=place,
        limit=limit,
        **chosen,
    )
    return [_read(row) for row in rows]


async def count_since(tx: Transaction, member_id: int, action: str, moment: datetime) -> int:
    """Count how often a member did this since `moment`, among their last thousand actions."""
    row = await tx.one(
        "SELECT count(*) AS n FROM "
        "(SELECT action, done_at FROM audit_log WHERE member_id = :member_id "
        "ORDER BY number DESC LIMIT :most) AS lately WHERE action = :action AND done_at >= :moment",
        member_id=member_id,
        most=_AT_ONCE,
        action=action,
        moment=timestamps.to_text(moment),
    )
    return row["n"] if row else 0


async def find_end(tx: Transaction) -> tuple[int, str]:
    """Return the number of entries, and the last hash of the chain."""
    end = await tx.one("SELECT number, hash FROM audit_log_end WHERE name = 'audit_log'")
    return (end["number"], end["hash"]) if end else (0, "")


async def find_breaks(tx: Transaction) -> list[Problem]:
    """Find the first break of the chain: an entry was changed, removed or inserted. Empty if it is whole."""
    number, link = 0, ""
    while rows := await tx.all(
        "SELECT * FROM audit_log WHERE number > :after ORDER BY number LIMIT :limit", after=number, limit=_AT_ONCE
    ):
        for row in rows:
            number += 1
            if row["number"] != number:
                return [Problem("audit log: line {number} is missing", number=number)]
            link = _link(link, number, row["member_id"], row["action"], row["details"], row["done_at"])
            if row["hash"] != link or row["kind"] != row["action"].partition(".")[0]:
                changed = Problem(
                    "audit log: line {number}, of {moment}, was changed after it was written",
                    number=number,
                    moment=row["done_at"],
                )
                return [changed]
    lines, end = await find_end(tx)
    if (lines, end) != (number, link):
        ended = Problem(
            "audit log: it ends after {number} lines, but {written} were written", number=number, written=lines
        )
        return [ended]
    return []


def _link(before: str, number: int, member_id: int, action: str, details: str, done_at: str) -> str:
    line = orjson.dumps([before, number, member_id, action, details, done_at])
    return hashlib.sha256(line).hexdigest()


def _read(row: Row) -> AuditEntry:
    return AuditEntry(
        number=row["number"],
        member_id=row["member_id"],
        action=row["action"],
        details=orjson.loads(row["details"]),
        done_at=timestamps.from_text(row["done_at"]),
        hash=row["hash"],
    )
