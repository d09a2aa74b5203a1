"""Sealing what was kept in clear before: names and reasons of signatures, and of drafts under way."""

from collections.abc import Callable

import orjson

from chatbot.petition.sealing.envelope import is_sealed
from chatbot.storage.engine.database import Transaction

Close = Callable[[str], str]
"""Gives the sealed form of a text; what is sealed already stays as it is."""


async def seal_signatures(tx: Transaction, after: int, limit: int, close: Close) -> tuple[int, int | None]:
    """Seal the next `limit` signatures after the one numbered `after`: how many were in clear, and the last number.

    None for the last number when there are no more.
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
                # Whoever has changed theirs meanwhile has sealed it by that.
                "WHERE number = :number AND name = :name AND coalesce(reason, '') = coalesce(:reason, '')",
                sealed_name=close(name) if name else name,
                sealed_reason=close(reason) if reason else reason,
                number=row["number"],
                name=name,
                reason=reason,
            )
    return sealed, rows[-1]["number"] if rows else None


async def seal_drafts(tx: Transaction, after: int, limit: int, close: Close) -> tuple[int, int | None]:
    """The same for the drafts of the next `limit` supporters after the id `after`."""
    rows = await tx.all(
        "SELECT id, draft FROM supporters WHERE id > :after ORDER BY id LIMIT :limit", after=after, limit=limit
    )
    sealed = 0
    for row in rows:
        told = orjson.loads(row["draft"])
        words = {key: told[key] for key in ("name", "reason") if isinstance(told.get(key), str)}
        if not all(is_sealed(text) for text in words.values()):
            sealed += await tx.run(
                "UPDATE supporters SET draft = :sealed WHERE id = :id AND draft = :draft",
                sealed=orjson.dumps(told | {key: close(text) for key, text in words.items()}).decode(),
                id=row["id"],
                draft=row["draft"],
            )
    return sealed, rows[-1]["id"] if rows else None
