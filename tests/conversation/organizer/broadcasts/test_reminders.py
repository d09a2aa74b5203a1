"""Reminders of a request for approval: once, an hour before the broadcast would go out."""

from datetime import timedelta

import pytest

from chatbot.app.periodic import follow_approvals
from tests.support.approval_requests import open_owner_with_threshold, schedule
from tests.support.broadcasts import BroadcastDriver
from tests.support.cast import HANA
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats


@pytest.fixture
async def yuna(chats: TeamChats, driver: BroadcastDriver) -> Chat:
    return await open_owner_with_threshold(chats, driver)


@pytest.fixture
async def hana(chats: TeamChats, yuna: Chat) -> Chat:
    """하나, a second organizer."""
    return await chats.open_organizer()


async def test_approvers_are_reminded_once_an_hour_before(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await schedule(yuna)
    at = (await driver.newest()).scheduled_for
    assert at is not None
    await chats.run_jobs()
    for minutes, reminded in ((90, False), (60, True), (30, False)):
        driver.now = at - timedelta(minutes=minutes)
        await follow_approvals(chats.database, driver.now)
        told = await chats.run_jobs()
        assert told.keys() == ({HANA} if reminded else set())
        if reminded:
            [text] = told[HANA]
            assert "⏰ <b>Nobody has approved this yet.</b> 유나 asked for it." in text
            assert "👥 <b>40</b> people" in text
            assert "It goes out at its time only if it's approved by then" in text


async def test_nobody_is_reminded_of_what_was_answered_or_asked_lately(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await schedule(yuna, "in 40 minutes")
    await chats.run_jobs()
    await follow_approvals(chats.database, driver.now)
    assert await chats.run_jobs() == {}
    draft = await driver.newest()
    await hana.presses(f"broadcast:approve:{draft.id}:{draft.revision}")
    await hana.taps("✅ Yes")
    await chats.run_jobs()
    driver.now += timedelta(minutes=35)
    await follow_approvals(chats.database, driver.now)
    assert await chats.run_jobs() == {}
