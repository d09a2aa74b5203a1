"""Review job: looks for unusual patterns in new signatures."""

import logging
from datetime import datetime
from typing import Final

from chatbot.petition.review.detector import Detection, toss
from chatbot.storage import Database, Transaction
from chatbot.storage.organizer import signals
from chatbot.storage.people import counters, signatures
from chatbot.storage.people.signatures import Signature

logger = logging.getLogger(__name__)

_AT_ONCE: Final = 1_000


async def detect_in_new_signatures(database: Database, now: datetime) -> int:
    """Check all signatures since the last run; return the number of new signals.

    Counts are blurred before anybody sees them.
    """
    state = await database.transact(lambda tx: signals.read_state(tx, now))
    last = await database.read_snapshot(lambda tx: counters.read(tx, counters.NUMBERS))
    detection, number = Detection(state.looked_at, now, state.frontier, newest=state.newest), state.number
    while number < last:

        async def read(tx: Transaction, number: int = number) -> tuple[list[Signature], int]:
            return await signatures.list_after(tx, number, last, _AT_ONCE)

        some, number = await database.read_snapshot(read)
        detection = detection.add(some)
    blurred = detection.blur(toss)
    found = await database.transact(lambda tx: signals.add_detected(tx, state, max(last, state.number), blurred, now))
    if found:
        logger.info("%d new signals about signatures", len(found))
    return len(found)
