"""Forecasts of a night: how many people wait, and until when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chatbot.petition.broadcasts.quiet_hours import MorningForecast
from chatbot.petition.rounding import round_down
from chatbot.storage import Database, Transaction
from chatbot.storage.broadcasts import broadcasts, drafts, forecasts
from tests.support.night_driver import EVENING, NightDriver


@pytest.fixture
def driver(database: Database) -> NightDriver:
    return NightDriver(database)


async def test_forecast_tells_how_many_wait_and_until_when(driver: NightDriver) -> None:
    await driver.settle(25)
    broadcast = await driver.draft(ko="소식", en="News")
    forecast = await driver.database.transact(forecasts.foresee, broadcast, driver.campaign, driver.now)
    assert forecast is not None
    started = await driver.send(broadcast.id)
    await driver.send_all_who_are_awake()
    tally = await driver.tally(started)
    assert forecast.later == round_down(sum(tally.mornings.values()))
    assert 0 <= tally.count("sent") - forecast.now < 20
    assert forecast.last == max(tally.mornings)
    noon = EVENING.replace(hour=4)  # past noon in Seoul: all readers of Korean are awake
    korean = await driver.draft(ko="소식")
    forecast = await driver.database.transact(forecasts.foresee, korean, driver.campaign, noon)
    assert forecast == MorningForecast(0, 0, noon, 0.0), "it never says that nobody is asleep"


async def test_forecast_of_a_notice_counts_the_countries_of_signers(driver: NightDriver) -> None:
    await driver.settle(30, ("KR", "GB", "GB"))
    notice = await driver.database.transact(drafts.create, 1, driver.now, renews="y")
    forecast = await driver.database.transact(forecasts.foresee, notice, driver.campaign, driver.now)
    assert forecast is not None
    assert (forecast.now, forecast.later) == (0, 0), "it tells a share, and no numbers of people"
    assert forecast.share == pytest.approx(1 / 3, abs=0.02)
    assert forecast.last == datetime(2026, 11, 27, 23, tzinfo=UTC)


async def test_forecast_of_the_rest_counts_where_its_readers_are(
    driver: NightDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    await driver.settle(30, ("KR", "GB"))
    broadcast = await driver.start(ko="소식", en="News")
    await driver.cancel(broadcast)

    async def foresee(tx: Transaction) -> MorningForecast | None:
        started = await broadcasts.get(tx, broadcast)
        return await forecasts.foresee_rest(tx, started, driver.campaign, driver.now, ("waiting", "failed"))

    assert await driver.database.transact(foresee) is None, "it has no deliveries yet"
    broadcast = await driver.start(ko="소식", en="News")
    await driver.deliver(driver.note, limit=1)
    await driver.cancel(broadcast)
    forecast = await driver.database.transact(foresee)
    assert forecast is not None
    assert (forecast.now, forecast.later) == (20, 30), "59 people are left, and both numbers are rounded"
    monkeypatch.setattr(forecasts, "COUNTED", 2)
    assert await driver.database.transact(foresee) == MorningForecast(0, 0, driver.now, 0.0)


async def test_forecast_without_quiet_hours_counts_people_who_would_be_woken(driver: NightDriver) -> None:
    driver.campaign = replace(driver.campaign, quiet_hours=None)
    driver.now = EVENING + timedelta(hours=5)  # half past two in Seoul
    await driver.settle(30, ("KR", "GB"))
    draft = await driver.draft(ko="소식", en="News")
    forecast = await driver.database.transact(forecasts.foresee, draft, driver.campaign, driver.now)
    assert forecast is not None
    assert (forecast.now, forecast.later, forecast.waits) == (20, 30, False)
