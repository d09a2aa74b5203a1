"""The runner: one process runs each job once, despite failures of Telegram, the code or the machine."""

import asyncio
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chatbot.jobs.context import JobContext
from chatbot.jobs.runner import TRIES
from chatbot.petition.job import Job, RetryLaterError
from chatbot.storage import open_database
from chatbot.storage.organizer import jobs as stored
from tests.support.cast import YUNA
from tests.support.counting_database import CountingDatabase
from tests.support.fake_job_context import JobDriver, RefusedError
from tests.support.limits import GIVE_UP


class FakeHandler:
    """A job handler that records its jobs, and waits or fails on request."""

    def __init__(self, *trouble: BaseException) -> None:
        self.trouble = list(trouble)
        self.begun = asyncio.Event()
        self.released = asyncio.Event()
        self.released.set()
        self.done: list[Any] = []
        self.both_done = asyncio.Event()

    async def __call__(self, job: Job, _context: JobContext) -> None:
        self.begun.set()
        await self.released.wait()
        if self.trouble:
            raise self.trouble.pop(0)
        self.done.append(job.details.get("what"))
        if len(self.done) == 2:
            self.both_done.set()


async def test_job_runs_once_and_is_deleted(driver: JobDriver) -> None:
    handler = FakeHandler()
    await driver.add("work", what=1)
    await driver.runner({"work": handler}).finish()
    await driver.runner({"work": handler}).finish()
    assert handler.done == [1]
    assert await driver.left() == []


async def test_long_job_delays_only_its_kind(driver: JobDriver) -> None:
    long, short = FakeHandler(), FakeHandler()
    long.released.clear()
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
        long.released.set()
        await long.both_done.wait()
    assert sorted(long.done) == [1, 2]
    runner.stop()
    await asyncio.wait_for(running, GIVE_UP)


async def test_wait_for_telegram_is_not_counted_as_attempt(driver: JobDriver) -> None:
    handler = FakeHandler(*[RetryLaterError(30)] * 20)
    await driver.add("work", what=1)
    for _ in range(20):
        await driver.runner({"work": handler}).finish()
        driver.passes(seconds=29)
        await driver.runner({"work": handler}).finish()
        driver.passes(seconds=1)
    await driver.runner({"work": handler}).finish()
    assert handler.done == [1]


async def test_unsure_job_is_not_retried_forever(driver: JobDriver, caplog: pytest.LogCaptureFixture) -> None:
    handler = FakeHandler(*[RetryLaterError(5, unsure=True)] * 20)
    await driver.add("work")
    for _ in range(20):
        await driver.runner({"work": handler}).finish()
        driver.passes(seconds=5)
    assert len(handler.trouble) == 20 - TRIES
    assert await driver.left() == []
    assert "given up" in caplog.text


async def test_bug_is_reported_and_the_job_retried_later(driver: JobDriver, caplog: pytest.LogCaptureFixture) -> None:
    handler = FakeHandler(ValueError("김하나"))
    await driver.add("work", what=1)
    await driver.runner({"work": handler}).finish()
    assert handler.done == []
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "하나" not in caplog.text
    driver.passes(minutes=1)
    await driver.runner({"work": handler}).finish()
    assert handler.done == [1]


async def test_job_that_cancels_itself_is_not_retried_forever(
    driver: JobDriver, caplog: pytest.LogCaptureFixture
) -> None:
    handler = FakeHandler(*[asyncio.CancelledError()] * (TRIES + 1))
    await driver.add("work")
    for _ in range(TRIES + 1):
        await driver.runner({"work": handler}).finish()
        driver.passes(hours=1)
    assert len(handler.trouble) == 1
    assert await driver.left() == []
    assert "given up" in caplog.text


async def test_crashing_job_is_not_retried_forever(driver: JobDriver) -> None:
    handler = FakeHandler()

    async def crash(times: int, number: int) -> None:
        for _ in range(times):  # each process dies after it has counted the attempt
            await driver.database.transact(stored.begin, number)

    await crash(TRIES - 1, await driver.add("work", what=1))
    await driver.runner({"work": handler}).finish()
    await crash(TRIES, await driver.add("work", what=2))
    await driver.runner({"work": handler}).finish()
    assert (handler.done, await driver.left()) == ([1], [])


@pytest.mark.parametrize("kind", ["document", "picture", "poster", "qr", "card", "about_me"])
async def test_person_is_told_of_a_file_whose_making_always_crashes(driver: JobDriver, kind: str) -> None:
    number = await driver.add(kind)
    for _ in range(TRIES):
        await driver.database.transact(stored.begin, number)
    await driver.runner().finish()
    assert [(person, "couldn't make the file" in text) for person, text in driver.chat_sender.shown] == [(YUNA, True)]
    assert await driver.left() == []


async def test_next_start_repeats_a_job_that_a_stop_interrupted(
    driver: JobDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatbot.jobs.runner.GRACE", 0.01)
    handler = FakeHandler()
    handler.released.clear()
    await driver.add("work", what=1)
    runner = driver.runner({"work": handler})
    running = asyncio.create_task(runner.run())
    await handler.begun.wait()
    runner.stop()
    await asyncio.wait_for(running, GIVE_UP)
    [left] = await driver.left()
    assert left.tries == 0
    handler.released.set()
    await driver.runner({"work": handler}).finish()
    assert handler.done == [1]


async def test_refused_token_ends_the_runner_and_keeps_the_job(driver: JobDriver) -> None:
    await driver.add("work")
    with pytest.raises(RefusedError):
        await asyncio.wait_for(driver.runner({"work": FakeHandler(RefusedError())}).run(), GIVE_UP)
    assert len(await driver.left()) == 1


async def test_second_process_takes_over_the_jobs(
    driver: JobDriver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatbot.jobs.runner.PATIENCE", 0.01)
    counting = CountingDatabase(driver.database)
    driver.context = replace(driver.context, database=counting)
    other = await open_database(f"sqlite:///{tmp_path}/chatbot.db")
    assert await other.try_lock("jobs")
    handler = FakeHandler()
    await driver.add("work", what=1)
    runner = driver.runner({"work": handler})
    running = asyncio.create_task(runner.run())
    await counting.until_done("try_lock")
    assert not handler.begun.is_set()
    await other.close()
    await asyncio.wait_for(handler.begun.wait(), GIVE_UP)
    runner.stop()
    await asyncio.wait_for(running, GIVE_UP)


async def test_job_of_unknown_kind_is_dropped_with_a_log_line(
    driver: JobDriver, caplog: pytest.LogCaptureFixture
) -> None:
    await driver.add("dancing")
    await driver.runner().finish()
    assert await driver.left() == []
    assert "dancing" in caplog.text
