"""An approval is given once, by another organizer, for one revision. Without it nothing is sent."""

import asyncio
from datetime import datetime, timedelta

from markupsafe import Markup

from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastState
from chatbot.petition.broadcasts.post import Post
from chatbot.storage import Database, Transaction, open_database
from chatbot.storage.broadcasts import approvals, broadcasts, deliveries, drafts
from chatbot.storage.organizer import team
from tests.support.broadcasts import draft, subscribe
from tests.support.campaigns import BUNDLED
from tests.support.cast import HANA, SAM, YUNA


async def prepare(database: Database, now: datetime, people: int = 4) -> Broadcast:
    """Write a draft to `people` readers. An audience above three needs an approval."""

    async def work(tx: Transaction) -> Broadcast:
        await subscribe(tx, range(1, people + 1), now)
        await team.set_threshold(tx, 3, None)
        return await draft(tx, now, ko="가", en="a")

    return await database.transact(work)


async def test_approval_is_given_once_by_another_organizer_for_one_revision(database: Database, now: datetime) -> None:
    written = await prepare(database, now)
    number, revision = written.id, written.revision

    async def work(tx: Transaction) -> None:
        assert await approvals.is_missing(tx, written, 4, YUNA, now)
        assert not await approvals.is_open(tx, written)
        assert not await approvals.approve(tx, number, revision, HANA, now), "nobody has asked for it"
        assert await approvals.ask(tx, number, revision, YUNA, now, starts=True)
        assert not await approvals.ask(tx, number, revision, HANA, now, starts=True), "it was asked for already"
        assert await approvals.is_open(tx, written)
        assert not await approvals.approve(tx, number, revision, YUNA, now), (
            "organizers cannot approve their own broadcast"
        )
        assert not await approvals.approve(tx, number, revision + 1, HANA, now), "it was asked for another revision"
        assert await approvals.approve(tx, number, revision, HANA, now)
        assert not await approvals.approve(tx, number, revision, SAM, now), "it was given already"
        assert not await approvals.withdraw(tx, number)
        assert not await approvals.is_missing(tx, written, 4, YUNA, now)
        assert await drafts.write_post(tx, number, "en", Post(Markup("b")))
        changed = await broadcasts.get(tx, number)
        assert await approvals.is_missing(tx, changed, 4, YUNA, now)
        assert await approvals.find(tx, changed) is None
        assert await drafts.discard(tx, number), "the approval is deleted with the draft"

    await database.transact(work)


async def test_one_of_several_concurrent_organizers_approves(url: str, now: datetime) -> None:
    first, second = await open_database(url), await open_database(url)
    written = await prepare(first, now)
    await first.transact(approvals.ask, written.id, written.revision, YUNA, now, starts=True)
    approved = await asyncio.gather(
        *(
            database.transact(approvals.approve, written.id, written.revision, member_id, now)
            for member_id, database in enumerate((first, second) * 4, 5000)
        )
    )
    assert sorted(approved) == [False] * 7 + [True]
    await first.close()
    await second.close()


async def test_scheduled_broadcast_waits_for_its_approval(database: Database, now: datetime) -> None:
    written = await prepare(database, now)
    hour = now + timedelta(hours=1)

    async def work(tx: Transaction) -> None:
        assert await drafts.schedule(tx, written.id, written.revision, hour)
        await deliveries.start_due(tx, BUNDLED, hour)
        late = await broadcasts.get(tx, written.id)
        assert late.state is BroadcastState.LATE
        assert await approvals.is_open(tx, late), "it is late because nobody has approved it"
        assert await drafts.schedule(tx, late.id, late.revision, hour + timedelta(hours=1))
        again = await broadcasts.get(tx, written.id)
        assert await approvals.ask(tx, again.id, again.revision, YUNA, hour, starts=False)
        assert await approvals.approve(tx, again.id, again.revision, HANA, hour)
        await deliveries.start_due(tx, BUNDLED, hour + timedelta(hours=1))
        assert (await broadcasts.get(tx, written.id)).state is BroadcastState.RUNNING

    await database.transact(work)
