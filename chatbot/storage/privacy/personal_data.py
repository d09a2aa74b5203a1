"""Everything that is kept about one person, row by row, for them to read."""

from typing import Final

from chatbot.storage.engine.database import Transaction
from chatbot.storage.privacy.tables import TABLES

JOB: Final = "about_me"
"""The errand that sends it to them as a file."""
PERSONAL: Final[dict[str, tuple[str, ...]]] = {
    "supporters": ("id",),
    "signatures": ("supporter_id",),
    "subscriptions": ("supporter_id",),
    "deliveries": ("supporter_id",),
    "confirmations": ("supporter_id",),
    "jobs": ("chat_id",),
    "chat_menus": ("chat_id",),
    "members": ("id",),
    "invitations": ("invited_by", "used_by"),
    "broadcasts": ("organizer_id",),
    "approvals": ("asked_by", "approved_by"),
    "sent_alone": ("sent_by",),
    "petition_status": ("changed_by", "human_by"),
    "status_drafts": ("member_id",),
    "set_asides": ("made_by",),
    "audit_log": ("member_id",),
}
"""Every table with rows about somebody, and where their id stands in it."""
_SECRET: Final = ("hash", "code", "set_aside_id")
"""What is not told: what opens something, and whether a signature is doubted, which would tell whoever floods us."""

PersonalData = dict[str, list[dict[str, str | int | None]]]


async def gather(tx: Transaction, person_id: int) -> PersonalData:
    """The rows about somebody, by table; tables without any are left out."""
    kept: PersonalData = {}
    for table, columns in PERSONAL.items():
        where = " OR ".join(f"{column} = :id" for column in columns)
        rows = await tx.all(f"SELECT * FROM {table} WHERE {where}", id=person_id)  # noqa: S608 - names of ours
        if rows:
            kept[table] = [{name: row[name] for name in TABLES[table][1] if name not in _SECRET} for row in rows]
    return kept


async def is_under_way(tx: Transaction, person_id: int) -> bool:
    """Whether a file is being made for them already."""
    return bool(
        await tx.one("SELECT 1 AS found FROM jobs WHERE chat_id = :id AND kind = :kind", id=person_id, kind=JOB)
    )
