"""Everything at once: any answer of Telegram, opt-outs, pauses, kills and restarts."""

import asyncio
import random
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatbot.petition.broadcasts.outcome import Failed, Gone, NotSent, Unknown
from chatbot.storage.broadcasts import lifecycle
from tests.support.broadcast_worker import RunningWorker
from tests.support.fake_broadcast_sender import Telegram

pytestmark = pytest.mark.slow

PEOPLE = range(1, 81)
ANSWERS = [NotSent(), NotSent(0.01, flood=True), Unknown("timeout"), Gone("blocked"), Failed("odd")]


@given(st.integers(0, 2**32), st.floats(0, 0.3), st.sampled_from([1, 5, 30]), st.sampled_from(["update", "recall"]))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_subscribers_get_every_broadcast_once(driver, seed, badly, window, kind):
    chance = random.Random(seed)
    telegram = Telegram()
    steps = []

    async def trouble(delivery):
        await asyncio.sleep(chance.choice([0, 0, 0.002]))
        if steps and telegram.calls[kind] >= steps[0]:
            del steps[0]
            acting.append(asyncio.create_task(act(chance.choice(["pause", "leave", "kill", "stop"]))))
        return chance.choice(ANSWERS) if chance.random() < badly else None

    async def after(delivery):
        return Unknown("cut") if chance.random() < badly / 4 else None

    async def act(what):
        match what:
            case "leave":
                await driver.unsubscribe(*chance.sample(PEOPLE, 5))
            case "pause":
                # The broadcast may have ended before either.
                await driver.database.transact(lifecycle.pause, broadcast, driver.now)
                await asyncio.sleep(0.02)
                await driver.database.transact(lifecycle.resume, broadcast)
            case "kill":
                await working.kill()
            case "stop":
                await working.stop()

    acting = []
    await driver.subscribe(PEOPLE)
    broadcast = await driver.start(ko="소식")
    async with RunningWorker(driver.worker(telegram)):
        if kind == "recall":
            await driver.until(broadcast)
            broadcast = await driver.start(kind="recall", of=broadcast)
    before = Counter(telegram.arrived)
    telegram.calls.clear()
    telegram.trouble, telegram.after = trouble, after
    steps = sorted(chance.sample(range(1, 80), 4))
    for _ in range(8):
        async with RunningWorker(driver.worker(telegram, window=window)) as working:
            assert working.task is not None
            ended = asyncio.create_task(driver.until(broadcast))
            await asyncio.wait({ended, working.task}, return_when=asyncio.FIRST_COMPLETED)
            if not ended.done():
                ended.cancel()
                continue
        break
    await asyncio.gather(*acting)
    assert (await ended).ending == "done"
    assert max(Counter(telegram.arrived).values()) == 1
    tally = await driver.tally(broadcast)
    assert tally.left == 0
    states = await driver.count_states(broadcast)
    assert states.total() == tally.total
    rows = await driver.outcomes(broadcast)
    reached = set(telegram.arrived)
    assert {supporter_id for supporter_id, (state, _) in rows.items() if state == "sent"} <= reached
    if kind == "update":
        assert not before
        assert reached <= {supporter_id for supporter_id, (state, _) in rows.items() if state in ("sent", "unknown")}
    else:
        assert not [
            supporter_id
            for supporter_id, (state, _) in rows.items()
            if state == "sent" and telegram.chats[supporter_id]
        ]
    # Subscribe everybody again for the next example.
    await driver.unsubscribe(*PEOPLE)
