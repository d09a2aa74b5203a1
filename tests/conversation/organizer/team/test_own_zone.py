"""A member's own time zone: hours are theirs, and the days of the numbers stay those of the team."""

from datetime import UTC, datetime

import pytest

from chatbot.storage import Transaction
from chatbot.storage.organizer import team
from chatbot.storage.privacy import member_erasure, personal_data
from tests.conversation.organizer.team.conftest import UNKNOWN, removes
from tests.support.cast import HANA, SAM, YUNA
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats
from tests.support.written_broadcasts import write_both


@pytest.fixture
async def hana_in_berlin(yuna: Chat, chats: TeamChats) -> Chat:
    """하나, an organizer who sees the hours of Berlin."""
    hana = await chats.open_organizer()
    await chooses(hana, "Berlin")
    return hana


async def chooses(chat: Chat, place: str) -> None:
    await chat.says("/team")
    await chat.taps("🕘 My time zone")
    await chat.says(place)


async def read_zone(tx: Transaction, member_id: int) -> str | None:
    row = await tx.one("SELECT zone FROM members WHERE id = :id", id=member_id)
    return row["zone"] if row else None


async def test_two_organizers_schedule_the_same_moment(yuna: Chat, hana_in_berlin: Chat, chats: TeamChats) -> None:
    """유나 lives in Seoul and 하나 in Berlin: each reads her own clock."""
    assert "You see times in Berlin Time. It is Nov 24 04:00 there." in hana_in_berlin.text
    assert "stay those of the team (Korean time)" in hana_in_berlin.text
    await write_both(hana_in_berlin)
    await hana_in_berlin.taps("🕘 Later")
    assert "Times are in Berlin Time" in hana_in_berlin.text
    assert "Today 20:00" in hana_in_berlin.labels
    await hana_in_berlin.says("12/1 18:00")
    await hana_in_berlin.taps("Yes, schedule it")
    assert (await chats.driver.newest()).scheduled_for == datetime(2026, 12, 1, 17, 0, tzinfo=UTC)
    for chat, shown in ((yuna, "Dec 2 02:00"), (hana_in_berlin, "Dec 1 18:00")):
        await chat.says("/scheduled")
        assert any(label.startswith(shown) for label in chat.labels)


async def test_numbers_are_the_same_for_both(yuna: Chat, hana_in_berlin: Chat) -> None:
    for chat in (yuna, hana_in_berlin):
        await chat.says("/stats")
    assert yuna.text == hana_in_berlin.text
    assert "(Korean time)" in yuna.text


async def test_notice_has_the_hours_of_its_reader(yuna: Chat, hana_in_berlin: Chat, chats: TeamChats) -> None:
    chats.driver.now = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
    assert str((await chats.jobs.context.speak_to(HANA)).zone) == "Europe/Berlin"
    assert str((await chats.jobs.context.speak_to(YUNA)).zone) == "Asia/Seoul"
    assert str((await chats.jobs.context.speak_to(1002)).zone) == "UTC", "a stranger has the zone of the language"


async def test_several_zones_are_offered_and_unknown_places_asked_again(yuna: Chat, chats: TeamChats) -> None:
    await chooses(yuna, "USA")
    assert "What time is it where you are" in yuna.text
    await yuna.taps("Chicago Time")
    assert await chats.database.transact(read_zone, YUNA) == "America/Chicago"
    await yuna.taps("Change it")
    assert any(label.startswith("✓ Chicago") for label in yuna.labels)
    await yuna.says("qwerty")
    assert "do not know this place" in yuna.text
    await yuna.taps("As the team")
    assert await chats.database.transact(read_zone, YUNA) is None
    await yuna.says("Berlin")
    assert UNKNOWN in yuna.text, "the question is answered"


async def test_zone_of_a_colleague_is_offered(yuna: Chat, hana_in_berlin: Chat) -> None:
    await yuna.says("/team")
    await yuna.taps("My time zone")
    await yuna.taps("Berlin Time")
    await yuna.again()
    assert "You see times in Berlin Time" in yuna.text


@pytest.mark.parametrize("button", ["team:here:Asia/London", "team:here:", "team:here:../../etc/passwd"])
async def test_forged_zone_changes_nothing(yuna: Chat, chats: TeamChats, button: str) -> None:
    await yuna.presses(button)
    assert await chats.database.transact(read_zone, YUNA) is None


async def test_zone_that_this_machine_does_not_know_is_the_campaigns(yuna: Chat, chats: TeamChats) -> None:
    await chats.database.transact(team.choose_zone, YUNA, "Mars/Olympus")
    await yuna.says("/log")
    assert "in Korean time" in yuna.text


async def test_viewer_chooses_a_zone_on_the_desk_and_nothing_else_of_the_team(chats: TeamChats, yuna: Chat) -> None:
    hana = await chats.open_organizer("viewer")
    await hana.says("/desk")
    await hana.taps("🕘 My time zone: Korean time")
    await hana.says("Berlin")
    assert "You see times in Berlin Time" in hana.text
    assert await chats.database.transact(read_zone, HANA) == "Europe/Berlin"
    await hana.taps("🧭 Your desk")
    assert "🕘 My time zone: Berlin Time" in hana.labels
    for action in ("team:list", "team:notices:own", "team:eyes", "team:member:3003"):
        await hana.presses(action)
        assert hana.notice == "Only organizers can do that."
        assert "Your desk" in hana.text


async def test_supporter_has_no_zone_to_choose(chats: TeamChats) -> None:
    sam = chats.chat(SAM, "Sam")
    await sam.presses("team:here:Europe/Berlin")
    assert "didn't get that" in sam.text
    await chats.add_member(sam, "viewer")
    assert await chats.database.transact(read_zone, SAM) is None


async def test_zone_goes_with_the_membership_and_is_part_of_the_data(
    yuna: Chat, hana_in_berlin: Chat, chats: TeamChats
) -> None:
    data = await chats.database.transact(personal_data.gather, HANA)
    assert data["members"][0]["zone"] == "Europe/Berlin"
    await removes(yuna, "하나")
    assert await chats.database.transact(read_zone, HANA) is None


async def test_zone_is_erased_at_once(hana_in_berlin: Chat, chats: TeamChats) -> None:
    await chats.database.transact(member_erasure.schedule, HANA, chats.driver.now)
    assert await chats.database.transact(read_zone, HANA) is None
