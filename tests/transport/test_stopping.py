"""A stop is quick. Running turns are finished and confirmed, and Telegram delivers the other updates again."""

import asyncio

from tests.support.limits import GIVE_UP, SOON


async def test_stop_ends_a_long_poll_at_once(make_poller, telegram):
    poller = make_poller()
    running = asyncio.create_task(poller.run())
    await telegram.until(lambda: bool(telegram.said("getUpdates")))
    poller.stop()
    await asyncio.wait_for(running, SOON)


async def test_stop_finishes_a_turn_and_confirms_it(make_poller, telegram, listener, write):
    listener.gates[1] = asyncio.Event()
    await telegram.deliver(write(1), write(2))
    poller = make_poller()
    running = asyncio.create_task(poller.run())
    await asyncio.wait_for(listener.first.wait(), GIVE_UP)
    poller.stop()
    listener.gates[1].set()
    await running
    assert listener.committed == [1], "no turn begins after the stop"
    assert telegram.texts() == ["1"]
    assert [update["update_id"] for update in telegram.queue] == [2]


async def test_stop_gives_up_a_hanging_turn(make_poller, telegram, listener, write, monkeypatch):
    monkeypatch.setattr("chatbot.transport.incoming.polling.GRACE", 0.05)
    listener.gates[2] = asyncio.Event()
    await telegram.deliver(write(1, person_id=1), write(2, person_id=2), write(3, person_id=3))
    poller = make_poller()
    running = asyncio.create_task(poller.run())
    await telegram.until(lambda: len(telegram.texts()) == 2)
    poller.stop()
    await asyncio.wait_for(running, GIVE_UP)
    assert [update["update_id"] for update in telegram.queue] == [2, 3], (
        "the update of the unfinished turn is delivered again"
    )


async def test_stop_does_not_wait_for_the_database(make_poller, telegram, listener, busy, write):
    class EndlessFailures(list):
        def pop(self, _):
            return busy()

    listener.failures[1] = EndlessFailures([busy()])
    await telegram.deliver(write(1))
    poller = make_poller()
    running = asyncio.create_task(poller.run())
    await asyncio.wait_for(listener.first.wait(), GIVE_UP)
    poller.stop()
    await asyncio.wait_for(running, GIVE_UP)
    assert len(telegram.queue) == 1


async def test_hanging_confirmation_does_not_delay_the_stop(make_poller, telegram, write, monkeypatch):
    monkeypatch.setattr("chatbot.transport.incoming.polling.CONFIRM_LIMIT", 0.05)
    await telegram.deliver(write(1))
    poller = make_poller()
    running = asyncio.create_task(poller.run())
    await telegram.until(lambda: not telegram.queue)
    telegram.fail("getUpdates", "hang")
    poller.stop()
    await asyncio.wait_for(running, GIVE_UP)


async def test_poller_that_was_stopped_before_its_start_polls_nothing(make_poller, telegram):
    poller = make_poller()
    poller.stop()
    poller.stop()
    await asyncio.wait_for(poller.run(), SOON)
    assert not telegram.said("getUpdates")
