"""The pace on a simulated clock: which messages wait, how long, and that none leaves too early."""

import asyncio

import pytest

from chatbot.broadcasting.pace import Pacer
from tests.support.limits import GIVE_UP
from tests.support.paced_log import Log, busiest_second


async def test_replies_never_wait(clock, log):
    for _ in range(200):
        log.reply()
    await clock.settle()
    assert log.people == [0.0] * 200


async def test_broadcast_keeps_its_rate_without_bursts(clock, log):
    log.broadcast()
    await clock.pass_until(60)
    assert len(log.broadcasts) == pytest.approx(1500, abs=3)
    assert busiest_second(log.broadcasts) <= 27


async def test_broadcast_takes_the_rate_that_replies_leave(clock, log):
    log.broadcast()
    for second in range(20):
        for _ in range(10):
            log.reply()
        await clock.pass_until(second + 1)
    assert len(log.broadcasts) == pytest.approx(20 * 19, abs=3), "of 30 a second, ten are replies and one stays free"


@pytest.mark.parametrize(("a_second", "kept"), [(1, 25), (3, 25), (4, 25), (5, 24), (10, 19)])
async def test_broadcast_keeps_its_rate_beside_other_messages(clock, log, a_second, kept):
    """Of Telegram's 30 a second the broadcast may use 25; the rest is for replies and progress, with one reserved."""
    log.broadcast(lambda: 0.03, lambda: 0.03)
    for step in range(20 * a_second):
        await clock.pass_until(step / a_second)
        log.reply(edit=step % 2 == 0)
    await clock.pass_until(20)
    assert len(log.broadcasts) == pytest.approx(20 * kept, abs=6)
    # Count only once the round trip is known.
    assert busiest_second([at for at in [at + 0.03 for at in log.people] + log.broadcasts if at > 0.1]) <= 30


async def test_paid_rate_yields_to_replies(clock):
    log = Log(Pacer(1000, 1000, clock=clock, sleep=clock.sleep), clock)
    log.broadcast()
    for step in range(200):
        await clock.pass_until(step / 100)
        log.reply()
    await clock.pass_until(2)
    await log.end()
    assert len(log.broadcasts) == pytest.approx(2 * 900, rel=0.02)


async def test_broadcast_yields_to_replies_and_a_second_longer(clock, log):
    log.broadcast()
    await clock.pass_until(1)
    before = len(log.broadcasts)
    for step in range(100):
        log.reply()
        await clock.pass_until(1 + step / 50)  # 50 a second, for two seconds
    assert len(log.broadcasts) - before <= 2 + 5, "the rest of the first second, and five that nobody else used"
    before = len(log.broadcasts)
    await clock.pass_until(5)
    assert len(log.broadcasts) - before == pytest.approx(45, abs=5)


async def test_acknowledgements_are_not_counted(clock, log):
    log.broadcast()
    for _ in range(100):
        await log.pace.admit_acknowledgement()
    await clock.pass_until(4)
    assert len(log.broadcasts) == pytest.approx(100, abs=3)


async def test_halt_stops_all_and_releases_one_by_one(clock, log):
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


async def test_flooded_chat_delays_no_other(clock, log, caplog):
    """Telegram asks for five hours. This chat is tried every minute, and all others continue."""
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
    assert len(caplog.records) == 1, "one problem is logged once"
    assert "18000 s" in caplog.text


async def test_repeated_429s_of_one_chat_halt_no_other(clock, log):
    for _ in range(10):
        log.pace.note_flood(7, 3)
    log.reply()
    await clock.settle()
    assert log.people == [0.0]


async def test_distant_429s_of_two_chats_halt_nobody(clock, log):
    log.pace.note_flood(7, 3)
    await clock.pass_until(5.1)
    log.pace.note_flood(8, 3)
    log.reply()
    await clock.settle()
    assert len(log.people) == 1


async def test_long_halt_probes_once_a_minute_and_logs_twice(clock, log, caplog):
    caplog.set_level("INFO")
    log.broadcast()
    await clock.pass_until(1)
    log.refusing, log.asking = 2, 18_000
    log.halt(18_000)
    before = len(log.broadcasts)
    for _ in range(30):
        log.reply()
    await clock.pass_until(5.9)
    assert log.people == [], "429s of two chats halt all others for seconds"
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
    assert "accepts messages again after 125 s" in caplog.text


async def test_broadcast_probes_if_no_reply_does(clock, log):
    log.halt()
    log.broadcast()
    await clock.pass_until(4.9)
    assert log.broadcasts == []
    await clock.pass_until(7)
    assert len(log.broadcasts) == pytest.approx(50, abs=2)


async def test_unanswered_probe_is_followed_by_another(clock, log):
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


async def test_cancelled_waiter_blocks_nobody(clock, log):
    log.halt(2)
    log.reply()
    log.reply()
    await clock.settle()
    log.tasks[0].cancel()
    await clock.pass_until(3)
    assert len(log.people) == 1


async def test_acknowledgements_wait_only_for_a_halt_of_all(clock, log):
    for _ in range(9):
        log.reply(7)
    log.pace.note_flood(7, 60)
    await asyncio.wait_for(log.pace.admit_acknowledgement(), GIVE_UP)
    log.halt(60)
    waiting = asyncio.create_task(log.pace.admit_acknowledgement())
    await clock.pass_until(4.9)
    assert not waiting.done()
    await clock.pass_until(5.1)
    assert waiting.done()
