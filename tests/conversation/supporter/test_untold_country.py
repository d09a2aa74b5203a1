"""People who prefer not to say their country sign like everybody else. The bot stores it as a separate answer."""

from collections.abc import AsyncIterator

import pytest

from chatbot.storage import Database
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.people import counters, signatures, subscriptions
from tests.support.chat import Chat
from tests.support.databases import open_migrated

PREFER = "Prefer not to say"


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """An empty database, once for each engine."""
    opened = await open_migrated(url)
    yield opened
    await opened.close()


async def find_country(database: Database, chat: Chat) -> str | None:
    signature = await database.transact(signatures.find, chat.person.id)
    return signature and signature.country


async def test_supporter_prefers_not_to_say_by_a_button(sam: Chat, database: Database) -> None:
    await sam.begins()
    await sam.says("Sam")
    await sam.taps(PREFER)
    assert "🌐 Not said" in sam.text
    await sam.taps("✍️")
    assert await find_country(database, sam) == "ZZ"
    assert await database.transact(counters.read_signatures_by_country) == {"ZZ": 1}
    await sam.says("/me")
    assert "🌐 Not said" in sam.text
    assert await find_problems(database) == []


@pytest.mark.parametrize("text", ["prefer not to say", "I'd rather not say.", "밝히고 싶지 않아요", "비밀"])
async def test_supporter_types_the_wish_not_to_say(sam: Chat, text: str) -> None:
    await sam.begins()
    await sam.says("Sam")
    await sam.says(text)
    assert "🌐 Not said" in sam.text


@pytest.mark.parametrize("text", ["stateless", "무국적", "none", "skip", "없음"])
async def test_supporter_without_a_country_is_offered_not_to_say(sam: Chat, text: str) -> None:
    await sam.begins()
    await sam.says("Sam")
    await sam.says(text)
    assert "You don't have to name a country" in sam.text
    assert [label for label in sam.labels if label == PREFER] == [PREFER]


async def test_single_guess_is_asked_as_one(sam: Chat) -> None:
    await sam.begins()
    await sam.says("Sam")
    await sam.says("American")
    assert "Is this right?" in sam.text
    await sam.says("Georgia")
    assert "Which of these?" in sam.text
    assert {"🇬🇪 Georgia", "🇺🇸 United States"} <= set(sam.labels)


async def test_signer_changes_the_country_to_not_said_and_back(sam: Chat, database: Database) -> None:
    await sam.signs()
    await sam.presses("join:en")
    await sam.says("/me")
    await sam.presses("me:country")
    await sam.taps(PREFER)
    assert await find_country(database, sam) == "ZZ"
    assert await database.transact(subscriptions.count_countries) == {"ZZ": 1}
    assert await find_problems(database) == []
    await sam.presses("me:country")
    await sam.says("Busan")
    assert await find_country(database, sam) == "KR"
    assert await find_problems(database) == []


async def test_signer_tells_the_country_later_and_the_counts_follow(sam: Chat, database: Database) -> None:
    await sam.begins()
    await sam.says("Sam")
    await sam.taps(PREFER)
    await sam.taps("✍️")
    await sam.presses("join:en")
    assert await database.transact(subscriptions.count_countries) == {"ZZ": 1}
    await sam.presses("me:country")
    await sam.says("Canada")
    assert await database.transact(counters.read_signatures_by_country) == {"CA": 1}
    await sam.taps("↩ Undo")
    assert await find_country(database, sam) == "ZZ"
    assert await database.transact(subscriptions.count_countries) == {"ZZ": 1}
    assert await find_problems(database) == []
    await sam.says("/withdraw")
    await sam.presses(next(each for each in sam.actions if each.startswith("withdraw:")))
    assert await database.transact(counters.read_signatures_by_country) == {}
    assert await find_problems(database) == []
