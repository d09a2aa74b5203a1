"""The pace, on a clock of the test's own: who waits, for how long, and that nobody is let through too fast."""

import asyncio
import heapq
import itertools
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.broadcasting.pace import Pace


class Clock:
    """Time that passes only when everybody waits for it."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self.count = 0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.count += 1
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self.sleepers, (self.now + seconds, self.count, woken))
        await woken

    async def settle(self) -> None:
        for _ in range(20):
            await asyncio.sleep(0)

    async def pass_until(self, end: float) -> None:
        """Wake sleepers in order up to `end` seconds from the start."""
        await self.settle()
        while self.sleepers and self.sleepers[0][0] <= 1000 + end:
            at, _, woken = heapq.heappop(self.sleepers)
            self.now = max(self.now, at)
            if not woken.done():
                woken.set_result(None)
            await self.settle()
        self.now = max(self.now, 1000 + end)


class Log:
    """Who was let through, and when (seconds from the start)."""

    def __init__(self, pace: Pace, clock: Clock) -> None:
        self.pace, self.clock = pace, clock
        self.people: list[float] = []
        self.broadcasts: list[float] = []
        self.tasks: list[asyncio.Task[None]] = []

    def broadcast(self, way_there: Callable[[], float] = float, way_back: Callable[[], float] = float) -> None:
        async def send() -> None:
            departed_at = self.pace.depart()
            if (there := way_there()) > 0:
                await self.clock.sleep(there)
            self.broadcasts.append(self.clock.now - 1000)
            if (back := way_back()) > 0:
                await self.clock.sleep(back)
            self.pace.land(departed_at)

        async def run() -> None:
            while True:
                await self.pace.broadcast()
                if way_there is float:
                    await send()
                else:
                    self.tasks.append(asyncio.create_task(send()))
                    await asyncio.sleep(0)

        self.tasks.append(asyncio.create_task(run()))

    def person(self, messages: int = 1) -> None:
        async def run() -> None:
            await self.pace.person(messages)
            self.people.append(self.clock.now - 1000)

        self.tasks.append(asyncio.create_task(run()))

    async def end(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def log(clock):
    log = Log(Pace(25, clock=clock, sleep=clock.sleep), clock)
    yield log
    await log.end()


def busiest_second(moments):
    return max(sum(start <= moment < start + 1 for moment in moments) for start in moments)


async def test_people_never_wait(clock, log):
    for _ in range(200):
        log.person()
    await clock.settle()
    assert log.people == [0.0] * 200


async def test_a_broadcast_keeps_its_rate_without_bursts(clock, log):
    log.broadcast()
    await clock.pass_until(60)
    assert len(log.broadcasts) == pytest.approx(1500, abs=3)
    assert busiest_second(log.broadcasts) <= 27


async def test_a_broadcast_takes_what_people_leave(clock, log):
    log.broadcast()
    for second in range(20):
        for _ in range(10):
            log.person()
        await clock.pass_until(second + 1)
    assert len(log.broadcasts) == pytest.approx(20 * 15, abs=3)


async def test_a_broadcast_stands_back_while_people_take_everything_and_a_second_longer(clock, log):
    log.broadcast()
    await clock.pass_until(1)
    before = len(log.broadcasts)
    for step in range(100):
        log.person()
        await clock.pass_until(1 + step / 50)  # 50 a second, for two seconds
    assert len(log.broadcasts) - before <= 2
    await clock.pass_until(5)
    assert len(log.broadcasts) - before == pytest.approx(25, abs=3)


async def test_acknowledgements_count_for_nothing(clock, log):
    log.broadcast()
    for _ in range(100):
        log.person(0)
    await clock.pass_until(4)
    assert len(log.broadcasts) == pytest.approx(100, abs=3)


async def test_a_halt_holds_everybody_and_lets_them_out_one_by_one(clock, log):
    log.broadcast()
    await clock.pass_until(1)
    log.pace.halt(10)
    for _ in range(50):
        log.person()
    before = len(log.broadcasts)
    await clock.pass_until(10.9)
    assert log.people == []
    assert len(log.broadcasts) == before
    await clock.pass_until(20)
    assert len(log.people) == 50
    assert busiest_second(log.people) <= 26
    assert log.people == sorted(log.people)
    assert len(log.broadcasts) > before


async def test_a_shorter_halt_does_not_end_a_longer_one(clock, log):
    log.pace.halt(10)
    log.pace.halt(1)
    log.person()
    await clock.pass_until(9.9)
    assert log.people == []
    await clock.pass_until(11)
    assert len(log.people) == 1


async def test_a_halt_prolonged_while_people_wait_holds_them(clock, log):
    log.pace.halt(2)
    log.person()
    await clock.pass_until(1)
    log.pace.halt(5)
    await clock.pass_until(5.9)
    assert log.people == []
    await clock.pass_until(7)
    assert len(log.people) == 1


async def test_after_a_quiet_hour_a_broadcast_does_not_burst(clock, log):
    await clock.pass_until(3600)
    log.broadcast()
    await clock.pass_until(3601)
    assert len(log.broadcasts) <= 27


async def test_somebody_who_gives_up_in_a_halt_blocks_nobody(clock, log):
    log.pace.halt(2)
    log.person()
    log.person()
    await clock.settle()
    log.tasks[0].cancel()
    await clock.pass_until(3)
    assert len(log.people) == 1


async def test_late_wake_ups_are_made_up_for(clock):
    """A sleep that always takes a millisecond too long, at the paid rate: the rate is kept all the same."""

    async def oversleep(seconds):
        await clock.sleep(seconds + 0.001)

    log = Log(Pace(1000, 1000, clock=clock, sleep=oversleep), clock)
    log.broadcast()
    await clock.pass_until(2)
    await log.end()
    assert len(log.broadcasts) >= 1980
    assert busiest_second(log.broadcasts) <= 1000


@pytest.mark.parametrize(("rate", "at_most"), [(25, 30), (30, 30), (1000, 1000)])
async def test_no_second_holds_more_than_telegram_takes_however_late_the_wake_ups(clock, rate, at_most):
    lateness = itertools.cycle([0.0, 0.049, 0.001, 0.12, 0.02])

    async def oversleep(seconds):
        await clock.sleep(seconds + next(lateness))

    log = Log(Pace(rate, at_most, clock=clock, sleep=oversleep), clock)
    log.broadcast()
    await clock.pass_until(5)
    await log.end()
    assert busiest_second(log.broadcasts) <= at_most


async def test_people_in_a_burst_leave_a_broadcast_what_telegram_still_takes(clock, log):
    log.broadcast()
    await clock.pass_until(2)
    for _ in range(10):
        log.person()
    await clock.pass_until(4)
    # 25 broadcasts were on their way already when the people came: only what follows can be held back.
    assert busiest_second([at for at in log.people + log.broadcasts if at >= 2]) <= 30
    assert len([at for at in log.broadcasts if 2 <= at < 3]) <= 20


async def test_whoever_cannot_wait_asks_again_and_loses_nothing(clock, log):
    answers = []

    async def ask():
        while len(answers) < 60:
            answers.append((await log.pace.broadcast(0.02), clock.now - 1000))

    asking = asyncio.create_task(ask())
    await clock.pass_until(2)
    assert len([at for went, at in answers if went and at <= 1]) == 26
    log.pace.halt(10)
    await clock.pass_until(2.5)
    assert not any(went for went, at in answers if at > 2.04)
    asking.cancel()
    log.broadcast()
    await clock.pass_until(12.5)
    assert log.broadcasts[0] == pytest.approx(12)


@pytest.mark.parametrize(("rate", "at_most"), [(0, 30), (-1, 30), (float("nan"), 30), (31, 30), (1001, 1000)])
def test_a_rate_must_be_a_rate(rate, at_most):
    with pytest.raises(ValueError, match="above 0"):
        Pace(rate, at_most)


async def test_the_way_there_and_back_costs_nothing(clock, log):
    log.broadcast(lambda: 0.1, lambda: 0.1)
    await clock.pass_until(10.1)
    assert len(log.broadcasts) == pytest.approx(250, abs=3)


async def test_what_is_never_answered_counts_until_it_is_given_up(clock, log):
    ways = itertools.chain([20.0] * 10, itertools.repeat(0.0))
    log.broadcast(lambda: 0.01, lambda: next(ways))
    await clock.pass_until(18)
    assert busiest_second([at for at in log.broadcasts if at > 2]) <= 30 - 10
    await clock.pass_until(40)
    assert len([at for at in log.broadcasts if at > 30]) == pytest.approx(250, abs=3)


@settings(deadline=None, max_examples=30)
@given(
    st.sampled_from([(25, 30), (30, 30), (100, 100)]),
    st.floats(0.001, 0.3),
    st.floats(0.001, 0.3),
    st.floats(0, 0.5),
    st.randoms(use_true_random=False),
)
async def test_no_second_holds_too_many_as_telegram_counts_them(budget, there, back, delay, chance):
    """Whatever holds messages up on their way, there or back."""
    clock = Clock()
    log = Log(Pace(*budget, clock=clock, sleep=clock.sleep), clock)

    ways = itertools.count()

    def held_up() -> float:
        # One way there and back without delay, as there will be among many.
        return chance.choice([0, 0, 0, chance.uniform(0, delay)]) if next(ways) > 1 else 0

    log.broadcast(lambda: there + held_up(), lambda: back + held_up())
    await clock.pass_until(6)
    await log.end()
    assert busiest_second(log.broadcasts) <= budget[1]


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.floats(0, 5), st.sampled_from(["person", "halt"])), max_size=25))
async def test_no_second_holds_more_broadcasts_than_telegram_allows(events):
    clock = Clock()
    log = Log(Pace(25, clock=clock, sleep=clock.sleep), clock)
    log.broadcast()
    for moment, what in sorted(events):
        await clock.pass_until(moment)
        if what == "person":
            log.person()
        else:
            log.pace.halt(0.3)
    await clock.pass_until(8)
    await log.end()
    assert busiest_second(log.broadcasts) <= 27


async def test_people_are_counted_without_being_remembered(clock, log):
    for _ in range(10_000):
        await log.pace.person()
    assert log.pace.admit_person()
    assert len(log.pace._answered) <= 30
    log.pace.halt(1)
    assert not log.pace.admit_person()
