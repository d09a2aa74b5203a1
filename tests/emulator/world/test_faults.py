import asyncio

import aiohttp
import pytest

from chatbot.emulator import Emulator
from tests.emulator.conftest import Line


async def test_server_error_comes_before_or_after_delivery(emulator, line, hana):
    emulator.faults.break_down(500, "sendMessage", times=1)
    assert await line.refusal("sendMessage", chat_id=hana.id, text="x") == "Internal Server Error: Request aborted"
    assert emulator.deliveries.count == 0
    emulator.faults.break_down(502, "sendMessage", times=1, delivered=True)
    assert await line.refusal("sendMessage", chat_id=hana.id, text="x") == "Bad Gateway"
    assert emulator.deliveries.count == 1
    assert await line.result("sendMessage", chat_id=hana.id, text="x")


@pytest.mark.parametrize("delivered", [False, True])
async def test_fault_cuts_the_connection(emulator, line, hana, delivered):
    fault = emulator.faults.disconnect("send*", delivered=delivered, times=1)
    with pytest.raises(aiohttp.ClientConnectionError):
        await line("sendMessage", chat_id=hana.id, text="x")
    assert emulator.deliveries.count == int(delivered)
    assert fault.hits == 1
    assert fault.hit.is_set()
    assert await line.result("sendMessage", chat_id=hana.id, text="x")


async def test_flood_tells_how_long_to_wait(emulator, line, hana):
    emulator.faults.flood(7, times=1)
    async with line.http.post(line.address("sendMessage"), json={"chat_id": hana.id, "text": "x"}) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "7")
        assert await answer.json() == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 7",
            "parameters": {"retry_after": 7},
        }


async def test_fault_affects_one_person(emulator, line, hana, sam):
    emulator.faults.refuse(403, "Forbidden: bot was blocked by the user", person=hana.id)
    assert await line.refusal("sendMessage", chat_id=hana.id, text="x") == "Forbidden: bot was blocked by the user"
    assert await line.result("sendMessage", chat_id=sam.id, text="x")
    emulator.faults.clear()
    assert await line.result("sendMessage", chat_id=hana.id, text="x")


async def test_fault_affects_a_share_of_the_calls(emulator, line, hana):
    fault = emulator.faults.break_down(500, "sendMessage", probability=0.5)
    for _ in range(40):
        await line("sendMessage", chat_id=hana.id, text="x")
    assert 8 < fault.hits < 32
    assert emulator.deliveries.count == 40 - fault.hits


async def test_fault_delays_calls(emulator, line, hana):
    fault = emulator.faults.slow(30, "sendMessage")
    call = asyncio.create_task(line("sendMessage", chat_id=hana.id, text="x"))
    await fault.hit.wait()
    assert emulator.deliveries.count == 0
    emulator.faults.remove(fault)
    assert await line.result("getMe")
    call.cancel()
    late = emulator.faults.slow(0.01, "sendMessage", delivered=True)
    assert await line.result("sendMessage", chat_id=hana.id, text="x")
    assert late.hits == 1


async def test_fault_spares_polling_unless_named(emulator, line):
    emulator.faults.break_down(500)
    assert await line.result("getUpdates") == []
    emulator.faults.break_down(500, "getUpdates")
    assert await line.refusal("getUpdates")


async def test_emulator_restarts_at_the_same_port(emulator, line, hana):
    address = emulator.url
    await emulator.stop()
    with pytest.raises(aiohttp.ClientConnectionError):
        await line("getMe")
    emulator.world.says(hana, "while you were away")
    await emulator.start()
    assert emulator.url == address
    assert (await line.result("getUpdates"))[0]["message"]["text"] == "while you were away"


async def test_new_emulator_continues_an_old_world(hana, emulator):
    await emulator.stop()
    again = Emulator(emulator.token, port=emulator.port, world=emulator.world)
    async with again, aiohttp.ClientSession() as http:
        assert await Line(again, http).result("sendMessage", chat_id=hana.id, text="still here")


async def test_error_of_a_hook_is_raised():
    def refuse(method, _params):
        raise AssertionError(method)

    with pytest.raises(AssertionError, match="getMe"):
        async with Emulator(on_request=refuse) as strict, aiohttp.ClientSession() as http:
            assert (await Line(strict, http)("getMe"))["error_code"] == 500
