"""Deliveries: who gets one, when they leave `waiting`, and counts that always equal a recount."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta

import pytest

from chatbot.petition.broadcasts.broadcast import Audience, Broadcast
from chatbot.petition.broadcasts.outcome import Delivery, Failed, Gone, Result, Sent, Unknown
from chatbot.storage import Database, Transaction, open_database
from chatbot.storage.broadcasts import approvals, broadcasts, deliveries
from chatbot.storage.broadcasts import audience as gathering
from chatbot.storage.broadcasts import drafts as composing
from chatbot.storage.people import subscriptions, supporters
from tests.storage.conftest import Sign, counted, recount
from tests.support.broadcasts import draft, gather_all, start, states, subscribe
from tests.support.broadcasts import recount as recount_ledger
from tests.support.campaigns import BUNDLED

HOUR = timedelta(hours=1)


async def sending(tx: Transaction, now: datetime, **words: str) -> Broadcast:
    """Start a broadcast and make all its deliveries."""
    return await gather_all(tx, await start(tx, await draft(tx, now, **(words or {"ko": "소식"})), now), now)


# Who gets it


@pytest.mark.parametrize("batch", [1, 2, 3, 7, 100])
async def test_audience_is_gathered_in_batches_of_any_size(database: Database, now: datetime, batch: int) -> None:
    async def work(tx: Transaction) -> tuple[dict[int, str], int]:
        await subscribe(tx, range(1, 8), now)
        broadcast = await start(tx, await draft(tx, now, ko="소식"), now)
        batches = 1
        while not await gathering.gather(tx, broadcast, BUNDLED, batch, now):
            assert (await broadcasts.get(tx, broadcast.id)).gathered_at is None
            batches += 1
        assert (await broadcasts.get(tx, broadcast.id)).gathered_at == now
        assert await gathering.gather(tx, broadcast, BUNDLED, batch, now), "a complete audience stays complete"
        assert await deliveries.tally(tx, broadcast.id) == await recount_ledger(tx, broadcast.id)
        return await states(tx, broadcast.id), batches

    rows, batches = await database.transact(work)
    assert rows == dict.fromkeys(range(1, 8), "waiting")
    assert batches == -(-7 // batch) + 1


async def test_gathered_audience_is_not_gathered_again(database: Database, now: datetime) -> None:
    """Another worker has completed the audience meanwhile."""

    async def work(tx: Transaction) -> tuple[dict[int, str], int]:
        await subscribe(tx, range(1, 8), now)
        broadcast = await start(tx, await draft(tx, now, ko="소식"), now)
        await gather_all(tx, broadcast, now, batch=3)
        await subscribe(tx, [8], now)
        assert await gathering.gather(tx, broadcast, BUNDLED, 3, now)
        return await states(tx, broadcast.id), (await deliveries.tally(tx, broadcast.id)).total

    assert await database.transact(work) == (dict.fromkeys(range(1, 8), "waiting"), 7)


async def test_gathering_leaves_out_people_who_join_or_leave_meanwhile(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> dict[int, str]:
        await subscribe(tx, range(10, 20), now)
        broadcast = await start(tx, await draft(tx, now, ko="소식"), now)
        assert not await gathering.gather(tx, broadcast, BUNDLED, 5, now)
        later = now + HOUR
        await subscriptions.end(tx, 11, "asked", later)  # has a delivery, which is skipped when it is claimed
        await subscriptions.end(tx, 17, "asked", later)  # has no delivery yet, and gets none
        await subscriptions.end(tx, 18, "asked", later)
        await subscribe(tx, [5, 18, 25], later)  # 18 comes back, as new as 5 and 25
        broadcast = await gather_all(tx, broadcast, later, batch=5)
        claim = await deliveries.claim(tx, broadcast, 100)
        assert claim.skipped == 1
        await deliveries.record(tx, broadcast.id, [(each, Sent(1)) for each in claim.deliveries], later)
        assert await deliveries.tally(tx, broadcast.id) == await recount_ledger(tx, broadcast.id)
        return await states(tx, broadcast.id)

    rows = await database.transact(work)
    assert rows == dict.fromkeys((10, 12, 13, 14, 15, 16, 19), "sent") | {11: "skipped"}


async def test_broadcast_goes_to_its_readers_or_to_everyone(database: Database, now: datetime) -> None:
    async def audience(tx: Transaction, reach: str, **words: str) -> dict[str, int]:
        broadcast = await draft(tx, now, **words)
        assert await composing.set_reach(tx, broadcast.id, reach)
        broadcast = await start(tx, await broadcasts.get(tx, broadcast.id), now)
        await gather_all(tx, broadcast, now)
        return dict((await deliveries.tally(tx, broadcast.id)).audience)

    async def work(tx: Transaction) -> None:
        await subscribe(tx, [1, 2, 3], now, "ko")
        await subscribe(tx, [4, 5], now, "en")
        assert await audience(tx, "readers", ko="소식", en="News") == {"ko": 3, "en": 2}
        assert await audience(tx, "readers", en="News") == {"en": 2}
        assert await audience(tx, "everyone", en="News") == {"en": 5}
        assert await audience(tx, "everyone", ko="소식") == {"ko": 5}

    await database.transact(work)


async def test_audience_is_limited_to_countries_and_a_language(database: Database, now: datetime, sign: Sign) -> None:
    async def audience(tx: Transaction, chosen: Audience) -> set[int]:
        broadcast = await draft(tx, now, ko="소식", en="News")
        assert await composing.set_audience(tx, broadcast.id, chosen)
        broadcast = await start(tx, await broadcasts.get(tx, broadcast.id), now)
        await gather_all(tx, broadcast, now)
        expected = await approvals.count_recipients(tx, broadcast, BUNDLED)
        gathered = await states(tx, broadcast.id)
        assert len(gathered) == sum(expected.values())
        return set(gathered)

    async def work(tx: Transaction) -> None:
        for each, country in enumerate(["KR", "US", "RU", "KR", "SK"], 1):
            await sign(tx, each, country=country)
            await subscriptions.subscribe(tx, each, "en" if each > 3 else "ko", now)
        await subscribe(tx, [6], now, "ko")  # 6 has not signed
        assert await audience(tx, Audience()) == {1, 2, 3, 4, 5, 6}
        assert await audience(tx, Audience(countries=("KR",))) == {1, 4}
        assert await audience(tx, Audience(countries=("KR", "US"))) == {1, 2, 4}
        assert await audience(tx, Audience("en", ("KR", "US"))) == {4}
        assert await audience(tx, Audience("ko")) == {1, 2, 3, 6}
        assert await audience(tx, Audience(countries=("FR",))) == set()

    await database.transact(work)


async def test_recall_and_correction_go_to_recipients(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        await subscribe(tx, [1, 2, 3], now, "ko")
        await subscribe(tx, [4, 5], now, "en")
        broadcast = await sending(tx, now, ko="소식", en="News")
        claim = await deliveries.claim(tx, broadcast, 4)
        results = [Sent(101), Unknown("timeout"), Gone("blocked"), Sent(104)]
        await deliveries.record(tx, broadcast.id, list(zip(claim.deliveries, results, strict=True)), now)
        await subscriptions.end(tx, 1, "asked", now)  # the messages of people who left are corrected and recalled too

        correction = await draft(tx, now, kind="correction", of=broadcast, en="Better news")
        assert await composing.remove_post(tx, correction.id, "ko")
        correction = await start(tx, await broadcasts.get(tx, correction.id), now)
        correction = await gather_all(tx, correction, now, batch=1)
        assert await states(tx, correction.id) == {4: "waiting"}

        recall = await gather_all(tx, await start(tx, await draft(tx, now, kind="recall", of=broadcast), now), now, 1)
        claim = await deliveries.claim(tx, recall, 9)
        assert list(claim.deliveries) == [Delivery(1, "ko", 101), Delivery(4, "en", 104)]
        await deliveries.record(tx, recall.id, [(each, Sent(each.message_id)) for each in claim.deliveries], now)
        assert await deliveries.tally(tx, recall.id) == await recount_ledger(tx, recall.id)

    await database.transact(work)


# The order of broadcasts


async def test_claims_come_in_order_and_never_overlap(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        await subscribe(tx, [9, 3, 5, 1, 7], now)
        broadcast = await sending(tx, now)
        taken: list[int] = []
        while claim := (await deliveries.claim(tx, broadcast, 2)).deliveries:
            taken += [each.supporter_id for each in claim]
        assert taken == [1, 3, 5, 7, 9]
        assert set((await states(tx, broadcast.id)).values()) == {"sending"}

    await database.transact(work)


async def test_concurrent_claims_never_overlap(database: Database, url: str, now: datetime) -> None:
    async def begin(tx: Transaction) -> Broadcast:
        await subscribe(tx, range(1, 101), now)
        return await sending(tx, now)

    broadcast = await database.transact(begin)
    other = await open_database(url)

    async def claim_all(here: Database) -> list[int]:
        taken: list[int] = []
        while claim := (await here.transact(deliveries.claim, broadcast, 3)).deliveries:
            taken += [each.supporter_id for each in claim]
        return taken

    taken = await asyncio.gather(claim_all(database), claim_all(other), claim_all(database))
    assert sorted(each for part in taken for each in part) == list(range(1, 101))
    await other.close()


async def test_returned_deliveries_come_first_again(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        await subscribe(tx, range(1, 6), now)
        broadcast = await sending(tx, now)
        claim = await deliveries.claim(tx, broadcast, 3)
        await deliveries.give_back(tx, broadcast.id, claim.deliveries)
        await deliveries.give_back(tx, broadcast.id, claim.deliveries)
        await subscriptions.end(tx, 2, "asked", now)
        again = await deliveries.claim(tx, broadcast, 3)
        assert [each.supporter_id for each in again.deliveries] == [1, 3]
        assert again.skipped == 1
        await deliveries.record(tx, broadcast.id, [(each, Sent(1)) for each in again.deliveries], now)
        await deliveries.give_back(tx, broadcast.id, again.deliveries)  # too late: they were sent
        assert Counter((await states(tx, broadcast.id)).values()) == Counter(sent=2, skipped=1, waiting=2)

    await database.transact(work)


async def test_result_counts_once(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        await subscribe(tx, range(1, 4), now)
        broadcast = await sending(tx, now)
        claim = await deliveries.claim(tx, broadcast, 3)
        results: list[tuple[Delivery, Result]] = [(each, Sent(7)) for each in claim.deliveries]
        await deliveries.record(tx, broadcast.id, results, now)
        await deliveries.record(tx, broadcast.id, results, now)
        await deliveries.record(tx, broadcast.id, [(each, Unknown("late")) for each in claim.deliveries], now)
        assert (await deliveries.tally(tx, broadcast.id)).outcomes == {("ko", "sent", ""): 3}

    await database.transact(work)


async def test_blocked_delivery_ends_the_subscription(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        await subscribe(tx, range(1, 5), now)
        broadcast = await sending(tx, now)
        claim = await deliveries.claim(tx, broadcast, 4)
        results: list[Result] = [Gone("blocked"), Gone("deactivated"), Gone("not_found"), Failed("odd")]
        await deliveries.record(tx, broadcast.id, list(zip(claim.deliveries, results, strict=True)), now)
        assert [await subscriptions.find(tx, each) is None for each in range(1, 5)] == [True, True, False, False]
        marked = [(await supporters.meet(tx, each, language="ko", now=now)).blocked for each in range(1, 5)]
        assert marked == [True, True, False, False]
        assert await deliveries.list_strangers(tx, broadcast.id, 0, 10) == [3]
        assert await deliveries.list_strangers(tx, broadcast.id, 3, 10) == []
        assert await counted(tx) == await recount(tx)

    await database.transact(work)
