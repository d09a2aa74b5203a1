"""The timeline, and unsubscribing below a broadcast."""

from datetime import timedelta

import pytest

from chatbot.conversation.interface import Pressed
from chatbot.petition.broadcasts.broadcast import BroadcastState
from chatbot.petition.broadcasts.post import Media
from chatbot.storage import Database
from chatbot.storage.people import subscriptions
from tests.support.broadcasts import BroadcastDriver
from tests.support.chat import Chat


async def send(yuna: Chat, driver: BroadcastDriver, korean: str, english: str | None, photo: str | None = None) -> None:
    """Write a broadcast and deliver it."""
    await yuna.says("/broadcast")
    if english:
        await (yuna.sends("photo", photo, english) if photo else yuna.says(english))
    else:
        await yuna.taps("No English version")
    await (yuna.sends("photo", photo, korean) if photo else yuna.says(korean))
    if not english:
        await yuna.taps("Everyone")
    await yuna.taps("📣 Send")
    await yuna.taps("Yes, send it")
    driver.now += timedelta(hours=1)
    await driver.deliver_all()


async def test_timeline_shows_the_newest_broadcast_first(
    yuna: Chat, sam: Chat, hana: Chat, driver: BroadcastDriver
) -> None:
    await driver.subscribe([1])
    await send(yuna, driver, "첫 소식", "First news")
    await send(yuna, driver, "둘째 소식", "Second news")
    await sam.says("/updates")
    assert "Second news" in sam.text
    assert "November 24, 2026</i> · <i>1 / 3" in sam.text
    await sam.taps("Older ›")
    assert "First news" in sam.text
    await sam.taps("Older ›")
    assert "repatriated" in sam.text
    assert "3 / 3" in sam.text
    await sam.taps("‹ Newer")
    assert "First news" in sam.text
    await sam.presses("updates:99")
    assert "3 / 3" in sam.text
    await hana.says("/updates")
    assert "둘째 소식" in hana.text


async def test_timeline_shows_a_post_in_its_only_language(yuna: Chat, sam: Chat, driver: BroadcastDriver) -> None:
    await driver.subscribe([1])
    await send(yuna, driver, "한국어 소식", None)
    await sam.says("/updates")
    assert "한국어 소식" in sam.text


async def test_timeline_omits_unsent_and_recalled_broadcasts(yuna: Chat, sam: Chat, driver: BroadcastDriver) -> None:
    await driver.subscribe([1])
    await yuna.says("/broadcast")
    await yuna.says("Secret")
    await yuna.says("비밀")
    await sam.says("/updates")
    assert "repatriated" in sam.text
    await yuna.taps("⚙️ Settings")
    await yuna.taps("🗑 Discard")
    await yuna.taps("Yes, discard it")
    await send(yuna, driver, "소식", "News")
    sent = await driver.newest()
    await sam.says("/updates")
    assert "News" in sam.text
    await yuna.presses(f"broadcast:takeback:{sent.id}")
    await sam.says("/updates")
    assert "repatriated" in sam.text


async def test_timeline_shows_the_corrected_post(yuna: Chat, sam: Chat, driver: BroadcastDriver) -> None:
    await driver.subscribe([1])
    await send(yuna, driver, "소식", "News")
    await yuna.presses(f"broadcast:correct:{(await driver.newest()).id}")
    await yuna.taps("✏️ English")
    await yuna.says("Better news")
    await yuna.taps("✏️ Correct it everywhere")
    await yuna.taps("Yes, correct it")
    await sam.says("/updates")
    assert "Better news" in sam.text
    assert "1 / 2" in sam.text


async def test_picture_of_a_broadcast_is_sent_on_a_tap(yuna: Chat, sam: Chat, driver: BroadcastDriver) -> None:
    await driver.subscribe([1])
    await send(yuna, driver, "사진입니다", "A picture", photo="file-1")
    await sam.says("/updates")
    assert "A picture" in sam.text
    await sam.taps("🖼 Show the picture")
    assert sam.answer is not None
    assert [(screen.text, screen.media) for screen in sam.answer.first] == [("A picture", Media("photo", "file-1"))]
    assert sam.answer.screen is None
    assert sam.answer.edit is None
    sent = await driver.newest()
    await yuna.presses(f"broadcast:takeback:{sent.id}")
    await sam.presses(f"picture:{sent.id}")
    assert sam.notice == "This update is no longer here."
    assert sam.first == []


@pytest.mark.parametrize("action", ["picture:x", "picture:", "picture:99"])
async def test_unknown_picture_is_no_error(sam: Chat, action: str) -> None:
    await sam.presses(action)
    assert sam.notice == "This update is no longer here."


async def test_picture_button_does_not_show_a_draft(yuna: Chat, sam: Chat, driver: BroadcastDriver) -> None:
    await yuna.says("/broadcast")
    await yuna.sends("photo", "file-1", "비밀")
    await sam.presses(f"picture:{(await driver.newest()).id}")
    assert sam.first == []
    assert (await driver.newest()).state is BroadcastState.DRAFT


async def test_unsubscribing_below_a_broadcast_keeps_its_message(sam: Chat, database: Database) -> None:
    await sam.says("/subscribe")
    await sam.presses("leave")
    assert sam.answer is not None
    assert sam.answer.edit is None
    assert "No more updates" in sam.text
    assert await database.transact(subscriptions.find, sam.person.id) is None
    assert isinstance(sam.heard and sam.heard.event, Pressed)
    await sam.again()
    assert "No more updates" in sam.text
    await sam.taps("Get updates again")
    assert await database.transact(subscriptions.find, sam.person.id) is not None


async def test_unsubscribing_while_signing_keeps_the_draft(sam: Chat) -> None:
    await sam.begins()
    await sam.says("Sam")
    await sam.presses("leave")
    await sam.says("Canada")
    assert "didn't take that as an answer" in sam.text
    await sam.says("Canada")
    assert "Ready to sign?" in sam.text
