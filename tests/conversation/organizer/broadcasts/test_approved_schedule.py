"""Approval of broadcasts that are sent at an hour."""

from datetime import timedelta

import pytest

from chatbot.petition.broadcasts.broadcast import BroadcastState
from chatbot.storage.broadcasts import deliveries
from chatbot.storage.organizer import team
from tests.support.approval_requests import approve, open_owner_with_threshold, schedule
from tests.support.broadcasts import BroadcastDriver
from tests.support.campaigns import BUNDLED
from tests.support.cast import HANA, NOW, YUNA
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats
from tests.support.written_broadcasts import ENGLISH, KOREAN, write_both


@pytest.fixture
async def yuna(chats: TeamChats, driver: BroadcastDriver) -> Chat:
    return await open_owner_with_threshold(chats, driver)


@pytest.fixture
async def hana(chats: TeamChats, yuna: Chat) -> Chat:
    """하나, a second organizer."""
    return await chats.open_organizer()


async def reach_the_hour(chats: TeamChats, driver: BroadcastDriver) -> None:
    driver.now = NOW + timedelta(days=6, hours=21, seconds=1)
    await chats.database.transact(deliveries.start_due, BUNDLED, driver.now)


async def test_approved_broadcast_starts_at_its_hour(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await write_both(yuna)
    await yuna.taps("🕘 Later")
    await yuna.says("12/1 9:00")
    assert "A second organizer has to approve it first" in yuna.text
    await yuna.taps("Yes, schedule it")
    assert "It goes out at the scheduled time, Dec 1 09:00 (Korean time), if it's approved by then" in yuna.text
    assert "🕘 Tuesday, December 1" in (await chats.run_jobs())[HANA][2]
    await yuna.says("/scheduled")
    await yuna.taps("Our friend")
    assert "Waiting for approval</b> since Nov 24 12:00 (Korean time). Asked: 하나" in yuna.text
    assert not any("approve" in label or "second organizer" in label for label in yuna.labels), "she has asked"
    assert "Withdraw the request" in yuna.labels
    await hana.says("/scheduled")
    await hana.taps("Our friend")
    await hana.taps("Look at it and approve")
    assert hana.first == [KOREAN, ENGLISH]
    await hana.taps("✅ Approve")
    assert "Approve it for this time?" in hana.text
    await hana.taps("Yes, approve it: 40")
    assert "Approved.</b> It goes out at the scheduled time" in hana.text
    assert "It goes out at the scheduled time" in (await chats.run_jobs())[YUNA][0]
    assert (await driver.newest()).state is BroadcastState.SCHEDULED
    await yuna.says("/scheduled")
    await yuna.taps("Our friend")
    assert "approved by 하나" in yuna.text
    await reach_the_hour(chats, driver)
    assert (await driver.newest()).state is BroadcastState.RUNNING
    assert await chats.list_entries() == ["broadcast.scheduled", "broadcast.asked", "broadcast.approved"]


async def test_broadcast_without_approval_is_late_and_says_why(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await schedule(yuna)
    await reach_the_hour(chats, driver)
    late = await driver.newest()
    assert (late.state, late.reported_at) == (BroadcastState.LATE, None)
    await yuna.says("/scheduled")
    await yuna.taps("Our friend")
    assert "because no second organizer had approved it by then" in yuna.text
    await yuna.taps("📣 Send now")
    await yuna.taps("Yes, ask a second organizer")
    await approve(hana, late.revision)
    assert (await driver.newest()).state is BroadcastState.RUNNING


async def test_late_broadcast_can_be_sent_after_approval(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await schedule(yuna)
    await reach_the_hour(chats, driver)
    late = await driver.newest()
    await approve(hana, late.revision)
    assert "The scheduled time has passed" in hana.text
    assert "send it yourself" in (await chats.run_jobs())[YUNA][-1]
    await yuna.presses(f"broadcast:start:1:{late.revision}")
    assert (await driver.newest()).state is BroadcastState.RUNNING


async def test_new_threshold_holds_for_scheduled_broadcasts(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await chats.database.transact(team.set_threshold, None, 30)
    await schedule(yuna)
    assert "Scheduled" in yuna.text
    await chats.database.transact(team.set_threshold, 30, None)
    await yuna.says("/scheduled")
    await yuna.taps("Our friend")
    await yuna.taps("👀 Ask a second organizer")
    await approve(hana, (await driver.newest()).revision)
    await reach_the_hour(chats, driver)
    assert (await driver.newest()).state is BroadcastState.RUNNING
