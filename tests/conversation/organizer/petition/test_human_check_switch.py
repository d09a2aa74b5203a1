"""The human check for organizers: they switch it, or it switches itself in a surge."""

from datetime import timedelta

import pytest

from chatbot.storage.organizer import human_check, petition_status
from tests.support.cast import HANA, MALLORY, SAM, YUNA
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats


@pytest.fixture
def sam(chats: TeamChats) -> Chat:
    return chats.chat(SAM, "Sam")


async def test_automatic_check_asks_during_a_surge_and_tells_the_team_once(
    chats: TeamChats, yuna: Chat, sam: Chat
) -> None:
    await yuna.says("/petition")
    await yuna.taps("Human check: off")
    await yuna.taps("Automatic")
    await yuna.presses("course:human:auto:30:1")
    assert {"● Automatic", "● from 30"} <= set(yuna.labels)
    assert "Right now nobody is asked" in yuna.text
    await chats.sign(1, [("KR", None)] * 30)

    async def switch() -> bool:
        return await chats.database.transact(human_check.switch_by_surge, chats.driver.now)

    assert await switch()
    assert not await switch()
    [text] = (await chats.run_jobs())[YUNA]
    assert "switched itself on" in text
    assert "At least 30 people" in text, "exactly so many, here"
    await yuna.presses("course:human")
    assert "It's asking now" in yuna.text
    await sam.signs()
    assert "Before you sign" in sam.text
    chats.driver.now += timedelta(hours=1)
    await sam.taps("Back")
    await sam.taps("✍️")
    assert "Thank you, Sam" in sam.receipt, "it asks no longer, whether or not somebody looked already"
    assert await switch()
    [text] = (await chats.run_jobs())[YUNA]
    assert "switched itself off" in text


async def test_others_are_told_when_an_organizer_switches_the_check(chats: TeamChats, yuna: Chat) -> None:
    hana = await chats.add_member(chats.chat(HANA, "김하나", "ko"), "organizer")
    await hana.says("/petition")
    await hana.taps("사람 확인: 꺼짐")
    await hana.taps("켜짐")
    assert "● 켜짐" in hana.labels
    await hana.again()
    assert "● 켜짐" in hana.labels
    assert "바뀐 것이 없습니다" not in hana.text
    told = await chats.run_jobs()
    assert HANA not in told
    [text] = told[YUNA]
    assert "김하나 has set the human check to: <b>on</b>" in text
    await yuna.says("/log")
    assert "human check: off → on" in yuna.text
    assert await chats.list_entries() == ["course.human"]


async def test_second_organizer_is_told_the_check_was_switched(chats: TeamChats, yuna: Chat) -> None:
    hana = await chats.open_organizer()
    for chat in (yuna, hana):
        await chat.says("/petition")
        await chat.taps("Human check")
    await yuna.presses("course:human:auto:300:0")
    await hana.taps("On")
    assert "유나 was first" in hana.text
    assert "● from 300" in hana.labels
    await hana.taps("On")
    assert "● On" in hana.labels
    assert await chats.list_entries() == ["course.human", "course.human"]


async def test_switching_the_check_keeps_an_unfinished_statement(chats: TeamChats, yuna: Chat) -> None:
    hana = await chats.open_organizer()
    await yuna.says("/close")
    await hana.presses("course:human:on:100:0")
    await yuna.taps("No English version")
    await yuna.taps("No Korean version")
    await yuna.taps("Yes, close it")
    assert "Closed since" in yuna.text


@pytest.mark.parametrize("role", ["viewer", None])
async def test_viewer_and_supporter_cannot_switch_the_check(chats: TeamChats, role) -> None:
    mallory = chats.chat(MALLORY, "Mallory")
    if role:
        await chats.add_member(mallory, role)
    for action in ("course:human", "course:human:on:100:0"):
        await mallory.presses(action)
        assert "🧩" not in mallory.text
    assert (await chats.database.transact(petition_status.find)).human.mode == "off"


async def test_button_that_the_bot_cannot_have_written_switches_nothing(chats: TeamChats, yuna: Chat) -> None:
    await yuna.presses("course:human:on:100:²")
    assert "didn't get that" in yuna.text
    assert (await chats.database.transact(petition_status.find)).human.mode == "off"
    assert await chats.list_entries() == []


@pytest.mark.parametrize(
    "argument", ["on", "on:7:0", "on:100:", "on:100:x", f"on:100:{'9' * 30}", "maybe:100:0", ":::"]
)
async def test_made_up_button_switches_nothing(chats: TeamChats, yuna: Chat, argument: str) -> None:
    await yuna.presses(f"course:human:{argument}")
    assert "nobody is asked" in yuna.text
    assert await chats.list_entries() == []
