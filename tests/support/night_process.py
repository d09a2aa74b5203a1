"""Process that delivers broadcasts at a given moment of a night, to be killed anywhere.

    python -m tests.support.night_process URL MOMENT LOG

It does what the worker does until nobody can be written to at this moment. In place of a call to Telegram it appends
`<kind> <broadcast> <supporter> <moment>` to the log, in one write.
"""

import asyncio
import os
import sys
from dataclasses import replace
from datetime import datetime, time

from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.outcome import Delivery, Sent
from chatbot.petition.broadcasts.quiet_hours import QuietHours
from chatbot.storage import Transaction, open_database
from chatbot.storage.broadcasts import audience, broadcasts, deliveries, lifecycle
from chatbot.storage.broadcasts.mornings import ReadersClock
from tests.support.campaigns import BUNDLED

CAMPAIGN = replace(BUNDLED, quiet_hours=QuietHours(time(21), time(8)))
AT_ONCE = 40


async def main(url: str, now: datetime, log: str) -> None:
    file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    database = await open_database(url)
    await database.transact(deliveries.recover)
    while claimed := await database.transact(_claim, now):
        broadcast, taken = claimed
        for each in taken:
            os.write(file, f"{broadcast.kind} {broadcast.id} {each.supporter_id} {now.isoformat()}\n".encode())
        await database.transact(_record, broadcast.id, taken, now)
    await database.close()


async def _claim(tx: Transaction, now: datetime) -> tuple[Broadcast, list[Delivery]] | None:
    broadcast = await deliveries.find_running(tx, now, CAMPAIGN)
    if broadcast is None:
        return None
    if broadcast.gathered_at is None:
        await audience.gather(tx, broadcast, CAMPAIGN, 500, now)
        return broadcast, []
    if not await audience.put_back(tx, broadcast, 500):
        return broadcast, []
    broadcast = await broadcasts.get(tx, broadcast.id)
    return broadcast, list((await deliveries.claim(tx, broadcast, AT_ONCE, ReadersClock(CAMPAIGN, now))).deliveries)


async def _record(tx: Transaction, broadcast_id: int, taken: list[Delivery], now: datetime) -> None:
    await deliveries.record(tx, broadcast_id, [(each, Sent(each.supporter_id)) for each in taken], now)
    started = await broadcasts.get(tx, broadcast_id)
    if started.gathered_at is not None and not (await deliveries.tally(tx, broadcast_id)).left:
        await lifecycle.end(tx, broadcast_id, "done", now)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], datetime.fromisoformat(sys.argv[2]), sys.argv[3]))
