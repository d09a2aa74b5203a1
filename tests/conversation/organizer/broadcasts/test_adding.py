"""An organizer adds a language to a sent broadcast."""

import pytest

from chatbot.storage import Database
from chatbot.storage.broadcasts import deliveries
from chatbot.storage.organizer import audit_log, team
from tests.support.broadcasts import BroadcastDriver
from tests.support.chat import Chat
from tests.support.written_broadcasts import ENGLISH, KOREAN


async def send_korean(yuna: Chat, driver: BroadcastDriver) -> None:
    """Send a broadcast in Korean to its readers, and show its report."""
    await driver.subscribe(range(1, 31), "ko")
    await driver.subscribe(range(31, 41), "en")
    await yuna.says("/broadcast")
    await yuna.taps("No English version")
    await yuna.says(KOREAN)
    await yuna.taps("Readers of Korean: 30")
    assert "readers of English get nothing" in yuna.text
    await yuna.taps("📣 Send")
    await yuna.taps("Yes, send it")
    await driver.deliver_all()
    await yuna.says("/broadcasts")
    await yuna.taps("친구가")


async def write_english(yuna: Chat) -> None:
    await yuna.taps("➕ Add English")
    assert yuna.first == [KOREAN], "what was sent is shown above the question"
    assert "This update in English, too" in yuna.text
    await yuna.says(ENGLISH)
    assert yuna.first == [ENGLISH]


async def test_addition_goes_to_readers_of_its_language(
    yuna: Chat, sam: Chat, driver: BroadcastDriver, database: Database
) -> None:
    await send_korean(yuna, driver)
    await write_english(yuna)
    assert "<b>10</b> people at most (English 10)" in yuna.text
    assert "nobody who already has the update gets it again" in yuna.text
    await yuna.taps("📣 Send")
    await yuna.taps("Yes, send it: 10 at most")
    assert "On its way.</b>" in yuna.text
    await yuna.again()
    assert yuna.notice is None or "goes out only once" in yuna.notice
    delivered = await driver.deliver()
    assert sorted(each.supporter_id for each in delivered) == list(range(31, 41))
    await yuna.says("/broadcasts")
    assert len([label for label in yuna.labels if "friend" in label]) == 1
    await yuna.taps("Our friend")
    assert "<b>40 of 40</b> have it" in yuna.text
    assert not [label for label in yuna.labels if "➕ Add" in label]
    await sam.says("/updates")
    assert ENGLISH in sam.text
    entries = [entry.action for entry in await database.transact(audit_log.read, 0, 9)]
    assert entries == ["broadcast.started", "broadcast.added"]


async def test_draft_of_an_addition_is_found_again(yuna: Chat, driver: BroadcastDriver) -> None:
    await send_korean(yuna, driver)
    await yuna.taps("➕ Add English")
    await yuna.says("/cancel")
    await yuna.says("/broadcast")
    assert "This update in English, too" in yuna.text
    await yuna.says(ENGLISH)
    await yuna.taps("✏️ English")
    await yuna.says("Free at last.")
    assert yuna.first == ["Free at last."]
    assert len(await driver.list_all()) == 2


async def test_recall_discards_an_addition(yuna: Chat, hana_organizer: Chat, driver: BroadcastDriver) -> None:
    await send_korean(yuna, driver)
    await write_english(yuna)
    await hana_organizer.presses("broadcast:takeback:1")
    await yuna.taps("📣 Send")
    assert "discarded" in yuna.text


async def test_second_addition_of_a_language_is_not_sent(
    yuna: Chat, hana_organizer: Chat, driver: BroadcastDriver
) -> None:
    await send_korean(yuna, driver)
    await write_english(yuna)
    await yuna.taps("📣 Send")
    await hana_organizer.presses("broadcast:add:1:en")
    await hana_organizer.says("Free!")
    await hana_organizer.taps("📣 Send")
    await hana_organizer.taps("Yes, send it")
    await yuna.taps("Yes, send it")
    assert "has this language by now" in yuna.text
    assert not [label for label in yuna.labels if "Send …" in label]
    await driver.deliver_all()
    assert (await driver.list_all())[0].posts["en"].text == "Free!"


async def test_addition_needs_approval_above_the_threshold(
    yuna: Chat, hana_organizer: Chat, driver: BroadcastDriver, database: Database
) -> None:
    await send_korean(yuna, driver)
    await write_english(yuna)
    await database.transact(team.set_threshold, 5, None)
    await yuna.taps("📣 Send")
    await yuna.taps("Yes, ask a second organizer")
    addition = await driver.newest()
    await hana_organizer.presses(f"broadcast:look:{addition.id}")
    assert hana_organizer.first == [ENGLISH]
    await hana_organizer.taps("✅ Approve")
    await hana_organizer.taps("✅ Yes, send it")
    assert "It is on its way" in hana_organizer.text
    assert len(await driver.deliver()) == 10


async def test_addition_goes_out_at_its_hour(yuna: Chat, driver: BroadcastDriver, database: Database) -> None:
    await send_korean(yuna, driver)
    await write_english(yuna)
    await yuna.taps("🕘 Later …")
    await yuna.presses(next(action for action in yuna.actions if action.startswith("broadcast:hour:")))
    assert "10</b> people at most" in yuna.text
    await yuna.taps("Yes, schedule it")
    scheduled = await driver.newest()
    await yuna.says("/scheduled")
    assert "Our friend" in str(yuna.labels)
    assert scheduled.scheduled_for is not None
    driver.now = scheduled.scheduled_for
    await database.transact(deliveries.start_due, driver.campaign, driver.now)
    delivered = await driver.deliver()
    assert sorted(each.supporter_id for each in delivered) == list(range(31, 41))


async def test_stopped_broadcast_takes_no_language_and_says_so(yuna: Chat, driver: BroadcastDriver) -> None:
    await driver.subscribe(range(1, 31), "ko")
    await yuna.says("/broadcast")
    await yuna.taps("No English version")
    await yuna.says(KOREAN)
    await yuna.taps("Readers of Korean: 30")
    await yuna.taps("📣 Send")
    await yuna.taps("Yes, send it")
    await yuna.presses("broadcast:cancel:1")
    await yuna.presses("broadcast:open:1")
    assert "no language can be added" in yuna.text
    assert not [label for label in yuna.labels if "➕ Add" in label]
    await yuna.presses("broadcast:add:1:en")
    assert "no longer possible" in str(yuna.notice)


@pytest.mark.parametrize(("signers", "is_offered"), [(25, True), (19, False)])
async def test_addition_for_countries_is_offered_where_it_tells_of_nobody(
    yuna: Chat, driver: BroadcastDriver, signers: int, is_offered: bool
) -> None:
    await driver.subscribe(range(1, signers + 1), "ko", "NO")
    await driver.subscribe(range(31, 41), "en", "NO")
    await driver.subscribe(range(41, 51), "en", "CA")
    await yuna.says("/broadcast")
    await yuna.taps("No English version")
    await yuna.says(KOREAN)
    await yuna.presses("broadcast:reach:1:readers")
    await yuna.presses("broadcast:countries:1")
    await yuna.says("Norway")
    await yuna.taps("Done")
    await yuna.taps("📣 Send")
    await yuna.taps("Yes, send it")
    await driver.deliver_all()
    await yuna.presses("broadcast:open:1")
    assert bool([label for label in yuna.labels if "➕ Add" in label]) == is_offered
    assert "no language can be added" not in yuna.text, "it would tell how it ended"
    await yuna.presses("broadcast:add:1:en")
    if not is_offered:
        assert "no longer possible" in str(yuna.notice)
        return
    await yuna.says(ENGLISH)
    assert "only Norway" in yuna.text
    assert "at most 19</b> of those who signed" in yuna.text
    await yuna.taps("📣 Send")
    await yuna.taps("Yes, send it")
    delivered = await driver.deliver()
    assert sorted(each.supporter_id for each in delivered) == list(range(31, 41))


async def test_addition_says_if_its_readers_got_another_language(yuna: Chat, driver: BroadcastDriver) -> None:
    await driver.subscribe(range(1, 31), "ko")
    await driver.subscribe(range(31, 41), "en")
    await yuna.says("/broadcast")
    await yuna.taps("No English version")
    await yuna.says(KOREAN)
    await yuna.taps("Everyone: 40")
    await yuna.taps("📣 Send")
    await yuna.taps("Yes, send it")
    await driver.deliver_all()
    await yuna.says("/broadcasts")
    await yuna.taps("친구가")
    await yuna.taps("➕ Add English")
    assert "Readers of English got this update in Korean" in yuna.text
    await yuna.says(ENGLISH)
    assert "Readers of English got this update in Korean" in yuna.text


async def test_stopped_broadcast_takes_a_language_after_the_rest_have_it(yuna: Chat, driver: BroadcastDriver) -> None:
    await driver.subscribe(range(1, 31), "ko")
    await driver.subscribe(range(31, 41), "en")
    await yuna.says("/broadcast")
    await yuna.taps("No English version")
    await yuna.says(KOREAN)
    await yuna.taps("Readers of Korean: 30")
    await yuna.taps("📣 Send")
    await yuna.taps("Yes, send it")
    await driver.deliver(limit=10)
    sent = await driver.newest()
    await yuna.presses(f"broadcast:halt:{sent.id}")
    await yuna.taps("Yes, stop here")
    await yuna.presses(f"broadcast:open:{sent.id}")
    assert "A language can be added once it has been sent to those who don't have it" in yuna.text
    await yuna.taps("📣 Send it to")
    await yuna.taps("Yes, send it")
    await driver.deliver_all()
    await yuna.presses(f"broadcast:open:{sent.id}")
    assert "A language can be added" not in yuna.text
    assert "➕ Add English …" in yuna.labels
