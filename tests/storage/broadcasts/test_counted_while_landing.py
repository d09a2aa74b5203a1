"""A message that arrives while its broadcast is counted is counted: on its way, or arrived."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextvars import Context

import pytest

from chatbot.petition.broadcasts.outcome import Delivery, Sent
from chatbot.petition.broadcasts.tally import Tally
from chatbot.storage import Transaction
from chatbot.storage.broadcasts import broadcasts, deliveries, delivery_counts
from chatbot.storage.engine.database import Row, Value
from tests.support.broadcasts import BroadcastDriver, gather_all
from tests.support.databases import open_migrated
from tests.support.postgres_server import PostgresServer


class Interrupted:
    """A transaction between whose statements something else commits. SQLite lets nobody write meanwhile."""

    def __init__(self, tx: Transaction, between: Callable[[], Coroutine[None, None, None]]) -> None:
        self._tx = tx
        self._between = between

    async def all(self, sql: str, /, **values: Value) -> list[Row]:
        found = await self._tx.all(sql, **values)
        # Another process does it, so a context of its own: one task opens no second transaction.
        await asyncio.create_task(self._between(), context=Context())
        return found

    async def one(self, sql: str, /, **values: Value) -> Row | None:
        return await self._tx.one(sql, **values)

    async def run(self, sql: str, /, **values: Value) -> int:
        return await self._tx.run(sql, **values)


@pytest.fixture
def address(server: PostgresServer) -> Iterator[str]:
    """The address of an empty database of PostgreSQL, with all tables."""
    with server.lent_database() as lent:
        yield lent


async def test_message_that_lands_while_it_is_counted_is_counted(address: str) -> None:
    database, other = await open_migrated(address), await open_migrated(address)
    driver = BroadcastDriver(other)
    await driver.subscribe([1])
    number = await driver.start(ko="소식")

    async def claim(tx: Transaction) -> list[Delivery]:
        running = await gather_all(tx, await broadcasts.get(tx, number), driver.now)
        return list((await deliveries.claim(tx, running, 5)).deliveries)

    flying = await other.transact(claim)

    async def land() -> None:
        while flying:
            await other.transact(deliveries.record, number, [(flying.pop(), Sent(9))], driver.now)

    async def count(tx: Transaction) -> Tally:
        return await delivery_counts.read(Interrupted(tx, land), number)

    tally = await database.transact(count)
    assert tally.held == 1, "nobody may read that nobody has it"
    for each in (database, other):
        await each.close()
