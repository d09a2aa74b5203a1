"""Colleagues are told of a broadcast by its title in their own language, whatever language its writer reads."""

import pytest

from chatbot.storage.organizer import team
from tests.support.broadcasts import BroadcastDriver
from tests.support.cast import SAM, YUNA
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats
from tests.support.written_broadcasts import ENGLISH, KOREAN, write_both


@pytest.fixture
async def yuna(chats: TeamChats) -> Chat:
    """유나 reads Korean, and has written a broadcast in both languages."""
    chat = await chats.open_owner("ko", readers=range(1, 41))
    await write_both(chat, korean=ENGLISH, english=KOREAN)  # she is asked for the Korean text first
    return chat


@pytest.fixture
async def sam(chats: TeamChats) -> Chat:
    return await chats.add_member(chats.chat(SAM, "Sam"), "organizer")


async def test_takeover_schedule_and_discard_are_told_by_the_title_of_the_reader(
    yuna: Chat, sam: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    draft = await driver.newest()
    await sam.presses(f"broadcast:takeover:{draft.id}:{draft.revision}")
    [notice] = (await chats.run_jobs())[YUNA]
    assert f"“{KOREAN}”" in notice
    await yuna.presses(f"broadcast:giveback:{draft.id}:{draft.revision + 1}")
    [notice] = (await chats.run_jobs())[SAM]
    assert f"“{ENGLISH}”" in notice
    await yuna.taps("🕘")
    await yuna.says("12/1 9:00")
    await yuna.taps("네")
    [notice] = (await chats.run_jobs())[SAM]
    assert f"scheduled “{ENGLISH}”" in notice
    await yuna.presses(f"broadcast:drop:{draft.id}")
    [notice] = (await chats.run_jobs())[SAM]
    assert f"discarded “{ENGLISH}”" in notice


@pytest.mark.parametrize("answer", ["accept", "refuse"])
async def test_answer_to_a_request_is_told_by_the_title_of_who_asked(
    answer: str, yuna: Chat, sam: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await chats.database.transact(team.set_threshold, 30, None)
    await yuna.taps("📣")
    await yuna.taps("네")
    draft = await driver.newest()
    await chats.run_jobs()
    await sam.presses(f"broadcast:{answer}:{draft.id}:{draft.revision}")
    [notice] = (await chats.run_jobs())[YUNA]
    assert f"“{KOREAN}”" in notice


async def test_language_without_a_text_is_told_by_another_title(
    yuna: Chat, sam: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    draft = await driver.newest()
    await yuna.presses(f"broadcast:skip:{draft.id}:en")
    draft = await driver.newest()
    assert draft.posts.keys() == {"ko"}
    await yuna.presses(f"broadcast:start:{draft.id}:{draft.revision}")
    [notice] = (await chats.run_jobs())[SAM]
    assert f"“{KOREAN}”" in notice
