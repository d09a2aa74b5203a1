"""While turns cannot be stored, people are asked once to wait, also those behind the batch; then all are answered."""

import asyncio

import pytest

from chatbot.transport.incoming import outage as outages
from chatbot.transport.incoming import polling
from chatbot.transport.incoming.outage import CALM, ESTABLISHED, Outage

WAIT = "please wait"


@pytest.fixture
def established(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the first failure be no short one, and let the poller look ahead at once."""
    monkeypatch.setattr(outages, "ESTABLISHED", 0.0)
    monkeypatch.setattr(polling, "LOOK_AHEAD", 0.01)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_short_outage_is_told_to_nobody() -> None:
    clock = Clock()
    outage = Outage(clock)
    assert outage.seconds is None
    outage.note_failure()
    assert not outage.must_ask(1, 10 * 1)
    clock.now += ESTABLISHED
    assert outage.must_ask(1, 10 * 1)
    assert not outage.must_ask(1, 10 * 1), "once"
    assert outage.must_ask(2, 10 * 2)
    assert outage.note_success(1, 10 * 1)
    assert not outage.note_success(3, 10 * 3)
    assert not outage.must_ask(3, 10 * 3), "it may be over"
    outage.note_failure()
    assert outage.must_ask(1, 10 * 1)
    assert not outage.must_ask(2, 10 * 2), "who still waits is not asked again"


def test_outage_is_over_when_turns_are_stored_for_a_minute() -> None:
    clock = Clock()
    outage = Outage(clock)
    outage.note_failure()
    clock.now += 10 * CALM
    assert outage.seconds == 10 * CALM, "nobody has tried meanwhile"
    outage.note_failure()
    outage.note_success(1, 10 * 1)
    assert outage.seconds == 10 * CALM
    clock.now += CALM
    assert outage.seconds is None
    outage.note_failure()
    assert outage.seconds == 0.0


def test_turn_that_another_process_stored_leaves_nothing_behind() -> None:
    """Telegram delivers an update that failed once more, maybe to another process; the person's next one comes here."""
    clock = Clock()
    here, there = Outage(clock), Outage(clock)
    for process in (here, there):
        process.note_failure()
    clock.now += ESTABLISHED
    assert here.must_ask(1, 10)
    assert here.must_ask(2, 20)
    assert there.must_ask(1, 10), "processes know nothing of each other while the database is away"
    assert there.note_success(1, 10)
    assert not here.note_success(1, 11), "nobody was asked to wait for it, so its tap is acknowledged as always"
    clock.now += CALM
    here.note_failure()
    clock.now += ESTABLISHED
    assert here.must_ask(2, 21), "an outage that is over is forgotten"


@pytest.mark.usefixtures("established")
async def test_poller_asks_once_and_answers_below(poller, telegram, listener, busy, write, tap):
    listener.failures[1] = [busy()] * 4
    listener.failures[2] = [busy()] * 4
    await telegram.deliver(write(1, person_id=7), tap(2, person_id=8))
    await telegram.until(lambda: not telegram.queue and len(telegram.texts()) == 4)
    by_chat = {sent["chat_id"]: [] for sent in telegram.said("sendMessage")}
    for sent in telegram.said("sendMessage"):
        by_chat[sent["chat_id"]].append(sent["text"])
    assert by_chat == {7: [WAIT, "1"], 8: [WAIT, "2"]}
    assert telegram.said("answerCallbackQuery")[0] == {"callback_query_id": "q2"}, "the button does not spin meanwhile"
    assert poller.outage.seconds is not None


@pytest.mark.usefixtures("established")
async def test_poller_asks_those_who_write_meanwhile(make_poller, telegram, listener, busy, write):
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
    assert len(telegram.queue) == 4, "nothing is confirmed"
    gate.set()
    await telegram.until(lambda: not telegram.queue and len(telegram.texts()) == 7)
    assert telegram.texts()[:3] == [WAIT] * 3
    assert sorted(telegram.texts()[3:]) == ["1", "2", "3", "4"]
    assert sorted(listener.committed) == [1, 2, 3, 4]
    poller.stop()
    await running
