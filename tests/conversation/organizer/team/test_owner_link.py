"""The link that makes an owner: for one person, for a day, and anybody else learns nothing from it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from chatbot.storage import Database
from chatbot.storage.organizer import owner_links, team
from tests.conversation.organizer.team.conftest import UNKNOWN
from tests.support.cast import HANA, SAM, YUNA
from tests.support.chat import Chat
from tests.support.databases import open_migrated
from tests.support.team_chats import TeamChats

YES = "Yes, I'll be an owner"
WELCOME = "You're an owner of this petition now"
OVER = "doesn't work, or no longer does"


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """An empty database, once for each engine."""
    opened = await open_migrated(url)
    yield opened
    await opened.close()


@pytest.fixture(autouse=True)
def nobody(chats: TeamChats) -> None:
    """Nobody is named in the settings."""
    chats.configured_owners = frozenset()


@pytest.fixture
def yuna(chats: TeamChats) -> Chat:
    return chats.chat(YUNA, "유나", "ko")


async def make(chats: TeamChats) -> str:
    secret = await chats.database.transact(owner_links.make, chats.driver.now)
    return f"/start own_{secret}"


async def test_first_owner_comes_by_the_link(yuna: Chat, sam: Chat, chats: TeamChats) -> None:
    command = await make(chats)
    assert not await chats.database.transact(owner_links.has_owner, ())
    await yuna.says(command)
    assert "이 청원의 책임자가 됩니다" in yuna.text
    await yuna.taps("네, 책임자가 되겠습니다")
    assert "이제 이 청원의 책임자입니다" in yuna.receipt
    assert "desk:run:team" in yuna.actions
    assert await chats.database.transact(owner_links.has_owner, ())
    assert await chats.list_entries() == ["team.owned"]
    assert await chats.run_jobs() == {}
    assert chats.jobs.chat_sender.menus == {YUNA: "owner"}
    await yuna.says("/team")
    assert "<b>유나</b> · 책임자" in yuna.text
    await yuna.says("/log")
    assert "봇이 실행되는 컴퓨터에서 만든 링크로 책임자가 되었습니다" in yuna.text
    await sam.says(command)
    assert OVER in sam.text


async def test_one_of_two_who_tap_at_once_becomes_the_owner(sam: Chat, hana: Chat, chats: TeamChats) -> None:
    command = await make(chats)
    for chat in (sam, hana):
        await chat.says(command)
    await asyncio.gather(sam.taps(YES), hana.taps(YES))
    assert sorted(OVER in chat.text for chat in (sam, hana)) == [False, True]
    assert await chats.list_entries() == ["team.owned"]


async def test_second_tap_of_the_new_owner_shows_the_same(sam: Chat, chats: TeamChats) -> None:
    await sam.says(await make(chats))
    [button, *_] = sam.actions
    await sam.taps(YES)
    await sam.again()
    assert WELCOME in sam.receipt + sam.text
    await sam.presses(button)
    assert WELCOME in sam.receipt + sam.text
    assert await chats.list_entries() == ["team.owned"]


@pytest.mark.parametrize("guess", ["", "own_", "own_abcdefghijklmnopqrstuv", "own_é", "own_own_"])
async def test_wrong_link_says_nothing(sam: Chat, chats: TeamChats, guess: str) -> None:
    await make(chats)
    await sam.says(f"/start own_{guess}")
    assert OVER in sam.text
    before = sam.text
    await chats.add_member(chats.chat(HANA, "하나"), "owner")
    await sam.says(f"/start own_{guess}")
    assert sam.text == before, "it does not tell whether there is an owner"
    [row] = await chats.database.transact(
        lambda tx: tx.all("SELECT source FROM supporters WHERE id = :id", id=SAM)  # type: ignore[call-overload]
    )
    assert row["source"] is None


async def test_link_works_for_a_day(sam: Chat, hana: Chat, chats: TeamChats) -> None:
    command = await make(chats)
    chats.driver.now += timedelta(hours=23, minutes=59)
    await sam.says(command)
    assert "You become an owner" in sam.text
    chats.driver.now += timedelta(minutes=1)
    await sam.taps(YES)
    assert OVER in sam.text
    await hana.says(command)
    assert OVER in hana.text
    assert not await chats.database.transact(owner_links.has_owner, ())


async def test_link_of_a_wrong_clock_does_not_last(sam: Chat, chats: TeamChats) -> None:
    chats.driver.now += timedelta(days=3_000)
    command = await make(chats)
    chats.driver.now -= timedelta(days=3_000)
    await sam.says(command)
    assert OVER in sam.text


async def test_new_link_voids_the_earlier(sam: Chat, hana: Chat, chats: TeamChats) -> None:
    old = await make(chats)
    await sam.says(old)
    new = await make(chats)
    await sam.taps(YES)
    assert OVER in sam.text
    await hana.says(old)
    assert OVER in hana.text
    await hana.says(new)
    await hana.taps(YES)
    assert WELCOME in hana.receipt


async def test_button_works_only_for_the_person_who_was_asked(sam: Chat, hana: Chat, chats: TeamChats) -> None:
    await sam.says(await make(chats))
    await hana.presses(sam.actions[0])
    assert OVER in hana.text
    await sam.taps(YES)
    assert WELCOME in sam.receipt


async def test_owners_are_told_of_another_one(yuna: Chat, sam: Chat, chats: TeamChats) -> None:
    await chats.add_member(yuna, "owner")
    command = await make(chats)
    await yuna.says(command)
    assert "이미 이 청원의 책임자입니다" in yuna.text
    await sam.says(command)
    await sam.taps(YES)
    assert WELCOME in sam.receipt
    told = await chats.run_jobs()
    assert "<b>Sam 님이 책임자가 되었습니다.</b>" in told[YUNA][0]
    assert SAM not in told


async def test_organizer_becomes_an_owner(sam: Chat, chats: TeamChats) -> None:
    await chats.add_member(sam, "organizer")
    await sam.says(await make(chats))
    await sam.taps(YES)
    await sam.says("/team")
    assert "<b>Sam</b> · owner" in sam.text


async def test_person_may_decline(sam: Chat, hana: Chat, chats: TeamChats) -> None:
    command = await make(chats)
    await sam.says(command)
    await sam.taps("No, thank you")
    await sam.says("/team")
    assert UNKNOWN in sam.text
    await hana.says(command)
    await hana.taps(YES)
    assert WELCOME in hana.receipt


async def test_only_a_hash_is_stored(chats: TeamChats) -> None:
    secret = (await make(chats)).removeprefix("/start own_")
    rows = await chats.database.transact(lambda tx: tx.all("SELECT value FROM app_state"))
    assert secret not in str([dict(row) for row in rows])  # type: ignore[call-overload]
    assert len(secret) == 22


async def test_petition_without_owners_is_recognised(database: Database, chats: TeamChats) -> None:
    assert await database.transact(owner_links.has_owner, frozenset({YUNA}))
    await chats.add_member(chats.chat(HANA, "하나"), "organizer")
    assert not await database.transact(owner_links.has_owner, frozenset())
    await database.transact(team.add_member, SAM, "Sam", "owner", None, chats.driver.now)
    assert await database.transact(owner_links.has_owner, frozenset())
