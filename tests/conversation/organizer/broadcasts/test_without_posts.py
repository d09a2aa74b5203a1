"""A draft without a post is neither scheduled nor started, whatever button data a client makes up."""

from datetime import timedelta

import pytest

from chatbot.conversation.organizer.broadcasts.actions import ACTS
from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastState
from chatbot.storage.broadcasts import drafts, lifecycle
from tests.support.broadcasts import BroadcastDriver
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats
from tests.support.written_broadcasts import write_both


@pytest.fixture
async def yuna(chats: TeamChats) -> Chat:
    return await chats.open_owner(readers=[1])


@pytest.fixture
async def empty(yuna: Chat, driver: BroadcastDriver) -> Broadcast:
    """유나's, which was scheduled, and lost its posts after that."""
    await write_both(yuna)
    await yuna.taps("🕘 Later")
    await yuna.says("12/1 9:00")
    await yuna.taps("Yes, schedule it")
    draft = await driver.newest()
    await yuna.presses(f"broadcast:edit:{draft.id}")
    for language in ("ko", "en"):
        await yuna.presses(f"broadcast:skip:{draft.id}:{language}")
    draft = await driver.newest()
    assert not draft.posts
    assert draft.last_hour is not None
    return draft


async def test_no_button_starts_or_schedules_a_draft_without_a_post(
    yuna: Chat, empty: Broadcast, chats: TeamChats, driver: BroadcastDriver
) -> None:
    hana = await chats.open_organizer()
    at = int((driver.now + timedelta(days=1)).timestamp())
    for what in sorted(ACTS.keys() - {"drop"}):
        for chat in (hana, yuna):
            revision = (await driver.get(empty.id)).revision
            for more in (f"{revision}", f"{revision}:{at}", ""):
                await chat.presses(f"broadcast:{what}:{empty.id}:{more}")
                assert "Sorry" not in chat.text
                now = await driver.get(empty.id)
                assert now.state is BroadcastState.DRAFT, f"{what} by {chat.person.name}"
                assert "Yes, schedule it" not in str(chat.labels)
                assert "Yes, send it" not in str(chat.labels)


async def test_storage_neither_starts_nor_schedules_a_draft_without_a_post(
    empty: Broadcast, driver: BroadcastDriver
) -> None:
    hour = driver.now + timedelta(hours=1)
    assert not await driver.database.transact(drafts.schedule, empty.id, empty.revision, hour)
    assert not await driver.database.transact(lifecycle.start, empty.id, empty.revision, empty.organizer_id, driver.now)
