"""Live cards are listed newest first and once each, and pruned after a week."""

from datetime import timedelta

from chatbot.storage import Database
from chatbot.storage.places import cards
from tests.support.cast import NOW


async def test_cards_are_listed_newest_first_and_once(database: Database) -> None:
    for each in ("a", "b", "c"):
        assert await database.transact(cards.add, each, "ko", NOW)
    assert not await database.transact(cards.add, "a", "en", NOW)
    assert await database.transact(cards.list_newest, NOW, 2) == [("c", "ko"), ("b", "ko")]
    assert await database.transact(cards.drop, "c")
    assert not await database.transact(cards.drop, "c")
    assert await database.transact(cards.list_newest, NOW, 9) == [("b", "ko"), ("a", "ko")]


async def test_cards_are_live_for_a_week_and_then_pruned(database: Database) -> None:
    await database.transact(cards.add, "old", "ko", NOW - cards.LIVE - timedelta(days=1))
    await database.transact(cards.add, "young", "ko", NOW - cards.LIVE)
    assert await database.transact(cards.list_newest, NOW, 9) == [("young", "ko")]
    assert await database.transact(cards.prune, NOW, 100) == 1
    assert await database.transact(cards.prune, NOW, 100) == 0
    assert await database.transact(cards.list_newest, NOW + timedelta(days=1), 9) == []
