"""The webhook with the emulator as Telegram, and with requests of strangers."""

import asyncio
import io
import json
from contextlib import asynccontextmanager

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatbot.broadcasting.pace import Pacer
from chatbot.emulator import Emulator
from chatbot.transport.application import Application
from chatbot.transport.incoming import http_server, outage
from chatbot.transport.incoming.http_server import Webhook
from chatbot.transport.incoming.webhook import LARGEST, SECRET_HEADER
from tests.support.fake_conversation import FakeConversation, ignore_gone
from tests.support.fake_dialog import BusyError, FakeDialog
from tests.support.limits import GIVE_UP

SECRET = "a-secret-of-the-webhook"


@pytest.fixture
def dialog():
    return FakeDialog()


@pytest.fixture
async def emulator():
    async with Emulator(bot_username="savemyfriend_bot", webhook_pause=0.01) as emulator:
        yield emulator


@pytest.fixture
def sam(emulator):
    return emulator.world.add_person("Sam", language_code="en")


@asynccontextmanager
async def listening(emulator, dialog, unused_tcp_port):
    async def is_ready():
        return not dialog.broken

    async def measure():
        return b"chatbot_updates_total 1\n"

    url = f"http://127.0.0.1:{unused_tcp_port}/telegram"
    webhook = Webhook(url, SECRET, unused_tcp_port, is_ready, measure, host="127.0.0.1")
    async with Application(emulator.token, emulator.url, pace=Pacer(), on_gone=ignore_gone) as application:
        await application.introduce()
        set_up = asyncio.Event()
        emulator.api.on_answer = lambda method, result: set_up.set() if method == "setWebhook" else None
        running = asyncio.create_task(application.run_webhook(webhook, FakeConversation(dialog.hear, (BusyError,))))
        waiting = asyncio.create_task(set_up.wait())
        await asyncio.wait((running, waiting), return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        try:
            if not running.done():
                yield url
        finally:
            dialog.released.set()
            application.stop()
            await asyncio.wait_for(running, GIVE_UP)


@pytest.fixture
async def url(emulator, dialog, unused_tcp_port):
    async with listening(emulator, dialog, unused_tcp_port) as url:
        yield url


@pytest.fixture
async def stranger():
    async with aiohttp.ClientSession() as session:
        yield session


async def test_unsendable_answer_becomes_an_apology(emulator, dialog, sam, url, caplog):
    dialog.unspeakable = True
    with emulator.world.watch(sam) as watch:
        emulator.world.starts(sam)
        assert (await watch.next_screen())["text"] == "Sorry"
    assert len(dialog.committed) == 1, "Telegram does not deliver it again"
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1


async def test_webhook_carries_a_conversation(emulator, dialog, sam, url):
    with emulator.world.watch(sam) as watch:
        emulator.world.says(sam, "hello & <bye>")
        message = await watch.next_message()
        assert message["text"] == "hello & <bye>"
        assert emulator.calls["sendmessage"] == 1
        [delivery] = emulator.deliveries.to(sam.id)
        assert delivery.update_id is not None, "it came in the response to the update"
        emulator.world.taps(sam, "Next")
        await watch.next_answer()
        assert (await watch.next_edit())["message_id"] == message["message_id"]
    assert emulator.api.webhooks.address.secret == SECRET
    assert emulator.api.webhooks.address.connections == 100


async def test_receiver_asks_a_person_once_to_wait(emulator, dialog, sam, url, monkeypatch):
    monkeypatch.setattr(outage, "ESTABLISHED", 0.0)
    with emulator.world.watch(sam) as watch:
        emulator.world.says(sam, "one")
        message = await watch.next_message()
        dialog.busy = 3
        emulator.world.presses(sam, message["message_id"], "next-one")
        assert (await watch.next_message())["text"] == "please wait"
        await watch.next_answer()
        assert (await watch.next_message())["text"] == "next-one", "below the request to wait"
        assert [event for event in watch.taken_so_far() if event["type"] != "message"] == []


async def test_receiver_asks_for_an_uncommitted_update_again(emulator, dialog, sam, url, caplog):
    dialog.busy = 3
    with emulator.world.watch(sam) as watch:
        emulator.world.says(sam, "one")
        assert (await watch.next_message())["text"] == "one"
        emulator.world.says(sam, "two")
        assert (await watch.next_message())["text"] == "two"
    assert len(dialog.committed) == 2
    [warning] = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert warning.startswith("a turn could not be stored, and Telegram delivers it again")


async def test_receiver_apologises_for_a_bug_once(emulator, dialog, sam, url):
    dialog.broken = True
    with emulator.world.watch(sam) as watch:
        emulator.world.says(sam, "one")
        assert (await watch.next_message())["text"] == "Sorry"
    assert emulator.api.webhooks.attempts == 1


async def test_receiver_answers_only_after_the_commit(emulator, dialog, sam, url):
    dialog.released.clear()
    emulator.world.says(sam, "slow")
    await dialog.begun.wait()
    assert emulator.world.updates.pending() == 1
    assert emulator.calls["sendmessage"] == 0
    with emulator.world.watch(sam) as watch:
        dialog.released.set()
        assert (await watch.next_message())["text"] == "slow"


async def test_stop_finishes_running_turns_and_refuses_new_ones(emulator, dialog, sam, unused_tcp_port):
    with emulator.world.watch(sam) as watch:
        async with listening(emulator, dialog, unused_tcp_port):
            dialog.released.clear()
            emulator.world.says(sam, "under way")
            await dialog.begun.wait()
        assert (await watch.next_message())["text"] == "under way"
        emulator.world.says(sam, "too late")
        assert len(dialog.committed) == 1
        async with listening(emulator, dialog, unused_tcp_port):
            assert (await watch.next_message())["text"] == "too late"


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET[:-1], "é"])
async def test_receiver_ignores_requests_without_the_secret(dialog, url, stranger, secret):
    headers = {} if secret is None else {SECRET_HEADER: secret}
    body = {"update_id": 1, "message": {}}
    async with stranger.post(url, json=body, headers=headers) as response:
        assert (response.status, await response.read()) == (404, b"")
    assert dialog.committed == []


async def test_receiver_starts_no_turn_without_an_update(dialog, url, stranger):
    known = {SECRET_HEADER: SECRET, "Content-Type": "application/json"}
    for status, body, headers in (
        (415, b"{}", known | {"Content-Type": "text/plain"}),
        (400, b"{", known),
        (400, b"", known),
        (413, io.BytesIO(b" " * (LARGEST + 1)), known),
        (200, b"[]", known),
        (200, b'{"update_id": 7}', known),
    ):
        async with stranger.post(url, data=body, headers=headers) as response:
            assert response.status == status, body
    async with stranger.get(url, headers=known) as response:
        assert response.status == 404
    async with stranger.post(url + "/x", data=b"{}", headers=known) as response:
        assert response.status == 404
    assert dialog.committed == []


HEAD = (
    f"POST /telegram HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{SECRET_HEADER}: {SECRET}\r\n"
).encode()


@pytest.mark.parametrize(
    ("rest", "status"),
    [
        (b"Content-Length: 2\r\n\r\n{}", b"200"),
        (b"Content-Length: 99999999999\r\n\r\n{}", b"413"),
        (b"Content-Length: -1\r\n\r\n{}", b"400"),
        (b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd", b"415"),
        (b"Content-Encoding: br\r\nContent-Length: 4\r\n\r\nabcd", b"415"),
        (b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc", b"400"),
        (b"Expect: nonsense\r\nContent-Length: 2\r\n\r\n{}", b"417"),
        (b"\x00\xff: \x01\r\n\r\n", b"400"),
        (b"Content-Length: 100\r\n\r\n{", b""),
    ],
)
async def test_receiver_refuses_broken_requests_without_logging(dialog, url, rest, status, caplog):
    port = int(url.rpartition(":")[2].partition("/")[0])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(HEAD + rest)
    if not status:
        writer.write_eof()  # in the middle of the body
    answer = await asyncio.wait_for(reader.readline(), GIVE_UP)
    writer.close()
    await writer.wait_closed()
    assert answer.split()[1:2] == ([status] if status else [])
    assert dialog.committed == []
    async with aiohttp.ClientSession() as session, session.get(url.replace("/telegram", "/healthz")) as response:
        assert response.status == 200
    assert [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")] == []


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["update_id", "message", "callback_query", "chat", "from", "id"]), inner)
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300) | ANY_JSON.map(lambda value: json.dumps(value).encode()))
async def test_receiver_survives_arbitrary_bytes(dialog, url, stranger, body):
    headers = {SECRET_HEADER: SECRET, "Content-Type": "application/json"}
    async with stranger.post(url, data=body, headers=headers) as response:
        assert response.status in (200, 400)
    assert dialog.committed == []


async def test_server_answers_health_and_metrics(dialog, url, stranger, monkeypatch):
    monkeypatch.setattr(http_server, "_FRESH", -1.0)
    root = url.removesuffix("/telegram")
    for path, status, text in (
        ("/healthz", 200, "alive\n"),
        ("/readyz", 200, "ready\n"),
        ("/metrics", 404, ""),
        ("/", 404, ""),
    ):
        async with stranger.get(root + path) as response:
            assert (response.status, await response.text()) == (status, text)
    dialog.broken = True
    async with stranger.get(root + "/readyz") as response:
        assert response.status == 503


async def test_taken_port_raises_an_error(emulator, dialog, unused_tcp_port, url):
    with pytest.raises(OSError, match=str(unused_tcp_port)):
        async with listening(emulator, dialog, unused_tcp_port):
            raise AssertionError("two servers listen at one port")
