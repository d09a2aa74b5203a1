"""Deliveries: who gets one, when they leave `waiting`, and counts that always equal a recount."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatbot.petition.broadcasts.broadcast import Audience, Broadcast
from chatbot.petition.broadcasts.outcome import Delivery, Failed, Gone, Result, Sent, Unknown
from chatbot.storage import Database, Transaction, open_database
from chatbot.storage.broadcasts import audience as gathering
from chatbot.storage.broadcasts import broadcasts, deliveries, lifecycle
from chatbot.storage.broadcasts import drafts as composing
from chatbot.storage.people import subscriptions, supporters
from tests.storage.conftest import Sign, counted, recount
from tests.support.stored_broadcasts import draft, gather_all, start, states, subscribe
from tests.support.stored_broadcasts import recount as recount_ledger

HOUR = timedelta(hours=1)


async def sending(tx: Transaction, now: datetime, **words: str) -> Broadcast:
    """A started broadcast with its audience complete."""
    return await gather_all(tx, await start(tx, await draft(tx, now, **(words or {"ko": "소식"})), now), now)


# Who gets it


@pytest.mark.parametrize("batch", [1, 2, 3, 7, 100])
async def test_audience_is_gathered_in_batches_of_any_size(database: Database, now: datetime, batch: int) -> None:
    async def work(tx: Transaction) -> tuple[dict[int, str], int]:
        await subscribe(tx, range(1, 8), now)
        broadcast = await start(tx, await draft(tx, now, ko="소식"), now)
        batches = 1
        while not await gathering.gather(tx, broadcast, batch, now):
            assert (await broadcasts.get(tx, broadcast.id)).gathered_at is None
            batches += 1
        assert (await broadcasts.get(tx, broadcast.id)).gathered_at == now
        assert await gathering.gather(tx, broadcast, batch, now), "once more, it is as complete"
        assert await deliveries.tally(tx, broadcast.id) == await recount_ledger(tx, broadcast.id)
        return await states(tx, broadcast.id), batches

    rows, batches = await database.transact(work)
    assert rows == dict.fromkeys(range(1, 8), "waiting")
    assert batches == -(-7 // batch) + 1


async def test_gathered_audience_is_not_gathered_again(database: Database, now: datetime) -> None:
    """As by a worker whose successor has finished the audience meanwhile."""

    async def work(tx: Transaction) -> tuple[dict[int, str], int]:
        await subscribe(tx, range(1, 8), now)
        broadcast = await start(tx, await draft(tx, now, ko="소식"), now)
        await gather_all(tx, broadcast, now, batch=3)
        await subscribe(tx, [8], now)
        assert await gathering.gather(tx, broadcast, 3, now)
        return await states(tx, broadcast.id), (await deliveries.tally(tx, broadcast.id)).total

    assert await database.transact(work) == (dict.fromkeys(range(1, 8), "waiting"), 7)


async def test_gathering_meets_people_who_join_or_leave(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> dict[int, str]:
        await subscribe(tx, range(10, 20), now)
        broadcast = await start(tx, await draft(tx, now, ko="소식"), now)
        assert not await gathering.gather(tx, broadcast, 5, now)
        later = now + HOUR
        await subscriptions.end(tx, 11, "asked", later)  # gathered already: skipped when their turn comes
        await subscriptions.end(tx, 17, "asked", later)  # not yet: not included
        await subscriptions.end(tx, 18, "asked", later)
        await subscribe(tx, [5, 18, 25], later)  # 18 comes back, as somebody who joined afterwards
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
        expected = await subscriptions.count_audience(tx, chosen)
        gathered = await states(tx, broadcast.id)
        assert len(gathered) == sum(expected.values())
        return set(gathered)

    async def work(tx: Transaction) -> None:
        for each, country in enumerate(["KR", "US", "RU", "KR", "SK"], 1):
            await sign(tx, each, country=country)
            await subscriptions.subscribe(tx, each, "en" if each > 3 else "ko", now)
        await subscribe(tx, [6], now, "ko")  # has not signed
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
        await subscriptions.end(tx, 1, "asked", now)  # what they got can be corrected and recalled all the same

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


# Whose turn it is


async def test_claims_are_ordered_and_disjoint(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        await subscribe(tx, [9, 3, 5, 1, 7], now)
        broadcast = await sending(tx, now)
        taken: list[int] = []
        while claim := (await deliveries.claim(tx, broadcast, 2)).deliveries:
            taken += [each.supporter_id for each in claim]
        assert taken == [1, 3, 5, 7, 9]
        assert set((await states(tx, broadcast.id)).values()) == {"sending"}

    await database.transact(work)


async def test_concurrent_claims_are_disjoint(database: Database, url: str, now: datetime) -> None:
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
        await deliveries.give_back(tx, broadcast.id, again.deliveries)  # too late: they have it
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


# After a crash, and once more


async def test_crash_makes_deliveries_in_flight_unknown(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        await subscribe(tx, range(1, 6), now)
        broadcast = await sending(tx, now)
        claim = await deliveries.claim(tx, broadcast, 3)
        await deliveries.record(tx, broadcast.id, [(claim.deliveries[0], Sent(1))], now)
        assert await deliveries.is_landing(tx, broadcast.id)
        assert await deliveries.recover(tx) == 2
        assert await deliveries.recover(tx) == 0
        assert not await deliveries.is_landing(tx, broadcast.id)
        assert (await deliveries.tally(tx, broadcast.id)).outcomes == {
            ("ko", "sent", ""): 1,
            ("ko", "unknown", "crash"): 2,
        }
        recall = await gather_all(tx, await start(tx, await draft(tx, now, kind="recall", of=broadcast), now), now)
        await deliveries.claim(tx, recall, 3)
        assert await deliveries.recover(tx) == 0
        assert await states(tx, recall.id) == {1: "waiting"}

    await database.transact(work)


async def test_crash_settles_cancelled_deliveries_in_flight(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        await subscribe(tx, range(1, 6), now)
        broadcast = await sending(tx, now)
        await deliveries.claim(tx, broadcast, 2)
        assert await lifecycle.end(tx, broadcast.id, "cancelled", now)
        assert await deliveries.find_running(tx) is None
        assert await deliveries.recover(tx) == 2
        assert (await deliveries.tally(tx, broadcast.id)).left == 3

    await database.transact(work)


@pytest.mark.parametrize("batch", [1, 2, 100])
async def test_sending_again_restores_the_chosen_deliveries(database: Database, now: datetime, batch: int) -> None:
    async def work(tx: Transaction) -> None:
        await subscribe(tx, range(1, 7), now)
        broadcast = await sending(tx, now)
        assert await gathering.put_back(tx, broadcast, batch), "nothing is asked for"
        claim = await deliveries.claim(tx, broadcast, 6)
        results: list[Result] = [Sent(1), Unknown("cut"), Failed("odd"), Unknown("crash"), Gone("blocked"), Sent(6)]
        await deliveries.record(tx, broadcast.id, list(zip(claim.deliveries, results, strict=True)), now)
        assert not await lifecycle.send_again(tx, broadcast.id, "unknown"), "not before everybody was tried"
        assert await lifecycle.end(tx, broadcast.id, "done", now)
        assert await lifecycle.send_again(tx, broadcast.id, "unknown")
        assert not await lifecycle.send_again(tx, broadcast.id, "unknown")
        while not await gathering.put_back(tx, broadcast, batch):
            pass
        assert await gathering.put_back(tx, broadcast, batch)
        assert await deliveries.tally(tx, broadcast.id) == await recount_ledger(tx, broadcast.id)
        again = await deliveries.claim(tx, broadcast, 6)
        assert [each.supporter_id for each in again.deliveries] == [2, 4]
        await deliveries.record(tx, broadcast.id, [(each, Unknown("cut")) for each in again.deliveries], now)
        assert await gathering.put_back(tx, broadcast, batch), "who is unknown once more is not tried for ever"
        assert await lifecycle.end(tx, broadcast.id, "done", now)
        assert await lifecycle.send_again(tx, broadcast.id, "failed")

    await database.transact(work)


# What runs


async def test_recalls_and_corrections_come_first(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        assert await deliveries.find_running(tx) is None
        first = await start(tx, await draft(tx, now, ko="하나"), now + HOUR)
        second = await start(tx, await draft(tx, now, ko="둘"), now + 2 * HOUR)
        sent = await start(tx, await draft(tx, now, ko="셋"), now)
        assert await lifecycle.end(tx, sent.id, "done", now)
        assert await deliveries.list_open(tx) == [first.id, second.id]

        async def running() -> int | None:
            found = await deliveries.find_running(tx)
            return found.id if found else None

        assert await running() == first.id
        assert await lifecycle.pause(tx, first.id, now)
        assert not await lifecycle.pause(tx, first.id, now)
        assert await running() == second.id
        assert await lifecycle.resume(tx, first.id)
        assert not await lifecycle.resume(tx, first.id)
        correction = await start(tx, await draft(tx, now, kind="correction", of=sent, ko="셋!"), now + 3 * HOUR)
        assert await running() == correction.id
        recall = await start(tx, await draft(tx, now, kind="recall", of=sent), now + 4 * HOUR)
        assert await running() == recall.id
        assert await lifecycle.end(tx, recall.id, "done", now)
        assert await lifecycle.end(tx, correction.id, "done", now)
        assert await running() == first.id

    await database.transact(work)


async def test_due_broadcast_starts_and_late_one_asks(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        drafts = [await draft(tx, now, ko=text) for text in ("하나", "둘", "셋", "넷")]
        moments = [now, now - HOUR, now - HOUR - timedelta(seconds=1), now + timedelta(seconds=1)]
        for each, at in zip(drafts, moments, strict=True):
            assert await composing.schedule(tx, each.id, each.revision, at)
        await deliveries.start_due(tx, now)
        await deliveries.start_due(tx, now)
        found = [await broadcasts.get(tx, each.id) for each in drafts]
        assert [each.state for each in found] == ["running", "running", "late", "scheduled"]
        assert [each.id for each in await lifecycle.list_unreported(tx)] == [drafts[2].id]
        assert await lifecycle.note_report(tx, drafts[2].id, now)
        assert not await lifecycle.note_report(tx, drafts[2].id, now)
        assert await lifecycle.list_unreported(tx) == []
        await deliveries.start_due(tx, now + 3 * HOUR)  # it asks once, and nothing starts without an answer
        assert [(await broadcasts.get(tx, each.id)).state for each in drafts[2:]] == ["late", "late"]
        assert [each.id for each in await lifecycle.list_unreported(tx)] == [drafts[3].id]
        assert await lifecycle.start(tx, drafts[2].id, found[2].revision, 1, now)
        assert (await broadcasts.get(tx, drafts[2].id)).state == "running"

    await database.transact(work)


# Whatever happens

OUTCOMES: list[Result] = [Sent(77), Gone("blocked"), Gone("not_found"), Failed("odd"), Unknown("cut")]
ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["gather", "claim", "claim", "record", "record", "give_back", "crash", "leave", "join", "end", "again"]
        ),
        st.integers(0, 9),
    ),
    max_size=40,
)


@given(ACTS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_counts_equal_a_recount_whatever_happens(
    database: Database, now: datetime, acts: list[tuple[str, int]]
) -> None:
    async def work(tx: Transaction) -> None:
        await subscribe(tx, range(1, 6), now, "ko")
        await subscribe(tx, range(6, 11), now, "en")
        broadcast = await start(tx, await draft(tx, now, ko="소식", en="News"), now)
        in_hand: list[Delivery] = []
        arrived: Counter[int] = Counter()
        complete = False
        for act, n in acts:
            match act:
                case "gather" if not complete:
                    complete = await gathering.gather(tx, broadcast, n % 4 + 1, now)
                case "claim" if await gathering.put_back(tx, broadcast, n % 3 + 1) and complete:
                    in_hand += (await deliveries.claim(tx, broadcast, n % 4 + 1)).deliveries
                case "record":
                    results = [(each, OUTCOMES[(each.supporter_id + n) % len(OUTCOMES)]) for each in in_hand[: n % 4]]
                    await deliveries.record(tx, broadcast.id, results, now)
                    arrived.update(each.supporter_id for each, result in results if isinstance(result, Sent))
                    del in_hand[: n % 4]
                case "give_back":
                    await deliveries.give_back(tx, broadcast.id, in_hand[: n % 4])
                    del in_hand[: n % 4]
                case "crash":
                    assert await deliveries.recover(tx) == len(in_hand)
                    in_hand.clear()
                case "leave":
                    await subscriptions.end(tx, n + 1, "asked", now)
                case "join":
                    await subscriptions.subscribe(tx, n + 1, "en" if n > 4 else "ko", now + HOUR)
                case "end":
                    tally = await deliveries.tally(tx, broadcast.id)
                    if complete and not tally.left:
                        await lifecycle.end(tx, broadcast.id, "done", now)
                case "again":
                    await lifecycle.send_again(tx, broadcast.id, "failed" if n % 2 else "unknown")
            tally = await deliveries.tally(tx, broadcast.id)
            assert tally == await recount_ledger(tx, broadcast.id)
            standing = Counter((await states(tx, broadcast.id)).values())
            assert standing["sending"] == len(in_hand)
            assert tally.left == standing["sending"] + standing["waiting"]
        assert all(times == 1 for times in arrived.values())
        assert {each for each, state in (await states(tx, broadcast.id)).items() if state == "sent"} == set(arrived)
        assert await counted(tx) == await recount(tx)
        await deliveries.recover(tx)
        await lifecycle.end(tx, broadcast.id, "cancelled", now)

    await database.transact(work)


async def test_claim_returns_the_stored_delivery(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        await subscribe(tx, [1], now)
        broadcast = await sending(tx, now)
        (delivery,) = (await deliveries.claim(tx, broadcast, 5)).deliveries
        assert delivery == Delivery(1, "ko", None)

    await database.transact(work)
