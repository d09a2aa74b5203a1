"""A broadcast meets flood limits, outages, refusals and crashes. Nobody gets a second copy."""

import asyncio
import logging
from collections import Counter

import pytest

from chatbot.broadcasting.pace import Pacer
from chatbot.broadcasting.run import MOST_UNKNOWN
from chatbot.petition.broadcasts.outcome import ContentRefused, NotSent, Unknown
from chatbot.storage.people import subscriptions
from tests.support.broadcast_worker import RunningWorker
from tests.support.cast import YUNA
from tests.support.fake_broadcast_sender import TokenRefusedError
from tests.support.halting_pace import HaltingPace
from tests.support.limits import GIVE_UP


def assert_nobody_twice(telegram):
    assert not [supporter_id for supporter_id, times in Counter(telegram.arrived).items() if times > 1]


async def test_flood_halts_all_and_loses_no_delivery(driver, telegram):
    await driver.subscribe(range(1, 101))
    floods = iter([NotSent(7.0, flood=True)] * 3)
    telegram.trouble = lambda delivery: next(floods, None) if len(telegram.arrived) > 30 else None
    pace = HaltingPace()
    async with RunningWorker(driver.worker(telegram, pace=pace)):
        broadcast = await driver.start(ko="소식")
        await driver.until(broadcast)
    assert pace.seconds == [7.0] * 3
    assert telegram.calls["probe"] == 0
    assert sorted(telegram.arrived) == list(range(1, 101))
    assert await driver.count_states(broadcast) == Counter(sent=100)


async def test_opt_out_during_a_halt_counts(driver, telegram):
    """Deliveries claimed before a 429 go back to the queue, so that an opt-out counts until the moment of sending."""
    await driver.subscribe(range(1, 101))
    flooded = asyncio.Event()
    refused = []

    def flood(delivery):
        if delivery.supporter_id >= 20 and delivery.supporter_id not in refused and len(refused) < 2:
            refused.append(delivery.supporter_id)
            if len(refused) == 2:
                flooded.set()
            return NotSent(1.5, flood=True)
        return None

    telegram.trouble = flood
    async with RunningWorker(driver.worker(telegram)):
        broadcast = await driver.start(ko="소식")
        await asyncio.wait_for(flooded.wait(), GIVE_UP)
        await driver.until_landed(broadcast, but=refused[:1])
        before = set(telegram.arrived)
        await driver.unsubscribe(*range(22, 100))
        await driver.until(broadcast)
    assert set(telegram.arrived) - before == {20, 21, 100} - before
    assert await driver.count_states(broadcast) == Counter(
        sent=len(before | {20, 21, 100}), skipped=100 - len(telegram.arrived)
    )
    assert_nobody_twice(telegram)


@pytest.mark.parametrize("leaves", [False, True])
async def test_flooded_chat_delays_no_other_and_may_opt_out(driver, telegram, leaves):
    """Only this delivery waits; all others are sent, and subscribers who leave meanwhile get nothing."""
    await driver.subscribe(range(1, 101))
    floods = iter([NotSent(1.0, flood=True)])
    telegram.trouble = lambda delivery: next(floods, None) if delivery.supporter_id == 20 else None
    async with RunningWorker(driver.worker(telegram)):
        broadcast = await driver.start(ko="소식")
        await telegram.until(lambda: len(telegram.arrived) == 99)
        if leaves:
            await driver.unsubscribe(20)
        await driver.until(broadcast)
    assert telegram.arrived == [each for each in range(1, 101) if each != 20] + [20] * (not leaves)
    assert await driver.count_states(broadcast) == Counter(sent=100 - leaves, skipped=leaves)


async def test_chat_with_endless_429s_does_not_delay_the_end(driver, telegram, monkeypatch):
    monkeypatch.setattr("chatbot.broadcasting.pace.LONGEST", 0.05)
    await driver.subscribe(range(1, 101))
    telegram.trouble = lambda delivery: NotSent(18_000, flood=True) if delivery.supporter_id == 20 else None
    async with RunningWorker(driver.worker(telegram)):
        broadcast = await driver.start(ko="소식")
        await driver.until(broadcast)
    assert await driver.count_states(broadcast) == Counter(sent=99, failed=1)
    assert (await driver.outcomes(broadcast))[20] == ("failed", "flood")
    assert telegram.calls["update"] == 99 + 5


async def test_chat_at_its_limit_gets_its_delivery_later(driver, telegram):
    """Our own limit of a chat applies without a call to Telegram."""
    await driver.subscribe(range(1, 101))
    pace = Pacer(1000, 1000)
    for _ in range(4):
        pace.try_admit_reply(20)
    async with RunningWorker(driver.worker(telegram, pace=pace)):
        broadcast = await driver.start(ko="소식")
        await driver.until(broadcast)
    assert telegram.arrived[-1] == 20
    assert await driver.count_states(broadcast) == Counter(sent=100)


async def test_deliveries_wait_for_a_connection(driver, telegram):
    await driver.subscribe(range(1, 101))

    def disconnected(delivery):
        return None if telegram.answers else NotSent()

    telegram.trouble = disconnected
    telegram.answers = False
    async with RunningWorker(driver.worker(telegram)):
        broadcast = await driver.start(ko="소식")
        await telegram.until(lambda: telegram.calls["probe"] == 5)
        assert telegram.arrived == []
        assert telegram.calls["update"] <= 30
        telegram.answers = True
        await driver.until(broadcast)
    assert sorted(telegram.arrived) == list(range(1, 101))
    assert await driver.count_states(broadcast) == Counter(sent=100)


async def test_outage_leaves_only_deliveries_in_flight_unknown(driver, telegram):
    """Until it is noticed, others take the places of the first deliveries that get no answer."""
    window, unnoticed = 30, MOST_UNKNOWN - 1
    await driver.subscribe(range(1, 401))
    left = []
    given_up = asyncio.Semaphore(0)

    async def fall_silent(delivery):
        if len(telegram.arrived) >= 100 and telegram.answers and not left:
            telegram.answers = False
        if not telegram.answers:
            left.append(delivery.supporter_id)
            await given_up.acquire()
            return Unknown("timeout")
        return None

    telegram.trouble = fall_silent
    async with RunningWorker(driver.worker(telegram, window=window)):
        broadcast = await driver.start(ko="소식")
        for replaced in range(unnoticed):
            await telegram.until(lambda sent=window + replaced: len(left) == sent)
            given_up.release()
        await telegram.until(lambda: len(left) == window + unnoticed)
        for _ in left:
            given_up.release()
        await telegram.until(lambda: telegram.calls["probe"] >= 20)
        assert len(left) == window + unnoticed, "nothing is sent while getMe fails"
        telegram.answers = True
        await driver.until(broadcast)
    assert await driver.count_states(broadcast) == Counter(sent=400 - len(left), unknown=len(left))
    assert sorted(telegram.arrived + left) == list(range(1, 401))


async def test_worker_tries_one_delivery_at_a_time_during_an_outage(driver, telegram, caplog):
    await driver.subscribe(range(1, 401))
    waits = []

    def back_off(tries):
        waits.append(tries)
        return 0.01

    def refuse(delivery):
        return Unknown("telegram") if len(telegram.arrived) >= 100 and telegram.calls["probe"] < 6 else None

    telegram.trouble = refuse
    caplog.set_level(logging.INFO)
    async with RunningWorker(driver.worker(telegram, back_off=back_off)):
        broadcast = await driver.start(ko="소식")
        await driver.until(broadcast)
    assert waits == [0, 1, 2, 3, 4, 5], "each wait is longer than the one before"
    assert (await driver.count_states(broadcast))["unknown"] <= 30 + MOST_UNKNOWN - 1 + 5
    told = [record.getMessage() for record in caplog.records if "Telegram" in record.getMessage()]
    assert told == [
        f"Telegram is down: broadcast {broadcast} waits",
        f"Telegram answers again: broadcast {broadcast} continues",
    ]


async def test_occasional_unknown_is_no_outage(driver, telegram):
    await driver.subscribe(range(1, 101))
    telegram.after = lambda delivery: Unknown("cut") if delivery.supporter_id % 4 == 0 else None
    async with RunningWorker(driver.worker(telegram)):
        broadcast = await driver.start(ko="소식")
        await driver.until(broadcast)
    assert telegram.calls["probe"] == 0
    assert await driver.count_states(broadcast) == Counter(sent=75, unknown=25)
    assert sorted(telegram.arrived) == list(range(1, 101))


async def test_refused_content_stops_the_broadcast_and_is_reported(driver, telegram):
    await driver.subscribe(range(1, 201))
    telegram.trouble = lambda delivery: ContentRefused("can't parse entities") if delivery.supporter_id > 10 else None
    async with RunningWorker(driver.worker(telegram, configured_owners=frozenset({YUNA, 3004}))):
        broadcast = await driver.start(ko="소식")
        ended = await driver.until(broadcast)
        await telegram.until(lambda: {chat for chat, *_ in telegram.shown} == {YUNA, 3004})
    assert (ended.ending, ended.refusal) == ("content", "can't parse entities")
    states = await driver.count_states(broadcast)
    assert states["sent"] == 10
    assert 1 <= states["failed"] <= 30
    assert states["waiting"] == 190 - states["failed"]
    assert any("parse entities" in str(screen.text) for _, screen, _ in telegram.shown)


async def test_too_many_strangers_stop_the_broadcast_and_stay_subscribed(driver, telegram):
    await driver.subscribe(range(1, 501))
    telegram.strangers = set(range(100, 500))
    async with RunningWorker(driver.worker(telegram)):
        broadcast = await driver.start(ko="소식")
        ended = await driver.until(broadcast)
    assert ended.ending == "strangers"
    states = await driver.count_states(broadcast)
    assert states["sent"] == 99
    assert 11 <= states["gone"] <= 11 + 30
    assert await driver.database.transact(subscriptions.count) == 500


async def test_few_strangers_are_unsubscribed_at_the_end(driver, telegram):
    await driver.subscribe(range(1, 101))
    telegram.strangers, telegram.blocked, telegram.deactivated = {7, 50}, {8, 9}, {10}
    async with RunningWorker(driver.worker(telegram)):
        broadcast = await driver.start(ko="소식")
        ended = await driver.until(broadcast)
    assert ended.ending == "done"
    assert (await driver.tally(broadcast)).outcomes == {
        ("ko", "sent", ""): 95,
        ("ko", "gone", "not_found"): 2,
        ("ko", "gone", "blocked"): 2,
        ("ko", "gone", "deactivated"): 1,
    }
    for gone in (7, 50, 8, 9, 10):
        assert await driver.database.transact(subscriptions.find, gone) is None
    assert await driver.database.transact(subscriptions.count) == 95


async def test_wrong_token_unsubscribes_nobody_in_a_small_campaign(driver, telegram):
    await driver.subscribe(range(1, 9))
    telegram.strangers = set(range(1, 9))
    async with RunningWorker(driver.worker(telegram)):
        broadcast = await driver.start(ko="소식")
        await driver.until(broadcast)
    assert await driver.database.transact(subscriptions.count) == 8


async def test_refused_token_ends_the_worker_and_the_right_one_continues(driver, telegram):
    await driver.subscribe(range(1, 201))
    telegram.trouble = lambda delivery: TokenRefusedError() if len(telegram.arrived) >= 50 else None
    broadcast = await driver.start(ko="소식")
    with pytest.raises(TokenRefusedError):
        await asyncio.wait_for(driver.worker(telegram).run(), GIVE_UP)
    states = await driver.count_states(broadcast)
    assert states["sending"] == 0
    assert states["sent"] == len(telegram.arrived)
    assert states["waiting"] == 200 - states["sent"]
    telegram.trouble = None
    async with RunningWorker(driver.worker(telegram)):
        await driver.until(broadcast)
    assert sorted(telegram.arrived) == list(range(1, 201))


async def test_worker_notices_a_refused_token_while_idle(driver, telegram, monkeypatch):
    async def refuse(*_):
        raise TokenRefusedError

    monkeypatch.setattr(telegram, "show", refuse)
    await driver.subscribe(range(1, 11))
    broadcast = await driver.start(ko="소식")
    await driver.pause(broadcast)
    with pytest.raises(TokenRefusedError):
        await asyncio.wait_for(driver.worker(telegram).run(), GIVE_UP)
