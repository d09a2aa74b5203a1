"""Reads stored rows without the code under test."""

import json

from chatbot.storage import Database, Transaction
from chatbot.storage.privacy.tables import TABLES

MESSAGES = ("asked_in", "asked_by", "outdated")
"""The keys of a draft that `question_messages` owns."""


async def read_rows(tx: Transaction) -> dict[str, list[tuple[object, ...]]]:
    """Return the values of all rows, by table, ordered by key."""
    return {
        name: [
            tuple(dict(row).values()) for row in await tx.all(f"SELECT * FROM {name} ORDER BY {', '.join(table.key)}")
        ]
        for name, table in TABLES.items()
    }


async def read_step(database: Database, supporter_id: int) -> tuple[str, str]:
    """Return a supporter's step and draft, without the messages of questions: those change with every answer."""
    row = await database.transact(
        lambda tx: tx.one("SELECT step, draft FROM supporters WHERE id = :id", id=supporter_id)
    )
    assert row is not None
    draft = {key: value for key, value in json.loads(row["draft"]).items() if key not in MESSAGES}
    return row["step"], json.dumps(draft, ensure_ascii=False, separators=(",", ":"))
