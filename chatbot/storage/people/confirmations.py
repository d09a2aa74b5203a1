"""Confirmation buttons: each works once, for one person and one purpose."""

import secrets
from datetime import datetime, timedelta
from typing import Final

from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import StoredTable, Transaction

TABLE: Final = StoredTable(name="confirmations", key=("code",), person=("supporter_id",))
GOOD_FOR: Final = timedelta(days=1)
"""How long a button works."""
CLOCKS: Final = timedelta(hours=2)
"""A button that works for longer than this too was made while the clock was wrong."""
MOST: Final = 20
"""Working buttons of one person; older ones stop working."""


async def ask(tx: Transaction, supporter_id: int, about: str, now: datetime) -> str:
    """Return a short code (11 of A-Z a-z 0-9 _ -) for a button that asks this person about `about`."""
    await tx.run("DELETE FROM confirmations WHERE until <= :now", now=timestamps.to_text(now))
    await tx.run(
        "DELETE FROM confirmations WHERE supporter_id = :supporter_id AND code NOT IN (SELECT code FROM confirmations "
        "WHERE supporter_id = :supporter_id ORDER BY until DESC LIMIT :others)",
        supporter_id=supporter_id,
        others=MOST - 1,
    )
    code = secrets.token_urlsafe(8)
    await tx.run(
        "INSERT INTO confirmations (code, supporter_id, about, until) VALUES (:code, :supporter_id, :about, :until)",
        code=code,
        supporter_id=supporter_id,
        about=about,
        until=timestamps.to_text(now + GOOD_FOR),
    )
    return code


async def take(tx: Transaction, code: str, supporter_id: int, about: str, now: datetime) -> bool:
    """Redeem a button; True for the first tap, by the person it was shown to, for the same purpose, within a day."""
    taken = await tx.run(
        "DELETE FROM confirmations WHERE code = :code AND supporter_id = :supporter_id AND about = :about "
        "AND until > :now AND until <= :latest",
        code=code,
        supporter_id=supporter_id,
        about=about,
        now=timestamps.to_text(now),
        latest=timestamps.to_text(now + GOOD_FOR + CLOCKS),
    )
    return taken == 1
