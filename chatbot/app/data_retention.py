"""What is kept about people goes when its time is over, by itself, in one process of several."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Final

from chatbot.logs import report_bug
from chatbot.petition.model import Campaign
from chatbot.storage import Database, DatabaseUnavailableError, Transaction
from chatbot.storage.broadcasts import approvals
from chatbot.storage.organizer import set_asides
from chatbot.storage.privacy import member_erasure, retention

logger = logging.getLogger(__name__)

AT_ONCE: Final = 50
"""People in one transaction: whoever taps a button meanwhile waits for no more than that."""
_HOUR: Final = 3_600.0
_AGAIN: Final = 60.0
"""Seconds until what the database could not do is tried once more."""


async def keep_retention(
    database: Database, campaign: Campaign, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> None:
    """Let go every hour of what is kept for too long."""
    while True:
        rest = _HOUR
        try:
            if await database.try_lock("retention"):
                await let_go(database, campaign.retention_days, clock, is_open=campaign.is_open)
        except DatabaseUnavailableError as error:
            report_bug(logger, "not everything is gone that was kept for too long; it goes on in a minute", error)
            rest = _AGAIN
        await asyncio.sleep(rest)


async def let_go(
    database: Database, days: int, clock: Callable[[], datetime], *, is_open: bool, at_once: int = AT_ONCE
) -> None:
    """Let go of everything whose time is over by now, batch by batch.

    `is_open` is what campaign.toml says. It may end anywhere, and is begun anew.
    """
    now = clock()
    await database.transact(partial(retention.note_files, now=now, is_open=is_open))
    await _repeat(database, partial(retention.put_clocks_right, now=now, limit=at_once), at_once)
    drafts = await _repeat(database, partial(retention.erase_old_drafts, now=now, limit=at_once), at_once)
    lookers = await _repeat(database, partial(retention.erase_visitors, now=now, limit=at_once), at_once)
    await database.transact(partial(approvals.forget_alone, now=now))
    questions = await database.transact(partial(set_asides.drop_questions, now=now))
    hidden = await _repeat(database, partial(member_erasure.hide_some, now=now, limit=at_once), at_once)
    erased = False
    if await database.transact(partial(retention.plan, days=days, now=now)):
        after: int | None = 0
        while after is not None:
            erased = True
            some = partial(retention.erase_some, days=days, now=now, after=after, limit=at_once)
            after = await database.transact(some)
        logger.info("retention: names are erased and ids replaced, as planned")
    if drafts or lookers or questions or hidden or erased:
        await database.purge_deleted()


async def _repeat(database: Database, some: Callable[[Transaction], Awaitable[int]], at_once: int) -> int:
    """Do `some` until less than a whole batch is left; how many in all."""
    done = 0

    async def work(tx: Transaction) -> int:
        return await some(tx)

    while True:
        found = await database.transact(work)
        done += found
        if found < at_once:
            return done
