"""A connection pooler is refused in plain words, unless it is in session mode and ignores the bot's settings."""

import asyncio

import asyncpg
import pytest

from chatbot.storage import UnusableDatabaseError, open_database
from chatbot.storage.engine.postgres import database as postgres
from tests.storage.conftest import on_postgres
from tests.storage.engine.conftest import raise_a
from tests.support.pooler import PROGRAM, pgbouncer

pytestmark = [on_postgres, pytest.mark.skipif(PROGRAM is None, reason="no PgBouncer on this machine")]

IGNORED = ", ".join(["extra_float_digits", *postgres._SESSION])


@pytest.mark.parametrize(
    ("mode", "more"),
    [
        ("transaction", {}),
        ("transaction", {"ignore_startup_parameters": IGNORED}),
        ("transaction", {"ignore_startup_parameters": IGNORED, "server_round_robin": "1", "min_pool_size": "3"}),
        ("statement", {"ignore_startup_parameters": IGNORED}),
        ("session", {}),
    ],
)
async def test_unsuitable_pooler_is_refused(url: str, mode: str, more: dict[str, str]) -> None:
    with pgbouncer(url, pool_mode=mode, **more) as pooled, pytest.raises(UnusableDatabaseError) as refused:
        await open_database(pooled)
    assert "connection pooler" in str(refused.value)
    assert "give the server's own address" in str(refused.value)
    assert "\n" not in str(refused.value)


async def test_pooler_that_alternates_between_two_sessions_is_refused(url: str) -> None:
    more = {"ignore_startup_parameters": IGNORED, "server_round_robin": "1", "default_pool_size": "2"}
    with pgbouncer(url, pool_mode="transaction", **more) as pooled:
        await _occupy_two_sessions(pooled)
        with pytest.raises(UnusableDatabaseError, match="connection pooler"):
            await open_database(pooled)


async def _occupy_two_sessions(pooled: str) -> None:
    """Run two transactions at once, so that the pooler opens two sessions, which it keeps."""
    one, other = await asyncpg.connect(pooled), await asyncpg.connect(pooled)
    async with one.transaction(), other.transaction():
        await one.execute("SELECT 1")
        await other.execute("SELECT 1")
    await one.close()
    await other.close()


async def test_pooler_in_session_mode_is_accepted(url: str) -> None:
    with pgbouncer(url, pool_mode="session", ignore_startup_parameters=IGNORED) as pooled:
        one, other = await open_database(pooled), await open_database(pooled)
        assert await one.try_lock("sending")
        assert not await other.try_lock("sending")
        numbers = await asyncio.gather(*(each.transact(raise_a) for each in (one, other) for _ in range(5)))
        assert sorted(numbers) == list(range(1, 11))
        await asyncio.gather(one.close(), other.close())
