"""Each signature is searched for signals once, by one of several processes, and no signal is reported twice."""

import asyncio
from datetime import datetime, timedelta

from chatbot.petition.review.detector import WINDOW, Detection
from chatbot.petition.review.filter import hash_name
from chatbot.storage import Database, Transaction
from chatbot.storage.organizer import jobs
from chatbot.storage.organizer.review import set_asides, signals
from chatbot.storage.people import counters, name_hashes, signatures
from tests.storage.conftest import Sign
from tests.support.signers import FIRST_NUMBER


async def detect(database: Database, state: signals.DetectionState, now: datetime) -> int:
    async def work(tx: Transaction) -> int:
        last = await counters.read(tx, counters.NUMBERS)
        some, number = await signatures.list_after(tx, state.number, last, 1_000)
        seen = Detection(state.searched_at, now, state.frontier, newest=state.newest).add(some)
        return len(await signals.add_detected(tx, state, number, seen, now))

    return await database.transact(work)


async def test_one_of_two_concurrent_detections_tells_the_team(database: Database, sign: Sign, now: datetime) -> None:
    await database.transact(signals.read_state, now)

    async def flood(tx: Transaction) -> None:
        for each in range(1, 31):
            await sign(tx, each, name=f"x{each}", source="flood")

    await database.transact(flood)
    later = now + WINDOW
    state = await database.transact(signals.read_state, later)
    found = await asyncio.gather(detect(database, state, later), detect(database, state, later))
    assert sorted(found) == [0, 1]  # the link; the first accounts make the frontier, so none of them is new
    told = await database.transact(jobs.find_due, later, (), 10)
    assert sorted(str(each.details["kind"]) for each in told) == ["source"]
    again = await database.transact(signals.read_state, later)
    assert again.number == FIRST_NUMBER + 29
    assert await detect(database, again, later + WINDOW) == 0
    recent = await database.transact(signals.list_since, now, 10)
    assert {each.value for each in recent} == {30}
    assert await database.transact(signals.list_since, later + timedelta(days=1), 10) == []


async def test_filter_excludes_signatures_made_before_it(database: Database, sign: Sign, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        await sign(tx, 1, source="flood")
        one = await set_asides.create(tx, 9, signals.ReviewFilter(source="flood"), now)
        await set_asides.note_count(tx, one.id, 1)
        await set_asides.give_reason(tx, one.id, "a flood")
        await sign(tx, 2, source="flood")
        assert await set_asides.change_state(tx, one.id, ["counted"], "running")
        assert not await set_asides.change_state(tx, one.id, ["counted"], "running")
        after = await set_asides.set_aside_some(tx, one.id, 0)
        assert after is not None
        assert after.state == "done"
        assert await signatures.count(tx) == await counters.read(tx, counters.SET_ASIDE) == 1
        excluded = await tx.all("SELECT supporter_id FROM signatures WHERE set_aside_id IS NOT NULL")
        assert [row["supporter_id"] for row in excluded] == [1]

    await database.transact(work)


async def test_withdrawal_removes_the_name_from_finished_set_asides(
    database: Database, sign: Sign, now: datetime
) -> None:
    hashed = hash_name("하나")

    async def set_aside(tx: Transaction, state: str) -> None:
        await sign(tx, 1, name="하나")
        one = await set_asides.create(tx, 9, signals.ReviewFilter(name=hashed, source="flood"), now)
        await tx.run("UPDATE set_asides SET state = :state WHERE id = :id", state=state, id=one.id)
        await signatures.take_back(tx, 1)

    async def kept(tx: Transaction) -> list[str]:
        return [row["conditions"] for row in await tx.all("SELECT conditions FROM set_asides ORDER BY state")]

    await database.transact(set_aside, "running")
    await database.transact(set_aside, "done")
    done, running = await database.transact(kept)
    assert hashed not in done
    assert "flood" in done
    assert hashed in running, "one withdrawal does not stop a set-aside that is under way"
    await database.transact(name_hashes.forget_all)
    assert hashed not in "".join(await database.transact(kept))


async def test_signals_are_deleted_after_a_week(database: Database, sign: Sign, now: datetime) -> None:
    await database.transact(signals.read_state, now)

    async def flood(tx: Transaction) -> None:
        for each in range(1, 31):
            await sign(tx, each, name="Mallory", source=f"s{each}")

    await database.transact(flood)
    assert await detect(database, await database.transact(signals.read_state, now), now + WINDOW) == 1
    later = now + signals.KEPT + 2 * WINDOW
    await detect(database, await database.transact(signals.read_state, later), later)
    assert await database.transact(lambda tx: tx.all("SELECT * FROM signals")) == []
