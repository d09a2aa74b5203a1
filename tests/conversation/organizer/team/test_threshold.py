"""An owner sets from how many readers on a broadcast needs approval."""

import pytest

from tests.conversation.organizer.team.conftest import UNKNOWN
from tests.support.broadcasts import BroadcastDriver
from tests.support.cast import HANA
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats

# The approval threshold


async def test_owner_taps_or_types_the_threshold(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await chats.add_member(hana, "organizer")
    await driver.subscribe(range(1, 42))
    await yuna.says("/team")
    assert "One organizer alone" in yuna.text
    await yuna.taps("Approval before sending")
    assert "Now: off\n41 people are subscribed." in yuna.text
    assert yuna.labels[:3] == ["✓ off", "Above half: 20", "Only for all: above 40"]
    await yuna.taps("Above half: 20")
    assert "Now: above 20" in yuna.text
    await yuna.again()
    await yuna.taps("Another number")
    await yuna.says("many")
    assert "could not read a number of people in “many”" in yuna.text
    await yuna.says("/language")
    await yuna.presses("speak:en")
    assert "one organizer alone" in yuna.text
    await yuna.says("2,500명")
    await yuna.taps("✅ Yes")
    assert "Now: above 2,500" in yuna.text
    await yuna.says("hello")
    assert UNKNOWN in yuna.text, "nothing is asked any more"
    await yuna.says("/team")
    assert "more than <b>2,500" in yuna.text or "more than 2,500 people" in yuna.text
    assert await chats.list_entries() == ["team.threshold", "team.threshold"]
    assert [text[:40] for text in (await chats.run_jobs())[HANA]] == [
        "👀 유나 has decided that an update to more "[:40]
    ] * 2


@pytest.mark.parametrize("typed", ["1만 명", "10k", "ten thousand people"])
async def test_owner_types_the_threshold_as_people_write_numbers(yuna: Chat, typed: str) -> None:
    await yuna.says("/team")
    await yuna.taps("Approval before sending")
    await yuna.taps("Another number")
    await yuna.says(typed)
    assert "10,000" in yuna.text


async def test_owner_is_told_the_threshold_was_changed_first(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await chats.add_member(hana, "owner")
    await driver.subscribe(range(1, 42))
    await yuna.presses("team:eyes")
    await hana.presses("team:eyes")
    await hana.taps("above 40")
    await yuna.taps("Above half")
    assert yuna.notice == "That has changed in the meantime. This is how it is now."
    assert "Now: above 40" in yuna.text


async def test_new_threshold_names_what_is_scheduled_and_offers_to_ask(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await chats.add_member(hana, "organizer")
    await driver.subscribe(range(1, 42))
    await hana.says("/broadcast Our friend is free.")
    await hana.says("친구가 풀려났습니다.")
    await hana.taps("🕘 Later")
    await hana.says("12/1 9:00")
    await hana.taps("Yes, schedule it")
    await yuna.presses("team:number")
    await yuna.says("50")
    assert "Scheduled updates" not in yuna.text, "it goes to 41"
    await yuna.presses("team:number")
    await yuna.says("30")
    assert "that would need approval:</b>\n🕘 Dec 1 09:00 (Korean time) · “Our friend is free.”" in yuna.text
    await yuna.taps("✅ Yes")
    assert "need approval now.</b> Without it they don't go out:\n🕘 Dec 1 09:00" in yuna.text
    assert any("1 scheduled update needs approval now: /scheduled" in each for each in (await chats.run_jobs())[HANA])
    await yuna.taps("👀 Ask for approval: Our friend is free.")
    assert "하나 asks for your approval" in yuna.text, "the owner who asked for her can approve it at once"
    told = (await chats.run_jobs())[HANA]
    assert any("유나</b> asked for approval of “Our friend is free.” to 41 people" in each for each in told)
    number = (await driver.newest()).id
    await hana.presses(f"broadcast:approve:{number}:{(await driver.newest()).revision}")
    assert hana.notice == "Someone else has to approve what you asked for."
    await yuna.taps("✅ Approve")
    await yuna.taps("Yes, approve it: 41")
    await yuna.presses("team:eyes")
    assert "Scheduled updates" not in yuna.text
