"""Notices about webhook trouble: one at its beginning and one at its end, from any process."""

import asyncio
from datetime import timedelta

import pytest

from chatbot.app import webhook_notices
from chatbot.app.webhook_notices import tell_of_webhook
from chatbot.storage import Database, Transaction


async def notices(database: Database) -> list[str]:
    """List the notices to the team, oldest first."""

    async def work(tx: Transaction) -> list[str]:
        rows = await tx.all("SELECT details FROM jobs WHERE kind = 'tell' ORDER BY added_at, id")
        return [row["details"].partition('"notice":"')[2].partition('"')[0] for row in rows]

    return await database.transact(work)


async def test_team_hears_of_trouble_once_and_of_its_end_once(database: Database) -> None:
    await tell_of_webhook(database, "over", "", 0)
    assert await notices(database) == [], "there was no trouble before"
    for nth in range(3):
        await asyncio.gather(*(tell_of_webhook(database, "failing", "Connection refused", nth) for _ in range(4)))
        await tell_of_webhook(database, "refused", "bad webhook", 0)
    assert await notices(database) == ["webhook_failing"]
    await asyncio.gather(*(tell_of_webhook(database, "over", "", 0) for _ in range(4)))
    assert await notices(database) == ["webhook_failing", "webhook_over"]
    await tell_of_webhook(database, "refused", "bad webhook", 0)
    assert await notices(database) == ["webhook_failing", "webhook_over", "webhook_refused"]


async def test_team_hears_of_another_program_once_in_six_hours(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        await asyncio.gather(*(tell_of_webhook(database, "taken", "", 0) for _ in range(4)))
    assert await notices(database) == ["webhook_taken"]
    monkeypatch.setattr(webhook_notices, "AGAIN", timedelta(0))
    await asyncio.gather(tell_of_webhook(database, "taken", "", 0), tell_of_webhook(database, "over", "", 0))
    assert await notices(database) == ["webhook_taken", "webhook_taken"]


async def test_unavailable_database_does_not_break_the_webhook(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await database.close()
    assert not await tell_of_webhook(database, "failing", "Connection refused", 3)
    assert "the team was not told of the webhook" in caplog.text
