"""Notices to the team about webhook trouble: one for each incident, whichever process sees it first."""

import logging
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from chatbot.storage import Database, DatabaseUnavailableError, Transaction
from chatbot.storage.organizer import app_state, jobs
from chatbot.transport.incoming.registration import Trouble

logger = logging.getLogger(__name__)

TROUBLE: Final = "webhook_trouble"
"""Set while the team believes that updates do not arrive."""
TAKEN: Final = "webhook_taken"
"""When the team was last told that another program uses the token."""
AGAIN: Final = timedelta(hours=6)


async def tell_of_webhook(database: Database, trouble: Trouble, reason: str, waiting: int) -> bool:
    """Notify the team unless it knows already. False while the database is unavailable."""
    try:
        await database.transact(_notify, trouble, {"told": reason, "waiting": waiting}, datetime.now(UTC))
    except DatabaseUnavailableError:
        logger.warning("the team was not told of the webhook trouble: the database is unavailable")
        return False
    return True


async def _notify(tx: Transaction, trouble: Trouble, details: Mapping[str, str | int], now: datetime) -> None:
    if await _is_news(tx, trouble, now):
        await jobs.tell(tx, f"webhook_{trouble}", details, now)


async def _is_news(tx: Transaction, trouble: Trouble, now: datetime) -> bool:
    if trouble == "over":
        return await app_state.drop(tx, TROUBLE)
    mine = f"{now.isoformat()} {secrets.token_hex(4)}"
    if trouble != "taken":
        return await app_state.store_once(tx, TROUBLE, mine) == mine
    kept = await app_state.store_once(tx, TAKEN, mine)
    if kept == mine:
        return True
    is_old = datetime.fromisoformat(kept.partition(" ")[0]) < now - AGAIN
    return is_old and await app_state.compare_and_set(tx, TAKEN, kept, mine)
