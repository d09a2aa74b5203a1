"""Corrections and recalls of a broadcast."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from chatbot.conversation.dialog import Dialog
from chatbot.petition.broadcasts.broadcast import BroadcastState
from chatbot.petition.broadcasts.outcome import Failed, Gone, Sent, Unknown
from tests.conversation.organizer.broadcasts.conftest import send, send_and_correct
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
    assert "<b>39</b> people at most" in ready.text
    await ready.taps("✏️ Correct it everywhere")
    assert "Nobody is notified" in ready.text
    await ready.taps("Yes, correct it")
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
    await ready.taps("Yes, delete it for 40")
    assert "being deleted for everyone" in ready.text
    await hana_organizer.taps("Yes, delete it for 40")
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


async def test_finished_correction_is_not_called_unfinished_after_the_recall(
    ready: Chat, driver: BroadcastDriver
) -> None:
    sent = await send_and_correct(ready, driver)
    await ready.taps("✏️ Correct it everywhere")
    await ready.taps("Yes, correct it")
    await driver.deliver(lambda _to: Sent())
    await ready.presses(f"broadcast:open:{(await driver.newest()).id}")
    await ready.taps("‹ The update")
    assert "✏️ Correct …" in ready.labels, "a report of a correction leads on"
    await ready.says("/broadcasts")
    assert "corrected by" in ready.text
    await ready.presses(f"broadcast:recall:{sent.id}")
    await ready.taps("Yes, delete it for 40")
    await driver.deliver(lambda _to: Sent())
    await ready.says("/broadcasts")
    assert "another change came after it" in ready.text
    assert "not finished" not in ready.text


async def test_discarded_correction_says_that_the_broadcast_stays(ready: Chat, driver: BroadcastDriver) -> None:
    await send_and_correct(ready, driver)
    await ready.taps("⚙️ Settings")
    await ready.taps("🗑 Discard")
    assert "Discard this correction?" in ready.text
    assert "sent to anyone" not in ready.text
    await ready.taps("🗑 Yes, discard it")
    assert "The update stays as it is" in ready.text


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
    await ready.taps("Yes, delete it for at most 19")
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


async def test_paused_recall_is_finished_and_nobody_gets_it_twice(
    ready: Chat, hana_organizer: Chat, driver: BroadcastDriver
) -> None:
    await send(ready)
    await driver.deliver_all()
    await ready.presses("broadcast:recall:1")
    await ready.taps("Yes, delete it for 40")
    await driver.deliver(lambda _to: Sent(), limit=10)
    for old in ("halt", "cancel"):
        await ready.presses(f"broadcast:{old}:2")
        assert "Nothing more is deleted until you resume it" in ready.text
        assert ready.labels == ["▶ Resume"]
    assert (await driver.get(2)).state is BroadcastState.PAUSED
    await ready.presses("broadcast:open:1")
    assert "The deletion is paused.</b> 30 still have it" in ready.text
    assert "had got it" in ready.text
    assert not [label for label in ready.labels if "draft" in label]
    await ready.presses("broadcast:copy:1")
    assert len(await driver.list_all()) == 2, "30 people would get it twice"
    await hana_organizer.presses("broadcast:resume:2")
    assert hana_organizer.notice == "Resumed. It's being deleted."
    await hana_organizer.says("/log")
    assert "resumed the deletion of “Our friend is free.”" in hana_organizer.text
    assert "paused the deletion of “Our friend is free.”" in hana_organizer.text
    assert "began deleting “Our friend is free.” for everyone" in hana_organizer.text
    await driver.deliver_all(lambda to: Unknown("cut") if to.supporter_id == 40 else Sent())
    await ready.presses("broadcast:open:1")
    assert "Not deleted everywhere.</b> 1 may still have it" in ready.text
    await ready.taps("Go on deleting: 1")
    assert "Deleting again" in ready.text
    assert [each.message_id for each in await driver.deliver(lambda _to: Sent())] == [40]
    await ready.presses("broadcast:open:1")
    assert "Deleted for everyone" in ready.text
    await ready.taps("Use as a new draft")
    assert ready.first == [KOREAN, ENGLISH]


async def test_recall_that_an_earlier_version_cancelled_is_finished(
    ready: Chat, hana_organizer: Chat, driver: BroadcastDriver
) -> None:
    await send(ready)
    await driver.deliver_all()
    await ready.presses("broadcast:takeback:1")
    await driver.deliver(lambda _to: Sent(), limit=10)
    await driver.cancel(2)
    await ready.presses("broadcast:open:1")
    await hana_organizer.presses("broadcast:open:2")
    assert "Stopped.</b> 30 still have it" in ready.text
    assert "Stopped.</b> 30 still have it" in hana_organizer.text
    await ready.taps("Go on deleting: 30")
    await hana_organizer.taps("Go on deleting: 30")
    assert hana_organizer.notice == "That's no longer possible. This is how it is now."
    await driver.deliver_all(lambda _to: Sent())
    await ready.presses("broadcast:open:1")
    assert "Deleted for everyone" in ready.text


async def test_message_too_old_to_be_deleted_is_not_sent_a_second_time(ready: Chat, driver: BroadcastDriver) -> None:
    await send(ready)
    await driver.deliver_all()
    await ready.presses("broadcast:takeback:1")
    await driver.deliver_all(lambda _to: Failed("too_old"))
    await ready.presses("broadcast:open:1")
    assert "Deleted where it was possible.</b> 40 keep it" in ready.text
    assert not [label for label in ready.labels if "draft" in label or "Continue" in label]


async def test_stopped_correction_goes_on_until_a_later_one_begins(
    ready: Chat, hana_organizer: Chat, driver: BroadcastDriver
) -> None:
    await send(ready)
    await driver.deliver_all()
    first = await driver.start(kind="correction", of=1, en="Free at last.")
    await driver.deliver(lambda _to: Sent(), limit=10)
    await ready.presses(f"broadcast:halt:{first}")
    assert "10 people have the new text, 30 still have the old one" in ready.text
    await ready.taps("Yes, stop here")
    await ready.presses(f"broadcast:open:{first}")
    await hana_organizer.presses(f"broadcast:open:{first}")
    assert "Stopped.</b> 30 still have the old text" in ready.text
    await ready.taps("Go on correcting: 30")
    assert len(await driver.deliver(lambda _to: Sent(), limit=10)) == 10
    second = await driver.start(kind="correction", of=1, en="Free!")
    old = hana_organizer.actions
    assert (await driver.get(first)).ending == "replaced", "it would put its older text into the chats"
    assert len(await driver.deliver(lambda _to: Sent())) == 40
    await ready.presses(f"broadcast:open:{first}")
    assert "has taken its place" in ready.text
    assert ready.labels == ["‹ The update"]
    await ready.presses(old[0])
    assert ready.notice == "That's no longer possible. This is how it is now."
    assert (await driver.get(second)).ending == "done"


async def test_rest_of_a_cancelled_broadcast_is_reached_once(
    ready: Chat, hana_organizer: Chat, driver: BroadcastDriver
) -> None:
    await send(ready)
    await driver.deliver(lambda to: Failed("odd") if to.supporter_id == 3 else Sent(to.supporter_id), limit=10)
    await driver.unsubscribe(20)
    await hana_organizer.presses("broadcast:halt:1")
    assert "You can still send it to the others later." in hana_organizer.text
    await hana_organizer.taps("Yes, stop here")
    await ready.presses("broadcast:open:1")
    await ready.taps("Send it to the 30+ who don't have it")
    await hana_organizer.presses("broadcast:rest:1")
    await ready.taps("Yes, send it: 30+")
    await hana_organizer.taps("Yes, send it: 30+")
    assert hana_organizer.notice == "That's no longer possible. This is how it is now."
    assert {each.supporter_id for each in await driver.deliver()} == {3, *range(11, 20), *range(21, 41)}
    await ready.presses("broadcast:open:1")
    assert "39 of 40</b> have it" in ready.text
    assert not [label for label in ready.labels if "don't have it" in label]


async def test_two_organizers_make_one_copy_of_what_nobody_has(
    ready: Chat, hana_organizer: Chat, driver: BroadcastDriver
) -> None:
    await send(ready)
    await driver.cancel(1)
    await ready.presses("broadcast:copy:1")
    assert ready.first == [KOREAN, ENGLISH]
    await hana_organizer.presses("broadcast:copy:1")
    assert (
        hana_organizer.notice == "Another draft or update has this text or was copied from it: /broadcast, /broadcasts"
    )
    await ready.taps("📣 Send")
    await ready.taps("Yes, send it")
    await hana_organizer.presses("broadcast:copy:1")
    await driver.deliver_all()
    await ready.presses("broadcast:copy:1")
    assert len(await driver.list_all()) == 2, "40 people would get it twice"
