"""Corrections and recalls of a broadcast."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from chatbot.conversation.dialog import Dialog
from chatbot.petition.broadcasts.outcome import Gone, Sent
from tests.conversation.organizer.broadcasts.conftest import send
from tests.support.broadcasts import BroadcastDriver
from tests.support.chat import Chat
from tests.support.written_broadcasts import ENGLISH, KOREAN

# Corrections and recalls


async def test_correction_reaches_every_chat_that_has_the_broadcast(ready: Chat, driver: BroadcastDriver) -> None:
    await send(ready)
    await driver.deliver_all(lambda to: Gone("blocked") if to.supporter_id == 1 else Sent(to.supporter_id))
    sent = await driver.newest()
    await ready.presses(f"broadcast:open:{sent.id}")
    await ready.taps("✏️ Correct")
    assert "Which version" in ready.text
    assert not any("everywhere" in label for label in ready.labels)
    await ready.taps("✏️ English")
    await ready.sends("photo", "file-1", "Free at last.")
    assert "can only change the text" in ready.text
    await ready.says("Free at last.")
    assert ready.first == [KOREAN, "Free at last."]
    assert "<b>39</b> people (Korean 29, English 10)" in ready.text
    await ready.taps("✏️ Correct it everywhere")
    assert "Nobody is notified" in ready.text
    await ready.taps("Yes, send it: 39")
    assert "The correction is on its way" in ready.text
    tried = await driver.deliver(lambda _to: Sent())
    assert [each.message_id for each in tried] == list(range(2, 41))
    sent = (await driver.list_all())[0]
    assert sent.posts["en"].text == "Free at last."
    await ready.says("/broadcasts")
    await ready.taps("✏️")
    assert "<b>39 of 39</b> are corrected" in ready.text


async def test_correction_of_a_caption_keeps_the_file(yuna: Chat, driver: BroadcastDriver) -> None:
    await driver.subscribe([1])
    await yuna.says("/broadcast")
    await yuna.taps("No English version")
    await yuna.sends("photo", "file-1", "친구가 풀려났습니다.")
    await yuna.taps("Everyone")
    await yuna.taps("📣 Send")
    await yuna.taps("Yes, send it")
    await driver.deliver_all()
    sent = await driver.newest()
    await yuna.presses(f"broadcast:correct:{sent.id}")
    assert "Send me the corrected text" in yuna.text
    await yuna.says("가" * 1025)
    assert "1,025 characters; below a picture or file 1,024 fit" in yuna.text
    await yuna.says("고친 글입니다.")
    draft = await driver.newest()
    assert draft.posts["ko"].media == sent.posts["ko"].media
    assert draft.posts["ko"].text == "고친 글입니다."
    await yuna.presses(f"broadcast:correct:{sent.id}")  # a correction that was put aside continues
    assert yuna.first == ["고친 글입니다."]
    assert len(await driver.list_all()) == 2


async def test_recall_asks_for_confirmation_and_happens_once(
    ready: Chat, hana_organizer: Chat, driver: BroadcastDriver
) -> None:
    await send(ready)
    await driver.deliver_all()
    sent = await driver.newest()
    await ready.presses(f"broadcast:open:{sent.id}")
    await ready.taps("🗑 Delete for everyone")
    assert "deleted in 40 chats" in ready.text
    assert len(await driver.list_all()) == 1
    await hana_organizer.presses(f"broadcast:recall:{sent.id}")
    await ready.taps("Yes, delete it: 40")
    assert "being deleted for everyone" in ready.text
    await hana_organizer.taps("Yes, delete it: 40")
    assert hana_organizer.notice == "That's no longer possible. This is how it is now."
    assert [each.kind for each in await driver.list_all()] == ["update", "recall"]
    assert [each.message_id for each in await driver.deliver(lambda _to: Sent())] == list(range(1, 41))
    await ready.says("/broadcasts")
    recall = (await driver.list_all())[1]
    await ready.presses(f"broadcast:open:{recall.id}")
    assert "<b>40 of 40</b> are deleted" in ready.text
    for late in ("correct", "recall", "takeback"):
        await ready.presses(f"broadcast:{late}:{sent.id}")
        assert "Deleted for everyone" in ready.text
    # No chat has it any more, so its posts may be copied.
    await ready.taps("Use as a new draft")
    assert ready.first == [KOREAN, ENGLISH]


async def test_recall_of_an_old_broadcast_offers_a_correction(
    ready: Chat, driver: BroadcastDriver, make_dialog: Callable[..., Dialog]
) -> None:
    await send(ready)
    await driver.deliver_all()
    driver.now += timedelta(hours=49)
    sent = await driver.newest()
    await ready.presses(f"broadcast:recall:{sent.id}")
    assert "older than 48 hours" in ready.text
    await ready.taps("Correct it instead")
    assert "Which version" in ready.text


async def test_running_broadcast_is_recalled(ready: Chat, driver: BroadcastDriver) -> None:
    await send(ready)
    await driver.deliver(limit=10)
    sent = await driver.newest()
    await ready.presses(f"broadcast:recall:{sent.id}")
    await ready.taps("Yes, delete it: 10")
    assert [each.message_id for each in await driver.deliver(lambda _to: Sent())] == list(range(1, 11))
    assert await driver.deliver() == []
    assert (await driver.list_all())[0].ending == "cancelled"


@pytest.mark.parametrize("kind", ["correction", "recall"])
async def test_undelivered_broadcast_is_neither_corrected_nor_recalled(
    ready: Chat, driver: BroadcastDriver, kind: str
) -> None:
    await send(ready)
    sent = await driver.newest()
    action = "correct" if kind == "correction" else "recall"
    await ready.presses(f"broadcast:{action}:{sent.id}")
    assert ready.notice == "That's no longer possible. This is how it is now."
    assert len(await driver.list_all()) == 1
