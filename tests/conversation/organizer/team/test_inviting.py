"""Invitations to the team: links that work once, for one person, for two days."""

import asyncio
import re
from datetime import timedelta

from chatbot.storage import Database
from chatbot.storage.organizer import invitations
from tests.conversation.organizer.team.conftest import UNKNOWN, invites, link, removes
from tests.support.cast import SAM, YUNA
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats

# Inviting


async def test_invited_person_joins_with_a_tap(yuna: Chat, sam: Chat, chats: TeamChats) -> None:
    payload = await invites(yuna, "organizer")
    assert "Invitation: organizer" in yuna.text
    assert "It's valid until Thursday, November 26" in yuna.text
    await sam.says("/broadcast")
    assert UNKNOWN in sam.text
    await sam.says(f"/start {payload}")
    assert "유나 invites you to the team" in sam.text
    assert "as organizer" in sam.text
    await sam.taps("Yes, I'll join")
    assert "Welcome to the team" in sam.text
    assert sam.labels[0] == "🧭 Your desk"
    assert await chats.list_entries() == ["team.invited", "team.joined"]
    told = await chats.run_jobs()
    assert told == {YUNA: ["👥 <b>Sam has joined the team</b> as organizer, invited by 유나."]}
    assert chats.jobs.chat_sender.menus == {SAM: "organizer", YUNA: "owner"}
    await sam.says("/broadcast")
    assert "Send the text" in sam.text
    assert sam.answer is not None
    assert sam.answer.member_role == "organizer"
    await yuna.says("/team")
    assert "<b>유나</b> · owner, named in the settings" in yuna.text
    assert "<b>Sam</b> · organizer, since November 24, 2026" in yuna.text


async def test_invitation_link_works_once(yuna: Chat, sam: Chat, hana: Chat, chats: TeamChats) -> None:
    payload = await invites(yuna, "viewer")
    for chat in (sam, hana):
        await chat.says(f"/start {payload}")
    await hana.taps("Yes, I'll join")
    await sam.taps("Yes, I'll join")
    assert "already used, or has expired" in sam.text
    await sam.says(f"/start {payload}")
    assert "already used, or has expired" in sam.text
    await sam.says("/team")
    assert UNKNOWN in sam.text
    await hana.again()
    assert "Welcome to the team" in hana.text
    await hana.says(f"/start {payload}")
    assert "Welcome to the team" in hana.text
    assert await chats.list_entries() == ["team.invited", "team.joined"]


async def test_one_of_two_who_follow_a_link_at_once_joins(yuna: Chat, sam: Chat, hana: Chat, chats: TeamChats) -> None:
    payload = await invites(yuna, "organizer")
    for chat in (sam, hana):
        await chat.says(f"/start {payload}")
    await asyncio.gather(sam.taps("Yes, I'll join"), hana.taps("Yes, I'll join"))
    assert sorted("Welcome" in chat.text for chat in (sam, hana)) == [False, True]
    assert (await chats.list_entries()).count("team.joined") == 1


async def test_join_button_works_only_for_the_person_who_was_asked(yuna: Chat, sam: Chat, hana: Chat) -> None:
    payload = await invites(yuna, "organizer")
    await sam.says(f"/start {payload}")
    stolen = sam.actions[0]
    await hana.presses(stolen)
    assert "already used, or has expired" in hana.text
    await sam.taps("Yes, I'll join")
    assert "Welcome" in sam.text


async def test_invitation_expires_after_two_days(yuna: Chat, sam: Chat, chats: TeamChats) -> None:
    payload = await invites(yuna, "viewer")
    await sam.says(f"/start {payload}")
    chats.driver.now += timedelta(hours=48)
    await sam.taps("Yes, I'll join")
    assert "has expired" in sam.text
    await sam.says(f"/start {payload}")
    assert "has expired" in sam.text
    await yuna.says("/team")
    assert "invited:" not in yuna.text


async def test_owner_withdraws_an_invitation(yuna: Chat, sam: Chat, chats: TeamChats) -> None:
    payload = await invites(yuna, "viewer")
    await sam.says(f"/start {payload}")
    await yuna.taps("Cancel the invitation")
    assert yuna.notice == "Cancelled. That link no longer works."
    await sam.taps("Yes, I'll join")
    assert "has expired" in sam.text
    await yuna.again()
    assert await chats.list_entries() == ["team.invited", "team.withdrew"]


async def test_tap_delivered_twice_makes_one_link(yuna: Chat, chats: TeamChats, database: Database) -> None:
    payload = await invites(yuna, "viewer")
    await yuna.again()
    assert link(yuna) == payload
    found = await database.transact(invitations.list_open, chats.driver.now)
    assert len(found) == 1
    rows = await database.transact(lambda tx: tx.all("SELECT * FROM invitations"))
    assert payload.removeprefix("join_") not in str([dict(row) for row in rows])  # type: ignore[call-overload]


async def test_invitation_needs_an_inviter_who_still_is_an_owner(
    yuna: Chat, sam: Chat, hana: Chat, chats: TeamChats
) -> None:
    await chats.add_member(hana, "owner")
    payload = await invites(hana, "organizer")
    await sam.says(f"/start {payload}")
    await removes(yuna, "하나")
    await sam.taps("Yes, I'll join")
    assert "has expired" in sam.text
    await sam.says("/team")
    assert UNKNOWN in sam.text


async def test_invitation_lowers_no_role(yuna: Chat, sam: Chat, chats: TeamChats) -> None:
    await chats.add_member(sam, "organizer")
    payload = await invites(yuna, "viewer")
    await sam.says(f"/start {payload}")
    assert "You're already in the team: organizer" in sam.text
    await yuna.says(f"/start {payload}")
    assert "You're already in the team: owner" in yuna.text
    viewer = await chats.open_organizer("viewer")
    payload = await invites(yuna, "organizer")
    await viewer.says(f"/start {payload}")
    await viewer.taps("Yes, I'll join")
    await viewer.says("/broadcasts")
    assert "Nothing sent yet" in viewer.text


async def test_unknown_invitation_link_is_an_ordinary_start(sam: Chat, database: Database) -> None:
    await sam.says("/start join_abcdefghijklmnopqrstuv")
    assert "read:1" in sam.actions
    [row] = await database.transact(lambda tx: tx.all("SELECT source FROM supporters WHERE id = 1002"))
    assert row["source"] is None


async def test_full_team_takes_no_invitation(yuna: Chat, chats: TeamChats) -> None:
    for nth in range(28):
        await chats.add_member(chats.chat(7000 + nth, "하나" * 30), "viewer")
    await invites(yuna, "viewer")
    await yuna.says("/team")
    assert len(re.sub("<[^>]+>", "", yuna.text)) < 4096
    await yuna.taps("Invite someone")
    await yuna.taps("As viewer")
    assert yuna.notice == "A team has 30 members at most, invitations included."


async def test_korean_owner_reads_korean(chats: TeamChats) -> None:
    yuna, sam = chats.chat(YUNA, "유나", "ko"), chats.chat(SAM, "Sam", "ko")
    await yuna.says("/team")
    await yuna.taps("초대하기")
    await yuna.taps("보기 전용으로")
    await sam.says(f"/start {link(yuna)}")
    assert "유나 님이" in sam.text
    assert "초대합니다" in sam.text
    await sam.taps("네, 함께하기")
    assert "역할: 보기 전용" in sam.text
    await sam.says("/broadcast")
    assert "운영자만 쓸 수 있는 기능입니다" in sam.text
    await yuna.says("/team")
    await yuna.taps("Sam · 보기 전용")
    await yuna.taps("팀에서 내보내기")
    await yuna.taps("네, 내보내기")
    told = await chats.run_jobs()
    assert "이제 이 청원의 팀원이 아니며" in told[SAM][-1]
