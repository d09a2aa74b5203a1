"""The menu of commands in a member's chat: it comes with the first turn, and once."""

from chatbot.storage.organizer import chat_menus
from tests.support.team_chats import YUNA, House

HANA = 1001


async def test_first_turn_of_a_member_asks_for_the_menu_once(app: House) -> None:
    yuna, hana = app.chat(YUNA, "유나"), app.chat(HANA, "하나", "ko")
    for _ in range(2):
        await yuna.says("/start")
        await hana.says("/start")
    assert [(job.kind, job.chat_id) for job in await app.jobs.left()] == [("menu", YUNA)]
    await app.told()
    assert app.jobs.chat_sender.menus == {YUNA: "owner"}
    await yuna.says("/start")
    assert await app.jobs.left() == []


async def test_member_without_a_chat_gets_the_menu_once_they_write(app: House) -> None:
    yuna = app.chat(YUNA, "유나")
    app.jobs.chat_sender.gone.add(YUNA)
    await app.jobs.add("menu")
    await app.told()
    assert await app.database.transact(chat_menus.list_with_menu) == set()
    app.jobs.chat_sender.gone.clear()
    await yuna.says("/start")
    await app.told()
    assert app.jobs.chat_sender.menus == {YUNA: "owner"}
    assert await app.database.transact(chat_menus.list_with_menu) == {YUNA}
