"""After any sequence of changes the counters equal a recount, on both engines.

Add a rule here for every new action of people or organizers on signatures.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from chatbot.app.data_retention import erase_expired
from chatbot.petition.funnel import FUNNEL_STEPS, FunnelStep
from chatbot.petition.languages import Language
from chatbot.petition.review.filter import ReviewFilter
from chatbot.storage import Database, Transaction, open_database
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.organizer import petition_status
from chatbot.storage.organizer.review import set_asides
from chatbot.storage.people import counters, history, signatures, sources, subscriptions, supporters
from chatbot.storage.privacy import erasure
from tests.storage.conftest import counted, recount
from tests.support.cast import NOW
from tests.support.signature_history import read_history
from tests.support.signers import FIRST_NUMBER, add_signer

T = TypeVar("T")
TABLES = (
    "set_asides",
    "signatures",
    "subscriptions",
    "counters",
    "sources",
    "history",
    "app_state",
    "petition_status",
    "jobs",
    "supporters",
)
people = st.integers(1, 4)


class Petition(RuleBasedStateMachine):
    """A petition on one engine. The rules are possible actions, and the invariants hold after each of them."""

    loop: asyncio.AbstractEventLoop
    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.update = 0
        self.highest = 0
        self.totals = {0}

        async def clear(tx: Transaction) -> None:
            for table in TABLES:
                await tx.run(f"DELETE FROM {table}")

        self.do(clear)

    def teardown(self) -> None:
        assert self.loop.run_until_complete(find_problems(self.database)) == []

    def do(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run one transaction."""
        return self.loop.run_until_complete(self.database.transact(work))

    @rule(
        person=people,
        country=st.sampled_from(["KR", "US"]),
        language=st.sampled_from(["ko", "en"]),
        source=st.sampled_from([None, "s-friend", "a", "b", "c"]),
        version=st.sampled_from(["v1", "v2"]),
        fails=st.booleans(),
    )
    def signs(
        self, *, person: int, country: str, language: Language, source: str | None, version: str, fails: bool
    ) -> None:
        async def work(tx: Transaction) -> None:
            await add_signer(
                tx,
                person,
                country=country,
                language=language,
                source=source,
                appeal_version=version,
                first_number=FIRST_NUMBER,
                now=self.now,
            )
            if fails:
                raise ConnectionError

        if fails:
            with pytest.raises(ConnectionError):
                self.do(work)
        else:
            self.do(work)

    @rule(person=people)
    def takes_their_signature_back(self, person: int) -> None:
        self.do(lambda tx: signatures.take_back(tx, person))

    @rule(person=people, country=st.sampled_from(["KR", "US"]), at_once=st.booleans())
    def changes_the_country(self, *, person: int, country: str, at_once: bool) -> None:
        async def work(tx: Transaction) -> None:
            if signature := await signatures.find(tx, person):
                assert await signatures.change(tx, signature, replace(signature, country=country))
                if at_once and country != signature.country:
                    assert not await signatures.change(tx, signature, replace(signature, country="CA")), (
                        "it has changed meanwhile"
                    )

        self.do(work)

    @rule(again=st.booleans())
    def the_time_after_closing_is_over(self, *, again: bool) -> None:
        async def close(tx: Transaction) -> None:
            status = await petition_status.find(tx)
            if status.ending is None:
                assert await petition_status.end(tx, status.revision, "closed", {}, 1, self.now)

        async def reopen(tx: Transaction) -> None:
            assert await petition_status.reopen(tx, (await petition_status.find(tx)).revision, 1, self.now)

        self.do(close)
        for days in (0, 3):
            moment = self.now + timedelta(days=days)
            self.loop.run_until_complete(erase_expired(self.database, 1, moment, is_open=True, at_once=2))
        if again:
            self.do(reopen)

    @rule(person=people)
    def is_forgotten(self, person: int) -> None:
        self.do(lambda tx: erasure.erase(tx, person, self.now))

    @rule(
        country=st.sampled_from([None, "KR"]),
        source=st.sampled_from([None, "a", "+friends"]),
        batches=st.integers(0, 3),
        fails=st.booleans(),
    )
    def some_are_set_aside(self, *, country: str | None, source: str | None, batches: int, fails: bool) -> None:
        """The job may stop between two batches, and a batch may be rolled back."""
        review_filter = ReviewFilter(country=country, source=source)

        async def begin(tx: Transaction) -> int:
            made = await set_asides.create(tx, 1, review_filter, self.now)
            await set_asides.note_count(tx, made.id, 1)
            await set_asides.give_reason(tx, made.id, "a flood")
            assert await set_asides.change_state(tx, made.id, ["counted"], "running")
            return made.id

        under_way = self.do(begin)
        for _ in range(batches):
            self.do(lambda tx: set_asides.set_aside_some(tx, under_way, 0))
        if fails:

            async def lose(tx: Transaction) -> None:
                await set_asides.set_aside_some(tx, under_way, 0)
                raise ConnectionError

            with pytest.raises(ConnectionError):
                self.do(lose)
        self.do(lambda tx: set_asides.change_state(tx, under_way, ["running"], "cancelled"))

    @rule(batches=st.integers(0, 3))
    def some_are_put_back(self, batches: int) -> None:
        async def begin(tx: Transaction) -> int:
            latest = await set_asides.list_latest(tx, 1)
            for each in latest:
                await set_asides.change_state(tx, each.id, ["done", "cancelled"], "restoring")
            return latest[0].id if latest else 0

        under_way = self.do(begin)
        for _ in range(batches):
            self.do(lambda tx: set_asides.restore_some(tx, under_way))

    @rule(person=people, version=st.sampled_from(["v1", "v2"]))
    def signs_another_version(self, person: int, version: str) -> None:
        async def work(tx: Transaction) -> None:
            if signature := await signatures.find(tx, person):
                await signatures.renew(tx, signature, version)

        self.do(work)

    @rule(person=people, step=st.sampled_from(FUNNEL_STEPS))
    def comes_to(self, person: int, step: FunnelStep) -> None:
        self.update += 1

        async def work(tx: Transaction) -> None:
            supporter = await supporters.meet(tx, person, language="en", now=self.now)
            newly = [] if step in supporter.reached else [step]
            await supporters.store_step(
                tx, person, step="idle", draft={}, update_id=self.update, now=self.now, newly=newly
            )

        self.do(work)

    @rule(person=people, language=st.sampled_from(["ko", "en"]))
    def subscribes(self, person: int, language: Language) -> None:
        async def work(tx: Transaction) -> None:
            await supporters.meet(tx, person, language="en", now=self.now)
            await subscriptions.subscribe(tx, person, language, self.now)

        self.do(work)

    @rule(person=people, because=st.sampled_from(["asked", "blocked"]))
    def unsubscribes(self, person: int, because: str) -> None:
        self.do(lambda tx: subscriptions.end(tx, person, because, self.now))

    @rule(minutes=st.sampled_from([1, 59, 60, 200, -30, -200]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.do(lambda tx: history.write(tx, self.now))

    @invariant()
    def counters_equal_a_recount(self) -> None:
        async def both(tx: Transaction) -> tuple[dict[str, int], dict[str, int]]:
            return await counted(tx), await recount(tx)

        said, found = self.do(both)
        assert said == found

    @invariant()
    def no_number_is_given_twice(self) -> None:
        last = self.do(lambda tx: counters.read(tx, counters.NUMBERS))
        assert last >= self.highest
        self.highest = last

    @invariant()
    def the_history_holds_only_what_the_counter_has_said(self) -> None:
        async def read(tx: Transaction) -> tuple[int, set[int]]:
            past = await read_history(tx)
            return await signatures.count(tx), {value for _, value in past}

        total, past = self.do(read)
        self.totals.add(total)
        assert past <= self.totals


@pytest.fixture
def machine(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Petition]]:
    """The petition on a new database, with counters for two sources."""
    monkeypatch.setattr(sources, "MOST", 2)
    monkeypatch.setattr(set_asides, "AT_ONCE", 2)
    loop = asyncio.new_event_loop()
    Petition.loop, Petition.database = loop, loop.run_until_complete(open_database(url))
    yield Petition
    loop.run_until_complete(Petition.database.close())
    loop.close()


def test_counters_always_equal_a_recount(machine: type[Petition]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=8,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        ),
    )
