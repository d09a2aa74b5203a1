"""The pace, on a clock of the test's own: who waits, for how long, and that nobody is let through too fast."""

import asyncio
import heapq
import itertools
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.broadcasting.pace import Pacer
from tests.support.clock import Clock


class SleepersClock(Clock):
    """Time that passes only when everybody waits for it."""

    def __init__(self) -> None:
        super().__init__(1000.0)
        self.sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self.count = 0

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

    def __init__(self, pace: Pacer, clock: SleepersClock) -> None:
        self.pace, self.clock = pace, clock
        self.people: list[float] = []
        self.broadcasts: list[float] = []
        self.tasks: list[asyncio.Task[None]] = []
        self.chats = itertools.count(1)
        """Everybody is somebody else."""
        self.refusing = 0
        """How many of the next messages of people get a 429 that asks for so many seconds."""
        self.asking = 0.0
        self.banned: set[int] = set()
        """Chats that always get one."""

    def halt(self, seconds: float = 5.0) -> None:
        """Two chats at once get a 429."""
        for _ in range(2):
            self.pace.note_flood(next(self.chats), seconds)

    def broadcast(self, way_there: Callable[[], float] = float, way_back: Callable[[], float] = float) -> None:
        async def send() -> None:
            departed_at = self.pace.depart(chat := next(self.chats))
            if (there := way_there()) > 0:
                await self.clock.sleep(there)
            self.broadcasts.append(self.clock.now - 1000)
            if (back := way_back()) > 0:
                await self.clock.sleep(back)
            self.pace.land(departed_at)
            self.pace.note_answer(chat)

        async def run() -> None:
            while True:
                await self.pace.admit_broadcast()
                if way_there is float:
                    await send()
                else:
                    self.tasks.append(asyncio.create_task(send()))
                    await asyncio.sleep(0)

        self.tasks.append(asyncio.create_task(run()))

    def reply(self, chat: int | None = None, *, edit: bool = False) -> None:
        chat = next(self.chats) if chat is None else chat

        async def run() -> None:
            await self.pace.admit_reply(chat, edit=edit)
            self.people.append(self.clock.now - 1000)
            if self.refusing or chat in self.banned:
                self.refusing -= chat not in self.banned
                self.pace.note_flood(chat, self.asking)
            else:
                self.pace.note_answer(chat)

        self.tasks.append(asyncio.create_task(run()))

    async def end(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


@pytest.fixture
def clock():
    return SleepersClock()


@pytest.fixture
async def log(clock):
    log = Log(Pacer(25, clock=clock, sleep=clock.sleep), clock)
    yield log
    await log.end()


def busiest_second(moments):
    return max(sum(start <= moment < start + 1 for moment in moments) for start in moments)


async def test_people_never_wait(clock, log):
    for _ in range(200):
        log.reply()
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
            log.reply()
        await clock.pass_until(second + 1)
    assert len(log.broadcasts) == pytest.approx(20 * 19, abs=3), "the whole is 30, and one place stays free"


@pytest.mark.parametrize(("a_second", "kept"), [(1, 25), (3, 25), (4, 25), (5, 24), (10, 19)])
async def test_a_broadcast_keeps_its_rate_beside_what_is_not_its(clock, log, a_second, kept):
    """30 a second are Telegram's, 25 of them the broadcast's: the rest is for people and progress, one kept free."""
    log.broadcast(lambda: 0.03, lambda: 0.03)
    for step in range(20 * a_second):
        await clock.pass_until(step / a_second)
        log.reply(edit=step % 2 == 0)
    await clock.pass_until(20)
    assert len(log.broadcasts) == pytest.approx(20 * kept, abs=6)
    # From when it is known how long the way is.
    assert busiest_second([at for at in [at + 0.03 for at in log.people] + log.broadcasts if at > 0.1]) <= 30


async def test_the_paid_rate_yields_to_people_as_well(clock):
    log = Log(Pacer(1000, 1000, clock=clock, sleep=clock.sleep), clock)
    log.broadcast()
    for step in range(200):
        await clock.pass_until(step / 100)
        log.reply()
    await clock.pass_until(2)
    await log.end()
    assert len(log.broadcasts) == pytest.approx(2 * 900, rel=0.02)


async def test_a_broadcast_stands_back_while_people_take_everything_and_a_second_longer(clock, log):
    log.broadcast()
    await clock.pass_until(1)
    before = len(log.broadcasts)
    for step in range(100):
        log.reply()
        await clock.pass_until(1 + step / 50)  # 50 a second, for two seconds
    assert len(log.broadcasts) - before <= 2 + 5, "what was left of the first second, with five that were nobody's"
    before = len(log.broadcasts)
    await clock.pass_until(5)
    assert len(log.broadcasts) - before == pytest.approx(45, abs=5)


async def test_acknowledgements_count_for_nothing(clock, log):
    log.broadcast()
    for _ in range(100):
        await log.pace.admit_acknowledgement()
    await clock.pass_until(4)
    assert len(log.broadcasts) == pytest.approx(100, abs=3)


async def test_a_halt_holds_everybody_and_lets_them_out_one_by_one(clock, log):
    log.broadcast()
    await clock.pass_until(1)
    log.halt()
    for _ in range(50):
        log.reply()
    before = len(log.broadcasts)
    await clock.pass_until(5.9)
    assert log.people == []
    assert len(log.broadcasts) == before
    await clock.pass_until(15)
    assert len(log.people) == 50
    assert busiest_second(log.people) <= 26
    assert log.people == sorted(log.people)
    assert len(log.broadcasts) > before


async def test_one_chat_with_a_429_keeps_nobody_else_waiting(clock, log, caplog):
    """Telegram asks for five hours: its chat is tried again every minute, and all others go on."""
    log.broadcast()
    log.banned, log.asking = {7}, 18_000
    log.reply(7)
    for minute in range(3):
        await clock.pass_until(60 * minute + 1)
        assert log.pace.delay(7) == pytest.approx(59)
        log.reply(7)
        log.reply(8)
        await clock.pass_until(60 * minute + 59)
        assert len(log.people) == 2 * minute + 2
    assert len(log.broadcasts) == pytest.approx(179 * 25, abs=10)
    assert len(caplog.records) == 1, "one trouble, one line"
    assert "18000 s" in caplog.text


async def test_a_429_of_one_chat_again_and_again_is_still_its_own(clock, log):
    for _ in range(10):
        log.pace.note_flood(7, 3)
    log.reply()
    await clock.settle()
    assert log.people == [0.0]


async def test_two_chats_with_a_429_long_after_each_other_halt_nobody(clock, log):
    log.pace.note_flood(7, 3)
    await clock.pass_until(5.1)
    log.pace.note_flood(8, 3)
    log.reply()
    await clock.settle()
    assert len(log.people) == 1


async def test_a_halt_of_hours_ends_with_a_single_probe_a_minute_and_says_so_twice(clock, log, caplog):
    caplog.set_level("INFO")
    log.broadcast()
    await clock.pass_until(1)
    log.refusing, log.asking = 2, 18_000
    log.halt(18_000)
    before = len(log.broadcasts)
    for _ in range(30):
        log.reply()
    await clock.pass_until(5.9)
    assert log.people == [], "two chats that flood silence the others for seconds"
    await clock.pass_until(65.9)
    assert len(log.people) == 1, "the probe, which is refused as well"
    await clock.pass_until(125.9)
    assert len(log.people) == 2
    assert len(log.broadcasts) == before
    await clock.pass_until(130)
    assert len(log.people) == 30
    assert len(log.broadcasts) > before
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING", "INFO"]
    assert "everybody waits" in caplog.text
    assert "takes messages again after 125 s" in caplog.text


async def test_a_broadcast_is_the_probe_where_no_person_is(clock, log):
    log.halt()
    log.broadcast()
    await clock.pass_until(4.9)
    assert log.broadcasts == []
    await clock.pass_until(7)
    assert len(log.broadcasts) == pytest.approx(50, abs=2)


async def test_a_probe_that_nobody_hears_of_is_followed_by_another(clock, log):
    log.halt()

    async def vanish():
        await log.pace.admit_reply(7)

    log.tasks.append(asyncio.create_task(vanish()))
    await clock.settle()
    log.reply(8)
    await clock.pass_until(14.9)
    assert log.people == []
    await clock.pass_until(16)
    assert len(log.people) == 1


async def test_somebody_who_gives_up_in_a_halt_blocks_nobody(clock, log):
    log.halt(2)
    log.reply()
    log.reply()
    await clock.settle()
    log.tasks[0].cancel()
    await clock.pass_until(3)
    assert len(log.people) == 1


async def test_acknowledgements_wait_for_a_halt_of_everybody_alone(clock, log):
    for _ in range(9):
        log.reply(7)
    log.pace.note_flood(7, 60)
    await asyncio.wait_for(log.pace.admit_acknowledgement(), 1)
    log.halt(60)
    waiting = asyncio.create_task(log.pace.admit_acknowledgement())
    await clock.pass_until(4.9)
    assert not waiting.done()
    await clock.pass_until(5.1)
    assert waiting.done()


async def test_one_chat_gets_a_burst_and_then_one_a_second(clock, log):
    for _ in range(20):
        log.reply(7)
    log.reply(8)
    await clock.settle()
    assert log.people == [0.0] * 5, "four of its own, and one of another"
    await clock.pass_until(16.5)
    assert len(log.people) == 21
    assert busiest_second(log.people[5:]) <= 2, "rounding"


async def test_a_group_gets_fewer_than_twenty_in_any_minute(clock, log):
    for _ in range(60):
        log.reply(-100_7)
    await clock.pass_until(180)
    in_a_minute = [sum(start <= at < start + 60 for at in log.people) for start in log.people]
    assert max(in_a_minute) <= 18
    assert len(log.people) == pytest.approx(4 + 14 * 3, abs=1)


async def test_edits_count_half(clock, log):
    for _ in range(10):
        log.reply(7, edit=True)
    await clock.settle()
    assert len(log.people) == 8


async def test_a_million_recipients_are_not_remembered(clock, log):
    for chat in range(100_000):
        log.pace.depart(chat)
        clock.now += 0.001  # the paid rate
    assert len(log.pace._chats) <= 10_000
    for chat in range(100_000, 150_000):
        log.pace.note_flood(chat, 60)
        clock.now += 0.1
    assert len(log.pace._chats) <= 10_000


async def test_after_a_quiet_hour_a_broadcast_does_not_burst(clock, log):
    await clock.pass_until(3600)
    log.broadcast()
    await clock.pass_until(3601)
    assert len(log.broadcasts) <= 27


async def test_late_wake_ups_are_made_up_for(clock):
    """A sleep that always takes a millisecond too long, at the paid rate: the rate is kept all the same."""

    async def oversleep(seconds):
        await clock.sleep(seconds + 0.001)

    log = Log(Pacer(1000, 1000, clock=clock, sleep=oversleep), clock)
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

    log = Log(Pacer(rate, at_most, clock=clock, sleep=oversleep), clock)
    log.broadcast()
    await clock.pass_until(5)
    await log.end()
    assert busiest_second(log.broadcasts) <= at_most


async def test_people_in_a_burst_leave_a_broadcast_what_telegram_still_takes(clock, log):
    log.broadcast()
    await clock.pass_until(2)
    for _ in range(10):
        log.reply()
    await clock.pass_until(4)
    # 25 broadcasts were on their way already when the people came: only what follows can be held back.
    assert busiest_second([at for at in log.people + log.broadcasts if at >= 2]) <= 30
    assert len([at for at in log.broadcasts if 2 <= at < 3]) <= 20


async def test_whoever_cannot_wait_asks_again_and_loses_nothing(clock, log):
    answers = []

    async def ask():
        while len(answers) < 60:
            answers.append((await log.pace.admit_broadcast(0.02), clock.now - 1000))

    asking = asyncio.create_task(ask())
    await clock.pass_until(2)
    assert len([at for went, at in answers if went and at <= 1]) == 26
    log.halt()
    await clock.pass_until(2.5)
    assert not any(went for went, at in answers if at > 2.04)
    asking.cancel()
    log.broadcast()
    await clock.pass_until(7.5)
    assert log.broadcasts[0] == pytest.approx(7)


@pytest.mark.parametrize(("rate", "at_most"), [(0, 30), (-1, 30), (float("nan"), 30), (31, 30), (1001, 1000)])
def test_a_rate_must_be_a_rate(rate, at_most):
    with pytest.raises(ValueError, match="above 0"):
        Pacer(rate, at_most)


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
    clock = SleepersClock()
    log = Log(Pacer(*budget, clock=clock, sleep=clock.sleep), clock)

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
    clock = SleepersClock()
    log = Log(Pacer(25, clock=clock, sleep=clock.sleep), clock)
    log.broadcast()
    for moment, what in sorted(events):
        await clock.pass_until(moment)
        if what == "person":
            log.reply()
        else:
            log.halt(0.3)
    await clock.pass_until(8)
    await log.end()
    # What it yielded to people it makes up for, within the whole.
    assert busiest_second(log.broadcasts) <= 30


async def test_people_are_counted_without_being_remembered(clock, log):
    for chat in range(1, 10_001):
        await log.pace.admit_reply(chat)
    assert log.pace.try_admit_reply(10_001)
    assert len(log.pace._answered) <= 30
    log.halt(1)
    assert not log.pace.try_admit_reply(10_002)


async def test_whoever_has_to_wait_is_not_admitted(clock, log):
    assert [log.pace.try_admit_reply(7) for _ in range(5)] == [True] * 4 + [False]
    assert log.pace.try_admit_reply(8)
