"""The bot tells the team of a wrong clock once a day, and warns of a second bot on the same file."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from chatbot.app.machine_trouble import SecondBot, tell_of_clock
from chatbot.storage import Database
from tests.storage.conftest import on_sqlite
from tests.support.databases import open_migrated

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


async def told(database: Database) -> int:
    return len(await database.transact(lambda tx: tx.all("SELECT id FROM jobs WHERE kind = 'tell'")))


async def test_team_is_told_of_the_clock_once_a_day(database: Database) -> None:
    await tell_of_clock(database, lambda: None, NOW)
    assert await told(database) == 0
    for minute in range(60):
        await tell_of_clock(database, lambda: 3600.0, NOW + minute * timedelta(minutes=1))
    assert await told(database) == 1
    await tell_of_clock(database, lambda: -86_400.0 * 400, NOW - timedelta(days=400))
    assert await told(database) == 2, "a clock that was set far back is told of again"


@on_sqlite
async def test_log_warns_once_of_a_second_bot(url: str, database: Database, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    second = await open_migrated(url)
    one, other = SecondBot(database), SecondBot(second)
    for _ in range(4):
        await one.check(NOW)
        await other.check(NOW)
    assert [record.message for record in caplog.records] == [
        "another bot is running with this database file: one is enough, so stop one of them"
    ]
    await second.close()


@on_sqlite
async def test_restarted_bot_causes_no_warning(url: str, database: Database, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    old = await open_migrated(url)
    await SecondBot(old).check(NOW)
    restarted = SecondBot(database)
    await restarted.check(NOW)
    await old.close()
    for _ in range(3):
        await restarted.check(NOW)
    assert caplog.records == []
