"""While turns cannot be stored, everybody who writes is asked once to wait. All of them are answered afterwards."""

import asyncio

import pytest

from chatbot.transport.incoming import outage as outages
from chatbot.transport.incoming import polling
from chatbot.transport.incoming.outage import CALM, ESTABLISHED, Outage
from tests.support.clock import Clock

WAIT = "please wait"


@pytest.fixture
def established(monkeypatch: pytest.MonkeyPatch) -> None:
    """Treat the first failure as an outage, and let the poller look ahead at once."""
    monkeypatch.setattr(outages, "ESTABLISHED", 0.0)
    monkeypatch.setattr(polling, "LOOK_AHEAD", 0.01)


def test_outage_asks_each_person_once_after_a_while() -> None:
    clock = Clock(1000.0)
    outage = Outage(clock)
    assert outage.seconds is None
    outage.note_failure()
    assert not outage.must_ask(1, 10)
    clock.now += ESTABLISHED
    assert outage.must_ask(1, 10)
    assert not outage.must_ask(1, 10), "once is enough"
    assert outage.must_ask(2, 20)
    assert outage.note_success(1, 10)
    assert not outage.note_success(3, 30)
    assert not outage.must_ask(3, 30), "a turn was stored, so the outage may be over"
    outage.note_failure()
    assert outage.must_ask(1, 10)
    assert not outage.must_ask(2, 20), "this person still waits, and knows it"


def test_outage_is_over_when_no_turn_fails_for_a_minute() -> None:
    clock = Clock(1000.0)
    outage = Outage(clock)
    outage.note_failure()
    clock.now += 10 * CALM
    assert outage.seconds == 10 * CALM, "no turn was tried, so it is not over"
    outage.note_failure()
    outage.note_success(1, 10)
    assert outage.seconds == 10 * CALM
    clock.now += CALM
    assert outage.seconds is None
    outage.note_failure()
    assert outage.seconds == 0.0


def test_process_forgets_a_person_whose_turn_another_process_stored() -> None:
    """Telegram delivers a failed update again, maybe to another process. The person's next update comes here."""
    clock = Clock(1000.0)
    here, there = Outage(clock), Outage(clock)
    for process in (here, there):
        process.note_failure()
    clock.now += ESTABLISHED
    assert here.must_ask(1, 10)
    assert here.must_ask(2, 20)
    assert there.must_ask(1, 10), "without the database, processes do not know whom others asked"
    assert there.note_success(1, 10)
    assert not here.note_success(1, 11), "the person was not asked to wait for this update"
    clock.now += CALM
    here.note_failure()
    clock.now += ESTABLISHED
    assert here.must_ask(2, 21), "in a new outage the person is asked again"


@pytest.mark.usefixtures("established")
async def test_poller_asks_each_person_once_to_wait(poller, telegram, listener, busy, write, tap):
    listener.failures[1] = [busy()] * 4
    listener.failures[2] = [busy()] * 4
    await telegram.deliver(write(1, person_id=7), tap(2, person_id=8))
    await telegram.until(lambda: not telegram.queue and len(telegram.texts()) == 4)
    by_chat = {sent["chat_id"]: [] for sent in telegram.said("sendMessage")}
    for sent in telegram.said("sendMessage"):
        by_chat[sent["chat_id"]].append(sent["text"])
    assert by_chat == {7: [WAIT, "1"], 8: [WAIT, "2"]}
    assert telegram.said("answerCallbackQuery")[0] == {"callback_query_id": "q2"}, (
        "the request to wait acknowledges the tap"
    )
    assert poller.outage.seconds is not None


@pytest.mark.usefixtures("established")
async def test_poller_asks_people_behind_the_batch_to_wait(make_poller, telegram, listener, busy, write):
    gate = asyncio.Event()

    def wait(_tries: int) -> float:
        return 0.0 if gate.is_set() else 0.05

    poller = make_poller(wait=wait)

    async def hear(heard):
        if not gate.is_set():
            raise busy
        return await original(heard)

    original = listener.hear
    poller._dispatcher._conversation.hear = hear
    running = asyncio.create_task(poller.run())
    await telegram.deliver(write(1, person_id=7))
    await telegram.until(lambda: telegram.texts() == [WAIT])
    await telegram.deliver(write(2, person_id=8), write(3, person_id=9), write(4, person_id=8))
    await telegram.until(lambda: len(telegram.texts()) == 3)
    assert [sent["chat_id"] for sent in telegram.said("sendMessage")] == [7, 8, 9]
    assert len(telegram.queue) == 4, "no update is confirmed"
    gate.set()
    await telegram.until(lambda: not telegram.queue and len(telegram.texts()) == 7)
    assert telegram.texts()[:3] == [WAIT] * 3
    assert sorted(telegram.texts()[3:]) == ["1", "2", "3", "4"]
    assert sorted(listener.committed) == [1, 2, 3, 4]
    poller.stop()
    await running
