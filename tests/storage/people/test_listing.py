"""Listing selected signatures: an index finds them, and they are counted in bounded time."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from chatbot.storage import Database, Transaction
from chatbot.storage.people import listing
from chatbot.storage.people.listing import Count, Selection
from tests.support.signers import add_signer

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def signed(database: Database) -> Database:
    """60 signatures, one every half hour, every third one from Canada. Three of them are deleted, but still counted."""

    async def work(tx: Transaction) -> None:
        for each in range(60):
            now = NOON + each * 30 * MINUTE
            await add_signer(tx, each, country="KR" if each % 3 else "CA", first_number=100, now=now)
        await tx.run("DELETE FROM signatures WHERE number IN (100, 130, 131)")

    await database.transact(work)
    return database


async def numbers(database: Database, choice: Selection) -> list[int]:
    async def work(tx: Transaction) -> list[int]:
        begin, end = await listing.find_range(tx, choice)
        return [row["number"] for row in await listing.list_signatures(tx, choice, begin, end)]

    return await database.transact(work)


async def test_selection_lists_matching_signatures_only(signed: Database) -> None:
    for first, last, country in product((-5, 0, 29, 59), (1, 31, 90), (None, "KR", "NO")):
        choice = Selection(NOON + first * 30 * MINUTE, NOON + last * 30 * MINUTE, country)
        expected = [
            100 + each
            for each in range(60)
            if first <= each < last and each not in (0, 30, 31) and country in (None, "KR" if each % 3 else "CA")
        ]
        assert await numbers(signed, choice) == expected
        counted = await signed.transact(listing.count, choice)
        assert counted == Count(len(expected), at_most=False)


async def test_whole_selection_equals_the_counters(signed: Database) -> None:
    assert await signed.transact(listing.count, Selection()) == Count(60, at_most=False)
    assert await signed.transact(listing.count, Selection(country="CA")) == Count(20, at_most=False)
    assert len(await numbers(signed, Selection())) == 57


async def test_large_selection_is_estimated(signed: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "COUNTED_AT_MOST", 10)
    since = Selection(since=NOON + 20 * 30 * MINUTE)
    assert await signed.transact(listing.count, since) == Count(40, at_most=True)
    canada = Selection(since=NOON, country="CA")
    assert await signed.transact(listing.count, canada) == Count(20, at_most=True)


async def test_selection_of_no_signatures_is_empty(database: Database) -> None:
    assert await numbers(database, Selection(since=NOON)) == []
    assert await database.transact(listing.count, Selection(since=NOON)) == Count(0, at_most=False)
