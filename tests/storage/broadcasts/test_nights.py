"""Nights with up to 10,000 readers in eight zones, with killed processes and organizers who change their minds.

The processes log what arrived, and the ledger must agree with the log. Each reader gets a broadcast once, and none at
night unless an organizer says so.
"""

import asyncio
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from chatbot.petition.broadcasts.broadcast import BroadcastState
from chatbot.petition.broadcasts.quiet_hours import find_zones
from chatbot.storage import Database
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.broadcasts import deliveries, lifecycle
from tests.support.broadcasts import recount
from tests.support.limits import GIVE_UP
from tests.support.night_driver import NIGHT, NightDriver

pytestmark = pytest.mark.slow

MANY, FEW = 1250, 60
"""People in each country."""


class Nights(NightDriver):
    """Lets processes work through the nights, and kills some of them."""

    def __init__(self, database: Database, url: str, log: Path) -> None:
        super().__init__(database)
        self.url, self.log = url, log
        self.chance = random.Random(7)
        self.killed = 0
        log.touch()

    def read(self, kind: str, broadcast: int) -> Counter[int]:
        """Count what arrived, by person."""
        lines = (line.split() for line in self.log.read_text().splitlines())
        return Counter(int(supporter) for what, of, supporter, _at in lines if (what, int(of)) == (kind, broadcast))

    async def work(self, kills: int = 1) -> None:
        """Let a process do what is due at this moment. Kill it `kills` times before."""
        for left in range(kills, -1, -1):
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.support.night_process", self.url, self.now.isoformat(), str(self.log)
            )
            async with asyncio.timeout(4 * GIVE_UP):
                if left:
                    await self._kill(process)
                assert await process.wait() in ((0, -9) if left else (0,))

    async def _kill(self, process: asyncio.subprocess.Process) -> None:
        enough = self.log.stat().st_size + self.chance.randint(1, 12 * len(self.country))
        while process.returncode is None and self.log.stat().st_size < enough:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.002)
        if process.returncode is None:
            process.kill()
            self.killed += 1

    async def pass_hours(self, hours: int) -> None:
        """Work after each hour if something is due, with a kill now and then."""
        for _hour in range(hours):
            self.now += timedelta(hours=1)
            if await self.database.transact(deliveries.find_running, self.now, self.campaign):
                await self.work(kills=self.chance.random() < 0.3)

    def list_woken_by(self, broadcast: int) -> set[int]:
        """List the people who got a broadcast at night."""
        woken = set()
        for line in self.log.read_text().splitlines():
            what, of, supporter, at = line.split()
            zones = find_zones(self.country[int(supporter)], "UTC")
            moment = datetime.fromisoformat(at)
            if (what, int(of)) == ("update", broadcast) and any(
                NIGHT.count_nights([ZoneInfo(zone)], moment) for zone in zones
            ):
                woken.add(int(supporter))
        return woken

    async def check(self, broadcast: int) -> None:
        """Compare the ledger with the log. A delivery that was in flight at a kill is unknown."""
        arrived, outcomes = self.read("update", broadcast), await self.outcomes(broadcast)
        assert all(times == 1 for times in arrived.values()), "nobody got it twice"
        sent = {each for each, (state, _) in outcomes.items() if state == "sent"}
        unknown = {each for each, (state, _) in outcomes.items() if state == "unknown"}
        assert sent <= arrived.keys() <= sent | unknown
        assert await self.tally(broadcast) == await self.database.transact(recount, broadcast)
        assert await find_problems(self.database) == []


@pytest.fixture
async def nights(database: Database, url: str, tmp_path: Path) -> AsyncIterator[Nights]:
    made = Nights(database, url, tmp_path / "arrived.log")
    yield made
    assert made.killed, "at least one process was killed"


async def test_pause_cancel_correction_and_rest_hold_through_nights(nights: Nights) -> None:
    await nights.settle(MANY)
    broadcast = await nights.start(ko="소식", en="News")
    await nights.work(kills=3)
    at_once = nights.read("update", broadcast)
    assert 0 < len(at_once) < len(nights.country)
    correction = await nights.start(kind="correction", of=broadcast, ko="고친 소식", en="Corrected")
    await nights.work(kills=2)
    assert nights.read("correction", correction).keys() <= at_once.keys(), (
        "only people who have the broadcast get the correction"
    )
    assert str((await nights.get(broadcast)).posts["ko"].text) == "고친 소식"
    await nights.pause(broadcast)
    await nights.pass_hours(3)
    assert nights.read("update", broadcast) == at_once
    await nights.resume(broadcast)
    await nights.pass_hours(9)
    by_morning = nights.read("update", broadcast)
    assert len(at_once) < len(by_morning) < len(nights.country)
    await nights.cancel(broadcast)
    await nights.pass_hours(2)
    assert nights.read("update", broadcast) == by_morning
    assert await nights.database.transact(lifecycle.send_again, broadcast, "rest")
    await nights.pass_hours(24)
    assert (await nights.get(broadcast)).state is BroadcastState.ENDED
    states = await nights.count_states(broadcast)
    assert set(states) <= {"sent", "unknown"}
    assert nights.list_woken_by(broadcast) == set()
    await nights.check(broadcast)


async def test_sleepers_are_woken_only_when_an_organizer_says_so(nights: Nights) -> None:
    await nights.settle(FEW)
    broadcast = await nights.start(ko="소식", en="News")
    await nights.work(kills=2)
    at_once = nights.read("update", broadcast)
    assert nights.list_woken_by(broadcast) == set()
    assert await nights.database.transact(lifecycle.wake, broadcast, nights.now)
    assert not await nights.database.transact(lifecycle.wake, broadcast, nights.now), "people are woken once"
    await nights.work(kills=3)
    assert (await nights.get(broadcast)).ending == "done"
    woken = nights.list_woken_by(broadcast)
    assert woken
    assert woken.isdisjoint(at_once)
    await nights.check(broadcast)
    later = await nights.start(ko="더", en="More")
    await nights.work()
    assert nights.list_woken_by(later) == set(), "the next broadcast wakes nobody"
    await nights.check(later)


async def test_recall_at_night_reaches_only_people_who_have_the_broadcast(nights: Nights) -> None:
    await nights.settle(FEW)
    broadcast = await nights.start(ko="소식", en="News")
    await nights.work(kills=2)
    had = nights.read("update", broadcast)
    recall = await nights.start(kind="recall", of=broadcast)
    await nights.work(kills=3)
    await nights.pass_hours(26)
    assert nights.read("update", broadcast) == had
    deleted = nights.read("recall", recall)
    sent = {each for each, (state, _) in (await nights.outcomes(broadcast)).items() if state == "sent"}
    assert deleted.keys() == sent, "it reached everybody who has the broadcast, by the ledger"
    await nights.check(broadcast)
