"""The team in the chat: members join by a link, and roles are changed and removed at once."""

import asyncio
from collections.abc import Mapping

import pytest

from chatbot.conversation.steps import TEAM_COMMANDS
from chatbot.i18n import Translator
from chatbot.petition.team import ROLES, Role, is_at_least
from chatbot.screens.organizer import menu as desk
from chatbot.storage.organizer import team
from tests.conversation.organizer.team.conftest import UNKNOWN, removes
from tests.support.broadcasts import BroadcastDriver
from tests.support.cast import HANA, SAM, YUNA
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats

# Changing


async def changes(chat: Chat, name: str, to: str) -> None:
    await chat.says("/team")
    await chat.taps(f"{name} ·")
    await chat.taps(f"Make {to}")
    await chat.taps(f"Yes, make {to}")


async def test_changed_role_holds_at_once(yuna: Chat, sam: Chat, hana: Chat, chats: TeamChats) -> None:
    await chats.add_member(sam, "viewer")
    await chats.add_member(hana, "organizer")
    await changes(yuna, "Sam", "organizer")
    assert "Sam: organizer" in yuna.text
    told = await chats.run_jobs()
    assert told.keys() == {SAM, HANA}
    assert "Your role in the team is now: organizer</b>, decided by 유나" in told[SAM][0]
    assert "유나 has changed the role of <b>Sam</b>: from viewer to organizer." in told[HANA][0]
    assert chats.jobs.chat_sender.menus == {SAM: "organizer", HANA: "organizer", YUNA: "owner"}
    await sam.says("/broadcasts")
    assert "Nothing sent yet" in sam.text
    assert await chats.list_entries() == ["team.changed"]


async def test_each_role_has_its_own_rights(yuna: Chat, sam: Chat, hana: Chat, chats: TeamChats) -> None:
    await chats.add_member(sam, "viewer")
    await chats.add_member(hana, "organizer")
    for command in ("/broadcast", "/scheduled", "/broadcasts", "/team", "/log"):
        await sam.says(command)
        assert sam.text == "Only organizers can do that. Ask an owner of this petition if you need it.", command
    await sam.presses("team:list")
    assert sam.notice == "Only organizers can do that."
    await sam.presses("broadcast:list:1")
    assert sam.answer is not None
    assert (sam.notice, sam.answer.screen) == ("Only organizers can do that.", None)
    await hana.says("/team")
    own = ["🕘 My time zone: Korean time", "🔔 Notices: all updates", "📒 Activity log"]
    assert hana.labels == own, "an organizer looks, and changes nothing of the team"
    for action in ("invite", "new:organizer:abcdefghijklmnopqrstuv", f"member:{SAM}", "above:0:1000", "number"):
        await hana.presses(f"team:{action}")
        assert hana.notice == "Only owners can do that."
    assert await chats.list_entries() == []
    await sam.says("/help")
    assert "/broadcast" not in sam.text
    await hana.says("/help")
    assert "/log" in hana.text


async def test_removed_organizer_is_an_ordinary_supporter(
    yuna: Chat, sam: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await driver.subscribe(range(1, 4))
    await chats.add_member(sam, "organizer")
    await sam.begins()
    await sam.says("Sam Taylor")
    await sam.says("/broadcast")
    await sam.says("Our friend is free.")
    await sam.says("친구가 풀려났습니다.")
    buttons = [*sam.actions, "team:list", "log:list::0:0", "broadcast:list:1"]
    await removes(yuna, "Sam")
    told = await chats.run_jobs()
    assert "no longer in the team of this petition" in told[SAM][0]
    assert chats.jobs.chat_sender.menus == {SAM: None, YUNA: "owner"}
    before = await chats.list_entries()
    for action in buttons:
        await sam.presses(action)
        assert UNKNOWN in sam.text, action
        assert not [each for each in sam.actions if each.partition(":")[0] in ("broadcast", "team", "log")]
    await sam.says("Friends, some more words for the update")
    assert "didn't take that as an answer" in sam.text, "what was meant for everybody answers no question of signing"
    await sam.says("/sign")
    await sam.says("Canada")
    assert "check.reason" in sam.actions, "the signature in the making goes on where it was"
    assert all(each.started_at is None for each in await driver.list_all())
    assert sam.answer is not None
    assert sam.answer.member_role is None
    assert await chats.list_entries() == before


async def test_broadcasts_of_a_removed_organizer_go_to_the_owner_who_removed_them(
    yuna: Chat, sam: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await driver.subscribe(range(1, 4))
    await chats.add_member(sam, "organizer")
    await sam.says("/broadcast")
    await sam.says("Our friend is free.")
    await sam.says("친구가 풀려났습니다.")
    await sam.taps("📣 Send")
    await sam.taps("Yes, send it")
    await removes(yuna, "Sam")
    assert (await driver.newest()).organizer_id == YUNA


async def test_approval_request_of_a_removed_organizer_is_withdrawn(
    yuna: Chat, sam: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await driver.subscribe(range(1, 4))
    await chats.database.transact(team.set_threshold, 1, None)
    await chats.add_member(sam, "organizer")
    await chats.add_member(hana, "organizer")
    await sam.says("/broadcast")
    await sam.says("Our friend is free.")
    await sam.says("친구가 풀려났습니다.")
    await sam.taps("📣 Send")
    await sam.taps("Yes, ask a second organizer")
    await removes(yuna, "Sam")
    await hana.presses(f"broadcast:approve:1:{(await driver.newest()).revision}")
    assert "Nothing happened" in (hana.notice or "")
    assert (await driver.newest()).started_at is None


async def test_tap_delivered_twice_gets_the_same_answer(yuna: Chat, sam: Chat, chats: TeamChats) -> None:
    await chats.add_member(sam, "viewer")
    await changes(yuna, "Sam", "organizer")
    said = yuna.text
    await yuna.again()
    assert (yuna.text, yuna.notice) == (said, None)
    await removes(yuna, "Sam")
    said = yuna.text
    await yuna.again()
    assert (yuna.text, yuna.notice) == (said, None)
    assert await chats.list_entries() == ["team.changed", "team.removed"]


@pytest.mark.parametrize("role", ROLES)
def test_menu_of_a_role_has_the_commands_of_the_role(translators: Mapping[str, Translator], role: Role) -> None:
    menu = [command for command, _ in desk.commands(translators["en"], role)]
    assert sorted(menu) == sorted(name for name in TEAM_COMMANDS if is_at_least(role, desk.COMMANDS[name].needs))


async def test_owner_of_the_settings_is_changed_only_there(yuna: Chat, hana: Chat, chats: TeamChats) -> None:
    await chats.add_member(hana, "owner")
    await hana.says("/team")
    await hana.taps("유나 ·")
    assert "<code>ORGANIZERS</code>" in hana.text
    assert hana.labels == ["‹ The team"]
    await hana.presses(f"team:ask:{YUNA}:owner:none")
    assert "team:change" not in str(hana.actions)


async def test_last_owner_cannot_be_removed(hana: Chat, chats: TeamChats) -> None:
    chats.configured_owners = frozenset()
    await chats.add_member(hana := chats.chat(HANA, "하나"), "owner")
    await hana.says("/team")
    await hana.taps("하나 ·")
    assert "This is you." in hana.text
    await hana.taps("Make viewer")
    assert "Another owner would have to undo it" in hana.text
    await hana.taps("Yes, make viewer")
    assert hana.notice == "The last owner has to stay: make someone else an owner first."
    await hana.says("/team")
    assert "<b>하나</b> · owner" in hana.text


async def test_one_of_two_owners_who_demote_each_other_at_once_stays(sam: Chat, hana: Chat, chats: TeamChats) -> None:
    chats.configured_owners = frozenset()
    sam, hana = chats.chat(SAM, "Sam"), chats.chat(HANA, "하나")
    for chat in (sam, hana):
        await chats.add_member(chat, "owner")
    for chat, other in ((sam, "하나"), (hana, "Sam")):
        await chat.says("/team")
        await chat.taps(f"{other} ·")
        await chat.taps("Make viewer")
    await asyncio.gather(sam.taps("Yes, make viewer"), hana.taps("Yes, make viewer"))
    members = await chats.database.transact(team.find_members)
    assert sorted(member.role for member in members) == ["owner", "viewer"]
    assert sorted(chat.notice or chat.text for chat in (sam, hana))[0].startswith("Only")


async def test_confirm_button_works_once_for_one_person(yuna: Chat, sam: Chat, hana: Chat, chats: TeamChats) -> None:
    await chats.add_member(sam, "viewer")
    await chats.add_member(hana, "owner")
    await yuna.says("/team")
    await yuna.taps("Sam ·")
    await yuna.taps("Make organizer")
    confirm = next(action for action in yuna.actions if action.startswith("team:change"))
    await hana.presses(confirm)
    assert hana.notice == "That has changed in the meantime. This is how it is now."
    await yuna.presses(confirm.replace("organizer", "owner"))
    assert (await chats.list_entries()) == [], "the code is about one change only"
    await yuna.presses(confirm)
    assert "Sam: organizer" in yuna.text
    await changes(hana, "Sam", "viewer")
    await yuna.presses(confirm)
    assert "Sam: organizer" not in yuna.text
    assert await chats.list_entries() == ["team.changed", "team.changed"]


async def test_second_owner_is_told_the_role_was_changed(yuna: Chat, sam: Chat, hana: Chat, chats: TeamChats) -> None:
    await chats.add_member(sam, "viewer")
    await chats.add_member(hana, "owner")
    await yuna.says("/team")
    await yuna.taps("Sam ·")
    await yuna.taps("Make organizer")
    await removes(hana, "Sam")
    await yuna.taps("Yes, make organizer")
    assert yuna.notice == "That has changed in the meantime. This is how it is now."
    assert "Sam" not in yuna.text


async def test_demoted_owner_leaves_the_step_of_the_threshold(yuna: Chat, hana: Chat, chats: TeamChats) -> None:
    await chats.add_member(hana, "owner")
    await hana.presses("team:number")
    await changes(yuna, "하나", "organizer")
    await hana.says("5000")
    assert UNKNOWN in hana.text
    await yuna.presses("team:number")
    await yuna.says("/cancel")
    assert "Now: off" in yuna.text
    await yuna.says("5000")
    assert UNKNOWN in yuna.text


async def test_removing_a_member_says_what_of_hers_is_under_way(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await driver.subscribe([1])
    await chats.add_member(hana, "organizer")
    for ending in ("📣 Send", "🕘 Later", None):
        await hana.presses("broadcast:new")
        await hana.says(f"Our friend {ending}")
        await hana.says("친구")
        if ending:
            await hana.taps(ending)
        if ending == "🕘 Later":
            await hana.says("12/1 9:00")
            await hana.taps("Yes, schedule it")
        elif ending:
            await hana.taps("Yes, send it")
    await yuna.presses(f"team:ask:{HANA}:organizer:none")
    for line in (
        "🚀 On its way: “Our friend 📣 Send”. You take it over.",
        "🕘 Scheduled for Dec 1 09:00 (Korean time): “Our friend 🕘 Later”. You take it over.",
        "📝 Draft: “Our friend None”. It stays in the list.",
    ):
        assert line in yuna.text
    await yuna.presses(f"team:ask:{HANA}:organizer:owner")
    assert "On its way" not in yuna.text, "she keeps them"
