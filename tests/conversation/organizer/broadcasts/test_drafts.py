"""Several drafts and several organizers: what is listed, taken over and taken back, and what colleagues are told."""

from datetime import timedelta

import pytest

from chatbot.conversation.interface import Said, SentMedia
from chatbot.petition.broadcasts.post import Media
from tests.support.broadcasts import BroadcastDriver
from tests.support.cast import NOW
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats
from tests.support.written_broadcasts import ENGLISH, KOREAN, write_both


@pytest.fixture
async def yuna(chats: TeamChats) -> Chat:
    return await chats.open_owner(readers=[1])


@pytest.fixture
async def hana(chats: TeamChats) -> Chat:
    return await chats.open_organizer()


# Drafts


async def test_only_draft_opens_at_once_and_several_are_listed(yuna: Chat, driver: BroadcastDriver) -> None:
    await write_both(yuna)
    await yuna.says("/cancel")
    await yuna.says("/broadcast")
    assert yuna.first == [KOREAN, ENGLISH]
    driver.now += timedelta(minutes=20)
    await yuna.taps("⚙️ Settings")
    await yuna.taps("Drafts")
    await yuna.taps("New update")
    await yuna.says("A second one.")
    await yuna.says("두 번째.")
    driver.now += timedelta(days=2)
    await yuna.says("/broadcast")
    assert yuna.labels == ["2 days ago · A second one.", "2 days ago · Our friend is free.", "➕ New update"]
    await yuna.taps("Our friend")
    assert yuna.first == [KOREAN, ENGLISH]
    assert "This is what people will get" in yuna.text
    await yuna.taps("✏️ English")
    await yuna.says("Changed.")
    assert [str(each.posts["en"].text) for each in await driver.list_all()] == ["Changed.", "A second one."]


async def test_empty_draft_is_used_again(yuna: Chat, driver: BroadcastDriver) -> None:
    for _ in range(3):
        await yuna.says("/broadcast")
        await yuna.presses("broadcast:new")
        await yuna.says("/cancel")
    assert len(await driver.list_all()) == 1


async def test_words_after_the_command_are_the_first_post(yuna: Chat, driver: BroadcastDriver) -> None:
    await write_both(yuna)
    await yuna.says("/broadcast The press meets on Fryday.")
    assert "Now in Korean?" in yuna.text
    draft = await driver.newest()
    assert [str(post.text) for post in draft.posts.values()] == ["The press meets on Fryday."]
    assert len(await driver.list_all()) == 2, "the other draft stays as it is"
    edited = "/broadcast The press meets on Friday."
    await yuna.does(Said(edited, "broadcast", "The press meets on Friday.", message_id=yuna.written))
    assert "Your edit is in the draft" in yuna.text
    assert (await driver.newest()).posts["en"].text == "The press meets on Friday."
    assert len(await driver.list_all()) == 2


async def test_words_after_the_command_keep_their_formatting(yuna: Chat, driver: BroadcastDriver) -> None:
    said = Said("/broadcast free & bold", "broadcast", "free & bold", "/broadcast free &amp; <b>bold</b>")  # type: ignore[arg-type]
    await yuna.does(said)
    assert (await driver.newest()).posts["en"].text == "free &amp; <b>bold</b>"


# Something typed after another command


async def test_text_after_another_command_is_asked_about_once(yuna: Chat, driver: BroadcastDriver) -> None:
    await yuna.says("/broadcast")
    await yuna.says(ENGLISH)
    await yuna.says("/scheduled")
    await yuna.says("hello")
    assert "“hello”" in yuna.text
    assert "Shall I take this as your text in Korean?" in yuna.text
    assert "ko" not in (await driver.newest()).posts
    await yuna.says("안녕하세요")
    assert "“안녕하세요”" in yuna.text
    await yuna.again()
    assert "“안녕하세요”" in yuna.text
    await yuna.taps("Yes, take it")
    assert (await driver.newest()).posts["ko"].text == "안녕하세요"
    assert yuna.first == ["안녕하세요", ENGLISH]


async def test_other_text_is_asked_for_and_then_taken_unasked(yuna: Chat, driver: BroadcastDriver) -> None:
    await yuna.says("/broadcast")
    await yuna.says("/stats")
    await yuna.says("hello")
    yes = yuna.actions[0]
    await yuna.taps("another text")
    assert "Send the text in English" in yuna.text
    await yuna.presses(yes)
    assert "Send the text in English" in yuna.text, "the first text is not kept"
    await yuna.says(ENGLISH)
    assert (await driver.newest()).posts["en"].text == ENGLISH


async def test_picture_after_another_command_is_asked_about(yuna: Chat, driver: BroadcastDriver) -> None:
    await yuna.says("/broadcast")
    await yuna.says("/stats")
    await yuna.does(SentMedia("photo", "file-1", "Our friend", sent_at=NOW, message_id=9_001))
    await yuna.taps("Yes, take it")
    post = (await driver.newest()).posts["en"]
    assert (post.text, post.media) == ("Our friend", Media("photo", "file-1"))
    await yuna.does(SentMedia("sticker"))
    assert "I can send text, photos" in yuna.text


# Copies


async def test_copy_of_a_sent_broadcast_warns_who_has_it(yuna: Chat, driver: BroadcastDriver) -> None:
    await write_both(yuna)
    await yuna.taps("📣 Send")
    await yuna.taps("Yes, send it")
    await driver.deliver_all()
    sent = await driver.newest()
    await yuna.presses(f"broadcast:open:{sent.id}")
    assert "Copy to a new draft" in " ".join(yuna.labels)
    copy = f"broadcast:copy:{sent.id}"
    for _ in range(2):
        await yuna.presses(copy)
        assert yuna.first == [KOREAN, ENGLISH]
        assert "⚠️ Up to 1 person has the update that this was copied from, and would get it twice." in yuna.text
    assert len(await driver.list_all()) == 2, "the same tap again begins no second copy"
    await yuna.taps("📣 Send")
    assert "would get it twice" in yuna.text, "the last question says so as well"
    await yuna.presses("broadcast:drafts")
    await yuna.presses("broadcast:new")
    await yuna.says("Something new.")
    await yuna.says("새 소식.")
    assert "twice" not in yuna.text


async def test_review_names_who_sent_something_within_a_day(yuna: Chat, hana: Chat, driver: BroadcastDriver) -> None:
    await write_both(yuna)
    await yuna.taps("📣 Send")
    await yuna.taps("Yes, send it")
    await driver.deliver_all()
    driver.now += timedelta(minutes=12)
    await write_both(hana, "같은 소식.", "The same news.")
    assert "📚 유나 sent “Our friend is free.” 13 minutes ago." in hana.text
    driver.now += timedelta(days=1)
    await hana.says("/broadcast")
    assert "minutes ago" not in hana.text
