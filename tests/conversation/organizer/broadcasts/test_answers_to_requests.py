"""Answers to a request for approval: two taps, a "no" with a reason, changes, reminders, and old buttons."""

from datetime import timedelta

import pytest

from chatbot.petition.broadcasts.broadcast import BroadcastState
from chatbot.storage.organizer import team
from tests.support.approval_requests import open_owner_with_threshold, schedule
from tests.support.broadcasts import BroadcastDriver
from tests.support.cast import HANA, SAM, YUNA
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats
from tests.support.written_broadcasts import write_both

REQUEST = 7
"""The message in 하나's chat with the request, if a test says so."""


@pytest.fixture
async def yuna(chats: TeamChats, driver: BroadcastDriver) -> Chat:
    return await open_owner_with_threshold(chats, driver)


@pytest.fixture
async def hana(chats: TeamChats, yuna: Chat) -> Chat:
    """하나, a second organizer."""
    return await chats.open_organizer()


async def request(chat: Chat) -> None:
    await write_both(chat)
    await chat.taps("📣 Send")
    await chat.taps("Yes, ask a second organizer")


async def ask_with(hana: Chat, driver: BroadcastDriver, what: str = "approve") -> None:
    draft = await driver.newest()
    await hana.presses(f"broadcast:{what}:{draft.id}:{draft.revision}")


async def test_second_question_shows_headline_number_and_countries(
    yuna: Chat, hana: Chat, driver: BroadcastDriver
) -> None:
    await request(yuna)
    await ask_with(hana, driver)
    assert "<b>Approve it, and send it now?</b>" in hana.text
    for fact in ("“Our friend is free.”", "👥 <b>40</b> people"):
        assert fact in hana.text
    assert hana.labels == ["✅ Yes, send it: 40", "‹ Back"]
    await hana.taps("‹ Back")
    assert hana.first == []
    assert "유나 asks for your approval" in hana.text
    assert (await driver.newest()).state is BroadcastState.DRAFT


async def test_every_last_question_says_who_sent_something_lately(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    sent = await driver.start(ko="어제 소식", en="News")
    await driver.deliver_all()
    correction = await driver.start(kind="correction", of=sent, ko="어제의 소식")
    await driver.deliver_all()
    assert correction > sent, "a correction hides it no longer"
    driver.now += timedelta(minutes=12)
    told = "📚 You sent “News” 13 minutes ago."
    await write_both(yuna)
    assert told in yuna.text
    await yuna.taps("🕘 Later")
    await yuna.says("12/1 9:00")
    assert told in yuna.text
    await yuna.taps("‹ Back")
    await yuna.taps("📣 Send")
    assert told in yuna.text
    await yuna.taps("Yes, ask a second organizer")
    await ask_with(hana, driver)
    assert told.replace("You", "유나") in hana.text


async def test_no_with_a_reason_returns_the_draft_to_its_writer(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await request(yuna)
    await ask_with(hana, driver, "decline")
    assert "Why not?" in hana.text
    await hana.says("The   date is <wrong>.")
    assert "Not approved.</b> 유나 has been told" in hana.text
    told = (await chats.run_jobs())[YUNA]
    assert "✖ <b>하나 did not approve “Our friend is free.”.</b>\n\n“The date is &lt;wrong&gt;.”" in told[0]
    await yuna.says("/broadcast")
    assert "✖ <b>하나 did not approve it:</b> “The date is &lt;wrong&gt;.”" in yuna.text
    assert "📣 Send …" in yuna.labels
    assert await chats.list_entries() == ["broadcast.asked", "broadcast.declined"]
    await yuna.taps("📣 Send")
    await yuna.taps("Yes, ask a second organizer")
    assert any("유나 asks for your approval" in each for each in (await chats.run_jobs())[HANA]), "she may ask again"
    await yuna.says("/broadcast")
    assert "did not approve" not in yuna.text


async def test_no_without_a_reason_takes_it_off_the_schedule(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await schedule(yuna)
    hour = (await driver.newest()).scheduled_for
    await chats.run_jobs()
    await ask_with(hana, driver, "decline")
    await hana.taps("without a reason")
    await hana.again()
    assert "Not approved" in hana.text
    draft = await driver.newest()
    assert (draft.state, draft.organizer_id, draft.last_hour) == (BroadcastState.DRAFT, YUNA, hour)
    told = (await chats.run_jobs())[YUNA]
    assert told[0].endswith("It was taken off the schedule and is a draft again.")
    await yuna.says("/broadcast")
    assert "✖ <b>하나 did not approve it.</b>" in yuna.text


async def test_reason_typed_after_another_command_is_not_taken(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await request(yuna)
    await ask_with(hana, driver, "decline")
    await hana.says("/stats")
    await hana.says("hello")
    assert "I didn't take that as an answer" in hana.text
    assert "Why not?" in hana.text
    assert await chats.list_entries() == ["broadcast.asked"]
    await hana.says("Too early.")
    assert "Not approved" in hana.text


async def test_reason_is_for_the_version_that_was_shown(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await request(yuna)
    await ask_with(hana, driver, "decline")
    await yuna.says("/broadcast")
    await yuna.taps("✏️ English")
    await yuna.says("Our friends are free.")
    await yuna.taps("📣 Send")
    await yuna.taps("Yes, ask a second organizer")
    await hana.says("Only one of them is free.")
    assert "needs no answer here any more" in hana.text
    assert "broadcast.declined" not in await chats.list_entries()


@pytest.mark.parametrize("said", ["x" * 501, " "])
async def test_reason_too_long_or_empty_is_asked_again(
    yuna: Chat, hana: Chat, driver: BroadcastDriver, said: str
) -> None:
    await request(yuna)
    await ask_with(hana, driver, "decline")
    await hana.says(said)
    assert "at most 500 characters" in hana.text
    await hana.says("/cancel")
    assert (await driver.newest()).state is BroadcastState.DRAFT


async def test_writer_sees_since_when_and_for_whom_it_waits(yuna: Chat, hana: Chat, chats: TeamChats) -> None:
    await chats.add_member(chats.chat(SAM, "Sam"), "organizer")
    await request(yuna)
    await yuna.says("/broadcast")
    assert "👀 <b>Waiting for approval</b> since Nov 24 12:00 (Korean time). Asked: 하나 and Sam" in yuna.text
    assert yuna.labels[0] == "Withdraw the request"
    assert not any(label.startswith("📣") for label in yuna.labels)
    await yuna.taps("Withdraw the request")
    assert "📣 Send …" in yuna.labels


async def test_change_says_that_the_request_fell(yuna: Chat, hana: Chat, chats: TeamChats) -> None:
    await request(yuna)
    await yuna.says("/broadcast")
    await yuna.taps("⚙️ Settings")
    await yuna.taps("🔔 Sound: on")
    assert "⚠️ It was changed or taken off the schedule, so the request for approval no longer stands." in yuna.text
    assert "📣 Send …" in yuna.labels
    await yuna.taps("⚙️ Settings")
    await yuna.taps("🔕 Sound: off")
    assert "no longer stands" not in yuna.text, "it is said once"


async def test_change_says_that_the_approval_fell(yuna: Chat, hana: Chat, driver: BroadcastDriver) -> None:
    await schedule(yuna)
    await ask_with(hana, driver)
    await hana.taps("✅ Yes, approve it: 40")
    await yuna.says("/scheduled")
    await yuna.taps("Our friend")
    await yuna.taps("✏️ Change it")
    await yuna.taps("Yes, change it")
    assert "⚠️ It was changed or taken off the schedule, so the approval by 하나 no longer" in yuna.text


@pytest.mark.parametrize("how", ["approve", "decline", "withdraw", "change", "discard"])
async def test_answered_request_loses_its_buttons_in_all_chats(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver, how: str
) -> None:
    sam = await chats.add_member(chats.chat(SAM, "Sam"), "organizer")
    await request(yuna)
    await chats.run_jobs()
    if how in ("approve", "decline"):
        await ask_with(sam, driver, how)
        await sam.taps("✅ Yes" if how == "approve" else "without a reason")
    else:
        await yuna.says("/broadcast")
        if how != "withdraw":
            await yuna.taps("⚙️ Settings")
        await yuna.taps({"withdraw": "Withdraw", "change": "🔔 Sound: on", "discard": "🗑 Discard"}[how])
        if how == "discard":
            await yuna.taps("Yes, discard")
    told = await chats.run_jobs()
    expected = {
        "approve": "✅ <b>Sam has approved “Our friend is free.”.</b>",
        "decline": "✖ <b>Sam did not approve it.</b>",
        "discard": "👀 This needs no approval any more: the draft was discarded.",
    }.get(how, "needs no answer here any more")
    assert [text for text in told[HANA] if expected in text], told
    assert chats.jobs.chat_sender.edited[HANA], "in the message that asked"


@pytest.mark.parametrize("what", ["accept", "refuse"])
async def test_confirmation_stays_in_the_message_that_was_tapped(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver, what: str
) -> None:
    await request(yuna)
    await chats.run_jobs()
    draft = await driver.newest()
    await hana.presses(f"broadcast:look:{draft.id}:here", REQUEST)
    await hana.presses(f"broadcast:{what}:{draft.id}:{draft.revision}", REQUEST)
    await chats.run_jobs()
    assert REQUEST not in chats.jobs.chat_sender.edited.get(HANA, []), "it says already what they did"


async def test_old_button_answers_with_what_became_of_the_request(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    sam = await chats.add_member(chats.chat(SAM, "Sam"), "organizer")
    await request(yuna)
    number, revision = (await driver.newest()).id, (await driver.newest()).revision
    await ask_with(sam, driver)
    await sam.taps("✅ Yes")
    for what in ("approve", "accept", "decline", "refuse"):
        await hana.presses(f"broadcast:{what}:{number}:{revision}")
        assert "✅ <b>Sam has approved “Our friend is free.”.</b>" in hana.text
        assert hana.labels == ["👀 Show it"]
    assert await chats.list_entries() == ["broadcast.asked", "broadcast.approved_started"]


@pytest.mark.parametrize("how", ["approve", "accept", "decline", "refuse", "typed"])
async def test_request_is_over_once_the_broadcast_has_started_without_an_answer(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver, how: str
) -> None:
    """The threshold is lifted while a request is open, and the writer starts it alone. 하나 has old buttons."""
    await request(yuna)
    draft = await driver.newest()
    if how == "typed":
        await ask_with(hana, driver, "decline")
    await chats.database.transact(team.set_threshold, None, 30)
    await yuna.presses(f"broadcast:start:{draft.id}:{draft.revision}")
    assert "On its way to 40 people" in yuna.text
    await (hana.says("Not like this.") if how == "typed" else ask_with(hana, driver, how))
    assert "needs no answer here any more" in hana.text
    told = await chats.run_jobs()
    assert "It is a draft again" not in str(told)
    assert await chats.list_entries() == ["broadcast.asked", "broadcast.started"]
    assert (await driver.newest()).state is BroadcastState.RUNNING
