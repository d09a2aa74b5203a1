"""Switching the human check, by organizers and automatically, on both engines."""

import asyncio
from datetime import timedelta

from chatbot.petition.signing.human_check import AUTO_DURATION, HumanCheck
from chatbot.storage import Database, Transaction
from chatbot.storage.organizer import human_check, jobs, petition_status
from chatbot.storage.people import supporters
from tests.storage.conftest import Sign
from tests.support.cast import NOW


async def find(database: Database) -> HumanCheck:
    return (await database.transact(petition_status.find)).human


async def told(database: Database) -> list[str]:
    """List the notices waiting for the team, oldest first."""

    async def work(tx: Transaction) -> list[str]:
        due = await jobs.find_due(tx, NOW + timedelta(days=9), (), 100)
        return [str(job.details["notice"]) for job in due]

    return await database.transact(work)


async def test_human_check_begins_switched_off(database: Database) -> None:
    assert await find(database) == HumanCheck()
    assert not await database.transact(human_check.switch_by_surge, NOW)


async def test_one_of_several_concurrent_organizers_switches(database: Database) -> None:
    async def switch(member_id: int) -> bool:
        return await database.transact(human_check.switch, 0, "on", 100, member_id)

    switched = await asyncio.gather(*(switch(member_id) for member_id in range(1, 9)))
    assert sum(switched) == 1
    assert await find(database) == HumanCheck("on", 100, None, 1, switched.index(True) + 1)
    found, _ = await database.transact(petition_status.find_with_count)
    assert found.human.mode == "on"
    assert found.revision == 0, "a statement that somebody is writing stays valid"


async def sign_many(database: Database, sign: Sign, first: int, many: int) -> None:
    async def work(tx: Transaction) -> None:
        for person in range(first, first + many):
            await sign(tx, person)

    await database.transact(work)


async def test_surge_switches_the_human_check_on_and_off_and_tells_once(database: Database, sign: Sign) -> None:
    await database.transact(human_check.switch, 0, "auto", 30, 1)

    async def check(minutes: float) -> list[bool]:
        """Check four times at once, as several processes do."""
        now = NOW + timedelta(minutes=minutes)
        return sorted(await asyncio.gather(*(database.transact(human_check.switch_by_surge, now) for _ in range(4))))

    await sign_many(database, sign, 1, 29)
    assert not any(await check(1))
    await sign_many(database, sign, 100, 1)
    assert await check(2) == [False, False, False, True]
    assert (await find(database)).until == NOW + timedelta(minutes=2) + AUTO_DURATION
    assert not any(await check(9)), "the surge goes on, and the team is not told again"
    assert (await find(database)).until == NOW + timedelta(minutes=9) + AUTO_DURATION
    assert not any(await check(68))
    assert (await find(database)).asks(NOW + timedelta(minutes=68))
    assert await check(69) == [False, False, False, True]
    assert (await find(database)).until is None
    assert not any(await check(70))
    assert await told(database) == ["human_on", "human_off"]


async def test_organizer_overrides_the_automatic_mode(database: Database, sign: Sign) -> None:
    await sign_many(database, sign, 1, 40)
    await database.transact(human_check.switch, 0, "auto", 30, 1)
    assert await database.transact(human_check.switch_by_surge, NOW)
    await database.transact(human_check.switch, 1, "off", 30, 1)
    assert not await database.transact(human_check.switch_by_surge, NOW)
    assert await find(database) == HumanCheck("off", 30, None, 2, 1)
    await database.transact(human_check.switch, 2, "auto", 300, 1)
    assert not await database.transact(human_check.switch_by_surge, NOW), "40 signatures are no surge at a rate of 300"


async def test_passed_human_check_stays_passed(database: Database) -> None:
    async def meet(tx: Transaction) -> bool:
        return (await supporters.meet(tx, 7, language="ko", now=NOW)).passed_human_check

    assert not await database.transact(meet)
    for later in range(2):
        now = NOW + timedelta(hours=later)
        await database.transact(supporters.note_human, 7, now)
        assert await database.transact(meet)
    row = await database.transact(lambda tx: tx.one("SELECT human_at FROM supporters"))
    assert row is not None
    assert row["human_at"].startswith("2026-11-24T03"), "the first time stays"
