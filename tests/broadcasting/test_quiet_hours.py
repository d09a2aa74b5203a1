"""The worker sends nothing to people at night, also after kills and takeovers, and reaches them in the morning."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from chatbot.petition.broadcasts.broadcast import Audience, BroadcastState
from chatbot.petition.broadcasts.quiet_hours import QuietHours
from chatbot.storage import open_database
from chatbot.storage.broadcasts import drafts
from tests.support.broadcast_worker import CHECK_FOR_WORK, RunningWorker
from tests.support.campaigns import BUNDLED

EVENING = datetime(2026, 11, 27, 12, 30, tzinfo=UTC)
"""Half past nine in the evening in Seoul, half past twelve in London."""
MORNING = timedelta(hours=11)


@pytest.fixture
async def night(driver):
    """30 readers in Korea, where it is night, and 10 in London, where it is day."""
    driver.campaign = replace(BUNDLED, quiet_hours=QuietHours(time(21), time(8)))
    driver.now = EVENING
    await driver.subscribe(range(1, 31), "ko", "KR")
    await driver.subscribe(range(31, 41), "en", "GB")
    return driver


async def rest(driver, telegram, broadcast, count):
    """Wait until this many have it and nothing is in flight."""
    await telegram.until(lambda: len(telegram.arrived) == count)
    await driver.until_landed(broadcast)


async def test_worker_rests_until_the_morning(night, telegram):
    async with RunningWorker(night.worker(telegram)):
        broadcast = await night.start(ko="소식", en="News")
        await rest(night, telegram, broadcast, 10)
        night.now += timedelta(hours=6)
        later = await night.start(en="More news")  # people who are asleep delay nobody else
        await night.until(later)
        assert len(telegram.arrived) == 20
        assert (await night.get(broadcast)).state is BroadcastState.RUNNING
        night.now = EVENING + MORNING
        await night.until(broadcast)
    assert sorted(telegram.arrived) == sorted([*range(1, 41), *range(31, 41)])


async def test_night_survives_kills_and_takeovers(night, telegram, sqlite_url, monkeypatch):
    monkeypatch.setattr("chatbot.broadcasting.worker.PATIENCE", 0.02)
    broadcast = await night.start(ko="소식", en="News")
    # With one database both would have the lock, as tasks of one process do.
    databases = [await open_database(sqlite_url) for _ in range(2)]
    first, second = (RunningWorker(night.worker(telegram, database=each)) for each in databases)
    async with first:
        await rest(night, telegram, broadcast, 10)
        async with second:
            await first.kill()
            await databases[0].close()
            night.now += timedelta(hours=5)
            later = await night.start(en="More news")  # the second has taken over when this is sent
            await night.until(later)
            assert len(telegram.arrived) == 20
            await second.kill()
    await databases[1].close()
    async with RunningWorker(night.worker(telegram)):
        night.now = EVENING + MORNING
        await night.until(broadcast)
    assert sorted(telegram.arrived) == sorted([*range(1, 41), *range(31, 41)])


async def test_evening_stops_a_broadcast_that_is_being_sent(night, telegram):
    night.now = EVENING - timedelta(hours=1)
    await night.unsubscribe(*range(31, 41))

    def evening_comes(_delivery):
        if telegram.calls["update"] == 12:
            night.now = EVENING

    telegram.trouble = evening_comes
    async with RunningWorker(night.worker(telegram, window=1)):
        broadcast = await night.start(ko="소식", en="News")
        await rest(night, telegram, broadcast, 12)
        await night.counting.until_done(CHECK_FOR_WORK)
        assert len(telegram.arrived) == 12
        assert sum((await night.tally(broadcast)).mornings.values()) == 18
        night.now = EVENING + MORNING
        await night.until(broadcast)
    assert sorted(telegram.arrived) == list(range(1, 31))


async def test_pause_and_cancel_at_night_hold_in_the_morning(night, telegram):
    async with RunningWorker(night.worker(telegram)):
        broadcast = await night.start(ko="소식", en="News")
        await rest(night, telegram, broadcast, 10)
        await night.pause(broadcast)
        night.now = EVENING + MORNING
        await night.counting.until_done(CHECK_FOR_WORK)
        assert len(telegram.arrived) == 10
        await night.cancel(broadcast)
        await night.until(broadcast)
    assert len(telegram.arrived) == 10


async def test_correction_at_night_reaches_those_awake_and_asleep(night, telegram):
    async with RunningWorker(night.worker(telegram)):
        broadcast = await night.start(ko="소식", en="News")
        await rest(night, telegram, broadcast, 10)
        correction = await night.start(kind="correction", of=broadcast, ko="고친 소식", en="Corrected news")
        await night.until(correction)
        assert [str(screen.text) for screen in telegram.seen_by(40)] == ["Corrected news"]
        night.now = EVENING + MORNING
        await night.until(broadcast)
        assert [str(screen.text) for screen in telegram.seen_by(1)] == ["고친 소식"]


async def test_recall_at_night_drops_those_who_are_asleep(night, telegram):
    async with RunningWorker(night.worker(telegram)):
        broadcast = await night.start(ko="소식", en="News")
        await rest(night, telegram, broadcast, 10)
        recall = await night.start(kind="recall", of=broadcast)
        await night.until(recall)
        night.now = EVENING + MORNING
        await night.counting.until_done(CHECK_FOR_WORK)
    assert len(telegram.arrived) == 10
    assert telegram.seen_by(40) == []


@pytest.mark.parametrize("signers", [0, 1])
async def test_broadcast_to_a_country_at_night_does_not_tell_whether_anybody_signed_there(night, telegram, signers):
    await night.subscribe(range(41, 41 + signers), "en", "JP")
    draft = await night.draft(en="News")
    await night.database.transact(drafts.set_audience, draft.id, Audience(None, ("JP",)))
    async with RunningWorker(night.worker(telegram)):
        broadcast = await night.send(draft.id)
        await night.until(broadcast, "gathered_at")
        later = await night.start(en="More news")
        await rest(night, telegram, later, 10)  # the worker goes on with others
        assert (await night.get(broadcast)).state is BroadcastState.RUNNING
        night.now = EVENING + MORNING
        await night.until(broadcast)
    assert len(telegram.arrived) == signers + (signers + 10)


@pytest.mark.parametrize("signers", [0, 1])
async def test_broadcast_to_countries_around_the_globe_ends_after_a_day(night, telegram, signers):
    """At any time it is night in Japan, Germany or a part of the United States."""
    await night.subscribe(range(41, 41 + signers), "en", "US")
    draft = await night.draft(en="News")
    await night.database.transact(drafts.set_audience, draft.id, Audience(None, ("JP", "DE", "US")))
    async with RunningWorker(night.worker(telegram)):
        broadcast = await night.send(draft.id)
        await night.until(broadcast, "gathered_at")
        for hours in range(6, 25, 6):
            night.now = EVENING + timedelta(hours=hours)
            later = await night.start(en="More news")
            await night.until(later, "gathered_at")
            assert (await night.get(broadcast)).state is BroadcastState.RUNNING
        night.now = EVENING + timedelta(hours=26)
        await night.until(broadcast)
    assert (await night.tally(broadcast)).count("sent") == signers


async def test_broadcast_that_was_started_by_a_wrong_clock_ends_after_a_day(night, telegram):
    draft = await night.draft(en="News")
    await night.database.transact(drafts.set_audience, draft.id, Audience(None, ("JP", "DE", "US")))
    night.now = EVENING + timedelta(days=400)
    broadcast = await night.send(draft.id)
    night.now = EVENING
    async with RunningWorker(night.worker(telegram)):
        await night.until(broadcast, "gathered_at")
        night.now = EVENING + timedelta(hours=26)
        await night.until(broadcast)
