"""A confirmation button works once, for one person and one purpose, within a day."""

import asyncio
from datetime import datetime, timedelta

from chatbot.storage import Database
from chatbot.storage.people import confirmations
from tests.support.cast import MALLORY, YUNA


async def test_button_works_once(database: Database, now: datetime) -> None:
    code = await database.transact(confirmations.ask, YUNA, "close:7", now)
    taken = await asyncio.gather(*(database.transact(confirmations.take, code, YUNA, "close:7", now) for _ in range(8)))
    assert sorted(taken) == [False] * 7 + [True]


async def test_button_works_for_its_person_and_purpose_only(database: Database, now: datetime) -> None:
    code = await database.transact(confirmations.ask, YUNA, "close:7", now)
    assert not await database.transact(confirmations.take, code, MALLORY, "close:7", now)
    assert not await database.transact(confirmations.take, code, YUNA, "close:8", now)
    assert not await database.transact(confirmations.take, "", YUNA, "close:7", now)
    assert await database.transact(confirmations.take, code, YUNA, "close:7", now)


async def test_button_works_for_a_day_and_is_deleted(database: Database, now: datetime) -> None:
    code = await database.transact(confirmations.ask, YUNA, "close:7", now)
    later = now + timedelta(days=1)
    assert not await database.transact(confirmations.take, code, YUNA, "close:7", later)
    await database.transact(confirmations.ask, YUNA, "close:8", later)
    [kept] = await database.transact(lambda tx: tx.all("SELECT about FROM confirmations"))
    assert kept["about"] == "close:8"
