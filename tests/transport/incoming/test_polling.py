"""Polling: when updates are confirmed, in which order turns run, and what happens if one fails."""

import asyncio
import logging

import pytest

from chatbot.transport.outgoing.retry import Retrier, TokenRefusedError
from tests.support.limits import GIVE_UP


async def test_poller_sends_the_answers_to_updates(poller, telegram, write, tap):
    await telegram.deliver(write(1), tap(2))
    await telegram.until(lambda: not telegram.queue and len(telegram.texts()) == 2)
    assert telegram.texts() == ["1", "2"]
    assert telegram.said("answerCallbackQuery") == [{"callback_query_id": "q2"}]


async def test_poller_requests_only_used_kinds(poller, telegram):
    await telegram.until(lambda: bool(telegram.said("getUpdates")))
    [asked] = telegram.said("getUpdates")
    used = [
        *("message", "edited_message", "callback_query", "my_chat_member", "channel_post"),
        *("inline_query", "chosen_inline_result", "guest_message"),
    ]
    assert asked["allowed_updates"] == used
    assert asked["timeout"] >= 30


async def test_poller_confirms_a_batch_after_all_its_turns(poller, telegram, listener, write):
    listener.gates[2] = asyncio.Event()
    await telegram.deliver(write(1, person_id=1), write(2, person_id=2), write(3, person_id=3))
    await telegram.until(lambda: len(telegram.texts()) == 2)
    assert sorted(listener.committed) == [1, 3]
    assert len(telegram.queue) == 3
    listener.gates[2].set()
    await telegram.until(lambda: not telegram.queue)
    assert sorted(listener.committed) == [1, 2, 3]


async def test_crash_before_the_commit_repeats_the_update(make_poller, telegram, listener, write):
    listener.gates[1] = asyncio.Event()
    await telegram.deliver(write(1))
    crashing = asyncio.create_task(make_poller().run())
    await telegram.until(lambda: bool(telegram.delivered))
    await asyncio.wait_for(listener.first.wait(), GIVE_UP)
    crashing.cancel()  # as after kill -9: the poller confirms nothing more
    await asyncio.wait([crashing])
    assert not listener.committed
    listener.gates.clear()
    poller = make_poller()
    running = asyncio.create_task(poller.run())
    await telegram.until(lambda: not telegram.queue)
    assert listener.committed == [1]
    poller.stop()
    await running


async def test_poller_takes_turns_of_one_person_in_order(poller, telegram, listener, write):
    listener.gates[1] = asyncio.Event()
    await telegram.deliver(write(1, person_id=1), write(2, person_id=1), write(3, person_id=2), write(4, person_id=1))
    await telegram.until(lambda: telegram.texts() == ["3"])
    assert listener.begun == [1, 3]
    listener.gates[1].set()
    await telegram.until(lambda: not telegram.queue)
    assert listener.committed == [3, 1, 2, 4]
    assert telegram.texts() == ["3", "1", "2", "4"]


async def test_poller_retries_a_turn_until_it_is_taken(poller, telegram, listener, busy, write, caplog):
    listener.failures[1] = [busy("Hana"), busy("Hana"), busy("Hana")]
    await telegram.deliver(write(1), write(2))
    await telegram.until(lambda: not telegram.queue)
    assert listener.begun == [1, 1, 1, 1, 2]
    assert telegram.texts() == ["1", "2"]
    assert len(caplog.records) == 1, "one line, however often it is tried"
    assert "Hana" not in caplog.text


async def test_unsendable_answer_becomes_an_apology(poller, telegram, listener, tap, write, caplog):
    listener.unspeakable = {1, 2}
    await telegram.deliver(write(1), tap(2), write(3, person_id=8))
    await telegram.until(lambda: not telegram.queue and len(telegram.texts()) == 3)
    assert sorted(listener.committed) == [1, 2, 3]
    assert sorted(telegram.texts()) == ["3", "Sorry", "Sorry"]
    assert telegram.said("answerCallbackQuery") == [{"callback_query_id": "q2"}]
    assert [record.getMessage().partition(" (")[0] for record in caplog.records] == ["an answer could not be sent"] * 2


async def test_bug_costs_one_turn_and_gets_an_apology(poller, telegram, listener, tap, write, caplog):
    listener.failures[1] = [ValueError("Hana")]
    await telegram.deliver(tap(1), write(2), write(3, person_id=8))
    await telegram.until(lambda: not telegram.queue)
    assert listener.begun.count(1) == 1
    assert sorted(telegram.texts()) == ["2", "3", "Sorry"]
    assert telegram.said("answerCallbackQuery") == [{"callback_query_id": "q1"}]
    assert "ValueError" in caplog.text
    assert "Hana" not in caplog.text


async def test_failed_apology_still_acknowledges_the_tap(make_poller, telegram, listener, tap, write):
    listener.failures[1] = [ValueError()]
    listener.failures[2] = [ValueError()]
    poller = make_poller(apologise=lambda heard: 1 / 0)
    running = asyncio.create_task(poller.run())
    await telegram.deliver(tap(1), write(2), write(3))
    await telegram.until(lambda: not telegram.queue)
    poller.stop()
    await running
    assert telegram.said("answerCallbackQuery") == [{"callback_query_id": "q1"}]
    assert telegram.texts() == ["3"]


async def test_dispatcher_gives_up_a_hanging_turn(poller, telegram, listener, write, monkeypatch):
    monkeypatch.setattr("chatbot.transport.incoming.dispatcher.TURN_LIMIT", 0.05)
    listener.gates[1] = asyncio.Event()
    await telegram.deliver(write(1), write(2))
    await asyncio.wait_for(listener.first.wait(), GIVE_UP)
    monkeypatch.setattr("chatbot.transport.incoming.dispatcher.TURN_LIMIT", GIVE_UP)  # for the next turn
    await telegram.until(lambda: not telegram.queue)
    assert telegram.texts() == ["Sorry", "2"]


@pytest.mark.parametrize(
    "poison", [{"update_id": 1}, {"update_id": 1, "message": 5}, {"update_id": 1, "telepathy": {}}]
)
async def test_poller_confirms_an_unreadable_update(poller, telegram, listener, write, poison):
    await telegram.deliver(poison, write(2), {"update_id": 3, "message": None})
    await telegram.until(lambda: not telegram.queue)
    assert listener.committed == [2]


async def test_poller_confirms_the_last_update_when_ids_restart(poller, telegram, listener, write):
    await telegram.deliver(write(900), write(901), write(4))
    await telegram.until(lambda: not telegram.queue)
    assert telegram.said("getUpdates")[-1]["offset"] == 5
    assert listener.committed == [900, 901, 4]


async def test_slow_answer_does_not_delay_the_next_batch(poller, telegram, write, monkeypatch):
    monkeypatch.setattr("chatbot.transport.incoming.polling.ANSWER_WAIT", 0.05)
    telegram.fail("sendMessage", "hang")
    await telegram.deliver(write(1, person_id=1))
    await telegram.until(lambda: not telegram.queue)
    await telegram.deliver(write(2, person_id=2))
    await telegram.until(lambda: telegram.texts() == ["1", "2"])


async def test_poller_sends_answers_before_it_confirms(poller, telegram, pace, write):
    pace.open.clear()
    await telegram.deliver(write(1))
    await telegram.until(lambda: bool(telegram.delivered))
    for _ in range(20):
        await asyncio.sleep(0)
    assert len(telegram.said("getUpdates")) == 1
    pace.open.set()
    await telegram.until(lambda: not telegram.queue)
    assert telegram.texts() == ["1"]


@pytest.mark.parametrize("fault", ["cut", (500, "Internal Server Error"), b"<html>", b'{"ok":true,"result":[[]]}'])
async def test_poller_repeats_a_failed_poll(poller, telegram, listener, write, caplog, fault):
    caplog.set_level(logging.INFO)
    telegram.fail("getUpdates", fault, fault, fault)
    # This update arrives with the poll that was sent before. The next three polls fail.
    await telegram.deliver(write(1))
    await telegram.until(lambda: not telegram.queue and len(telegram.said("getUpdates")) >= 5)
    await telegram.deliver(write(2))
    await telegram.until(lambda: not telegram.queue)
    assert listener.committed == [1, 2]
    assert caplog.text.count("trying again") == 1
    assert caplog.text.count("answers again") == 1


async def test_cut_of_an_idle_poll_is_no_outage(make_poller, telegram, write, monkeypatch, caplog):
    """Proxies cut idle polls. The poller sends the next one without a pause."""
    caplog.set_level(logging.INFO)
    monkeypatch.setattr("chatbot.transport.incoming.long_poll.WAITED", 0.05)
    monkeypatch.setattr("chatbot.transport.incoming.long_poll.LATE", GIVE_UP)  # a busy machine is late

    def pause(tries):
        raise AssertionError("the poller pauses as in an outage")

    poller = make_poller(wait=pause)
    telegram.fail("getUpdates", 0.1, 0.1)
    running = asyncio.create_task(poller.run())
    await telegram.until(lambda: len(telegram.said("getUpdates")) == 3)
    await telegram.deliver(write(1))
    await telegram.until(lambda: telegram.texts() == ["1"])
    poller.stop()
    await running
    assert [asked["timeout"] for asked in telegram.said("getUpdates")[:3]] == [50, 1, 1]
    assert len(caplog.records) == 1, "not a line for each cut"
    assert "do not last" in caplog.text


@pytest.mark.parametrize(("asked", "waited"), [(7, 7), (18_000, 60)])
async def test_poller_waits_a_minute_at_most_after_a_429(make_poller, telegram, write, monkeypatch, asked, waited):
    pauses = []

    async def pause(_retrier, seconds):
        pauses.append(seconds)

    monkeypatch.setattr(Retrier, "pause", pause)
    telegram.fail("getUpdates", (429, f"Too Many Requests: retry after {asked}", {"retry_after": asked}))
    await telegram.deliver(write(1))
    poller = make_poller()
    running = asyncio.create_task(poller.run())
    await telegram.until(lambda: not telegram.queue)
    poller.stop()
    await running
    assert pauses == [waited]


async def test_poller_confirms_updates_of_a_chat_that_has_to_wait(poller, telegram, pace, write, monkeypatch):
    """The answers are sent later. Neither this batch nor the next ones wait for them."""
    monkeypatch.setattr("chatbot.transport.incoming.polling.ANSWER_WAIT", 3600)
    pace.delays[7] = 100.0
    pace.open.clear()
    for update_id in range(1, 40):
        await telegram.deliver(write(update_id, person_id=7))
    await telegram.until(lambda: not telegram.queue)
    pace.open.set()


async def test_poller_logs_another_instance_once(poller, telegram, write, caplog):
    conflict = (409, "Conflict: terminated by other getUpdates request; make sure that only one bot is running")
    telegram.fail("getUpdates", conflict, conflict, conflict)
    await telegram.deliver(write(1))
    await telegram.until(lambda: not telegram.queue)
    assert caplog.text.count("another instance is running with this token") == 1


@pytest.mark.parametrize("refusal", [(401, "Unauthorized"), (404, "Not Found")])
async def test_refused_token_ends_the_poller(make_poller, telegram, token, refusal):
    telegram.fail("getUpdates", refusal)
    with pytest.raises(TokenRefusedError, match="TELEGRAM_TOKEN") as refused:
        await make_poller().run()
    assert token not in str(refused.value)


async def test_poller_deletes_the_webhook_and_keeps_its_updates(make_poller, telegram, write):
    telegram.results["getWebhookInfo"] = {"url": "https://example.org/hook", "pending_update_count": 1}
    await telegram.deliver(write(1))
    poller = make_poller()
    running = asyncio.create_task(poller.run())
    await telegram.until(lambda: telegram.texts() == ["1"])
    poller.stop()
    await running
    assert telegram.said("deleteWebhook") == [{"drop_pending_updates": False}]


async def test_poller_says_that_a_webhook_is_removed_once_it_is(make_poller, telegram, write, caplog):
    caplog.set_level(logging.INFO)
    telegram.results["getWebhookInfo"] = {"url": "https://example.org/hook", "pending_update_count": 0}
    telegram.fail("deleteWebhook", (500, "Internal Server Error"))
    await telegram.deliver(write(1))
    poller = make_poller()
    running = asyncio.create_task(poller.run())
    await telegram.until(lambda: telegram.texts() == ["1"])
    poller.stop()
    await running
    told = [record.getMessage() for record in caplog.records]
    assert [line[:20] for line in told] == ["Telegram cannot be a", "Telegram answers aga", "the webhook set for "]


async def test_poller_deletes_no_missing_webhook(poller, telegram):
    await telegram.until(lambda: bool(telegram.said("getUpdates")))
    assert not telegram.said("deleteWebhook")
