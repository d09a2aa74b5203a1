"""The periodic jobs: runs at the start and at night, locks, and failures."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chatbot.app.periodic import PeriodicJob, run_periodically
from chatbot.petition.model import Campaign
from chatbot.storage import Database, DatabaseUnavailableError, open_database
from chatbot.storage.engine import timestamps
from chatbot.storage.organizer import human_check, petition_status
from chatbot.storage.people import counters, supporters
from tests.support.clock import Clock
from tests.support.limits import GIVE_UP
from tests.support.periodic_jobs import periodic_job
from tests.support.signature_history import read_history


class WatchedClock(Clock):
    """A clock that stands still until a test moves it. The event `seen` tells that it was read."""

    def __init__(self) -> None:
        super().__init__(datetime(2026, 11, 25, 8, 20, tzinfo=UTC))
        self.seen = asyncio.Event()

    def __call__(self) -> datetime:
        self.seen.set()
        return super().__call__()


async def run_once(database: Database, campaign: Campaign, clock: WatchedClock, name: str) -> None:
    clock.seen.clear()
    async with periodic_job(name, database, campaign, clock):
        await clock.seen.wait()
        await database.transact(counters.read, "signatures")  # waits behind the job's transaction


async def test_every_start_writes_history(tmp_path: Path, campaign: Campaign) -> None:
    database, clock = await open_database(f"sqlite:///{tmp_path}/chatbot.db"), WatchedClock()
    for people in (2, 3):
        await database.transact(counters.change, ["signatures"], people)
        await run_once(database, campaign, clock, "history")
        clock.now += timedelta(hours=5)
    written = await database.transact(read_history)
    assert [(hour.hour, value) for hour, value in written] == [(7, 2), (8, 5)]
    await database.close()


async def test_human_check_is_switched_off_after_a_surge(tmp_path: Path, campaign: Campaign) -> None:
    database, clock = await open_database(f"sqlite:///{tmp_path}/chatbot.db"), WatchedClock()
    await database.transact(human_check.switch, 0, "auto", 30, 1)
    await database.transact(
        lambda tx: tx.run("UPDATE petition_status SET human_until = :now", now=timestamps.to_text(clock.now))
    )
    await run_once(database, campaign, clock, "human check")
    assert (await database.transact(petition_status.find)).human.until is None
    await database.close()


async def test_one_process_runs_the_retention_job(tmp_path: Path, campaign: Campaign) -> None:
    url, clock = f"sqlite:///{tmp_path}/chatbot.db", WatchedClock()
    database, other = await open_database(url), await open_database(url)
    long_ago = clock.now - timedelta(days=31)
    await database.transact(supporters.meet, 1002, language="en", now=long_ago)
    async with periodic_job("retention", database, campaign, clock), asyncio.timeout(GIVE_UP):
        while await database.transact(supporters.find_language, 1002):
            pass
        assert not await other.try_lock("retention")
    await database.close()
    assert await other.try_lock("retention"), "closing the database releases the lock"
    await other.close()


async def test_job_with_a_taken_lock_waits(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/chatbot.db"
    database, other = await open_database(url), await open_database(url)
    assert await other.try_lock("somelock")
    ran, refused = asyncio.Event(), asyncio.Event()

    async def run(_now: datetime) -> None:
        ran.set()

    def wait(_now: datetime) -> float:
        refused.set()
        return 60.0

    job = PeriodicJob("locked", run, wait, lock="somelock", retry=0.01)
    running = asyncio.create_task(run_periodically(database, job))
    await asyncio.wait_for(refused.wait(), GIVE_UP)
    assert not ran.is_set()
    await other.close()
    await asyncio.wait_for(ran.wait(), GIVE_UP)
    running.cancel()
    await asyncio.wait([running])
    await database.close()


async def test_unavailable_database_delays_the_job(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    failures, done = [DatabaseUnavailableError("busy")] * 3, asyncio.Event()

    async def run(_now: datetime) -> None:
        if failures:
            raise failures.pop()
        done.set()

    job = PeriodicJob("unlucky", run, lambda _: 3_600.0, retry=0.01)
    running = asyncio.create_task(run_periodically(database, job))
    await asyncio.wait_for(done.wait(), GIVE_UP)
    running.cancel()
    await asyncio.wait([running])
    assert [record.message.partition(" (")[0] for record in caplog.records] == [
        "unlucky: the database is unavailable; next try in 0 s"
    ] * 3


class Bugs(list[BaseException | None]):
    """A periodic job that fails as listed, one entry a run; `ended` is set after the last one."""

    def __init__(self, *failures: BaseException | None) -> None:
        super().__init__(failures)
        self.ended = asyncio.Event()

    async def __call__(self, _now: datetime) -> None:
        if not self:
            self.ended.set()
        elif failure := self.pop(0):
            raise failure


async def run_to_the_end(database: Database, bugs: Bugs) -> None:
    job = PeriodicJob("failing", bugs, lambda _: 0.0)
    running = asyncio.create_task(run_periodically(database, job, pause=0.01, longest=0.04))
    await asyncio.wait_for(bugs.ended.wait(), GIVE_UP)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses of periodic jobs so far, in seconds. None of them takes time."""
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        await real_sleep(0)

    real_sleep = asyncio.sleep
    monkeypatch.setattr("chatbot.app.periodic.asyncio.sleep", sleep)
    return pauses


async def test_pause_after_a_bug_begins_anew_after_a_success(
    database: Database, caplog: pytest.LogCaptureFixture, pauses: list[float]
) -> None:
    await run_to_the_end(database, Bugs(*[ValueError()] * 4, None, ValueError()))
    assert pauses[:7] == [0.0, 0.01, 0.02, 0.04, 0.04, 0.0, 0.01]
    assert len(caplog.records) == 5


async def test_job_that_cancels_itself_is_reported_and_runs_again(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await run_to_the_end(database, Bugs(asyncio.CancelledError()))
    [record] = caplog.records
    assert "failing: a periodic job failed; next try in 0 s (CancelledError" in record.message


async def test_nightly_job_waits_for_the_night(database: Database, pauses: list[float]) -> None:
    ran = asyncio.Event()

    async def run(_now: datetime) -> None:
        ran.set()

    job = PeriodicJob("nightly", run, lambda _: 3_600.0, at_start=False)
    running = asyncio.create_task(run_periodically(database, job))
    while not pauses:  # noqa: ASYNC110 - the list has no event
        await asyncio.sleep(0)
    await asyncio.wait_for(ran.wait(), GIVE_UP)
    running.cancel()
    await asyncio.wait([running])
