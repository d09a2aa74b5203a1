"""Readers who are asleep get a broadcast in their morning, unless an organizer confirms twice that it is urgent."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from chatbot.petition.broadcasts.broadcast import BroadcastState
from chatbot.petition.broadcasts.quiet_hours import QuietHours
from chatbot.petition.model import Campaign
from chatbot.storage import Database
from chatbot.storage.broadcasts import deliveries
from chatbot.storage.organizer import team
from tests.support.broadcasts import BroadcastDriver
from tests.support.campaigns import BUNDLED
from tests.support.chat import Chat
from tests.support.written_broadcasts import write_both

ALL = set(range(1, 41))
KOREANS = set(range(1, 31))


@pytest.fixture(scope="session")
def campaign() -> Campaign:
    return replace(BUNDLED, quiet_hours=QuietHours(time(21), time(8)))


@pytest.fixture
async def ready(yuna: Chat, driver: BroadcastDriver, campaign: Campaign) -> Chat:
    """유나, at the review of a broadcast to 30 readers in Korea, where it is noon, and 10 in London, where it is 3."""
    driver.campaign = campaign
    await driver.subscribe(KOREANS, "ko", "KR")
    await driver.subscribe(ALL - KOREANS, "en", "GB")
    await write_both(yuna)
    return yuna


async def work(driver: BroadcastDriver, database: Database) -> set[int]:
    """Do what the worker does until it has nothing to do; return whom it wrote to."""
    reached: set[int] = set()
    while await database.transact(deliveries.find_running, driver.now):
        reached |= {each.supporter_id for each in await driver.deliver()}
    return reached


async def test_last_question_tells_who_is_asleep_and_until_when(ready: Chat, driver: BroadcastDriver) -> None:
    await driver.subscribe(range(41, 61), "en", "GB")
    await ready.taps("📣 Send")
    assert "at once: 20+ · in their morning: 30+, nearly all by Nov 24 17:00 (Korean time)" in ready.text


async def test_those_asleep_get_it_in_their_morning(ready: Chat, driver: BroadcastDriver, database: Database) -> None:
    await ready.taps("📣 Send")
    await ready.taps("Yes, send it")
    assert await work(driver, database) == KOREANS
    assert (await driver.newest()).state is BroadcastState.RUNNING
    await ready.says("/broadcasts")
    await ready.presses("broadcast:open:1")
    assert "waiting for their morning: at most 19" in ready.text
    driver.now += timedelta(hours=6)
    assert await work(driver, database) == ALL - KOREANS
    assert (await driver.newest()).ending == "done"


async def test_progress_of_a_night_says_by_when_nearly_all_have_it(
    ready: Chat, driver: BroadcastDriver, database: Database
) -> None:
    await driver.subscribe(range(41, 61), "en", "GB")
    await send_by_day(ready, driver, database)
    assert "30+ of 60" in ready.text
    assert "waiting for their morning: 30+, nearly all by Nov 24 17:00 (Korean time)" in ready.text
    await ready.taps("🚨 Send now to those who wait")
    assert "nearly all by Nov 24 17:00 (Korean time)" in ready.text


async def test_urgent_broadcast_needs_a_second_yes_and_reaches_everybody(
    ready: Chat, driver: BroadcastDriver, database: Database
) -> None:
    await ready.taps("📣 Send")
    await ready.taps("🚨 Urgent")
    assert "People for whom it's night: at most 19" in ready.text
    await ready.taps("‹ Back")
    assert "Send it now?" in ready.text
    await ready.taps("🚨 Urgent")
    [wake] = [action for action in ready.actions if action.startswith("broadcast:wake:")]
    await ready.presses(wake)
    assert "On its way to 40 people" in ready.text
    await ready.again()
    await ready.presses(wake)
    assert ready.notice == "It has already started, and goes out only once."
    assert await work(driver, database) == ALL
    assert len(await driver.list_all()) == 1


async def test_old_urgent_button_sends_no_later_revision(ready: Chat, driver: BroadcastDriver) -> None:
    await ready.taps("📣 Send")
    await ready.taps("🚨 Urgent")
    [wake] = [action for action in ready.actions if action.startswith("broadcast:wake:")]
    await ready.presses("broadcast:sound:1:silent")
    await ready.presses(wake)
    draft = await driver.newest()
    assert (draft.state, draft.urgent_at) == (BroadcastState.DRAFT, None)


async def test_second_organizer_approves_that_it_is_urgent(
    ready: Chat, hana_organizer: Chat, driver: BroadcastDriver, database: Database
) -> None:
    await database.transact(team.set_threshold, 5, None)
    await ready.taps("📣 Send")
    await ready.taps("🚨 Urgent")
    await ready.taps("🚨 Yes, send it now")
    assert "second organizer must approve" in ready.text
    await hana_organizer.presses("broadcast:look:1")
    assert "urgent: now, also where it's night" in hana_organizer.text
    await hana_organizer.taps("✅ Approve")
    await hana_organizer.taps("✅ Yes, send it")
    assert await work(driver, database) == ALL


async def test_correction_and_recall_work_while_people_wait(
    ready: Chat, driver: BroadcastDriver, database: Database
) -> None:
    await ready.taps("📣 Send")
    await ready.taps("Yes, send it")
    await work(driver, database)
    await ready.presses("broadcast:open:1")
    await ready.taps("✏️ Correct")
    await ready.taps("✏️ English")
    await ready.says("Our friends are free.")
    await ready.taps("✏️ Correct it everywhere")
    assert "waiting for their morning, then with the new text: at most 19" in ready.text
    await ready.taps("✅ Yes")
    await work(driver, database)
    assert str((await driver.get(1)).posts["en"].text) == "Our friends are free."
    await ready.presses("broadcast:open:1")
    await ready.presses("broadcast:recall:1")
    await ready.presses("broadcast:takeback:1")
    driver.now += timedelta(hours=24)
    assert not await work(driver, database) & (ALL - KOREANS), "who was asleep gets nothing"


async def test_correction_reaches_those_who_wait_before_anybody_has_it(
    ready: Chat, driver: BroadcastDriver, database: Database
) -> None:
    driver.now += timedelta(hours=18)  # three at night in Seoul, six in the evening in London
    await ready.presses("broadcast:to:1:ko")
    await ready.taps("📣 Send")
    await ready.taps("Yes, send it")
    assert await work(driver, database) == set()
    await ready.presses("broadcast:open:1")
    await ready.taps("✏️ Correct")
    await ready.taps("✏️ Korean")
    await ready.says("친구들이 풀려났습니다.")
    await ready.taps("✏️ Correct it everywhere")
    assert "Nobody has it yet." in ready.text
    await ready.taps("✅ Yes, correct it")
    await work(driver, database)
    assert str((await driver.get(1)).posts["ko"].text) == "친구들이 풀려났습니다."
    driver.now += timedelta(hours=6)
    assert await work(driver, database) == KOREANS


async def test_hour_is_asked_with_those_who_are_asleep_then(ready: Chat) -> None:
    await ready.taps("🕘 Later")
    await ready.says("2026-11-24 20:00")
    assert "🌙 where it's night, people get it in their morning" in ready.text
    await ready.says("2026-11-25 06:30")
    assert "in their morning: 40+, nearly all by Nov 25 08:00\n" in ready.text


async def test_scheduled_broadcast_lets_people_sleep_at_its_hour(
    ready: Chat, driver: BroadcastDriver, database: Database, campaign: Campaign
) -> None:
    await ready.taps("🕘 Later")
    await ready.says("2026-11-25 04:00")
    await ready.taps("✅ Yes, schedule it")
    driver.now += timedelta(hours=16, minutes=1)
    await database.transact(deliveries.start_due, campaign, driver.now)
    assert await work(driver, database) == ALL - KOREANS
    driver.now += timedelta(hours=4)
    assert await work(driver, database) == KOREANS


async def send_by_day(ready: Chat, driver: BroadcastDriver, database: Database) -> None:
    """Send it to those who are awake, and open its progress."""
    await ready.taps("📣 Send")
    await ready.taps("Yes, send it")
    await work(driver, database)
    await ready.presses("broadcast:open:1")


async def test_those_who_wait_are_written_to_after_a_second_yes(
    ready: Chat, driver: BroadcastDriver, database: Database
) -> None:
    await send_by_day(ready, driver, database)
    await ready.taps("🚨 Send now to those who wait")
    assert "People for whom it's night: at most 19" in ready.text
    assert "Left alone, they get it in their morning." in ready.text
    await ready.taps("🚨 Yes, wake them: at most 19")
    assert ready.notice == "It goes to everybody now, also where it's night."
    assert "🌙" not in ready.text
    await ready.again()
    assert await work(driver, database) == ALL - KOREANS
    assert (await driver.newest()).ending == "done"


async def test_old_question_wakes_nobody(ready: Chat, driver: BroadcastDriver, database: Database) -> None:
    await send_by_day(ready, driver, database)
    await ready.taps("🚨 Send now to those who wait")
    [rouse] = [action for action in ready.actions if action.startswith("broadcast:rouse:")]
    driver.now += timedelta(minutes=16)
    await ready.presses(rouse)
    assert "Send it now to those who wait?" in ready.text
    await ready.presses("broadcast:rouse:1:0")
    await ready.presses("broadcast:pause:1")
    [rouse] = [*[action for action in ready.actions if action.startswith("broadcast:rouse:")], rouse][:1]
    await ready.presses(rouse)
    assert await work(driver, database) == set()


async def test_sender_wakes_no_more_than_the_threshold_alone(
    ready: Chat, hana_organizer: Chat, driver: BroadcastDriver, database: Database
) -> None:
    await send_by_day(ready, driver, database)
    await database.transact(team.set_threshold, 5, None)
    await ready.taps("🚨 Send now to those who wait")
    await ready.taps("🚨 Yes, wake them: at most 19")
    assert ready.notice is not None
    assert ready.notice.startswith("One organizer alone may send to 5 people")
    await hana_organizer.presses("broadcast:sleepers:1")
    await hana_organizer.taps("🚨 Yes, wake them: at most 19")
    assert await work(driver, database) == ALL - KOREANS


async def test_pause_cancel_and_rest_say_what_becomes_of_those_who_wait(
    ready: Chat, driver: BroadcastDriver, database: Database
) -> None:
    await send_by_day(ready, driver, database)
    await ready.taps("⏸ Pause")
    assert "asleep: at most 19. Paused, they don't get it in their morning either." in ready.text
    assert not any("🚨" in label for label in ready.labels)
    await ready.taps("✖ Cancel")
    assert "asleep: at most 19" in ready.text
    await ready.taps("✖ Yes, stop here")
    await ready.presses("broadcast:open:1")
    assert "waited for their morning, and didn't get it: at most 19" in ready.text
    await ready.taps("📣 Send it to those who don't have it")
    assert "where it's night, people get it in their morning" in ready.text
    await ready.taps("✅ Yes, send it")
    assert await work(driver, database) == set()
    driver.now += timedelta(hours=6)
    assert await work(driver, database) == ALL - KOREANS


async def test_deleting_tells_that_those_who_wait_get_nothing(
    ready: Chat, driver: BroadcastDriver, database: Database
) -> None:
    await send_by_day(ready, driver, database)
    await ready.taps("🗑 Delete for everyone")
    assert "waiting for their morning: at most 19. They don't get it." in ready.text


async def test_deleting_what_nobody_has_yet_says_so(ready: Chat, driver: BroadcastDriver, database: Database) -> None:
    driver.now += timedelta(hours=18)
    await ready.presses("broadcast:to:1:ko")
    await send_by_day(ready, driver, database)
    await ready.taps("🗑 Delete for everyone")
    assert "Nobody has it yet, and nobody gets it any more." in ready.text
    await ready.taps("🗑 Yes, nobody gets it")
    driver.now += timedelta(hours=12)
    assert await work(driver, database) == set()
