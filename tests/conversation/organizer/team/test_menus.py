"""The menu of commands in a member's chat: it comes with the first turn, and once."""

from chatbot.storage.organizer import chat_menus
from tests.support.cast import HANA, YUNA
from tests.support.team_chats import TeamChats


async def test_first_turn_of_a_member_asks_for_the_menu_once(chats: TeamChats) -> None:
    yuna, hana = chats.chat(YUNA, "유나"), chats.chat(HANA, "하나", "ko")
    for _ in range(2):
        await yuna.says("/start")
        await hana.says("/start")
    assert [(job.kind, job.chat_id) for job in await chats.jobs.left()] == [("menu", YUNA)]
    await chats.run_jobs()
    assert chats.jobs.chat_sender.menus == {YUNA: "owner"}
    await yuna.says("/start")
    assert await chats.jobs.left() == []


async def test_member_without_a_chat_gets_the_menu_once_they_write(chats: TeamChats) -> None:
    yuna = chats.chat(YUNA, "유나")
    chats.jobs.chat_sender.gone.add(YUNA)
    await chats.jobs.add("menu")
    await chats.run_jobs()
    assert await chats.database.transact(chat_menus.list_with_menu) == set()
    chats.jobs.chat_sender.gone.clear()
    await yuna.says("/start")
    await chats.run_jobs()
    assert chats.jobs.chat_sender.menus == {YUNA: "owner"}
    assert await chats.database.transact(chat_menus.list_with_menu) == {YUNA}
