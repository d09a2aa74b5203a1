"""Milestones and the end of the petition, as words to subscribers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chatbot.conversation.interface import SharedChat
from chatbot.storage.organizer import team
from tests.support.cast import SAM
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats
from tests.support.written_broadcasts import write_both


async def test_team_is_told_of_a_milestone_once_and_gets_a_draft_of_thanks(chats: TeamChats, yuna: Chat) -> None:
    chats.campaign = replace(chats.campaign, milestones=(178_923, 200_000))
    yuna = chats.chat(3003, "유나")
    await yuna.says("/start")
    for person in range(1, 4):
        await chats.chat(5000 + person, "Sam").signs()
    told = await chats.run_jobs()
    assert len([text for text in told[3003] if "178,923 supporters!" in text]) == 1
    await chats.chat(SAM, "Sam").signs()
    assert await chats.run_jobs() == {}
    await yuna.presses("course:thank:178923")
    assert "178,923명" in yuna.first[0]
    assert "We are 178,923 now." in yuna.first[1]
    labels = [button.label for row in yuna.answer.first[1].rows for button in row]
    assert labels == ["📣 Send it to a friend", "🔕 Stop these updates"], "each reader shares their own link"
    await yuna.presses("course:thank:178923")
    assert len(yuna.first) == 2


async def test_thanks_are_prepared_only_while_they_are_true(chats: TeamChats) -> None:
    chats.campaign = replace(chats.campaign, milestones=(178_923, 200_000))
    yuna = chats.chat(3003, "유나")
    await yuna.says("/start")
    signers = [chats.chat(5000 + person, "Sam") for person in range(1, 4)]
    for signer in signers:
        await signer.signs()
    await chats.run_jobs()
    for signer in signers[:2]:
        await signer.says("/withdraw")
        await signer.taps("Withdraw my signature")
    await yuna.presses("course:thank:178923")
    assert "There are 178,922 supporters now" in yuna.text
    assert yuna.first == []
    await yuna.presses("course:thank:178923")
    assert "prepared no thanks" in yuna.text
    await signers[0].signs()
    told = await chats.run_jobs()
    assert any("178,923 supporters!" in text for text in told[3003]), "told again, now that it is true"
    await yuna.presses("course:thank:178923")
    assert "We are 178,923 now." in yuna.first[1]


async def test_thanks_that_were_prepared_warn_once_they_are_not_true(chats: TeamChats) -> None:
    chats.campaign = replace(chats.campaign, milestones=(178_923, 200_000))
    await chats.driver.subscribe(range(1, 41))
    yuna = chats.chat(3003, "유나")
    await yuna.says("/start")
    signers = [chats.chat(5000 + person, "Sam") for person in range(1, 4)]
    for signer in signers:
        await signer.signs()
    await yuna.presses("course:thank:178923")
    assert "⚠️" not in yuna.text
    for signer in signers[:2]:
        await signer.says("/withdraw")
        await signer.taps("Withdraw my signature")
    untrue = "There are 178,922 supporters now</b>, fewer than the 178,923 in this text"
    await yuna.says("/broadcast")
    assert untrue in yuna.text
    await yuna.taps("Send")
    assert untrue in yuna.text
    await yuna.says("/broadcast")
    await yuna.taps("Later")
    await yuna.says("tomorrow 18:30")
    assert untrue in yuna.text
    await yuna.taps("Yes, schedule it")
    await yuna.says("/scheduled")
    await yuna.presses("broadcast:open:1")
    assert untrue in yuna.text
    await signers[0].signs()
    await yuna.presses("broadcast:open:1")
    assert untrue not in yuna.text


@pytest.mark.parametrize(("command", "yes"), [("/close", "Yes, close it"), ("/victory", "Yes, close it as won")])
async def test_end_says_who_is_written_to_and_what_is_erased(
    chats: TeamChats, yuna: Chat, command: str, yes: str
) -> None:
    await chats.driver.subscribe(range(1, 41))
    await yuna.says(command)
    await yuna.says("They are <safe>.")
    await yuna.says("무사합니다.")
    assert "Nobody is written to by this. On the next screen you can send the words to 40 subscribers." in yuna.text
    assert "180 days later, on " in yuna.text
    assert "all subscriptions are erased" in yuna.text
    assert "/export, /deliver" in yuna.text
    await yuna.taps(yes)
    assert "Nobody has been written to yet" in yuna.text
    await yuna.taps("Send these words to 40 subscribers")
    assert "무사합니다." in yuna.first[0]
    assert "They are &lt;safe&gt;." in yuna.first[1]
    assert "Send" in "".join(yuna.labels)
    tell = "course:tell:statement"
    await yuna.presses(tell)
    await yuna.presses(tell)
    drafts = await chats.database.transact(lambda tx: tx.all("SELECT id FROM broadcasts"))
    assert len(drafts) == 1, "the same draft each time"
    assert await chats.run_jobs() == {}


async def test_answer_can_be_sent_by_two_of_the_team(chats: TeamChats, yuna: Chat) -> None:
    await chats.driver.subscribe([1], "en")
    hana = await chats.open_organizer()
    await yuna.says("/petition")
    await yuna.taps("Answer received")
    await yuna.says("I have heard you.")
    await yuna.taps("No Korean version")
    await yuna.taps("Yes, change it")
    [tell] = [action for action in yuna.actions if ":tell:" in action]
    await yuna.taps("Send these words to 1 subscriber …")
    await hana.presses(tell)
    assert "I have heard you." in hana.first[0]
    assert "I have heard you." in yuna.first[0]
    drafts = await chats.database.transact(lambda tx: tx.all("SELECT id FROM broadcasts"))
    assert len(drafts) == 2, "each has a draft of their own"


async def test_words_that_are_gone_are_not_sent(chats: TeamChats, yuna: Chat) -> None:
    await yuna.says("/petition")
    await yuna.presses("course:tell:answer")
    assert "do not stand on the welcome" in (yuna.notice or "")


async def test_viewer_sends_no_words(chats: TeamChats) -> None:
    viewer = await chats.open_organizer("viewer")
    await viewer.presses("course:tell:answer")
    assert await chats.database.transact(lambda tx: tx.all("SELECT id FROM broadcasts")) == []


async def test_words_in_one_language_are_offered_for_its_readers_alone(chats: TeamChats, yuna: Chat) -> None:
    await chats.driver.subscribe([1, 2, 3], "ko")
    await chats.driver.subscribe([4, 5], "en")
    await yuna.says("/victory")
    await yuna.says("We did it.")
    await yuna.taps("No Korean version")
    assert "you can send the words to 2 subscribers" in yuna.text
    await yuna.taps("Yes, close it as won")
    await yuna.taps("Send these words to 2 subscribers")
    assert "<b>2</b> people" in yuna.text


async def test_words_that_no_subscriber_reads_are_not_offered_but_the_end_is(chats: TeamChats, yuna: Chat) -> None:
    await chats.driver.subscribe([1], "ko")
    await yuna.says("/close")
    await yuna.says("We did it.")
    await yuna.taps("No Korean version")
    assert "On the next screen you find a prepared update to 1 subscriber." in yuna.text
    await yuna.taps("Yes, close it")
    await yuna.taps("📣 Tell 1 subscriber …")
    assert len(yuna.first) == 2


@pytest.mark.parametrize(
    ("command", "korean", "english"),
    [
        (
            "/close",
            "최종 <b>178,921명</b>이",
            "🔒 Signing has closed. Final count: <b>178,921</b>.",
        ),
        ("/victory", "<b>178,921</b>명이 함께합니다", "🕊 <b>This petition has reached its goal.</b>"),
    ],
)
async def test_end_without_words_is_told_with_a_prepared_broadcast(
    chats: TeamChats, yuna: Chat, command: str, korean: str, english: str
) -> None:
    await chats.driver.subscribe([1, 2])
    hana = await chats.open_organizer()
    await yuna.says(command)
    await yuna.taps("No English version")
    await yuna.taps("No Korean version")
    assert "On the next screen you find a prepared update to 2 subscribers." in yuna.text
    await yuna.taps("Yes, close it")
    await yuna.taps("📣 Tell 2 subscribers …")
    assert korean in yuna.first[0]
    assert english in yuna.first[1]
    for chat in (yuna, hana):
        await chat.presses("course:tell:end")
        await chat.presses("course:tell:end")
        assert english in chat.first[1]
    drafts = await chats.database.transact(lambda tx: tx.all("SELECT id FROM broadcasts"))
    assert len(drafts) == 2, "one of each, and nothing is sent"
    assert not [text for texts in (await chats.run_jobs()).values() for text in texts if "sending" in text]


async def test_end_without_subscribers_says_why_nobody_is_told(chats: TeamChats, yuna: Chat) -> None:
    await yuna.says("/close")
    await yuna.taps("No English version")
    await yuna.taps("No Korean version")
    assert "Nobody is written to by this: nobody subscribes to updates." in yuna.text
    await yuna.taps("Yes, close it")
    assert "Nobody subscribes to updates, so there is nobody to write to." in yuna.text
    assert not [action for action in yuna.actions if ":tell:" in action]


@pytest.mark.parametrize(("words", "told"), [("We did it.", "We did it."), ("No English version", "reached its goal")])
async def test_end_without_subscribers_is_offered_to_linked_places(
    chats: TeamChats, yuna: Chat, words: str, told: str
) -> None:
    await yuna.does(SharedChat("channel", -1_002_000_000_001, "Square"))
    await yuna.says("/victory")
    await (yuna.taps if words.startswith("No ") else yuna.says)(words)
    await yuna.taps("No Korean version")
    await yuna.taps("Yes, close it as won")
    assert "nobody to write to" not in yuna.text
    await yuna.taps("📡 Post it in channels and groups …")
    assert told in yuna.first[-1]
    await yuna.taps("📡 Channels and groups: none")
    await yuna.taps("Square")
    await yuna.taps("‹ Back")
    await yuna.taps("📣 Send …")
    assert "Square" in yuna.text


async def test_end_of_an_open_petition_is_not_told(chats: TeamChats, yuna: Chat) -> None:
    await yuna.says("/petition")
    await yuna.presses("course:tell:end")
    assert "The petition is open" in (yuna.notice or "")
    assert await chats.database.transact(lambda tx: tx.all("SELECT id FROM broadcasts")) == []


async def test_end_says_what_is_scheduled_and_a_later_time_that_nobody_is_left(chats: TeamChats, yuna: Chat) -> None:
    await chats.driver.subscribe(range(1, 41))
    await write_both(yuna)
    await yuna.taps("🕘 Later")
    await yuna.says("tomorrow 9:00")
    assert "erased" not in yuna.text
    await yuna.taps("Yes, schedule it")
    await yuna.says("/close")
    for _language in range(2):
        await yuna.says("It is over.")
    assert "🕘 1 update is scheduled, and this doesn't stop it: /scheduled" in yuna.text
    await yuna.taps("Yes, close it")
    scheduled = await chats.driver.newest()
    await yuna.presses(f"broadcast:open:{scheduled.id}")
    assert "erased" not in yuna.text
    late = int((chats.driver.now + timedelta(days=200)).timestamp())
    await yuna.presses(f"broadcast:hour:{scheduled.id}:{scheduled.revision}:{late}")
    warning = "before that, all subscriptions are erased: nobody would get it."
    assert warning in yuna.text
    await yuna.taps("Yes, schedule it")
    await yuna.presses(f"broadcast:open:{scheduled.id}")
    assert warning in yuna.text


async def test_time_after_the_erasing_does_not_keep_an_update_from_channels(chats: TeamChats, yuna: Chat) -> None:
    await yuna.does(SharedChat("channel", -1_002_000_000_001, "Square"))
    await write_both(yuna)
    await yuna.taps("📡 Channels and groups: none")
    await yuna.taps("Square")
    await yuna.says("/close")
    for _language in range(2):
        await yuna.says("It is over.")
    await yuna.taps("Yes, close it")
    draft = await chats.driver.newest()
    late = int((chats.driver.now + timedelta(days=200)).timestamp())
    await yuna.presses(f"broadcast:hour:{draft.id}:{draft.revision}:{late}")
    assert "before that, all subscriptions are erased: only channels and groups get it." in yuna.text
    assert "nobody would get it" not in yuna.text


async def test_status_change_says_what_goes_out_once_it_is_approved(chats: TeamChats, yuna: Chat) -> None:
    await chats.driver.subscribe(range(1, 41))
    await chats.database.transact(team.set_threshold, 10, None)
    await yuna.says("/close")
    for _language in range(2):
        await yuna.says("It is over.")
    assert "waits for approval" not in yuna.text
    await yuna.taps("Yes, close it")
    await yuna.taps("📣 Send these words")
    await yuna.taps("📣 Send")
    await yuna.taps("Yes, ask a second organizer")
    await yuna.says("/reopen")
    assert "👀 1 update waits for approval, and goes out all the same once it has it: /broadcast" in yuna.text
    await yuna.taps("Yes, reopen it")
    await yuna.says("/broadcast")
    await yuna.taps("Withdraw the request")
    await yuna.says("/close")
    for _language in range(2):
        await yuna.says("It is over.")
    assert "waits for approval" not in yuna.text
