"""Scheduled thanks for a milestone go out only while they are true."""

from dataclasses import replace

import pytest

from chatbot.screens.organizer.petition.milestone_thanks import thank_for
from tests.support.broadcast_worker import RunningWorker
from tests.support.campaigns import BUNDLED
from tests.support.cast import YUNA


async def schedule_thanks(driver, milestone):
    posts = {
        language: str(thank_for(driver.translators[language], BUNDLED.words[language], milestone).text)
        for language in ("ko", "en")
    }
    thanks = await driver.draft(**posts)
    await driver.schedule(thanks, driver.now)
    return thanks.id


@pytest.mark.parametrize("above", [1, 100])
async def test_thanks_wait_for_an_organizer_once_fewer_people_count(driver, telegram, above):
    await driver.subscribe(range(1, 41))
    milestone = BUNDLED.carried_over + above
    driver.campaign = replace(driver.campaign, milestones=(milestone, 2 * milestone))
    thanks = await schedule_thanks(driver, milestone)
    async with RunningWorker(driver.worker(telegram)):
        await telegram.until(lambda: bool(telegram.shown))
        news = await driver.start(ko="소식")
        await driver.until(news)
    told = [str(screen.text) for chat, screen, _ in telegram.shown if chat == YUNA]
    assert [text for text in told if f"{milestone:,}" in text and f"{BUNDLED.carried_over:,}" in text] == told[:1]
    assert (await driver.get(thanks)).started_at is None
    assert (await driver.get(thanks)).late_at is not None
    assert await driver.count_states(thanks) == {}, "nobody has it"


async def test_thanks_that_are_true_go_out(driver, telegram):
    await driver.subscribe(range(1, 41))
    thanks = await schedule_thanks(driver, BUNDLED.carried_over)
    async with RunningWorker(driver.worker(telegram)):
        assert (await driver.until(thanks)).ending == "done"
    assert sorted(telegram.arrived) == list(range(1, 41))
