"""Approval: a large broadcast goes out when another organizer has approved exactly this revision."""

import asyncio

import pytest

from chatbot.petition.broadcasts.broadcast import BroadcastState
from chatbot.storage.organizer import team
from tests.support.approval_requests import approve, open_owner_with_threshold, request
from tests.support.broadcasts import BroadcastDriver
from tests.support.cast import HANA, SAM, YUNA
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats
from tests.support.written_broadcasts import ENGLISH, KOREAN, write_both


@pytest.fixture
async def yuna(chats: TeamChats, driver: BroadcastDriver) -> Chat:
    return await open_owner_with_threshold(chats, driver)


@pytest.fixture
async def hana(chats: TeamChats, yuna: Chat) -> Chat:
    """하나, a second organizer."""
    return await chats.open_organizer()


async def test_broadcast_starts_when_another_organizer_approves_it(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await chats.add_member(chats.chat(SAM, "Sam"), "viewer")
    await request(yuna)
    assert "Asked: 하나. I'll tell you what they say." in yuna.text
    told = await chats.run_jobs()
    assert told.keys() == {HANA}, "neither who asks nor a viewer"
    assert told[HANA][:2] == [KOREAN, ENGLISH]
    assert "유나 asks for your approval" in told[HANA][2]
    assert "<b>40</b> people" in told[HANA][2]
    draft = await driver.newest()
    assert draft.state is BroadcastState.DRAFT
    await approve(hana, draft.revision)
    assert "Approved.</b> It is on its way" in hana.text
    running = await driver.newest()
    assert (running.state, running.organizer_id) == (BroadcastState.RUNNING, YUNA)
    assert "하나 has approved “Our friend is free.”.</b> It is on its way." in (await chats.run_jobs())[YUNA][0]
    assert await chats.list_entries() == ["broadcast.asked", "broadcast.approved_started"]
    await hana.again()
    assert "Approved" in hana.text
    assert await chats.list_entries() == ["broadcast.asked", "broadcast.approved_started"]


async def test_organizer_cannot_approve_their_own_broadcast(yuna: Chat, hana: Chat, driver: BroadcastDriver) -> None:
    await request(yuna)
    draft = await driver.newest()
    await approve(yuna, draft.revision)
    assert yuna.notice == "Someone else has to approve what you asked for."
    await yuna.presses(f"broadcast:start:1:{draft.revision}")
    assert "must approve" in yuna.text
    assert (await driver.newest()).state is BroadcastState.DRAFT


async def test_viewer_cannot_approve(yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver) -> None:
    sam = await chats.add_member(chats.chat(SAM, "Sam"), "viewer")
    stranger = chats.chat(6000, "Mallory")
    await request(yuna)
    revision = (await driver.newest()).revision
    await approve(sam, revision)
    assert sam.notice == "Only organizers can do that."
    await approve(stranger, revision)
    assert "didn't get that" in stranger.text
    await chats.database.transact(
        team.change_role, HANA, before="organizer", after=None, actor_id=YUNA, configured_owners=(YUNA,)
    )
    assert await chats.run_jobs() == {}, "who is no organizer any more is asked nothing"
    await approve(hana, revision)
    assert "didn't get that" in hana.text
    assert (await driver.newest()).state is BroadcastState.DRAFT


async def test_change_makes_an_approval_void(yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver) -> None:
    await request(yuna)
    shown = (await driver.newest()).revision
    await yuna.says("/broadcast")
    await yuna.taps("✏️ English")
    await yuna.says("Send me money!")
    await approve(hana, shown)
    assert hana.notice == "It has since been changed, approved or withdrawn. Nothing happened."
    await yuna.taps("📣 Send")
    await yuna.taps("Yes, ask a second organizer")
    assert [text for text in (await chats.run_jobs())[HANA] if "approval" not in text] == [KOREAN, "Send me money!"], (
        "what was asked about first is not shown any more"
    )
    await approve(hana, shown)
    assert "Nothing happened" in (hana.notice or "")
    await approve(hana, (await driver.newest()).revision)
    assert (await driver.newest()).state is BroadcastState.RUNNING


async def test_organizer_withdraws_the_request(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await request(yuna)
    revision = (await driver.newest()).revision
    await yuna.taps("Withdraw the request")
    await approve(hana, revision)
    assert "Nothing happened" in (hana.notice or "")
    assert await chats.run_jobs() == {}
    assert await chats.list_entries() == ["broadcast.asked", "broadcast.unasked"]


async def test_repeated_request_is_shown_once(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await request(yuna)
    await yuna.again()
    await yuna.presses(f"broadcast:start:1:{(await driver.newest()).revision}")
    assert len((await chats.run_jobs())[HANA]) == 3
    assert await chats.list_entries() == ["broadcast.asked"]


async def test_organizer_who_sends_a_requested_broadcast_is_asked_to_approve(
    yuna: Chat, hana: Chat, driver: BroadcastDriver
) -> None:
    await request(yuna)
    await hana.presses(f"broadcast:start:1:{(await driver.newest()).revision}")
    assert "유나 asks for your approval" in hana.text
    assert hana.first == [KOREAN, ENGLISH]
    await hana.taps("✅ Approve")
    assert (await driver.newest()).state is BroadcastState.DRAFT, "one tap sends nothing"
    await hana.taps("Yes, send it: 40")
    assert (await driver.newest()).state is BroadcastState.RUNNING


async def test_broadcast_to_few_needs_no_approval(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await chats.database.transact(team.set_threshold, 40, 30)
    await write_both(yuna)
    await yuna.taps("📣 Send")
    await yuna.taps("Yes, send it")
    assert (await driver.newest()).state is BroadcastState.RUNNING


async def test_broadcast_starts_once_when_two_approve_at_once(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    sam = await chats.add_member(chats.chat(SAM, "Sam"), "organizer")
    await request(yuna)
    revision = (await driver.newest()).revision
    await asyncio.gather(*(each.presses(f"broadcast:accept:1:{revision}") for each in (hana, sam)))
    assert sorted([bool(hana.notice), bool(sam.notice)]) == [False, True]
    assert (await chats.list_entries()).count("broadcast.approved_started") == 1
    assert len((await chats.run_jobs())[YUNA]) == 1


async def test_only_organizer_is_told_how_to_get_approval(yuna: Chat) -> None:
    await request(yuna)
    assert "There is no other organizer" in yuna.text


async def request_correction(yuna: Chat, hana: Chat, driver: BroadcastDriver) -> None:
    """Send an approved broadcast, and request the approval of a correction."""
    await request(yuna)
    await approve(hana, (await driver.newest()).revision)
    await driver.deliver_all()
    await yuna.says("/broadcasts")
    await yuna.taps("Our friend")
    await yuna.taps("Correct")
    await yuna.taps("✏️ English")
    await yuna.says("Our friends are free.")
    await yuna.taps("Correct it everywhere")
    await yuna.taps("Yes, ask a second organizer")


async def test_correction_needs_approval_and_recall_does_not(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await request_correction(yuna, hana, driver)
    assert "approval of a correction" in (await chats.run_jobs())[HANA][-1]
    assert (await driver.newest()).state is BroadcastState.DRAFT
    await hana.says("/broadcasts")
    await hana.taps("Our friend")
    await hana.taps("Delete for everyone")
    await hana.taps("Yes, delete it")
    assert (await driver.newest()).kind == "recall"
    assert (await driver.newest()).state is BroadcastState.RUNNING


async def test_log_says_that_a_correction_was_approved(yuna: Chat, hana: Chat, driver: BroadcastDriver) -> None:
    await request_correction(yuna, hana, driver)
    correction = await driver.newest()
    await hana.presses(f"broadcast:accept:{correction.id}:{correction.revision}")
    assert (await driver.newest()).state is BroadcastState.RUNNING
    await yuna.says("/log")
    assert "approved the correction of “Our friend" in yuna.text
