"""Seals names and reasons that were stored in clear, in signatures and in drafts."""

from collections.abc import Callable
from typing import Final

import orjson

from chatbot.petition.sealing.envelope import is_sealed
from chatbot.storage.engine.database import Transaction

_WORDS: Final = ("name", "reason", "undo_name", "undo_reason", "doubtful_name")
"""What a draft holds in a person's words."""
Close = Callable[[str], str]
"""Returns the sealed form of a text; a sealed text stays as it is."""


async def seal_signatures(tx: Transaction, after: int, limit: int, close: Close) -> tuple[int, int | None]:
    """Seal the next `limit` signatures after the number `after`.

    Returns how many were in clear, and the last number: None if there are no more.
    """
    rows = await tx.all(
        "SELECT number, name, reason FROM signatures WHERE number > :after ORDER BY number LIMIT :limit",
        after=after,
        limit=limit,
    )
    sealed = 0
    for row in rows:
        name, reason = row["name"], row["reason"]
        if not all(is_sealed(text) for text in (name, reason) if text):
            sealed += await tx.run(
                "UPDATE signatures SET name = :sealed_name, reason = :sealed_reason "
                # A signature that was changed meanwhile was sealed by that.
                "WHERE number = :number AND name = :name AND coalesce(reason, '') = coalesce(:reason, '')",
                sealed_name=close(name) if name else name,
                sealed_reason=close(reason) if reason else reason,
                number=row["number"],
                name=name,
                reason=reason,
            )
    return sealed, rows[-1]["number"] if rows else None


async def seal_drafts(tx: Transaction, after: int, limit: int, close: Close) -> tuple[int, int | None]:
    """Do the same for the drafts of the next `limit` supporters after the id `after`."""
    rows = await tx.all(
        "SELECT id, draft FROM supporters WHERE id > :after ORDER BY id LIMIT :limit", after=after, limit=limit
    )
    sealed = 0
    for row in rows:
        told = orjson.loads(row["draft"])
        words = {key: told[key] for key in _WORDS if told.get(key) and isinstance(told[key], str)}
        if not all(is_sealed(text) for text in words.values()):
            sealed += await tx.run(
                "UPDATE supporters SET draft = :sealed WHERE id = :id AND draft = :draft",
                sealed=orjson.dumps(told | {key: close(text) for key, text in words.items()}).decode(),
                id=row["id"],
                draft=row["draft"],
            )
    return sealed, rows[-1]["id"] if rows else None
