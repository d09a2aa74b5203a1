import asyncio
from collections.abc import Callable

import pytest
from aiohttp import web

from chatbot.emulator.updates.webhooks import GONE_SECONDS
from chatbot.emulator.web.closing import stop_accepting
from tests.emulator.conftest import until
from tests.support.limits import GIVE_UP


class Receiver:
    """A bot behind a webhook that records updates and answers as told."""

    def __init__(self) -> None:
        self.updates: list[dict] = []
        self.secrets: list[str | None] = []
        self.answer: Callable[[dict], web.Response] = lambda _: web.Response()
        self.gate: asyncio.Event | None = None
        self.open_now = 0
        self.most_at_once = 0
        self.news = asyncio.Event()
        self.url = ""

    async def handle(self, request: web.BaseRequest) -> web.Response:
        self.updates.append(await request.json())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.open_now += 1
        self.most_at_once = max(self.most_at_once, self.open_now)
        self.news.set()
        if self.gate:
            await self.gate.wait()
        self.open_now -= 1
        return self.answer(self.updates[-1])

    async def has(self, count: int) -> list[dict]:
        """Wait for so many updates."""
        async with asyncio.timeout(GIVE_UP):
            while len(self.updates) < count:
                self.news.clear()
                await self.news.wait()
        return self.updates


@pytest.fixture
async def receiver(emulator):
    receiving = Receiver()
    server = web.Server(receiving.handle, access_log=None)
    listening = await asyncio.get_running_loop().create_server(server, "127.0.0.1", 0)
    receiving.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/hook"
    yield receiving
    await emulator.api.webhooks.stop()
    await stop_accepting(listening)
    await server.shutdown(0.1)
    await listening.wait_closed()


async def empty(emulator):
    """Wait until the bot has accepted every update."""
    await until(lambda: not emulator.world.updates.waiting)


async def test_updates_are_pushed_with_the_secret(emulator, line, hana, receiver):
    emulator.world.says(hana, "before")
    await line.result("setWebhook", url=receiver.url, secret_token="s3cret")
    emulator.world.says(hana, "after")
    texts = [update["message"]["text"] for update in await receiver.has(2)]
    await empty(emulator)
    assert texts == ["before", "after"]
    assert receiver.secrets == ["s3cret", "s3cret"]
    info = await line.result("getWebhookInfo")
    assert (info["url"], info["pending_update_count"], info["max_connections"]) == (receiver.url, 0, 40)


async def test_chat_waits_for_its_answer_and_others_do_not(emulator, line, hana, sam, receiver):
    receiver.gate = asyncio.Event()
    await line.result("setWebhook", url=receiver.url)
    for text in ("one", "two"):
        emulator.world.says(hana, text)
    emulator.world.says(sam, "three")
    await receiver.has(2)
    assert sorted(update["message"]["text"] for update in receiver.updates) == ["one", "three"]
    receiver.gate.set()
    assert (await receiver.has(3))[2]["message"]["text"] == "two"
    await empty(emulator)


async def test_tap_overtakes_the_messages_of_its_chat(emulator, line, hana, receiver):
    emulator.world.webhook_lane_per_kind = True
    receiver.gate = asyncio.Event()
    await line.result("setWebhook", url=receiver.url)
    emulator.world.says(hana, "one")
    emulator.world.presses(hana, 1, "x", stale=True)
    assert len(await receiver.has(2)) == 2
    receiver.gate.set()
    await empty(emulator)


async def test_webhook_opens_at_most_max_connections(emulator, line, receiver):
    receiver.gate = asyncio.Event()
    await line.result("setWebhook", url=receiver.url, max_connections=2)
    for number in range(6):
        emulator.world.starts(emulator.world.add_person(f"Sam {number}"))
    await receiver.has(2)
    receiver.gate.set()
    await receiver.has(6)
    await empty(emulator)
    assert receiver.most_at_once == 2


async def test_refused_update_is_delivered_again(emulator, line, hana, receiver):
    answers = iter([500, 404, 301, 204])
    receiver.answer = lambda _: web.Response(status=next(answers))
    await line.result("setWebhook", url=receiver.url)
    emulator.world.says(hana, "hello")
    updates = await receiver.has(4)
    await empty(emulator)
    assert len({update["update_id"] for update in updates}) == 1
    info = await line.result("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 301 Moved Permanently"


async def test_pauses_double_and_retry_after_is_honoured(emulator, line, hana, receiver, monkeypatch):
    pauses = []

    async def note(seconds):
        pauses.append(round(seconds / emulator.api.webhooks.pause))

    monkeypatch.setattr("chatbot.emulator.updates.webhooks.asyncio", _Sleepless(note))
    answers = iter([{}, {}, {}, {"Retry-After": "7"}, {}])
    receiver.answer = lambda _: (
        web.Response(status=503, headers=headers) if (headers := next(answers, None)) is not None else web.Response()
    )
    await line.result("setWebhook", url=receiver.url)
    emulator.world.says(hana, "hello")
    await receiver.has(6)
    await empty(emulator)
    assert pauses == [0, 2, 4, 7, 8]


class _Sleepless:
    """asyncio with a different sleep."""

    def __init__(self, sleep):
        self.sleep = sleep

    def __getattr__(self, name):
        return getattr(asyncio, name)


async def test_unreachable_webhook_is_reported(emulator, line, hana):
    await line.result("setWebhook", url="http://127.0.0.1:9/")
    emulator.world.says(hana, "hello")
    await until(lambda: emulator.api.webhooks.attempts > 1)
    info = await line.result("getWebhookInfo")
    assert (info["last_error_message"], info["pending_update_count"]) == ("Connection refused", 1)


async def test_410_for_a_day_removes_the_webhook(emulator, line, hana, receiver, clock):
    receiver.answer = lambda _: web.Response(status=410)
    await line.result("setWebhook", url=receiver.url)
    emulator.world.says(hana, "hello")
    await receiver.has(2)
    clock.advance(GONE_SECONDS + 1)
    await until(lambda: not emulator.api.webhooks.address.url)
    assert (await line.result("getWebhookInfo"))["url"] == ""


async def test_old_update_is_dropped(emulator, line, hana, receiver, clock):
    receiver.answer = lambda _: web.Response(status=500)
    await line.result("setWebhook", url=receiver.url)
    emulator.world.says(hana, "hello")
    await receiver.has(2)
    clock.advance(24 * 3600)
    await empty(emulator)


async def test_call_in_the_answer_runs(emulator, line, hana, receiver):
    receiver.answer = lambda update: web.json_response(
        {"method": "sendMessage", "chat_id": update["message"]["chat"]["id"], "text": "hello yourself"}
    )
    await line.result("setWebhook", url=receiver.url)
    with emulator.world.watch(hana) as chat:
        emulator.world.says(hana, "hello")
        assert (await chat.next_message())["text"] == "hello yourself"
    await empty(emulator)
    (delivery,) = emulator.deliveries
    assert delivery.update_id == receiver.updates[0]["update_id"]


@pytest.mark.parametrize(
    "body",
    [
        b"ok",
        b"[]",
        b'{"method": 5}',
        b'{"method": "getMe"}',
        b'{"method": "deleteWebhook"}',
        b'{"method": "sendMessage", "chat_id": 1, "text": "x"}',
        b'{"method": "sendTelepathy"}',
    ],
)
async def test_answer_with_a_failing_call_confirms_the_update(emulator, line, hana, receiver, body):
    receiver.answer = lambda _: web.Response(body=body)
    await line.result("setWebhook", url=receiver.url)
    emulator.world.says(hana, "hello")
    await receiver.has(1)
    await empty(emulator)
    assert emulator.deliveries.count == 0
    assert (await line.result("getWebhookInfo"))["url"] == receiver.url


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"url": "ftp://127.0.0.1"}, "Bad Request: invalid webhook URL specified"),
        ({"url": "http://example.org"}, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://example.org:8080"},
         "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"),
        ({"url": "https://example.org"}, "Bad Request: bad webhook: Failed to resolve host: Name or service not known"),
        ({"url": "http://127.0.0.1", "secret_token": "a b"},
         "Bad Request: secret token contains unallowed characters"),
        ({"url": "http://127.0.0.1", "secret_token": "a" * 257}, "Bad Request: secret token is too long"),
    ],
)  # fmt: skip
async def test_wrong_webhook_is_refused(line, params, description):
    assert await line.refusal("setWebhook", **params) == description


async def test_pending_updates_can_be_dropped(emulator, line, hana, receiver):
    emulator.world.says(hana, "old")
    await line.result("deleteWebhook", drop_pending_updates=True)
    assert emulator.world.updates.pending() == 0
    emulator.world.says(hana, "old")
    await line.result("setWebhook", url=receiver.url, drop_pending_updates=True)
    emulator.world.says(hana, "new")
    assert [update["message"]["text"] for update in await receiver.has(1)] == ["new"]
    await empty(emulator)
