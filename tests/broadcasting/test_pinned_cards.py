"""The keeper edits pinned cards of linked places in their languages, but not while a place is paused."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from chatbot.broadcasting.card_keeper import CardKeeper
from chatbot.broadcasting.pace import Pacer
from chatbot.broadcasting.pinned_cards import PinnedCards
from chatbot.i18n import Translator
from chatbot.petition.broadcasts.live_card import CardEdit, LiveCard
from chatbot.petition.broadcasts.place import Place
from chatbot.screens.screen import Screen
from chatbot.storage import Database
from chatbot.storage.places import pinned_cards, places
from tests.broadcasting.test_card_keeper import NOW, SHOWN, JumpingClock
from tests.support.campaigns import BUNDLED
from tests.support.cast import YUNA
from tests.support.signers import add_signer

CHANNEL = -1_002_000_000_001


class Pinned:
    """A keeper of pinned cards on a jumping clock, and its edits."""

    def __init__(self, database: Database, translators: Mapping[str, Translator]) -> None:
        self.database = database
        self.clock = JumpingClock()
        self.answer: CardEdit = SHOWN
        self.edits: list[tuple[LiveCard, str]] = []
        self.signed = 0
        self.keeper = CardKeeper(
            database,
            BUNDLED,
            translators,
            Pacer(clock=self.clock, sleep=self.clock.sleep),
            self.edit,
            (PinnedCards(database),),
            clock=lambda: NOW + timedelta(seconds=self.clock.now - 1_000),
            seconds=self.clock,
        )
        self.keeper.bot_link = "https://t.me/petition_bot"

    async def edit(self, live: LiveCard, screen: Screen) -> CardEdit:
        self.edits.append((live, f"{screen.text} {screen.rows}"))
        return self.answer

    async def pin(self, chat_id: int) -> Place:
        place = await self.database.transact(places.link, chat_id, "channel", "광장", "ko", YUNA, NOW)
        assert place is not None
        await self.database.transact(pinned_cards.ask, place.code)
        await self.database.transact(pinned_cards.keep, place.code, 7)
        return place

    async def find(self, place: Place) -> Place:
        found = await self.database.transact(places.find, place.code)
        assert found is not None
        return found

    async def follow(self, seconds: float = 300) -> list[str]:
        """Add ten signatures, and return the texts of the edits that follow."""
        for _ in range(10):
            await self.database.transact(add_signer, 5_000 + self.signed)
            self.signed += 1
        return await self.wait(seconds)

    async def wait(self, seconds: float = 300) -> list[str]:
        self.edits.clear()
        end = self.clock.now + seconds
        while self.clock.now < end:
            await self.keeper.refresh()
            self.clock.now += 5
        return [text for _, text in self.edits]


@pytest.fixture
def pinned(database: Database, translators: Mapping[str, Translator]) -> Pinned:
    return Pinned(database, translators)


async def test_pinned_card_follows_with_the_link_of_its_place(pinned: Pinned) -> None:
    place = await pinned.pin(CHANNEL)
    await pinned.wait()
    [text] = await pinned.follow()
    assert "178,930</b>명 이상" in text
    assert f"?start={place.code}" in text
    assert await pinned.wait() == [], "the number is the same"


async def test_pinned_card_takes_the_new_language_at_once(pinned: Pinned) -> None:
    place = await pinned.pin(CHANNEL)
    await pinned.wait()
    await pinned.database.transact(places.choose_language, place.code, "en")
    [text] = await pinned.wait()
    assert "supporters" in text


async def test_keeper_edits_no_card_of_a_paused_place(pinned: Pinned) -> None:
    place = await pinned.pin(CHANNEL)
    await pinned.wait()
    await pinned.database.transact(places.pause, place.code, NOW)
    assert await pinned.follow() == []
    await pinned.database.transact(places.resume, place.code)
    assert len(await pinned.wait()) == 1


async def test_keeper_forgets_a_deleted_card(pinned: Pinned) -> None:
    place = await pinned.pin(CHANNEL)
    pinned.answer = CardEdit("lost")
    assert len(await pinned.wait()) == 1
    assert (await pinned.find(place)).card_message_id is None
    assert await pinned.follow() == []


async def test_refused_card_marks_its_place_until_telegram_accepts_one(pinned: Pinned) -> None:
    place = await pinned.pin(CHANNEL)
    pinned.answer = CardEdit("gone")
    await pinned.wait()
    assert (await pinned.find(place)).trouble == "refused"
    pinned.answer = SHOWN
    await pinned.follow()
    assert (await pinned.find(place)).trouble is None
