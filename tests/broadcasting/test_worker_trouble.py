"""The database fails, the worker is killed or stopped, and it has bugs: nobody gets a broadcast twice."""

import asyncio
import itertools
import logging
from collections import Counter

import pytest

from chatbot.petition.broadcasts.outcome import NotSent
from chatbot.storage import DatabaseUnavailableError, open_database
from chatbot.storage.broadcasts import deliveries
from chatbot.storage.people import subscriptions
from tests.broadcasting.test_trouble import assert_nobody_twice
from tests.support.broadcast_worker import RunningWorker
from tests.support.counting_database import CountingDatabase
from tests.support.limits import GIVE_UP, SOON


class FlakyDatabase:
    """A database that is sometimes unavailable: before the transaction, or after its commit, unknown to the caller."""

    def __init__(self, database, failures):
        self.database = database
        self.failures = failures

    async def transact(self, work, *args, **kwargs):
        failure = next(self.failures, None)
        if failure == "away":
            raise DatabaseUnavailableError("away")
        result = await self.database.transact(work, *args, **kwargs)
        if failure == "lost":
            raise DatabaseUnavailableError("lost after the commit")
        return result

    async def try_lock(self, name):
        return await self.database.try_lock(name)


async def test_worker_survives_an_unavailable_database(driver, telegram, monkeypatch, caplog):
    monkeypatch.setattr("chatbot.broadcasting.ledger.PAUSE", 0.005)
    caplog.set_level(logging.INFO)
    await driver.subscribe(range(1, 101))
    broadcast = await driver.start(ko="소식")
    failures = iter((["away"] * 5 + [None]) * 40)
    async with RunningWorker(driver.worker(telegram, database=FlakyDatabase(driver.database, failures))):
        await driver.until(broadcast)
    assert sorted(telegram.arrived) == list(range(1, 101))
    assert await driver.count_states(broadcast) == Counter(sent=100)
    assert (await driver.tally(broadcast)).outcomes == {("ko", "sent", ""): 100}
    assert 1 < len([record for record in caplog.records if "is unavailable" in record.getMessage()]) <= 41


async def test_worker_survives_lost_responses_of_the_database(driver, telegram, monkeypatch):
    monkeypatch.setattr("chatbot.broadcasting.ledger.PAUSE", 0.005)
    await driver.subscribe(range(1, 101))
    broadcast = await driver.start(ko="소식")
    failures = iter(([None] * 4 + ["lost"]) * 40)
    async with RunningWorker(driver.worker(telegram, database=FlakyDatabase(driver.database, failures))):
        await driver.until(broadcast)
    assert_nobody_twice(telegram)
    rows = await driver.outcomes(broadcast)
    assert {supporter_id for supporter_id, (state, _) in rows.items() if state == "sent"} == set(telegram.arrived)
    assert {reason for state, reason in rows.values() if state != "sent"} <= {"crash"}
    assert (await driver.tally(broadcast)).left == 0


async def test_second_worker_waits_for_the_first(driver, telegram, tmp_path, monkeypatch):
    monkeypatch.setattr("chatbot.broadcasting.worker.PATIENCE", 0.02)
    await driver.subscribe(range(1, 101))
    other = await open_database(f"sqlite:///{tmp_path}/chatbot.db")
    by_second = []
    second_telegram = type(telegram)()
    second_telegram.trouble = lambda delivery: by_second.append(delivery.supporter_id)
    released = asyncio.Event()

    async def hold(delivery):
        if delivery.supporter_id == 50:
            released.set()
            await asyncio.Event().wait()

    telegram.trouble = hold
    broadcast = await driver.start(ko="소식")
    async with RunningWorker(driver.worker(telegram, window=5)) as first:
        await asyncio.wait_for(released.wait(), GIVE_UP)
        counting = CountingDatabase(other)
        async with RunningWorker(driver.worker(second_telegram, database=counting)):
            await counting.until_done("try_lock", 5)
            assert by_second == []
            await first.kill()
            await driver.database.close()
            driver.database = other
            await driver.until(broadcast)
    await other.close()
    assert not set(by_second) & set(telegram.arrived)
    assert len(set(range(1, 101)) - set(by_second) - set(telegram.arrived)) <= 5, "unknown, no more than the window"


async def test_crash_leaves_no_more_unknown_than_the_window(driver, telegram):
    await driver.subscribe(range(1, 601))
    broadcast = await driver.start(ko="소식")

    async def travel(delivery):
        await asyncio.sleep(0.005)

    telegram.trouble = telegram.after = travel
    unknown = 0
    for life in range(4):
        async with RunningWorker(driver.worker(telegram, window=30)) as working:
            await telegram.until(lambda life=life: len(telegram.arrived) >= 100 * (life + 1))
            await working.kill()
        async with RunningWorker(driver.worker(telegram, rate=1)):
            await driver.pause(broadcast)
            await driver.until_landed(broadcast)
        now_unknown = (await driver.count_states(broadcast))["unknown"]
        assert now_unknown - unknown <= 30
        unknown = now_unknown
        await driver.resume(broadcast)
    assert unknown > 0
    async with RunningWorker(driver.worker(telegram)):
        await driver.until(broadcast)
        assert_nobody_twice(telegram)
        telegram.trouble = telegram.after = None
        missing = set(range(1, 601)) - set(telegram.arrived)
        states = await driver.count_states(broadcast)
        assert states["sent"] + states["unknown"] == 600
        assert len(missing) <= states["unknown"]
        await driver.send_again(broadcast, "unknown")
        await driver.until(broadcast)
    assert set(telegram.arrived) == set(range(1, 601))


async def test_stop_waits_for_deliveries_in_flight(driver, telegram):
    await driver.subscribe(range(1, 101))
    broadcast = await driver.start(ko="소식")
    landing = asyncio.Event()

    async def travel(delivery):
        await landing.wait()

    telegram.trouble = travel
    async with RunningWorker(driver.worker(telegram, window=10)) as working:
        await telegram.until(lambda: telegram.in_flight == 10)
        working.worker.stop()
        landing.set()
    assert await driver.count_states(broadcast) == Counter(sent=10, waiting=90)


async def test_stop_does_not_wait_forever(driver, telegram, monkeypatch):
    monkeypatch.setattr("chatbot.broadcasting.worker.GRACE", 0.05)
    await driver.subscribe(range(1, 101))
    broadcast = await driver.start(ko="소식")
    telegram.trouble = lambda delivery: asyncio.Event().wait()
    async with RunningWorker(driver.worker(telegram, window=10)):
        await telegram.until(lambda: telegram.in_flight == 10)
    rows = await driver.outcomes(broadcast)
    assert Counter(rows.values()) == {("unknown", "stopped"): 10, ("waiting", None): 90}


async def test_second_stop_does_not_extend_the_time(driver, telegram, monkeypatch):
    monkeypatch.setattr("chatbot.broadcasting.worker.GRACE", 0.3)
    await driver.subscribe(range(1, 11))
    flying = asyncio.Event()

    async def hang(delivery):
        flying.set()
        await asyncio.Event().wait()

    telegram.trouble = hang
    worker = driver.worker(telegram)
    working = asyncio.create_task(worker.run())
    await driver.start(ko="소식")
    await asyncio.wait_for(flying.wait(), GIVE_UP)
    worker.stop()
    for _ in range(200):  # twenty seconds, if the time were extended
        await asyncio.wait((working,), timeout=0.1)
        if working.done():
            break
        worker.stop()
    assert working.done()


async def test_stop_ends_a_halt_at_once(driver, telegram):
    await driver.subscribe(range(1, 11))
    broadcast = await driver.start(ko="소식")
    telegram.trouble = lambda delivery: NotSent(3600.0, flood=True)
    async with RunningWorker(driver.worker(telegram)):
        await telegram.until(lambda: telegram.calls["update"] > 0)
    assert await driver.count_states(broadcast) == Counter(waiting=10)


async def test_bug_in_sending_is_reported_without_its_text(driver, telegram, caplog):
    await driver.subscribe(range(1, 11))
    telegram.trouble = lambda delivery: ValueError("하나") if delivery.supporter_id == 3 else None
    async with RunningWorker(driver.worker(telegram)):
        broadcast = await driver.start(ko="소식")
        await driver.until(broadcast)
    assert (await driver.outcomes(broadcast))[3] == ("unknown", "bug")
    assert "ValueError" in caplog.text
    assert "하나" not in caplog.text


async def test_bug_in_the_worker_restarts_it(driver, telegram, monkeypatch, caplog):
    monkeypatch.setattr("chatbot.broadcasting.worker.RESTART_PAUSE", 0.01)
    broken = iter([True])

    class Clock:
        def __call__(self):
            if next(broken, False):
                raise KeyError("odd")
            return driver.now

    await driver.subscribe(range(1, 11))
    broadcast = await driver.start(ko="소식")
    worker = driver.worker(telegram)
    worker._ledger.now = Clock()
    async with RunningWorker(worker):
        await driver.until(broadcast)
    assert sorted(telegram.arrived) == list(range(1, 11))
    assert "KeyError" in caplog.text


async def test_bug_in_the_schedule_is_reported_and_restarts_the_worker(driver, telegram, monkeypatch, caplog):
    monkeypatch.setattr("chatbot.broadcasting.worker.RESTART_PAUSE", 0.01)
    good, calls = deliveries.start_due, itertools.count()

    async def start_due(tx, campaign, now):
        if next(calls) == 3:
            raise KeyError("odd")
        await good(tx, campaign, now)

    monkeypatch.setattr("chatbot.broadcasting.scheduled_thanks.deliveries.start_due", start_due)
    await driver.subscribe(range(1, 101))
    async with RunningWorker(driver.worker(telegram, rate=400)):
        broadcast = await driver.start(ko="소식")
        await driver.until(broadcast)
        due = await driver.draft(ko="소식")
        await driver.schedule(due, driver.now)
        await driver.until(due.id)
    assert await driver.count_states(broadcast) == Counter(sent=100)
    assert [record.levelname for record in caplog.records].count("ERROR") == 1
    assert "KeyError" in caplog.text


async def test_person_who_left_is_no_stranger(driver, telegram):
    await driver.subscribe(range(1, 41))
    async with RunningWorker(driver.worker(telegram)):
        broadcast = await driver.start(ko="소식")
        await driver.until(broadcast)
        for chat in range(1, 31):
            telegram.chats[chat].clear()
        recall = await driver.start(kind="recall", of=broadcast)
        assert (await driver.until(recall)).ending == "done"
    assert (await driver.tally(recall)).outcomes == {("ko", "gone", "message_gone"): 30, ("ko", "sent", ""): 10}
    assert await driver.database.transact(subscriptions.count) == 40


@pytest.mark.parametrize("busy", [False, True])
async def test_silent_database_does_not_delay_the_stop(driver, telegram, database, monkeypatch, busy):
    monkeypatch.setattr("chatbot.broadcasting.ledger.LAST_TRY", 0.05)
    asked = asyncio.Event()

    class Silent:
        try_lock = database.try_lock

        async def transact(self, work, *args, **kwargs):
            if not busy or telegram.arrived:
                asked.set()
                await asyncio.Event().wait()
            return await database.transact(work, *args, **kwargs)

    await driver.subscribe(range(1, 101))
    worker = driver.worker(telegram, database=Silent())
    working = asyncio.create_task(worker.run())
    await driver.start(ko="소식")
    await asyncio.wait_for(asked.wait(), GIVE_UP)
    worker.stop()
    await asyncio.wait_for(working, SOON)
