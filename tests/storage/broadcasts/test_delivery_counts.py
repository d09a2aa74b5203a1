"""Deliveries after a crash, the order in which broadcasts run, and counts that always equal a recount."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatbot.petition.broadcasts.outcome import Delivery, Failed, Gone, Result, Sent, Unknown
from chatbot.storage import Database, Transaction
from chatbot.storage.broadcasts import audience as gathering
from chatbot.storage.broadcasts import broadcasts, deliveries, lifecycle
from chatbot.storage.broadcasts import drafts as composing
from chatbot.storage.people import subscriptions
from tests.storage.broadcasts.test_deliveries import HOUR, sending
from tests.storage.conftest import counted, recount
from tests.support.broadcasts import draft, gather_all, start, states, subscribe
from tests.support.broadcasts import recount as recount_ledger
from tests.support.campaigns import BUNDLED

# After a crash, and sent again


async def test_crash_makes_deliveries_in_flight_unknown(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        await subscribe(tx, range(1, 6), now)
        broadcast = await sending(tx, now)
        claim = await deliveries.claim(tx, broadcast, 3)
        await deliveries.record(tx, broadcast.id, [(claim.deliveries[0], Sent(1))], now)
        assert await deliveries.has_in_flight(tx, broadcast.id)
        assert await deliveries.recover(tx) == 2
        assert await deliveries.recover(tx) == 0
        assert not await deliveries.has_in_flight(tx, broadcast.id)
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
        assert await gathering.put_back(tx, broadcast, batch), "nobody asked to send again"
        claim = await deliveries.claim(tx, broadcast, 6)
        results: list[Result] = [Sent(1), Unknown("cut"), Failed("odd"), Unknown("crash"), Gone("blocked"), Sent(6)]
        await deliveries.record(tx, broadcast.id, list(zip(claim.deliveries, results, strict=True)), now)
        assert not await lifecycle.send_again(tx, broadcast.id, "unknown"), "first every delivery must be tried"
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
        assert await gathering.put_back(tx, broadcast, batch), "a delivery that is unknown again is not tried again"
        assert await lifecycle.end(tx, broadcast.id, "done", now)
        assert await lifecycle.send_again(tx, broadcast.id, "failed")

    await database.transact(work)


# Which broadcast runs


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
        assert await running() == first.id, "the recall ended the correction too"

    await database.transact(work)


async def test_due_broadcast_starts_and_late_one_asks(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        drafts = [await draft(tx, now, ko=text) for text in ("하나", "둘", "셋", "넷")]
        moments = [now, now - HOUR, now - HOUR - timedelta(seconds=1), now + timedelta(seconds=1)]
        for each, at in zip(drafts, moments, strict=True):
            assert await composing.schedule(tx, each.id, each.revision, at)
        await deliveries.start_due(tx, BUNDLED, now)
        await deliveries.start_due(tx, BUNDLED, now)
        found = [await broadcasts.get(tx, each.id) for each in drafts]
        assert [each.state for each in found] == ["running", "running", "late", "scheduled"]
        assert [each.id for each in await lifecycle.list_unreported(tx)] == [drafts[2].id]
        assert await lifecycle.note_report(tx, drafts[2].id, now)
        assert not await lifecycle.note_report(tx, drafts[2].id, now)
        assert await lifecycle.list_unreported(tx) == []
        await deliveries.start_due(tx, BUNDLED, now + 3 * HOUR)  # it asks once, and nothing starts without an answer
        assert [(await broadcasts.get(tx, each.id)).state for each in drafts[2:]] == ["late", "late"]
        assert [each.id for each in await lifecycle.list_unreported(tx)] == [drafts[3].id]
        assert await lifecycle.start(tx, drafts[2].id, found[2].revision, 1, now)
        assert (await broadcasts.get(tx, drafts[2].id)).state == "running"

    await database.transact(work)


# In any order of events

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
                    complete = await gathering.gather(tx, broadcast, BUNDLED, n % 4 + 1, now)
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
            counts = Counter((await states(tx, broadcast.id)).values())
            assert counts["sending"] == len(in_hand)
            assert tally.left == counts["sending"] + counts["waiting"]
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
