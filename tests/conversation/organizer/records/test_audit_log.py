"""/log: what each member did and when, by kind and by member, page by page."""

import re

import pytest

from chatbot.storage import Transaction
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.organizer import audit_log, team
from tests.support.cast import HANA, SAM, YUNA
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats


@pytest.fixture
async def yuna(chats: TeamChats) -> Chat:
    """유나, with twenty entries of hers and 하나's in the log."""
    chat = await chats.open_owner()
    await chats.open_organizer()

    async def work(tx: Transaction) -> None:
        for nth in range(1, 21):
            member_id, entry = (YUNA, "team.invited") if nth % 4 == 0 else (HANA, "broadcast.paused")
            await audit_log.add(tx, member_id, entry, chats.driver.now, title=f"entry {nth}", role="viewer")

    await chats.database.transact(work)
    return chat


def shown(chat: Chat) -> list[int]:
    return [int(number) for number in re.findall(r"entry (\d+)", chat.text)]


async def test_log_lists_newest_entries_first_and_pages_turn_both_ways(yuna: Chat) -> None:
    await yuna.says("/log")
    assert "<b>하나</b> · <i>Nov 24, 2026 12:00</i>\npaused “entry 19”" in yuna.text
    assert "in Korean time" in yuna.text
    assert shown(yuna) == [19, 18, 17, 15, 14, 13]
    assert "20 lines, check code" in yuna.text
    await yuna.taps("Earlier")
    assert shown(yuna) == [11, 10, 9, 7, 6, 5]
    await yuna.taps("Earlier")
    assert shown(yuna) == [3, 2, 1]
    assert not any("Earlier" in label for label in yuna.labels)
    await yuna.taps("More recent")
    assert shown(yuna) == [11, 10, 9, 7, 6, 5]
    await yuna.taps("More recent")
    assert shown(yuna) == [19, 18, 17, 15, 14, 13]
    assert not any("More recent" in label for label in yuna.labels)


async def test_log_is_filtered_by_kind_and_member(yuna: Chat, chats: TeamChats) -> None:
    await yuna.says("/log")
    await yuna.taps("🗂 everything")
    await yuna.taps("The team")
    assert yuna.text.count("invited someone as viewer") == 5
    assert shown(yuna) == []
    await yuna.taps("👤 everyone")
    await yuna.taps("하나")
    assert "Nothing yet." in yuna.text
    await yuna.taps("🗂 The team")
    await yuna.taps("everything")
    assert shown(yuna) == [19, 18, 17, 15, 14, 13, 11, 10]
    await yuna.taps("Earlier")
    assert "👤 하나" in yuna.labels


async def test_log_names_a_former_member(yuna: Chat, chats: TeamChats) -> None:
    await chats.database.transact(
        team.change_role, HANA, before="organizer", after=None, actor_id=YUNA, configured_owners=(YUNA,)
    )
    await yuna.says("/log")
    assert "<b>하나</b>" in yuna.text


async def test_supporter_does_not_see_the_log(yuna: Chat, chats: TeamChats) -> None:
    stranger = chats.chat(SAM, "Sam")
    await stranger.says("/log")
    assert "didn't get that" in stranger.text
    for action in ("log:list::0:0", "log:older:team:0:9", "log:who::0:0"):
        await stranger.presses(action)
        assert "didn't get that" in stranger.text
        assert "entry" not in stranger.text


async def test_action_on_a_broadcast_is_logged_once(yuna: Chat, chats: TeamChats) -> None:
    await chats.driver.subscribe([1, 2])
    before = len(await chats.list_entries())
    await yuna.says("/broadcast")
    await yuna.says("Our friend is free.")
    await yuna.says("친구가 풀려났습니다.")
    for label in ("📣 Send", "Yes, send it"):
        await yuna.taps(label)
        await yuna.again()
    for act in ("pause:1", "resume:1", "halt:1", "cancel:1"):
        await yuna.presses(f"broadcast:{act}")
        await yuna.again()
    assert (await chats.list_entries())[before:] == [
        "broadcast.started",
        "broadcast.paused",
        "broadcast.resumed",
        "broadcast.paused",
        "broadcast.cancelled",
    ]
    await yuna.says("/log")
    assert "cancelled “Our friend is free.” while it was being sent" in yuna.text
    assert "began sending “Our friend is free.” to 2 people" in yuna.text
    assert await find_problems(chats.database) == []


async def test_log_accepts_any_filter_in_a_button(yuna: Chat) -> None:
    for action in ("log:", "log:x:y:z:w", "log:older:moon:1:", "log:newer::0:0", "log:older::99999999999999999999:1"):
        await yuna.presses(action)
        assert "Activity log" in yuna.text


async def test_choices_of_the_log_lead_back(yuna: Chat) -> None:
    for sign in ("🗂", "👤"):
        await yuna.says("/log")
        shown = yuna.text
        await yuna.taps(sign)
        assert yuna.text != shown
        await yuna.taps("‹ Back")
        assert yuna.text == shown
