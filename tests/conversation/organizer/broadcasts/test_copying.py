"""Copies of what was sent: the organizer is told beforehand who has it, or a copy of it, already."""

import pytest

from chatbot.petition.broadcasts.outcome import Gone, Sent, Unknown
from chatbot.storage import Database
from chatbot.storage.privacy import erasure
from tests.conversation.organizer.broadcasts.conftest import send
from tests.support.broadcasts import BroadcastDriver
from tests.support.chat import Chat
from tests.support.written_broadcasts import write_both

KEPT = "people still have the deleted update, out of reach. Coming back, they'd have both."


@pytest.mark.parametrize(("lost", "copies"), [(0, 1), (40, 0)])
async def test_deleted_copy_allows_another_only_if_nobody_may_have_it(
    ready: Chat, driver: BroadcastDriver, lost: int, copies: int
) -> None:
    await send(ready)
    await driver.cancel(1)
    await ready.presses("broadcast:copy:1")
    await ready.taps("📣 Send")
    await ready.taps("Yes, send it")
    await driver.deliver_all(lambda to: Unknown("cut") if to.supporter_id == lost else Sent(to.supporter_id))
    await ready.presses("broadcast:recall:2")
    await ready.taps("Yes, delete it for")
    await driver.deliver_all(lambda _to: Sent())
    await ready.presses("broadcast:copy:1")
    assert len(await driver.list_all()) == 3 + copies


async def test_corrected_copy_is_still_a_copy(ready: Chat, driver: BroadcastDriver) -> None:
    await send(ready)
    await driver.cancel(1)
    await ready.presses("broadcast:copy:1")
    await ready.taps("📣 Send")
    await ready.taps("Yes, send it")
    await driver.deliver_all()
    await ready.presses("broadcast:correct:2")
    for language, words in (("English", "All of them are free."), ("Korean", "모두 풀려났습니다.")):
        await ready.taps(f"✏️ {language}")
        await ready.says(words)
    await ready.taps("✏️ Correct it everywhere")
    await ready.taps("Yes, correct it")
    await driver.deliver_all(lambda _to: Sent())
    await ready.presses("broadcast:copy:1")
    assert ready.notice == "Another draft or update has this text or was copied from it: /broadcast, /broadcasts"
    assert len(await driver.list_all()) == 3, "40 people have it, with other words"


async def test_copy_of_an_unsent_copy_warns_who_has_the_first(ready: Chat, driver: BroadcastDriver) -> None:
    await send(ready)
    await driver.deliver_all()
    await ready.presses("broadcast:copy:1")
    await ready.taps("✏️ English")
    await ready.says("All of them are free.")
    await ready.taps("✏️ Korean")
    await ready.says("모두 풀려났습니다.")
    await ready.taps("📣 Send")
    await ready.taps("Yes, send it")
    await driver.cancel(2)
    await ready.presses("broadcast:copy:2")
    assert "⚠️ Up to 40 people have the update that this was copied from, and would get it twice." in ready.text


async def test_copy_warns_in_tens_of_who_has_a_stopped_one_of_the_same_text(
    ready: Chat, driver: BroadcastDriver
) -> None:
    """How many have what was stopped tells for whom it was night."""
    await send(ready)
    await driver.deliver(limit=13)
    await driver.cancel(1)
    await write_both(ready)
    await send(ready)
    await driver.cancel(2)
    await ready.presses("broadcast:copy:2")
    assert "⚠️ Up to 20 people have the update that this was copied from" in ready.text


async def test_copy_of_a_deleted_broadcast_warns_who_keeps_that(
    ready: Chat, driver: BroadcastDriver, database: Database
) -> None:
    await send(ready)
    await driver.deliver_all()
    await database.transact(erasure.erase, 1, driver.now)
    await ready.presses("broadcast:takeback:1")
    await driver.deliver_all(lambda to: Gone("blocked") if to.supporter_id in (2, 3) else Sent())
    await ready.presses("broadcast:copy:1")
    assert f"⚠️ Up to 3 {KEPT}" in ready.text
    await ready.taps("📣 Send")
    assert f"⚠️ Up to 3 {KEPT}" in ready.text
    await ready.taps("Yes, send it")
    await driver.deliver_all()
    await ready.presses("broadcast:takeback:3")
    await driver.deliver_all(lambda to: Gone("blocked") if to.supporter_id == 4 else Sent())
    await ready.presses("broadcast:copy:3")
    assert f"⚠️ Up to 4 {KEPT}" in ready.text, "three have the first, and one has the second"


async def test_copy_of_a_completely_deleted_broadcast_warns_of_nobody(ready: Chat, driver: BroadcastDriver) -> None:
    await send(ready)
    await driver.deliver_all()
    await ready.presses("broadcast:takeback:1")
    await driver.deliver_all(lambda to: Gone("message_gone") if to.supporter_id == 2 else Sent())
    await ready.presses("broadcast:open:1")
    assert "✅ <b>Deleted for everyone.</b>" in ready.text
    await ready.presses("broadcast:copy:1")
    assert "⚠️" not in ready.text


@pytest.mark.parametrize("blocked", [0, 3])
async def test_few_who_keep_a_stopped_broadcast_are_not_counted(
    ready: Chat, driver: BroadcastDriver, blocked: int
) -> None:
    """It was stopped while some slept. Whether somebody who blocked the bot had it would tell where they live."""
    await send(ready)
    await driver.deliver(limit=13)
    await driver.cancel(1)
    await ready.presses("broadcast:takeback:1")
    await driver.deliver_all(lambda to: Gone("blocked") if to.supporter_id == blocked else Sent())
    await ready.presses("broadcast:open:1")
    assert "✅ <b>Deleted for everyone within reach.</b>" in ready.text
    await ready.presses("broadcast:copy:1")
    assert f"⚠️ Up to 20 {KEPT}" in ready.text
