"""What organizers see: one message that is edited as the broadcast proceeds, also after restarts, and one report."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from chatbot.screens.organizer.broadcasts import ending, scheduling
from chatbot.screens.organizer.broadcasts import progress as screens
from chatbot.storage.broadcasts import lifecycle
from chatbot.storage.people import supporters
from tests.support.broadcast_worker import CHECK_FOR_REPORTS, RunningWorker
from tests.support.campaigns import BUNDLED
from tests.support.cast import YUNA
from tests.support.limits import GIVE_UP


@pytest.fixture
async def yuna(driver):
    await driver.database.transact(supporters.meet, YUNA, language="ko", now=driver.now)
    return YUNA


async def final_screens(driver, broadcast_id):
    """Return the progress message and the report in their final state, as 유나 reads them."""
    _ = driver.translators["ko"]
    broadcast, tally = replace(await driver.get(broadcast_id), reported_at=None), await driver.tally(broadcast_id)
    return screens.progress(_, broadcast, tally, None, None), ending.report(_, BUNDLED, broadcast, tally)


async def test_progress_edits_one_message_and_reports_in_a_new_one(driver, telegram, yuna):
    await driver.subscribe(range(1, 301))
    async with RunningWorker(driver.worker(telegram, rate=400)):
        broadcast = await driver.start(ko="소식")
        await driver.until(broadcast)
        followed = (await driver.get(broadcast)).progress_message_id
        await telegram.until(lambda: telegram.shown[-1][2] is None)
    last, report = await final_screens(driver, broadcast)
    assert {chat for chat, *_ in telegram.shown} == {YUNA}
    assert [place for *_, place in telegram.shown] == [None, *[followed] * (len(telegram.shown) - 2), None]
    assert [screen for _, screen, _ in telegram.shown[-2:]] == [last, report]
    assert len({str(screen.text) for _, screen, _ in telegram.shown}) == len(telegram.shown), "each edit changes it"
    assert 4 <= len(telegram.shown) <= 15


async def test_progress_is_edited_rarely_but_shows_a_pause_at_once(driver, telegram, yuna, monkeypatch):
    monkeypatch.setattr("chatbot.broadcasting.progress.EVERY", 0.4)
    await driver.subscribe(range(1, 2001))
    async with RunningWorker(driver.worker(telegram)):
        broadcast = await driver.start(ko="소식")
        await telegram.until(lambda: len(telegram.shown) == 3)
        monkeypatch.setattr("chatbot.broadcasting.progress.EVERY", 2 * GIVE_UP)
        await driver.pause(broadcast)
        await telegram.until(lambda: len(telegram.shown) == 4)
        await driver.cancel(broadcast)
        await driver.until(broadcast)
    times = telegram.shown_at
    assert all(later - earlier >= 0.39 for earlier, later in pairwise(times[:3]))


async def test_progress_tells_the_rate_and_the_time_left(driver, telegram, yuna, monkeypatch):
    told = []

    def progress(_, broadcast, tally, rate, seconds_left, _recall):
        told.append((rate, seconds_left, tally.left))
        return screens.Screen(str(len(told)))

    monkeypatch.setattr("chatbot.broadcasting.progress.screens.progress", progress)
    await driver.subscribe(range(1, 401))
    async with RunningWorker(driver.worker(telegram, rate=200)):
        broadcast = await driver.start(ko="소식")
        await telegram.until(lambda: any(rate for rate, *_ in told))
        await driver.cancel(broadcast)
        await driver.until(broadcast)
    assert told[0][:2] == (None, None)
    rate, seconds_left, left = next(each for each in told if each[0])
    assert 50 < rate < 260, "a busy machine may fall behind, and catches up"
    assert seconds_left == pytest.approx(left / rate, abs=1)


async def test_progress_continues_in_its_message_after_a_restart(driver, telegram, yuna):
    await driver.subscribe(range(1, 301))
    broadcast = await driver.start(ko="소식")
    async with RunningWorker(driver.worker(telegram, rate=200)) as working:
        await telegram.until(lambda: len(telegram.shown) == 2)
        await working.kill()
    followed = (await driver.get(broadcast)).progress_message_id
    before = len(telegram.shown)
    async with RunningWorker(driver.worker(telegram)):
        await driver.until(broadcast)
        await telegram.until(lambda: telegram.shown[-1][2] is None)
    assert {place for *_, place in telegram.shown[before:-1]} == {followed}


async def test_slow_progress_message_delays_no_delivery(driver, telegram, yuna):
    telegram.slow_to_show = asyncio.Event()
    await driver.subscribe(range(1, 101))
    async with RunningWorker(driver.worker(telegram)):
        broadcast = await driver.start(ko="소식")
        await driver.until(broadcast, "ended_at")
        assert telegram.shown == []
        telegram.slow_to_show.set()
        await driver.until(broadcast)
    assert len(telegram.arrived) == 100


async def test_bug_in_progress_does_not_end_the_sending(driver, telegram, yuna, monkeypatch, caplog):
    def progress(*_):
        raise KeyError("odd")

    monkeypatch.setattr("chatbot.broadcasting.progress.screens.progress", progress)
    await driver.subscribe(range(1, 101))
    async with RunningWorker(driver.worker(telegram)):
        broadcast = await driver.start(ko="소식")
        await driver.until(broadcast)
    assert len(telegram.arrived) == 100
    assert "the progress of a broadcast was not shown (KeyError" in caplog.text


async def test_report_waits_for_telegram_and_comes_once(driver, telegram, yuna):
    await driver.subscribe(range(1, 11))
    broadcast = await driver.start(ko="소식")
    async with RunningWorker(driver.worker(telegram)):
        await telegram.until(lambda: len(telegram.arrived) == 10)
        telegram.answers = False
        await driver.until(broadcast, "ended_at")
        await driver.counting.until_done(CHECK_FOR_REPORTS)
        assert (await driver.get(broadcast)).reported_at is None
    telegram.answers = True
    async with RunningWorker(driver.worker(telegram)):
        await driver.until(broadcast)
        await telegram.until(lambda: telegram.shown[-1][2] is None)
    async with RunningWorker(driver.worker(telegram)):
        other = await driver.start(en="News")
        await driver.until(other)
        await telegram.until(lambda: len(telegram.shown) > 2)
    _, report = await final_screens(driver, broadcast)
    assert [screen for _, screen, _ in telegram.shown].count(report) == 1


async def test_report_begun_before_a_crash_is_not_repeated(driver, telegram, yuna):
    broadcast = await driver.start(ko="소식")
    await driver.cancel(broadcast)
    assert await driver.database.transact(lifecycle.note_report, broadcast, driver.now)
    async with RunningWorker(driver.worker(telegram)):
        await driver.until(await driver.start(ko="소식"))
    assert telegram.shown
    assert not {*await final_screens(driver, broadcast)} & {screen for _, screen, _ in telegram.shown}


async def test_cancelled_broadcast_is_reported_when_none_is_in_flight(driver, telegram, yuna):
    await driver.subscribe(range(1, 31))
    landing = asyncio.Event()
    telegram.trouble = lambda delivery: None if delivery.supporter_id < 11 else _wait(landing)
    async with RunningWorker(driver.worker(telegram, window=5)):
        broadcast = await driver.start(ko="소식")
        await telegram.until(lambda: telegram.in_flight == 5)
        await driver.cancel(broadcast)
        await driver.counting.until_done(CHECK_FOR_REPORTS)
        assert (await driver.get(broadcast)).reported_at is None
        landing.set()
        await driver.until(broadcast)
    assert (await driver.tally(broadcast)).count("sent") == 15


async def _wait(event):
    await event.wait()


async def test_organizers_are_asked_once_about_a_late_broadcast(driver, telegram, yuna):
    late = await driver.draft(ko="소식")
    await driver.schedule(late, driver.now - timedelta(hours=2))
    for _ in range(2):
        async with RunningWorker(driver.worker(telegram, configured_owners=frozenset({YUNA, 3004}))):
            await driver.until(late.id)
            await telegram.until(lambda: len(telegram.shown) == 2)
            await driver.counting.until_done(CHECK_FOR_REPORTS)
    assert sorted(chat for chat, *_ in telegram.shown) == [YUNA, 3004]
    late = await driver.get(late.id)
    in_korean, in_english = (
        scheduling.late(driver.translators[each].in_zone(BUNDLED.zone), late) for each in ("ko", "en")
    )
    assert {screen for chat, screen, _ in telegram.shown if chat == YUNA} <= {in_korean}
    assert {screen for chat, screen, _ in telegram.shown if chat == 3004} <= {in_english}


async def test_unreachable_organizer_is_not_tried_for_ever(driver, telegram, monkeypatch):
    async def nobody(chat_id, screen, message_id):
        telegram.shown.append((chat_id, screen, message_id))

    monkeypatch.setattr(telegram, "show", nobody)
    await driver.subscribe(range(1, 11))
    async with RunningWorker(driver.worker(telegram)):
        broadcast = await driver.start(ko="소식")
        await driver.until(broadcast)
    assert len(telegram.shown) <= 3
    assert (await driver.get(broadcast)).progress_message_id is None
