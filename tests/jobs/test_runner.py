"""The runner: everything is done once, by one process, whatever Telegram, the code or the machine does meanwhile."""

import asyncio
import logging
from typing import Any

import pytest

from chatbot.jobs.context import JobContext
from chatbot.jobs.runner import TRIES
from chatbot.petition.job import Job, RetryLaterError
from chatbot.storage import open_database
from chatbot.storage.organizer import jobs as stored
from tests.support.fake_job_context import JobDriver, RefusedError
from tests.support.limits import GIVE_UP


class Doing:
    """A kind of errand that notes who it was done for, and waits or fails where it is told to."""

    def __init__(self, *trouble: Exception) -> None:
        self.trouble = list(trouble)
        self.begun = asyncio.Event()
        self.http_server = asyncio.Event()
        self.http_server.set()
        self.done: list[Any] = []
        self.quiet = asyncio.Event()

    async def __call__(self, job: Job, _context: JobContext) -> None:
        self.begun.set()
        await self.http_server.wait()
        if self.trouble:
            raise self.trouble.pop(0)
        self.done.append(job.details.get("what"))
        if len(self.done) == 2:
            self.quiet.set()


async def test_an_errand_is_done_once_and_gone(driver: JobDriver) -> None:
    doing = Doing()
    await driver.add("work", what=1)
    await driver.runner({"work": doing}).finish()
    await driver.runner({"work": doing}).finish()
    assert doing.done == [1]
    assert await driver.left() == []


async def test_a_long_one_holds_up_its_own_kind_only(driver: JobDriver) -> None:
    long, short = Doing(), Doing()
    long.http_server.clear()
    runner = driver.runner({"long": long, "short": short})
    for what in (1, 2):
        await driver.add("long", what=what)
    running = asyncio.create_task(runner.run())
    await long.begun.wait()
    await driver.add("short", what=3)
    runner.wake()
    async with asyncio.timeout(GIVE_UP):
        await short.begun.wait()
        assert long.done == []
        long.http_server.set()
        await long.quiet.wait()
    assert sorted(long.done) == [1, 2]
    runner.stop()
    await asyncio.wait_for(running, GIVE_UP)


async def test_it_waits_as_long_as_telegram_says_and_that_is_no_try(driver: JobDriver) -> None:
    doing = Doing(*[RetryLaterError(30)] * 20)
    await driver.add("work", what=1)
    for _ in range(20):
        await driver.runner({"work": doing}).finish()
        driver.passes(seconds=29)
        await driver.runner({"work": doing}).finish()
        driver.passes(seconds=1)
    await driver.runner({"work": doing}).finish()
    assert doing.done == [1]


async def test_what_may_have_been_done_is_not_tried_for_ever(
    driver: JobDriver, caplog: pytest.LogCaptureFixture
) -> None:
    doing = Doing(*[RetryLaterError(5, unsure=True)] * 20)
    await driver.add("work")
    for _ in range(20):
        await driver.runner({"work": doing}).finish()
        driver.passes(seconds=5)
    assert len(doing.trouble) == 20 - TRIES
    assert await driver.left() == []
    assert "given up" in caplog.text


async def test_a_mistake_of_ours_is_reported_and_tried_again_later(
    driver: JobDriver, caplog: pytest.LogCaptureFixture
) -> None:
    doing = Doing(ValueError("김하나"))
    await driver.add("work", what=1)
    await driver.runner({"work": doing}).finish()
    assert doing.done == []
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "하나" not in caplog.text
    driver.passes(minutes=1)
    await driver.runner({"work": doing}).finish()
    assert doing.done == [1]


async def test_a_crash_repeats_it_but_not_for_ever(driver: JobDriver) -> None:
    doing = Doing()

    async def crash(times: int, number: int) -> None:
        for _ in range(times):  # begun, and nothing noted since
            await driver.database.transact(stored.begin, number)

    await crash(TRIES - 1, await driver.add("work", what=1))
    await driver.runner({"work": doing}).finish()
    await crash(TRIES, await driver.add("work", what=2))
    await driver.runner({"work": doing}).finish()
    assert (doing.done, await driver.left()) == ([1], [])


async def test_a_stop_cuts_it_off_and_the_next_start_does_it(
    driver: JobDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatbot.jobs.runner.GRACE", 0.01)
    doing = Doing()
    doing.http_server.clear()
    await driver.add("work", what=1)
    runner = driver.runner({"work": doing})
    running = asyncio.create_task(runner.run())
    await doing.begun.wait()
    runner.stop()
    await asyncio.wait_for(running, GIVE_UP)
    [left] = await driver.left()
    assert left.tries == 0
    doing.http_server.set()
    await driver.runner({"work": doing}).finish()
    assert doing.done == [1]


async def test_a_refused_token_ends_it_and_nothing_is_lost(driver: JobDriver) -> None:
    await driver.add("work")
    with pytest.raises(RefusedError):
        await asyncio.wait_for(driver.runner({"work": Doing(RefusedError())}).run(), GIVE_UP)
    assert len(await driver.left()) == 1


async def test_one_process_at_a_time_and_another_takes_over(driver: JobDriver, tmp_path) -> None:
    other = await open_database(f"sqlite:///{tmp_path}/chatbot.db")
    assert await other.try_lock("jobs")
    doing = Doing()
    await driver.add("work", what=1)
    runner = driver.runner({"work": doing})
    running = asyncio.create_task(runner.run())
    await asyncio.sleep(0.05)
    assert not doing.begun.is_set()
    await other.close()
    runner.wake()
    await asyncio.wait_for(doing.begun.wait(), GIVE_UP)
    runner.stop()
    await asyncio.wait_for(running, GIVE_UP)


async def test_a_kind_of_a_newer_version_is_dropped_with_a_line(
    driver: JobDriver, caplog: pytest.LogCaptureFixture
) -> None:
    await driver.add("dancing")
    await driver.runner().finish()
    assert await driver.left() == []
    assert "dancing" in caplog.text
