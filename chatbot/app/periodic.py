"""What the bot does by itself while people talk to it: it forgets old update ids, writes history, checks its books."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from chatbot.logs import report_bug
from chatbot.petition.countries import find
from chatbot.storage import Database, DatabaseUnavailableError, Transaction
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.organizer import human_check
from chatbot.storage.people import history, processed_updates

logger = logging.getLogger(__name__)

REMEMBERED: Final = timedelta(hours=48)
"""How long the ids of updates are remembered: twice as long as Telegram may deliver one again."""
NIGHT: Final = (18, 30)
"""UTC: half past three in the night in Seoul, when the books are checked."""
_PRUNED_AT_ONCE: Final = 1_000
_HOUR: Final = 3_600.0
_MINUTE: Final = 60.0
_LOOK: Final = 600.0
"""Seconds until the clock is looked at again, at most: it may have been put right meanwhile."""


async def keep_at(chore: Callable[[], Awaitable[None]], *, pause: float = _MINUTE, longest: float = _HOUR) -> None:
    """Do a chore that never ends, and begin it anew where a mistake of ours ends it: the others go on meanwhile.

    It waits `pause` seconds, and twice as long after each further mistake, up to `longest`: each leaves a line.
    """
    while True:
        try:
            return await chore()
        except Exception as error:
            report_bug(logger, f"something done regularly failed, and begins anew in {pause:.0f} s", error)
        await asyncio.sleep(pause)
        pause = min(2 * pause, longest)


async def forget_old_updates(database: Database) -> None:
    """Forget the ids of updates that can no longer be delivered again, every hour and little by little."""
    # The first misspelt country must not wait for the names to be read, and the first answer not for this.
    await asyncio.to_thread(find.prepare)
    while True:
        before = datetime.now(UTC) - REMEMBERED

        async def prune(tx: Transaction, before: datetime = before) -> int:
            return await processed_updates.prune(tx, before, _PRUNED_AT_ONCE)

        try:
            pruned = _PRUNED_AT_ONCE
            while pruned >= _PRUNED_AT_ONCE:
                pruned = await database.transact(prune)
            await database.purge_deleted()  # what is erased later than its person: an errand to their chat
        except DatabaseUnavailableError as error:
            report_bug(logger, "old update ids were not pruned, and will be in an hour", error)
        await asyncio.sleep(_HOUR)


async def keep_history(database: Database, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
    """Write down every hour where the counters stand, in one process of several: the first that does it."""
    while True:
        now = clock()
        try:
            await database.transact(partial(history.write, now=now))
        except DatabaseUnavailableError as error:
            report_bug(logger, "the counters were not written down, and will be in a while", error)
        gone = now.minute * 60 + now.second + now.microsecond / 1e6
        await asyncio.sleep(min(_HOUR - gone + 1, _LOOK))


async def watch_for_surges(database: Database, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
    """Look every minute whether the human check has to switch itself on or off; of several processes one does it."""
    while True:
        try:
            if await database.transact(partial(human_check.switch_by_surge, now=clock())):
                logger.info("the human check switched itself")
        except DatabaseUnavailableError as error:
            report_bug(logger, "nobody looked for a surge, and will in a minute", error)
        await asyncio.sleep(_MINUTE)


async def check_nightly(
    database: Database,
    tell: Callable[[list[str]], Awaitable[None]],
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:
    """Rewrite and check the database every night, in one process of several; `tell` what is not as it should be."""
    while True:
        await asyncio.sleep(_seconds_until_night(clock()))
        try:
            if not await database.try_lock("checking"):
                continue
            if not await database.rewrite():
                logger.warning("the database was not rewritten tonight: what was erased may still be in its files")
            problems = await find_problems(database)
            logger.info("nightly check: %d problems", len(problems))
            if problems:
                await tell(problems)
        except DatabaseUnavailableError as error:
            report_bug(logger, "the nightly check was not made, and will be tomorrow", error)


def _seconds_until_night(now: datetime) -> float:
    night = now.replace(hour=NIGHT[0], minute=NIGHT[1], second=0, microsecond=0)
    if night <= now:
        night += timedelta(days=1)
    return (night - now).total_seconds()
