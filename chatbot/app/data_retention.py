"""Retention job: erases personal data that is older than the campaign allows."""

import logging
from datetime import datetime
from typing import Final

from chatbot.storage import Database
from chatbot.storage.broadcasts import approvals, mornings
from chatbot.storage.engine.database import Work
from chatbot.storage.organizer.review import set_asides
from chatbot.storage.privacy import member_erasure, retention

logger = logging.getLogger(__name__)

AT_ONCE: Final = 50
"""People in one transaction: a button press waits for no more than that."""


async def erase_expired(database: Database, days: int, now: datetime, *, is_open: bool, at_once: int = AT_ONCE) -> None:
    """Erase, batch by batch, everything whose retention time is over.

    `is_open` is what campaign.toml says. The job may be interrupted anywhere; the next run continues it.
    """
    await database.transact(retention.note_files, now=now, is_open=is_open)
    await _repeat(database, retention.correct_future_times, now, at_once)
    drafts = await _repeat(database, retention.erase_old_drafts, now, at_once)
    visitors = await _repeat(database, retention.erase_visitors, now, at_once)
    await database.transact(approvals.delete_old_notes, now=now)
    questions = await database.transact(set_asides.drop_questions, now=now)
    woken = await _repeat(database, mornings.forget, now, at_once)
    hidden = await _repeat(database, member_erasure.anonymise_due, now, at_once)
    erased = False
    if await database.transact(retention.plan, days=days, now=now):
        after: int | None = 0
        while after is not None:
            erased = True
            after = await database.transact(retention.erase_some, days=days, now=now, after=after, limit=at_once)
        logger.info("retention: names are erased and ids replaced, as planned")
    if drafts or visitors or questions or woken or hidden or erased:
        await database.purge_deleted()


async def _repeat(database: Database, some: Work[..., int], now: datetime, at_once: int) -> int:
    """Repeat `some` until it finds less than a whole batch; return the total."""
    done = 0
    while True:
        found: int = await database.transact(some, now=now, limit=at_once)
        done += found
        if found < at_once:
            return done
