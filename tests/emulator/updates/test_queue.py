import asyncio

import pytest

from chatbot.emulator.bot_api import limits
from chatbot.emulator.updates.queue import Updates
from tests.emulator.conftest import until


@pytest.fixture
def updates(clock):
    return Updates(clock)


def add(updates, count):
    return [updates.add("message", {"text": str(number)}, 1) for number in range(count)]


def numbers(found):
    return [update["update_id"] for update in found]


def test_update_ids_start_anywhere_and_count_up(updates):
    first, second, third = add(updates, 3)
    assert first >= 10_000_000
    assert (second, third) == (first + 1, first + 2)


def test_offset_confirms_everything_below_it(updates):
    ids = add(updates, 5)
    assert numbers(updates.fetch(0, 100)) == ids
    assert numbers(updates.fetch(ids[0], 100)) == ids
    assert numbers(updates.fetch(ids[2], 2)) == ids[2:4]
    assert numbers(updates.fetch(0, 100)) == ids[2:]
    assert updates.fetch(ids[4] + 1, 100) == []
    assert updates.pending() == 0


def test_negative_offset_keeps_only_the_last(updates):
    ids = add(updates, 5)
    assert numbers(updates.fetch(-2, 100)) == ids[3:]
    assert numbers(updates.fetch(-9, 100)) == ids[3:]


def test_offset_of_another_numbering_confirms_nothing(updates):
    ids = add(updates, 3)
    assert numbers(updates.fetch(ids[2] + 1000, 100)) == ids
    assert numbers(updates.fetch(ids[0] - 1_000_000, 100)) == ids
    assert updates.fetch(ids[2] + 11, 100) == []


def test_update_expires_after_a_day(updates, clock):
    add(updates, 1)
    clock.advance(24 * 3600 - 1)
    assert updates.pending() == 1
    clock.advance(1)
    assert updates.pending() == 0


def test_update_ids_restart_after_a_quiet_week(updates, clock):
    (first,) = add(updates, 1)
    clock.advance(8 * 24 * 3600)
    (later,) = add(updates, 1)
    assert later != first + 1


def test_only_requested_kinds_arrive(updates):
    assert updates.add("chat_member", {}, 1) is None
    updates.ask_for(["chat_member"])
    assert updates.add("message", {}, 1) is None
    assert updates.add("chat_member", {}, 1)
    updates.ask_for(None)
    assert updates.add("message", {}, 1) is None
    updates.ask_for([])
    assert updates.add("message", {}, 1)
    assert updates.inject({"a_kind_of_the_future": {}})


async def test_bot_polls_updates(emulator, line, hana):
    said = emulator.world.says(hana, "hello")
    (update,) = await line.result("getUpdates")
    assert update["message"] == said
    assert await line.result("getUpdates", limit=0) == [update]
    assert await line.result("getUpdates", offset=update["update_id"] + 1) == []


async def test_poll_waits_for_the_next_update(emulator, line, hana):
    poll = asyncio.create_task(line.result("getUpdates", timeout=50))
    await until(lambda: emulator.api.polling.busy)
    emulator.world.says(hana, "at last")
    (update,) = await poll
    assert update["message"]["text"] == "at last"


async def test_poll_ends_without_updates(line, monkeypatch):
    monkeypatch.setattr(limits, "LONG_POLL_SECONDS", 0.001)
    assert await line.result("getUpdates", timeout=50) == []


async def test_allowed_updates_are_stored(emulator, line, hana):
    await line.result("getUpdates", allowed_updates=["callback_query"])
    emulator.world.says(hana, "unheard")
    assert await line.result("getUpdates") == []
    await line.result("getUpdates", allowed_updates='["message"]')
    emulator.world.says(hana, "heard")
    assert len(await line.result("getUpdates")) == 1


async def test_second_poller_ends_the_first(emulator, line, hana):
    first = asyncio.create_task(line("getUpdates", timeout=50))
    await until(lambda: emulator.api.polling.busy)
    second = asyncio.create_task(line("getUpdates", timeout=50))
    assert await first == {
        "ok": False,
        "error_code": 409,
        "description": "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
    }
    await until(lambda: emulator.api.polling.busy)
    emulator.world.says(hana, "for the second")
    assert len((await second)["result"]) == 1


async def test_webhook_ends_polling(emulator, line):
    poll = asyncio.create_task(line("getUpdates", timeout=50))
    await until(lambda: emulator.api.polling.busy)
    await line.result("setWebhook", url="http://127.0.0.1:9/")
    assert (await poll)["description"] == "Conflict: terminated by setWebhook request"
    assert (await line("getUpdates"))["description"] == (
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )
    await line.result("deleteWebhook")
    assert await line.result("getUpdates") == []


async def test_stop_ends_the_waiting_poll(emulator, line):
    poll = asyncio.create_task(line("getUpdates", timeout=50))
    await until(lambda: emulator.api.polling.busy)
    await emulator.stop()
    assert (await poll)["error_code"] == 500
