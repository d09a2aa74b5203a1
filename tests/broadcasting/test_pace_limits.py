"""The pace keeps Telegram's limits, counted as Telegram counts, even with late wake-ups and late answers."""

import asyncio
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.broadcasting.pace import Pacer
from tests.support.paced_log import Log, SleepersClock, busiest_second


async def test_chat_gets_a_burst_and_then_one_a_second(clock, log):
    for _ in range(20):
        log.reply(7)
    log.reply(8)
    await clock.settle()
    assert log.people == [0.0] * 5, "four to this chat, and one to another"
    await clock.pass_until(16.5)
    assert len(log.people) == 21
    assert busiest_second(log.people[5:]) <= 2, "two only by rounding"


async def test_group_gets_fewer_than_twenty_a_minute(clock, log):
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


async def test_limits_forget_earlier_recipients(clock, log):
    for chat in range(100_000):
        log.pace.depart(chat)
        clock.now += 0.001  # the paid rate
    assert len(log.pace._chats) <= 10_000
    for chat in range(100_000, 150_000):
        log.pace.note_flood(chat, 60)
        clock.now += 0.1
    assert len(log.pace._chats) <= 10_000


async def test_broadcast_does_not_burst_after_a_quiet_hour(clock, log):
    await clock.pass_until(3600)
    log.broadcast()
    await clock.pass_until(3601)
    assert len(log.broadcasts) <= 27


async def test_broadcast_catches_up_after_late_wake_ups(clock):
    """Every sleep takes a millisecond too long, at the paid rate: the rate is still reached."""

    async def oversleep(seconds):
        await clock.sleep(seconds + 0.001)

    log = Log(Pacer(1000, 1000, clock=clock, sleep=oversleep), clock)
    log.broadcast()
    await clock.pass_until(2)
    await log.end()
    assert len(log.broadcasts) >= 1980
    assert busiest_second(log.broadcasts) <= 1000


@pytest.mark.slow
@pytest.mark.parametrize(("rate", "at_most"), [(25, 30), (30, 30), (1000, 1000)])
async def test_late_wake_ups_never_exceed_telegrams_limit(clock, rate, at_most):
    lateness = itertools.cycle([0.0, 0.049, 0.001, 0.12, 0.02])

    async def oversleep(seconds):
        await clock.sleep(seconds + next(lateness))

    log = Log(Pacer(rate, at_most, clock=clock, sleep=oversleep), clock)
    log.broadcast()
    await clock.pass_until(5)
    await log.end()
    assert busiest_second(log.broadcasts) <= at_most


async def test_broadcast_takes_what_a_burst_of_replies_leaves(clock, log):
    log.broadcast()
    await clock.pass_until(2)
    for _ in range(10):
        log.reply()
    await clock.pass_until(4)
    # 25 deliveries had left before the replies; only later ones can be held back.
    assert busiest_second([at for at in log.people + log.broadcasts if at >= 2]) <= 30
    assert len([at for at in log.broadcasts if 2 <= at < 3]) <= 20


async def test_impatient_caller_may_ask_again(clock, log):
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
def test_pacer_refuses_an_invalid_rate(rate, at_most):
    with pytest.raises(ValueError, match="above 0"):
        Pacer(rate, at_most)


async def test_round_trip_costs_no_rate(clock, log):
    log.broadcast(lambda: 0.1, lambda: 0.1)
    await clock.pass_until(10.1)
    assert len(log.broadcasts) == pytest.approx(250, abs=3)


async def test_unanswered_message_counts_until_it_is_given_up(clock, log):
    ways = itertools.chain([20.0] * 10, itertools.repeat(0.0))
    log.broadcast(lambda: 0.01, lambda: next(ways))
    await clock.pass_until(18)
    assert busiest_second([at for at in log.broadcasts if at > 2]) <= 30 - 10
    await clock.pass_until(40)
    assert len([at for at in log.broadcasts if at > 30]) == pytest.approx(250, abs=3)


@settings(deadline=None, max_examples=30)
@pytest.mark.slow
@given(
    st.sampled_from([(25, 30), (30, 30), (100, 100)]),
    st.floats(0.001, 0.3),
    st.floats(0.001, 0.3),
    st.floats(0, 0.5),
    st.randoms(use_true_random=False),
)
async def test_no_second_exceeds_the_limit_as_telegram_counts(budget, there, back, delay, chance):
    """Messages and answers may be delayed in any way."""
    clock = SleepersClock()
    log = Log(Pacer(*budget, clock=clock, sleep=clock.sleep), clock)

    ways = itertools.count()

    def held_up() -> float:
        # One round trip without delay, as there will be among many.
        return chance.choice([0, 0, 0, chance.uniform(0, delay)]) if next(ways) > 1 else 0

    log.broadcast(lambda: there + held_up(), lambda: back + held_up())
    await clock.pass_until(6)
    await log.end()
    assert busiest_second(log.broadcasts) <= budget[1]


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.floats(0, 5), st.sampled_from(["person", "halt"])), max_size=25))
async def test_broadcasts_never_exceed_telegrams_limit(events):
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
    # Afterwards it catches up on what it yielded, within the limit.
    assert busiest_second(log.broadcasts) <= 30


async def test_pacer_counts_replies_in_bounded_memory(clock, log):
    for chat in range(1, 10_001):
        await log.pace.admit_reply(chat)
    assert log.pace.try_admit_reply(10_001)
    assert len(log.pace._answered) <= 30
    log.halt(1)
    assert not log.pace.try_admit_reply(10_002)


async def test_reply_over_the_limit_of_its_chat_is_not_admitted(clock, log):
    assert [log.pace.try_admit_reply(7) for _ in range(5)] == [True] * 4 + [False]
    assert log.pace.try_admit_reply(8)
