"""Watching the signatures: in one process of several, each new one is looked at once, for what is unusual."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from chatbot.logs import report_bug
from chatbot.petition.review.detector import WINDOW, Detection, toss
from chatbot.storage import Database, DatabaseUnavailableError, Transaction
from chatbot.storage.organizer import signals
from chatbot.storage.people import counters, signatures
from chatbot.storage.people.signatures import Signature

logger = logging.getLogger(__name__)

_AT_ONCE: Final = 1_000
_SOON: Final = 60.0


async def detect_periodically(database: Database, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
    """Look again and again, as long as the bot lives."""
    while True:
        try:
            held = await database.try_lock("watching")
            if held:
                await detect_in_new_signatures(database, clock())
        except DatabaseUnavailableError as error:
            held = False
            report_bug(logger, "new signatures were not looked at, and will be in a while", error)
        await asyncio.sleep(WINDOW.total_seconds() if held else _SOON)


async def detect_in_new_signatures(database: Database, now: datetime) -> int:
    """Look at everybody who has signed since the last time; how many things were pointed out.

    What is counted is blurred before anybody hears of it.
    """
    watch = await database.transact(lambda tx: signals.read_state(tx, now))
    last = await database.read_snapshot(lambda tx: counters.read(tx, counters.NUMBERS))
    look, number = Detection(watch.looked_at, now, watch.frontier, newest=watch.newest), watch.number
    while number < last:

        async def read(tx: Transaction, number: int = number) -> tuple[list[Signature], int]:
            return await signatures.list_after(tx, number, last, _AT_ONCE)

        some, number = await database.read_snapshot(read)
        look = look.add(some)
    blurred = look.blur(toss)
    found = await database.transact(lambda tx: signals.add_detected(tx, watch, max(last, watch.number), blurred, now))
    if found:
        logger.info("%d unusual things about new signatures were pointed out", len(found))
    return len(found)
