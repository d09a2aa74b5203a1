"""A card that is on its way is pinned, or may be asked for again, whatever becomes of its organizer and its job."""

from datetime import timedelta

import pytest

from chatbot.jobs.runner import TRIES
from chatbot.storage import Transaction
from chatbot.storage.broadcasts import restored
from chatbot.storage.privacy import erasure, retention
from tests.support.cast import YUNA
from tests.support.chat import Chat
from tests.support.place_buttons import CHANNEL, find, link
from tests.support.team_chats import TeamChats


@pytest.fixture
async def yuna(chats: TeamChats) -> Chat:
    chat = await chats.open_owner()
    await chats.run_jobs()  # her menu
    return chat


async def ask_for_card(chats: TeamChats, yuna: Chat) -> str:
    """Ask for a card, and return the code of its place."""
    place = await link(chats, yuna)
    await yuna.presses(f"channels:ask:pin:{place.code}")
    await yuna.taps("Yes, pin it")
    return place.code


@pytest.mark.parametrize("by_retention", [False, True])
async def test_card_is_pinned_although_its_organizer_is_erased(
    chats: TeamChats, yuna: Chat, *, by_retention: bool
) -> None:
    if by_retention:
        await yuna.signs()
    await ask_for_card(chats, yuna)

    async def erase(tx: Transaction) -> list[str]:
        if by_retention:
            await retention._anonymise(tx, YUNA, None, chats.driver.now, in_team=False)
        else:
            assert await erasure.erase(tx, YUNA, chats.driver.now)
        return [str(row["details"]) + str(row["chat_id"]) for row in await tx.all("SELECT * FROM jobs")]

    left = await chats.database.transact(erase)
    assert not [each for each in left if str(YUNA) in each]
    await chats.run_jobs()
    place = await find(chats)
    assert place.has_card
    assert chats.jobs.chat_sender.pinned == {CHANNEL: place.card_message_id}


async def test_card_whose_job_is_given_up_may_be_asked_for_again(
    chats: TeamChats, yuna: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = await ask_for_card(chats, yuna)

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("chatbot.jobs.handlers.places.pinned_cards.card.read_numbers", fail)
    told: dict[int, list[str]] = {}
    for _try in range(TRIES + 1):
        chats.driver.now += timedelta(hours=1)
        told |= await chats.run_jobs()
    assert "do not know whether" in str(told[YUNA])
    place = await find(chats)
    assert (place.gets_card, place.has_card) == (False, False)
    await yuna.presses(f"channels:show:{code}")
    assert any("Pin" in label for label in yuna.labels)


async def test_copy_that_is_brought_back_posts_no_card_that_may_be_there(chats: TeamChats, yuna: Chat) -> None:
    await ask_for_card(chats, yuna)
    await chats.database.transact(restored.hold, chats.driver.now)
    told = await chats.run_jobs()
    assert CHANNEL not in told
    assert "do not know whether" in str(told[YUNA])
