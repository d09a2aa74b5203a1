"""The worker: one copy for everybody, in their language; organizers' decisions count before the next message."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from chatbot.petition.broadcasts.broadcast import BroadcastState
from chatbot.petition.broadcasts.outcome import Failed, Unknown
from tests.support.broadcast_worker import CHECK_FOR_WORK, RunningWorker
from tests.support.cast import YUNA
from tests.support.limits import GIVE_UP


def words(screens):
    return [str(screen.text) for screen in screens]


async def test_subscribers_get_the_broadcast_once_in_their_language(driver, telegram):
    await driver.subscribe(range(1, 101), "ko")
    await driver.subscribe(range(101, 151), "en")
    async with RunningWorker(driver.worker(telegram)):
        broadcast = await driver.start(ko="소식", en="News")
        ended = await driver.until(broadcast)
    assert ended.ending == "done"
    assert sorted(telegram.arrived) == list(range(1, 151))
    assert words(telegram.seen_by(7)) == ["소식"]
    assert words(telegram.seen_by(120)) == ["News"]
    tally = await driver.tally(broadcast)
    assert tally.audience == {"ko": 100, "en": 50}
    assert tally.outcomes == {("ko", "sent", ""): 100, ("en", "sent", ""): 50}
    assert await driver.count_states(broadcast) == Counter(sent=150)


async def test_broadcast_without_audience_ends_at_once(driver, telegram):
    async with RunningWorker(driver.worker(telegram)):
        broadcast = await driver.start(en="News")
        ended = await driver.until(broadcast)
    assert ended.ending == "done"
    assert (await driver.tally(broadcast)).total == 0


async def test_audience_is_frozen_but_opt_outs_count(driver, telegram):
    await driver.subscribe(range(1, 11))
    held = asyncio.Event()

    async def hold(delivery):
        await held.wait()

    telegram.trouble = hold
    async with RunningWorker(driver.worker(telegram, window=1)):
        broadcast = await driver.start(ko="소식")
        await telegram.until(lambda: telegram.calls["update"] == 1)
        await driver.unsubscribe(5, 10)
        driver.now += timedelta(seconds=1)
        await driver.subscribe([11])
        held.set()
        await driver.until(broadcast)
    assert telegram.arrived == [1, 2, 3, 4, 6, 7, 8, 9]
    assert await driver.count_states(broadcast) == Counter(sent=8, skipped=2)
    assert (await driver.tally(broadcast)).left == 0


@pytest.mark.slow
async def test_thousand_opt_outs_delay_no_other(driver, telegram):
    await driver.subscribe(range(1, 1002))

    async def leave(delivery):
        if delivery.supporter_id == 1:
            await driver.unsubscribe(*range(2, 1001))

    telegram.trouble = leave
    # If each opt-out used up some of the rate, this would take three minutes.
    async with RunningWorker(driver.worker(telegram, rate=5)):
        broadcast = await driver.start(ko="소식")
        await driver.until(broadcast)
    assert telegram.arrived[0] == 1
    assert telegram.arrived[-1] == 1001
    assert len(telegram.arrived) <= 4
    assert (await driver.tally(broadcast)).left == 0


async def test_pause_acts_before_the_next_delivery(driver, telegram):
    await driver.subscribe(range(1, 8))
    happened = []
    paused = asyncio.Event()

    async def pause(delivery):
        happened.append(delivery.supporter_id)
        if delivery.supporter_id == 3:
            await driver.pause(broadcast)
            happened.append("paused")
            paused.set()

    telegram.trouble = pause
    async with RunningWorker(driver.worker(telegram, rate=25)):
        broadcast = await driver.start(ko="소식")
        await asyncio.wait_for(paused.wait(), GIVE_UP)
        await driver.counting.until_done(CHECK_FOR_WORK)
        assert (await driver.get(broadcast)).state is BroadcastState.PAUSED
        happened.append("resumed")
        await driver.resume(broadcast)
        await driver.until(broadcast)
    assert happened == [1, 2, 3, "paused", "resumed", 4, 5, 6, 7]


async def test_cancel_acts_before_the_next_delivery(driver, telegram):
    await driver.subscribe(range(1, 8))

    async def cancel(delivery):
        if delivery.supporter_id == 3:
            await driver.cancel(broadcast)

    telegram.trouble = cancel
    async with RunningWorker(driver.worker(telegram, rate=25)):
        broadcast = await driver.start(ko="소식")
        ended = await driver.until(broadcast)
        await driver.counting.until_done(CHECK_FOR_WORK)
    assert ended.ending == "cancelled"
    assert telegram.arrived == [1, 2, 3]
    assert await driver.count_states(broadcast) == Counter(sent=3, waiting=4)


async def test_recall_overtakes_its_broadcast_and_finds_every_message(driver, telegram):
    await driver.subscribe(range(1, 301))
    recalls = []

    async def recall(delivery):
        await asyncio.sleep(0.01)
        if len(telegram.arrived) == 40 and not recalls:
            recalls.append(None)
            recalls[0] = await driver.start(kind="recall", of=broadcast)

    telegram.trouble = recall
    async with RunningWorker(driver.worker(telegram)):
        broadcast = await driver.start(ko="소식")
        await telegram.until(lambda: telegram.calls["recall"] > 0)
        await driver.until(recalls[0])
        ended = await driver.until(broadcast)
    assert ended.ending == "cancelled"
    assert 40 <= len(telegram.arrived) < 200
    assert not any(telegram.chats.values())
    assert (await driver.tally(recalls[0])).outcomes == {("ko", "sent", ""): len(telegram.arrived)}


async def test_correction_of_a_running_broadcast_reaches_everybody(driver, telegram):
    await driver.subscribe(range(1, 201))
    corrections = []

    async def correct(delivery):
        await asyncio.sleep(0.01)
        if len(telegram.arrived) == 40 and not corrections:
            corrections.append(None)
            corrections[0] = await driver.start(kind="correction", of=broadcast, ko="정정한 소식")

    telegram.trouble = correct
    async with RunningWorker(driver.worker(telegram)):
        broadcast = await driver.start(ko="소식")
        await driver.until(broadcast)
    assert (await driver.get(corrections[0])).ending == "done"
    assert sorted(telegram.arrived) == list(range(1, 201))
    assert {str(screen.text) for chat in telegram.chats.values() for screen in chat.values()} == {"정정한 소식"}
    assert telegram.calls["correction"] < 100


async def test_correction_keeps_languages_without_a_post(driver, telegram):
    await driver.subscribe([1], "ko")
    await driver.subscribe([2], "en")
    async with RunningWorker(driver.worker(telegram)):
        broadcast = await driver.start(ko="소식", en="News")
        await driver.until(broadcast)
        draft = await driver.draft(kind="correction", of=broadcast, en="Better news")
        await driver.remove_post(draft.id, "ko")
        correction = await driver.send(draft.id)
        await driver.until(correction)
    assert words(telegram.seen_by(1)) == ["소식"]
    assert words(telegram.seen_by(2)) == ["Better news"]
    assert (await driver.tally(correction)).audience == {"en": 1}


async def test_worker_sends_broadcasts_in_order(driver, telegram):
    await driver.subscribe(range(1, 51))
    first = await driver.start(ko="하나")
    driver.now += timedelta(seconds=1)
    second = await driver.start(ko="둘")
    async with RunningWorker(driver.worker(telegram)):
        await driver.until(second)
    assert (await driver.get(first)).ending == "done"
    assert [str(screen.text) for screen in telegram.seen_by(50)] == ["하나", "둘"]
    assert sorted(telegram.arrived[:50]) == list(range(1, 51))


async def test_due_broadcast_starts_and_late_one_is_asked_about(driver, telegram):
    await driver.subscribe([1, 2])
    due, late = await driver.draft(ko="소식"), await driver.draft(ko="늦은 소식")
    await driver.schedule(due, driver.now + timedelta(hours=1))
    await driver.schedule(late, driver.now - timedelta(hours=2))
    async with RunningWorker(driver.worker(telegram)):
        assert (await driver.until(late.id, "reported_at")).state is BroadcastState.LATE
        assert telegram.arrived == []
        driver.now += timedelta(hours=1, minutes=1)
        await driver.until(due.id)
    assert telegram.arrived == [1, 2]
    assert telegram.shown[0][0] == YUNA


async def test_send_again_reaches_only_its_recipients(driver, telegram):
    await driver.subscribe(range(1, 10))
    outcomes = {3: Failed("odd"), 5: Unknown("timeout"), 6: Unknown("timeout")}
    telegram.trouble = lambda delivery: outcomes.get(delivery.supporter_id)
    async with RunningWorker(driver.worker(telegram)):
        broadcast = await driver.start(ko="소식")
        await driver.until(broadcast)
        assert (await driver.tally(broadcast)).count("unknown") == 2
        outcomes.clear()
        await driver.unsubscribe(6)
        await driver.send_again(broadcast, "unknown")
        await driver.until(broadcast)
    assert sorted(telegram.arrived) == [1, 2, 4, 5, 7, 8, 9]
    assert (await driver.tally(broadcast)).outcomes == {
        ("ko", "sent", ""): 7,
        ("ko", "failed", "odd"): 1,
        ("ko", "skipped", ""): 1,
    }
