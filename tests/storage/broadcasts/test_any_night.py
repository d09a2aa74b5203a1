"""Random nights: each reader gets a broadcast once at most, and none while they sleep."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatbot.petition.broadcasts.broadcast import BroadcastState
from chatbot.petition.broadcasts.outcome import Delivery, Failed, Result, Sent
from chatbot.storage import Database, Transaction
from chatbot.storage.broadcasts import deliveries, lifecycle
from chatbot.storage.broadcasts.mornings import ReadersClock
from chatbot.storage.people import subscriptions
from tests.storage.conftest import on_sqlite
from tests.support.night_driver import COUNTRIES, NightDriver

ACTS: Final = st.lists(
    st.tuples(
        st.sampled_from(
            (*["pass"] * 3, "pause", "resume", "correct", "recall", "crash", "leave", "fail", "again", "cancel", "rest")
        ),
        st.integers(0, 9),
    ),
    max_size=25,
)


@pytest.mark.slow
@on_sqlite
@given(ACTS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_nobody_is_woken_or_gets_a_broadcast_twice(database: Database, acts: list[tuple[str, int]]) -> None:
    """Each example sends a new broadcast to its own readers."""
    driver = NightDriver(database)
    for row in await driver.list_all():  # of earlier examples
        await database.transact(lifecycle.resume, row.id)
        await database.transact(lifecycle.end, row.id, "cancelled", driver.now)

    async def leave_all(tx: Transaction) -> int:
        rows = await tx.all("SELECT supporter_id FROM subscriptions WHERE ended_at IS NULL")
        for each in rows:
            await subscriptions.end(tx, each["supporter_id"], "asked", driver.now)
        return max((each["supporter_id"] for each in rows), default=0)

    first = await database.transact(leave_all) + 1
    for number in range(16):
        driver.country[first + number] = COUNTRIES[number % 8]
        await driver.subscribe([first + number], "ko" if number % 8 == 0 else "en", COUNTRIES[number % 8])
    broadcast = await driver.start(ko="소식", en="News")
    left: set[int] = set()
    for act, number in acts:
        match act:
            case "pass":
                await _work(driver, broadcast, driver.note, limit=number + 1)
                driver.now += timedelta(hours=number)
            case "pause":
                await database.transact(lifecycle.pause, broadcast, driver.now)
            case "resume":
                await database.transact(lifecycle.resume, broadcast)
            case "correct" if (await driver.get(broadcast)).recalled_at is None:
                await driver.start(kind="correction", of=broadcast, ko="고친 소식", en="Corrected")
            case "recall" if (await driver.get(broadcast)).recalled_at is None and number == 0:
                await driver.start(kind="recall", of=broadcast)
            case "crash":
                found = await database.transact(deliveries.find_running, driver.now)
                if found and found.id == broadcast and found.gathered_at is not None:
                    clock = ReadersClock(driver.campaign, driver.now)
                    await database.transact(deliveries.claim, found, number, clock)
                await database.transact(deliveries.recover)
            case "leave":
                left.add(first + number)
                await driver.unsubscribe(first + number)
            case "fail":
                await _work(driver, broadcast, lambda to: Failed("refused"), limit=1)
            case "again":
                await database.transact(lifecycle.send_again, broadcast, "failed")
            case "cancel" if number < 3:
                await database.transact(lifecycle.end, broadcast, "cancelled", driver.now)
            case "rest":
                await database.transact(lifecycle.send_again, broadcast, "rest")
        assert await driver.is_consistent(broadcast)

    is_recalled = (await driver.get(broadcast)).recalled_at is not None
    await database.transact(lifecycle.resume, broadcast)
    await database.transact(lifecycle.send_again, broadcast, "rest")
    before = len(driver.arrived)
    for _ in range(30):
        await _work(driver, broadcast, driver.note, limit=50)
        driver.now += timedelta(hours=1)
    assert not is_recalled or len(driver.arrived) == before
    assert (await driver.get(broadcast)).state is BroadcastState.ENDED
    assert list(driver.list_woken()) == []
    assert max(Counter(each for each, _ in driver.arrived).values(), default=1) == 1
    outcomes = await driver.outcomes(broadcast)
    if not is_recalled:
        assert set(driver.country) - left <= set(outcomes), "everybody who stayed has a delivery"
        assert not [each for each, (state, _) in outcomes.items() if state in ("waiting", "sending")]
    assert {each for each, (state, _) in outcomes.items() if state == "sent"} == {each for each, _ in driver.arrived}


async def _work(driver: NightDriver, broadcast: int, result: Callable[[Delivery], Result], limit: int) -> None:
    """Send what can be sent now, in at most ten batches. Corrections and recalls are not recorded as arrived."""
    for _ in range(10):
        found = await driver.database.transact(deliveries.find_running, driver.now)
        if found is None:
            return
        now = driver.now
        await driver.deliver(result if found.id == broadcast else lambda to: Sent(to.message_id or 0), limit=limit)
        driver.now = now
