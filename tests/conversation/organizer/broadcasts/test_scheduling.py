"""Scheduled broadcasts: the hour is chosen, changed, cancelled and missed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import Person
from chatbot.petition.broadcasts.broadcast import BroadcastState
from chatbot.storage import Database, Transaction
from chatbot.storage.broadcasts import deliveries
from tests.support.broadcasts import BroadcastDriver
from tests.support.campaigns import BUNDLED
from tests.support.chat import Chat
from tests.support.written_broadcasts import ENGLISH, KOREAN, write_both

SEOUL = ZoneInfo("Asia/Seoul")
MORNING = datetime(2026, 12, 1, 9, 0, tzinfo=SEOUL)


@pytest.fixture
async def ready(yuna: Chat, driver: BroadcastDriver) -> Chat:
    """유나, at the review of a broadcast to 40 people."""
    await driver.subscribe(range(1, 41))
    await write_both(yuna)
    return yuna


async def schedule(yuna: Chat, hour: str = "12/1 9:00") -> None:
    await yuna.taps("🕘 Later")
    await yuna.says(hour)
    await yuna.taps("Yes, schedule it")
    assert "Scheduled" in yuna.text


async def keep_time(database: Database, driver: BroadcastDriver) -> None:
    """Start due broadcasts, as the worker does each half second."""

    async def work(tx: Transaction) -> None:
        await deliveries.start_due(tx, BUNDLED, driver.now)

    await database.transact(work)


async def test_typed_hour_is_shown_in_full_and_confirmed(ready: Chat, driver: BroadcastDriver) -> None:
    await ready.taps("🕘 Later")
    assert "Times are in Korean time" in ready.text
    await ready.says("12/1 9:00")
    assert "Tuesday, December 1, 2026, 9:00\u00a0AM (Korean\u00a0time)" in ready.text
    assert "<b>40</b> people" in ready.text
    assert (await driver.newest()).state is BroadcastState.DRAFT
    await ready.taps("Yes, schedule it")
    waiting = await driver.newest()
    assert waiting.state is BroadcastState.SCHEDULED
    assert waiting.scheduled_for == MORNING
    await ready.again()
    assert "Scheduled" in ready.text
    await ready.says("Hello?")
    assert "didn't get that" in ready.text


async def test_korean_organizer_types_korean_time(make_dialog: Callable[..., Dialog], driver: BroadcastDriver) -> None:
    yuna = Chat(make_dialog(), Person(3003, "유나", "ko"))
    await driver.subscribe([1])
    await write_both(yuna)
    await yuna.taps("🕘")
    await yuna.says("12월 1일 오전 9시")
    assert "2026년 12월 1일 화요일 오전\u00a09:00 (한국\u00a0시간)" in yuna.text
    await yuna.taps("✅")
    assert (await driver.newest()).scheduled_for == MORNING


async def test_organizer_schedules_with_one_tap(ready: Chat, driver: BroadcastDriver) -> None:
    await ready.taps("🕘 Later")
    assert ready.labels[:-1] == [
        "Today 20:00",
        "Tomorrow 09:00",
        "Tomorrow 20:00",
        "Mon, Nov 30 09:00",
    ]
    await ready.taps("Mon, Nov 30 09:00")
    await ready.taps("Change the time")
    await ready.taps("Tomorrow 09:00")
    await ready.taps("Yes, schedule it")
    assert (await driver.newest()).scheduled_for == datetime(2026, 11, 25, 9, 0, tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("soon", "I could not read a time in “soon”"),
        ("11/20 9:00", "has passed"),
        ("2029-01-01 9:00", "more than a year"),
    ],
)
async def test_impossible_hour_is_refused(ready: Chat, driver: BroadcastDriver, typed: str, told: str) -> None:
    await ready.taps("🕘 Later")
    await ready.says(typed)
    assert told in ready.text
    assert "When should it go out?" in ready.text
    await ready.sends("sticker")
    assert "I need a day and a time" in ready.text
    await ready.taps("‹ Back")
    assert (await driver.newest()).state is BroadcastState.DRAFT


async def test_day_without_an_hour_offers_hours_of_that_day(ready: Chat, driver: BroadcastDriver) -> None:
    await ready.taps("🕘 Later")
    await ready.says("tomorrow morning")
    assert "I am not sure about “tomorrow morning”" in ready.text
    assert [label[-5:] for label in ready.labels[:-1]] == ["08:00", "09:00", "10:00"]
    await ready.taps("09:00")
    await ready.taps("Yes, schedule it")
    at = (await driver.newest()).scheduled_for
    assert at is not None
    assert at - driver.now < timedelta(days=2)
    assert at.astimezone(SEOUL).hour == 9


async def test_unread_time_is_repeated_beside_the_usual_offers(ready: Chat, driver: BroadcastDriver) -> None:
    await ready.taps("🕘 Later")
    await ready.says("<b>soon</b>")
    assert "I could not read a time in “&lt;b&gt;soon&lt;/b&gt;”" in ready.text
    assert len(ready.labels) > 2


async def test_now_asks_the_question_before_sending(ready: Chat, driver: BroadcastDriver) -> None:
    await ready.taps("🕘 Later")
    await ready.says("now, please")
    assert "Yes, send it: 40" in "".join(ready.labels)
    assert (await driver.newest()).state is BroadcastState.DRAFT
    await ready.taps("Yes, send it: 40")
    assert (await driver.newest()).started_at is not None


async def test_two_organizers_tap_offered_hours(ready: Chat, hana_organizer: Chat, driver: BroadcastDriver) -> None:
    await schedule(ready)  # a draft is for its writer alone
    await ready.presses(f"broadcast:later:{(await driver.newest()).id}")
    await ready.says("tomorrow")
    await hana_organizer.presses(ready.actions[0])
    await hana_organizer.taps("Yes, schedule it")
    await ready.taps("20:00")
    assert "Scheduled" not in ready.text or "09:00" in ready.text
    scheduled = (await driver.newest()).scheduled_for
    assert scheduled is not None
    assert scheduled.astimezone(SEOUL).hour == 9


async def test_button_tapped_after_its_hour_schedules_nothing(ready: Chat, driver: BroadcastDriver) -> None:
    await ready.taps("🕘 Later")
    evening = next(button for button in ready.actions if ":hour:" in button)
    await ready.taps("Today 20:00")
    [yes] = [action for action in ready.actions if ":schedule:" in action]
    driver.now += timedelta(days=1)
    for late in (evening, yes):
        await ready.presses(late)
        assert "has passed" in ready.text
    assert (await driver.newest()).state is BroadcastState.DRAFT


async def test_old_button_schedules_no_later_revision(ready: Chat, driver: BroadcastDriver) -> None:
    await ready.taps("🕘 Later")
    await ready.says("12/1 9:00")
    [yes] = [action for action in ready.actions if ":schedule:" in action]
    await ready.taps("‹ Back")
    await ready.taps("⚙️ Settings")
    await ready.taps("🔔 Sound: on")
    await ready.presses(yes)
    assert "It has changed since" in ready.text
    assert (await driver.newest()).state is BroadcastState.DRAFT


async def test_scheduled_broadcast_is_listed_and_opened(
    ready: Chat, hana_organizer: Chat, driver: BroadcastDriver
) -> None:
    await ready.says("/scheduled")
    assert "Nothing is scheduled" in ready.text
    await ready.says("/broadcast")
    await schedule(ready)
    await hana_organizer.says("/scheduled")
    await hana_organizer.taps("Dec 1 09:00 · 👤 유나 · Our friend is free.")
    assert "Tuesday, December 1, 2026, 9:00\u00a0AM (Korean\u00a0time)" in hana_organizer.text
    await hana_organizer.taps("👀 Show it")
    assert hana_organizer.first == [KOREAN, ENGLISH]


async def test_old_hour_stays_until_the_new_one_is_confirmed(ready: Chat, driver: BroadcastDriver) -> None:
    await schedule(ready)
    await ready.says("/scheduled")
    await ready.taps("Dec 1")
    await ready.taps("Change the time")
    assert (await driver.newest()).scheduled_for == MORNING
    await ready.says("12/2 10:00")
    await ready.taps("Yes, schedule it")
    assert (await driver.newest()).scheduled_for == MORNING + timedelta(hours=25)


async def test_change_takes_a_broadcast_off_the_schedule(
    ready: Chat, hana_organizer: Chat, driver: BroadcastDriver
) -> None:
    await schedule(ready)
    waiting = await driver.newest()
    await hana_organizer.presses(f"broadcast:open:{waiting.id}")
    await hana_organizer.taps("✏️ Change it")
    await hana_organizer.taps("Never mind")
    assert (await driver.newest()).state is BroadcastState.SCHEDULED
    await hana_organizer.taps("✏️ Change it")
    await hana_organizer.taps("Yes, change it")
    assert hana_organizer.first == [KOREAN, ENGLISH]
    assert (await driver.newest()).state is BroadcastState.DRAFT
    await hana_organizer.says("/broadcast")  # it is hers now
    assert hana_organizer.first == [KOREAN, ENGLISH]
    await ready.presses(f"broadcast:write:{waiting.id}:en")
    assert "A draft of 김하나" in ready.text


async def test_cancelling_a_scheduled_broadcast_asks_for_confirmation(ready: Chat, driver: BroadcastDriver) -> None:
    await schedule(ready)
    await ready.says("/scheduled")
    await ready.taps("Dec 1")
    await ready.taps("🗑 Cancel it")
    await ready.taps("Keep it")
    assert "December 1" in ready.text
    await ready.taps("🗑 Cancel it")
    await ready.taps("Yes, discard it")
    assert await driver.list_all() == []


async def test_scheduled_broadcast_goes_to_subscribers_of_its_hour(ready: Chat, driver, database: Database) -> None:
    await schedule(ready)
    await driver.subscribe([41])
    driver.now = MORNING - timedelta(seconds=1)
    await keep_time(database, driver)
    assert (await driver.newest()).state is BroadcastState.SCHEDULED
    driver.now = MORNING
    await keep_time(database, driver)
    assert len(await driver.deliver()) == 41
    await ready.says("/scheduled")
    assert "Nothing is scheduled" in ready.text


async def test_scheduled_broadcast_can_be_sent_at_once(ready: Chat, driver: BroadcastDriver) -> None:
    await schedule(ready)
    await ready.says("/scheduled")
    await ready.taps("Dec 1")
    await ready.taps("📣 Send now")
    assert "Send it now?" in ready.text
    await ready.taps("Yes, send it: 40")
    assert (await driver.newest()).state is BroadcastState.RUNNING


async def test_confirm_button_from_before_the_schedule_sends_nothing(ready: Chat, driver: BroadcastDriver) -> None:
    await ready.taps("📣 Send")
    [start] = [action for action in ready.actions if ":start:" in action]
    await ready.taps("‹ Back")
    await schedule(ready)
    await ready.presses(start)
    assert (await driver.newest()).state is BroadcastState.SCHEDULED
    assert "December 1" in ready.text


@pytest.mark.parametrize("wish", ["now", "later", "never"])
async def test_broadcast_that_missed_its_hour_waits_for_an_organizer(
    ready: Chat, driver: BroadcastDriver, database: Database, wish: str
) -> None:
    await schedule(ready)
    driver.now = MORNING + timedelta(hours=2)
    await keep_time(database, driver)
    late = await driver.newest()
    assert late.state is BroadcastState.LATE
    await ready.presses(f"broadcast:open:{late.id}")
    assert "has missed its time" in ready.text
    if wish == "now":
        await ready.taps("📣 Send now")
        await ready.taps("Yes, send it: 40")
        assert (await driver.newest()).state is BroadcastState.RUNNING
    elif wish == "later":
        await ready.taps("Change the time")
        await ready.says("tomorrow 9:00")
        await ready.taps("Yes, schedule it")
        assert (await driver.newest()).state is BroadcastState.SCHEDULED
    else:
        await ready.taps("🗑 Cancel it")
        await ready.taps("Yes, discard it")
        assert await driver.list_all() == []
