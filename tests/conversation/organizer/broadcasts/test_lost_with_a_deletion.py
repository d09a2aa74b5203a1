"""Corrections and additions that are not sent yet are discarded when what they are about is deleted for everyone."""

import pytest

from chatbot.storage.organizer import team
from tests.conversation.organizer.broadcasts.conftest import send
from tests.support.broadcasts import BroadcastDriver
from tests.support.cast import SAM
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats


@pytest.fixture
async def sam(chats: TeamChats) -> Chat:
    """Sam, an organizer who wants notices about his own broadcasts alone."""
    sam = await chats.add_member(chats.chat(SAM, "Sam"), "organizer")
    await chats.database.transact(team.set_notices, SAM, "own")
    return sam


@pytest.mark.parametrize("scheduled", [True, False])
async def test_writer_is_told_of_a_correction_that_is_discarded_with_the_deletion(
    ready: Chat, sam: Chat, chats: TeamChats, driver: BroadcastDriver, scheduled: bool
) -> None:
    await send(ready)
    await driver.deliver_all()
    await sam.presses("broadcast:correct:1")
    await sam.taps("✏️ English")
    await sam.says("They are free.")
    if scheduled:
        draft = await driver.newest()
        at = int(driver.now.timestamp()) + 90_000
        await sam.presses(f"broadcast:schedule:{draft.id}:{draft.revision}:{at}")
    await chats.run_jobs()
    await ready.presses("broadcast:recall:1")
    assert "📝 1 correction or further language, not sent yet, is discarded with it." in ready.text
    await ready.taps("Yes, delete it for")
    assert {each.kind for each in await driver.list_all()} == {"update", "recall"}
    told = await chats.run_jobs()
    assert told[SAM] == ["👥 <b>유나</b> discarded “They are free.”, which wasn't sent"]
    assert (await chats.list_entries())[-2:] == ["broadcast.recalled", "broadcast.discarded"]


async def test_correction_without_a_change_is_not_worth_a_word(
    ready: Chat, sam: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await send(ready)
    await driver.deliver_all()
    await sam.presses("broadcast:correct:1")
    await ready.presses("broadcast:recall:1")
    assert "📝" not in ready.text
    await ready.taps("Yes, delete it for")
    assert {each.kind for each in await driver.list_all()} == {"update", "recall"}
    assert SAM not in await chats.run_jobs()
