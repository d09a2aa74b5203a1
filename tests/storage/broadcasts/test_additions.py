"""Organizers add a language to a sent broadcast, and nobody gets the broadcast twice."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from chatbot.petition.broadcasts.broadcast import Audience, Broadcast, BroadcastState
from chatbot.petition.broadcasts.outcome import Failed, Gone, Result, Sent, Unknown
from chatbot.petition.broadcasts.post import Post
from chatbot.petition.languages import Language
from chatbot.petition.rounding import FEW
from chatbot.storage import Database, Transaction
from chatbot.storage.broadcasts import approvals, audience, broadcasts, deliveries, drafts, lifecycle
from chatbot.storage.people import subscriptions
from tests.support.broadcasts import draft, gather_all, recount, start, states, subscribe
from tests.support.campaigns import BUNDLED
from tests.support.cast import HANA, YUNA

HOUR = timedelta(hours=1)


async def deliver(
    tx: Transaction, broadcast: Broadcast, now: datetime, results: dict[int, Result] | None = None
) -> list[int]:
    """Deliver what waits, each with its result, and end the broadcast. Return the recipients in order."""
    broadcast = await gather_all(tx, broadcast, now, batch=2)
    while not await audience.put_back(tx, broadcast, 2):
        pass
    claim = await deliveries.claim(tx, broadcast, 1000)
    outcomes = [(each, (results or {}).get(each.supporter_id, Sent(each.supporter_id))) for each in claim.deliveries]
    await deliveries.record(tx, broadcast.id, outcomes, now)
    assert await deliveries.tally(tx, broadcast.id) == await recount(tx, broadcast.id)
    assert await lifecycle.end(tx, broadcast.id, "done", now)
    return [each.supporter_id for each in claim.deliveries]


async def send(tx: Transaction, now: datetime, results: dict[int, Result] | None = None, **words: str) -> Broadcast:
    """Send a broadcast to its end."""
    broadcast = await start(tx, await draft(tx, now, **words), now)
    await deliver(tx, broadcast, now, results)
    return await broadcasts.get(tx, broadcast.id)


async def add(tx: Transaction, original: Broadcast, language: Language, now: datetime) -> Broadcast:
    """Write an addition."""
    written = await drafts.create_addition(tx, YUNA, now, original, language)
    assert await drafts.write_post(tx, written.id, language, Post(Markup("added")))
    return await broadcasts.get(tx, written.id)


async def test_addition_reaches_readers_without_the_broadcast(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        await subscribe(tx, [1, 2], now, "ko")
        await subscribe(tx, [3, 4], now, "en")
        original = await send(tx, now, ko="소식")
        assert await states(tx, original.id) == {1: "sent", 2: "sent"}
        await subscriptions.subscribe(tx, 2, "en", now)  # now reads English, but has the Korean post
        await subscribe(tx, [5], now + HOUR, "en")
        await subscribe(tx, [6], now + HOUR, "ko")
        addition = await add(tx, original, "en", now + HOUR)
        assert await approvals.count_recipients(tx, addition, BUNDLED) == {"en": 4}
        assert addition.state is BroadcastState.DRAFT
        assert await broadcasts.count_started(tx) == 1
        assert await lifecycle.start(tx, addition.id, addition.revision, HANA, now + 2 * HOUR)
        running = await deliveries.find_running(tx)
        assert running is not None
        assert (running.id, running.organizer_id, {*running.posts}) == (original.id, HANA, {"ko", "en"})
        assert await deliver(tx, running, now + 2 * HOUR) == [3, 4, 5]
        assert (await deliveries.tally(tx, original.id)).audience == {"ko": 2, "en": 3}
        told = await broadcasts.find_in_timeline(tx, 0)
        assert told is not None
        assert told.posts["en"].text == "added"
        assert (await broadcasts.count_in_timeline(tx), await broadcasts.count_started(tx)) == (1, 1)
        assert [each.id for each in await lifecycle.list_unreported(tx)] == [original.id]
        recall = await start(tx, await draft(tx, now, kind="recall", of=told), now)
        recall = await gather_all(tx, recall, now)
        assert await states(tx, recall.id) == dict.fromkeys(range(1, 6), "waiting")

    await database.transact(work)


async def test_addition_skips_readers_who_got_the_fallback(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        await subscribe(tx, [1], now, "ko")
        await subscribe(tx, [2], now, "en")
        written = await draft(tx, now, ko="소식")
        assert await drafts.set_reach(tx, written.id, "everyone")
        original = await start(tx, await broadcasts.get(tx, written.id), now)
        assert await deliver(tx, original, now) == [1, 2]
        addition = await start(tx, await add(tx, await broadcasts.get(tx, original.id), "en", now), now)
        assert await deliver(tx, await broadcasts.get(tx, original.id), now) == []
        assert (addition.ending, addition.reported_at is None) == ("done", False)

    await database.transact(work)


async def test_reader_who_left_and_came_back_gets_the_addition(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        await subscribe(tx, [1, 2, 3], now, "ko")
        original = await send(tx, now, {1: Gone("blocked"), 2: Unknown("timeout"), 3: Failed("other")}, ko="소식")
        for each in (1, 2, 3):
            await subscriptions.subscribe(tx, each, "en", now + HOUR)
        await start(tx, await add(tx, original, "en", now + HOUR), now + HOUR)
        assert await deliver(tx, await broadcasts.get(tx, original.id), now + HOUR) == [1]

    await database.transact(work)


async def test_addition_starts_only_where_the_language_is_missing(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        await subscribe(tx, [1], now, "ko")
        original = await send(tx, now, ko="소식")
        first, second = await add(tx, original, "en", now), await add(tx, original, "en", now)
        await start(tx, first, now)
        assert not await lifecycle.start(tx, second.id, second.revision, YUNA, now), "the original is running"
        await deliver(tx, await broadcasts.get(tx, original.id), now)
        assert not await lifecycle.start(tx, second.id, second.revision, YUNA, now), "it has the language"
        third = await add(tx, await broadcasts.get(tx, original.id), "qps", now)
        await start(tx, await draft(tx, now, kind="recall", of=await broadcasts.get(tx, original.id)), now)
        assert await broadcasts.find(tx, third.id) is None, "a recall discards the drafts of additions"

    await database.transact(work)


async def test_one_of_two_concurrent_additions_starts(database: Database, now: datetime) -> None:
    async def prepare(tx: Transaction) -> tuple[Broadcast, Broadcast]:
        await subscribe(tx, [1], now, "ko")
        original = await send(tx, now, ko="소식")
        return await add(tx, original, "en", now), await add(tx, original, "en", now)

    written = await database.transact(prepare)
    started = await asyncio.gather(
        *(database.transact(lifecycle.start, each.id, each.revision, YUNA, now) for each in written)
    )
    assert sorted(started) == [False, True]


PEOPLE: Final = range(1, 9)
ACTS = st.one_of(
    st.tuples(st.sampled_from(["ko", "en", "qps", "leaves"]), st.sampled_from(PEOPLE)),
    st.tuples(st.sampled_from(["sends", "fails", "again"]), st.sampled_from(PEOPLE)),
    st.tuples(st.sampled_from(["adds", "schedules"]), st.sampled_from(["ko", "en", "qps"])),
    st.tuples(st.sampled_from(["NO", "CA"]), st.sampled_from(PEOPLE)),
)
CROWD: Final = range(101, 101 + FEW)
"""Readers in Norway: without so many, a broadcast to Norway takes no addition."""


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["ko", "en"]),
    st.sampled_from(["readers", "everyone"]),
    st.sampled_from([(), ("NO",)]),
    st.lists(ACTS, min_size=4, max_size=30),
)
async def test_nobody_gets_a_broadcast_twice(
    database: Database,
    now: datetime,
    first: Language,
    reach: str,
    countries: tuple[str, ...],
    acts: list[tuple[str, int | str]],
) -> None:
    """Readers come and go, and change language and country. Deliveries fail. Languages are added now or at an hour.

    An addition to a broadcast to Norway arrives nowhere else.
    """

    async def work(tx: Transaction) -> None:
        moment = now
        offset = await next_people(tx)
        got: Counter[int] = Counter()
        failing: set[int] = set()

        async def run(broadcast_id: int) -> None:
            results: dict[int, Result] = {each: Failed("other") for each in failing}
            arrived = await deliver(tx, await broadcasts.get(tx, broadcast_id), moment, results)
            got.update(each for each in arrived if each not in failing)
            assert max(got.values(), default=0) <= 1

        async def live_in(country: str) -> set[int]:
            rows = await tx.all("SELECT supporter_id FROM subscriptions WHERE country = :country", country=country)
            return {row["supporter_id"] for row in rows}

        await subscribe(tx, (offset + each for each in PEOPLE[::2]), moment, "ko")
        if countries:
            await subscribe(tx, (offset + each for each in CROWD), moment, first, "NO")
        written = await draft(tx, moment, **{first: "words"})
        assert await drafts.set_audience(tx, written.id, Audience(countries=countries))
        assert await drafts.set_reach(tx, written.id, "everyone" if reach == "everyone" else "readers")
        original = await start(tx, await broadcasts.get(tx, written.id), moment)
        await run(original.id)
        for act, about in acts:
            moment += HOUR
            if act in ("adds", "schedules"):
                addition = await add(tx, await broadcasts.get(tx, original.id), str(about), moment)
                begun = +got
                if act == "schedules":
                    assert await drafts.schedule(tx, addition.id, addition.revision, moment)
                    await deliveries.start_due(tx, BUNDLED, moment)
                else:
                    await lifecycle.start(tx, addition.id, addition.revision, YUNA, moment)
                if (await broadcasts.get(tx, addition.id)).started_at is not None:
                    await run(original.id)
                assert not countries or (got - begun).keys() <= await live_in("NO")
                continue
            person = offset + int(about)
            if act in ("NO", "CA"):
                await subscriptions.note_country(tx, person, act)
            elif act in ("ko", "en", "qps"):
                await subscribe(tx, [person], moment, act)
            elif act == "leaves":
                await subscriptions.end(tx, person, "asked", moment)
            elif act == "again" and await lifecycle.send_again(tx, original.id, "failed"):
                await run(original.id)
            elif act == "fails":
                failing.add(person)
            else:
                failing.discard(person)

    await database.transact(work)


async def next_people(tx: Transaction) -> int:
    """Return the highest id of the examples before."""
    row = await tx.one("SELECT coalesce(max(id), 0) AS last FROM supporters")
    return int(row["last"]) if row else 0


async def test_scheduled_addition_waits_for_the_broadcast_and_then_for_an_organizer(
    database: Database, now: datetime
) -> None:
    async def work(tx: Transaction) -> None:
        await subscribe(tx, [1], now, "ko")
        original = await send(tx, now, ko="소식")
        first, second = await add(tx, original, "en", now), await add(tx, original, "en", now)
        for each in (first, second):
            assert await drafts.schedule(tx, each.id, each.revision, now)
        await deliveries.start_due(tx, BUNDLED, now)
        assert (await broadcasts.get(tx, first.id)).ending == "done"
        await deliveries.start_due(tx, BUNDLED, now)
        assert (await broadcasts.get(tx, second.id)).state is BroadcastState.SCHEDULED
        await deliveries.start_due(tx, BUNDLED, now + 2 * HOUR)
        assert (await broadcasts.get(tx, second.id)).state is BroadcastState.LATE

    await database.transact(work)


async def test_broadcast_to_few_people_of_a_country_takes_no_language(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        for people, takes in ((FEW - 1, False), (FEW, True)):
            offset = await next_people(tx)
            await subscribe(tx, range(offset + 1, offset + 1 + people), now, "ko", "NO" if takes else "CA")
            written = await draft(tx, now, ko="소식")
            audience = Audience(countries=("NO" if takes else "CA",))
            assert await drafts.set_audience(tx, written.id, audience)
            original = await start(tx, await broadcasts.get(tx, written.id), now)
            assert len(await deliver(tx, original, now)) == people
            addition = await add(tx, await broadcasts.get(tx, original.id), "en", now)
            assert await lifecycle.start(tx, addition.id, addition.revision, YUNA, now) == takes

    await database.transact(work)
