"""The menu of commands in a member's chat: it comes with the first turn, and once."""

import pytest

from chatbot.petition.team import Role
from chatbot.storage.organizer import chat_menus
from tests.support.cast import HANA, SAM, YUNA
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


@pytest.mark.parametrize("ending", ["close", "victory"])
async def test_menus_of_every_role_follow_the_end_and_the_reopening(chats: TeamChats, ending: str) -> None:
    roles: dict[int, Role] = {HANA: "organizer", SAM: "viewer"}
    yuna = await chats.open_owner()
    for member_id, role in roles.items():
        await (await chats.add_member(chats.chat(member_id, role), role)).says("/start")
    await chats.run_jobs()
    menus = chats.jobs.chat_sender.menu_commands
    changes = {"close", "reopen", "victory"}
    assert all("sign" in menu for menu in menus.values())
    assert {next(iter(menu)) for menu in menus.values()} == {"desk"}, "the team's menu begins with the desk"
    assert [menus[each] & changes for each in (YUNA, HANA, SAM)] == [{"close", "victory"}, set(), set()]

    await yuna.says(f"/{ending}")
    for _each in chats.campaign.languages:
        await yuna.says("It is over. 끝났습니다.")
    await yuna.taps("Yes, close it")
    await chats.run_jobs()
    assert set(menus) == {YUNA, HANA, SAM}
    assert not any("sign" in menu for menu in menus.values())
    assert menus[YUNA] & changes == ({"reopen", "victory"} if ending == "close" else {"reopen"})
    await yuna.says("/help")
    assert "/sign" not in yuna.text

    await yuna.says("/reopen")
    await yuna.taps("Yes, reopen it")
    await chats.run_jobs()
    assert all("sign" in menu for menu in menus.values())
    assert menus[YUNA] & changes == {"close", "victory"}
    await yuna.says("/help")
    assert "/sign" in yuna.text


async def test_member_who_joins_after_the_end_gets_a_true_menu(chats: TeamChats) -> None:
    yuna = await chats.open_owner()
    await yuna.says("/close")
    for _each in chats.campaign.languages:
        await yuna.says("It is over. 끝났습니다.")
    await yuna.taps("Yes, close it")
    hana = await chats.open_organizer("viewer")
    await hana.says("/start")
    await chats.run_jobs()
    assert "stats" in chats.jobs.chat_sender.menu_commands[HANA]
    assert "sign" not in chats.jobs.chat_sender.menu_commands[HANA]
