"""A PostgreSQL server that a test may kill, a second connection, and works that count."""

from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from chatbot.storage import Transaction
from chatbot.storage.people import counters
from tests.support.postgres_server import PostgresServer


@pytest.fixture
def mortal(server: PostgresServer) -> Iterator[PostgresServer]:
    """The server for a test that kills it. It starts again after the test."""
    yield server
    server.kill()
    server.start()


@pytest.fixture
async def bystander(url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection that the code under test does not know."""
    connection = await asyncpg.connect(url)
    yield connection
    await connection.close()


async def raise_a(tx: Transaction) -> int:
    return await counters.increase(tx, "a")


async def read_a(tx: Transaction) -> int:
    return await counters.read(tx, "a")
