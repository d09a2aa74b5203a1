"""Subscriptions: they begin, change their language, end, and begin again."""

import asyncio
from datetime import datetime, timedelta

import pytest

from chatbot.storage import ConflictError, Database, Transaction
from chatbot.storage.people import subscriptions, supporters
from chatbot.storage.people.subscriptions import Subscription
from tests.support.cast import HANA


@pytest.fixture
async def hana(database: Database, now: datetime) -> int:
    await database.transact(supporters.meet, HANA, language="ko", now=now)
    return HANA


async def test_subscription_begins_once_and_changes_its_language(database: Database, hana: int, now: datetime) -> None:
    assert await database.transact(subscriptions.subscribe, hana, "ko", now)
    later = now + timedelta(days=1)
    assert not await database.transact(subscriptions.subscribe, hana, "en", later)
    assert await database.transact(subscriptions.find, hana) == Subscription(hana, "en", None, now)
    assert await database.transact(subscriptions.count) == 1


async def test_subscription_ends_once_and_begins_again(database: Database, hana: int, now: datetime) -> None:
    later = now + timedelta(days=1)

    async def history(tx: Transaction) -> tuple[str | None, str | None]:
        row = await tx.one("SELECT ended_at, ended_because FROM subscriptions")
        assert row is not None
        return row["ended_at"], row["ended_because"]

    await database.transact(subscriptions.subscribe, hana, "ko", now)
    assert await database.transact(subscriptions.end, hana, "asked", later)
    assert not await database.transact(subscriptions.end, hana, "blocked", now)
    assert await database.transact(history) == ("2026-11-25T03:00:00.000000Z", "asked")
    assert await database.transact(subscriptions.find, hana) is None
    assert await database.transact(subscriptions.count) == 0
    assert await database.transact(subscriptions.subscribe, hana, "en", later)
    assert await database.transact(history) == (None, None)
    assert await database.transact(subscriptions.find, hana) == Subscription(hana, "en", None, later)
    assert await database.transact(subscriptions.count) == 1


async def test_missing_subscription_does_not_end(database: Database, hana: int, now: datetime) -> None:
    assert not await database.transact(subscriptions.end, hana, "asked", now)
    assert await database.transact(subscriptions.find, hana) is None
    assert await database.transact(subscriptions.count) == 0


async def test_concurrent_taps_make_one_subscription(database: Database, hana: int, now: datetime) -> None:
    began = await asyncio.gather(*(database.transact(subscriptions.subscribe, hana, "ko", now) for _ in range(50)))
    assert began.count(True) == 1
    assert await database.transact(subscriptions.count) == 1


async def test_unknown_person_cannot_subscribe(database: Database, now: datetime) -> None:
    with pytest.raises(ConflictError):
        await database.transact(subscriptions.subscribe, 404, "en", now)
    assert await database.transact(subscriptions.count) == 0
