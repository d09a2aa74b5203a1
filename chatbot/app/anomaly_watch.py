"""Review job: looks for unusual patterns in new signatures."""

import logging
from datetime import datetime
from typing import Final

from chatbot.petition.review.detector import Detection, draw_noise
from chatbot.storage import Database
from chatbot.storage.organizer.review import signals
from chatbot.storage.people import counters, signatures

logger = logging.getLogger(__name__)

_AT_ONCE: Final = 1_000


async def detect_in_new_signatures(database: Database, now: datetime) -> int:
    """Check all signatures since the last run; return the number of new signals.

    Counts are blurred before anybody sees them.
    """
    state = await database.transact(signals.read_state, now)
    last = await database.read_snapshot(counters.read, counters.NUMBERS)
    detection, number = Detection(state.searched_at, now, state.frontier, newest=state.newest), state.number
    while number < last:
        some, number = await database.read_snapshot(signatures.list_after, number, last, _AT_ONCE)
        detection = detection.add(some)
    blurred, number = detection.blur(draw_noise), state.number
    if keys := blurred.list_compared(state.usual):
        while number < last:
            some, number = await database.read_snapshot(signatures.list_after, number, last, _AT_ONCE)
            blurred = blurred.compare(keys, some)
        blurred = blurred.blur_overlaps(draw_noise)
    found = await database.transact(signals.add_detected, state, max(last, state.number), blurred, now)
    if found:
        logger.info("%d new signals about signatures", len(found))
    return len(found)
