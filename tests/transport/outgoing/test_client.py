"""The requests of the client, and the errors of its failures."""

import asyncio
import socket
import traceback

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram.error import BadRequest, InvalidToken, NetworkError, TimedOut

from chatbot.transport.outgoing.client import BotApi, NeverSentError, TooManyRequestsError, read_json
from chatbot.transport.outgoing.errors import ErrorClass, classify
from tests.support.clients import open_client


async def test_call_sends_its_values_as_json(api, telegram):
    telegram.results["sendMessage"] = {"message_id": 9}
    values = {"chat_id": 7, "text": "하나 ✊", "reply_markup": {"inline_keyboard": []}, "parse_mode": None}
    assert await api.call("sendMessage", values) == {"message_id": 9}
    assert telegram.calls == [
        ("sendMessage", {"chat_id": 7, "text": "하나 ✊", "reply_markup": {"inline_keyboard": []}})
    ]
    assert values["parse_mode"] is None, "the values of the caller stay as they are"


async def test_ptb_methods_use_the_client(api):
    assert (await api.get_me()).username == "savemyfriend_bot"


async def test_photo_is_uploaded_with_its_caption(api, telegram):
    telegram.results["sendPhoto"] = {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}}
    await api.send_photo(7, photo=b"\x89PNG", caption="하나", filename="flag.png", disable_notification=True)
    [sent] = telegram.said("sendPhoto")
    assert (sent["chat_id"], sent["caption"], sent["disable_notification"]) == ("7", "하나", "true")
    assert sent["photo"] == ("flag.png", b"\x89PNG")


async def test_client_keeps_its_connection_between_calls():
    peers = set()

    async def record(request: web.Request) -> web.Response:
        peers.add(request.transport.get_extra_info("peername"))
        return web.json_response({"ok": True, "result": True})

    app = web.Application()
    app.router.add_post("/{path:.*}", record)
    async with TestServer(app) as server, open_client("1:abc", str(server.make_url("")).rstrip("/")) as api:
        for _ in range(5):
            await api.call("getMe", {})
    assert len(peers) == 1


async def test_refused_connection_means_not_sent():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening, so connections are refused
        async with open_client("1:abc", f"http://127.0.0.1:{taken.getsockname()[1]}") as api:
            with pytest.raises(NeverSentError) as failure:
                await api.call("sendMessage", {})
    assert classify(failure.value).error_class is ErrorClass.NOT_SENT


async def test_closed_client_sends_nothing():
    with pytest.raises(NeverSentError):
        await BotApi("1:abc", "http://127.0.0.1:1").call("sendMessage", {})


async def test_cut_connection_may_have_sent(api, telegram):
    telegram.fail("sendMessage", "cut")
    with pytest.raises(NetworkError) as failure:
        await api.call("sendMessage", {})
    assert classify(failure.value).error_class is ErrorClass.UNKNOWN
    assert len(telegram.said("sendMessage")) == 1, "aiohttp does not repeat it either"


async def test_call_without_a_response_may_have_sent(api, telegram):
    telegram.fail("sendMessage", "hang")
    with pytest.raises(TimedOut) as failure:
        await api.call("sendMessage", {}, read_timeout=0.05)
    assert classify(failure.value).error_class is ErrorClass.UNKNOWN


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"1", b"{}", b'{"ok":true}', b"\xff\xfe"])
async def test_invalid_response_may_have_sent(api, telegram, body):
    telegram.fail("sendMessage", body)
    with pytest.raises(Exception) as failure:  # noqa: PT011 - whichever error it is - PTB raises KeyError where "result" is missing
        await api.call("sendMessage", {})
    assert classify(failure.value).error_class is ErrorClass.UNKNOWN


async def test_client_reads_the_wait_of_telegrams_429(api, telegram):
    telegram.fail("sendMessage", (429, "Too Many Requests: retry after 17", {"retry_after": 17}))
    with pytest.raises(TooManyRequestsError) as failure:
        await api.call("sendMessage", {})
    assert classify(failure.value).seconds == 17


@pytest.mark.parametrize(("header", "seconds"), [({"Retry-After": "8"}, 8), ({"Retry-After": "Tue"}, 1), ({}, 1)])
async def test_client_reads_the_wait_of_a_proxys_429(header, seconds):
    app = web.Application()

    async def refuse(_: web.Request) -> web.Response:
        return web.Response(status=429, text="slow down", headers=header)

    app.router.add_post("/{path:.*}", refuse)
    async with TestServer(app) as server, open_client("1:abc", str(server.make_url("")).rstrip("/")) as api:
        with pytest.raises(TooManyRequestsError) as failure:
            await api.call("sendMessage", {})
    assert failure.value.seconds == seconds


@pytest.mark.parametrize("fault", ["cut", "hang", b"<html>", (401, "Unauthorized"), (500, "Internal"), (429, "Wait")])
async def test_errors_never_contain_the_token(api, telegram, token, caplog, fault):
    caplog.set_level("WARNING")
    telegram.fail("getMe", fault)
    with pytest.raises(Exception) as failure:  # noqa: PT011 - whichever error it is
        await api.get_me(read_timeout=0.05)
    assert token not in "".join(traceback.format_exception(failure.value)) + caplog.text


async def test_error_of_an_invalid_address_does_not_show_the_token():
    async with open_client("1:the-key", "http://[bad") as api:
        with pytest.raises(NetworkError) as failure:
            await api.call("getMe", {})
    assert "the-key" not in "".join(traceback.format_exception(failure.value))


def test_text_of_the_client_does_not_show_the_token(token):
    api = BotApi(token, "http://127.0.0.1:1")
    assert token not in f"{api!r} {api}"


async def test_cancelling_a_call_raises_cancelled_error(api, telegram):
    telegram.fail("getMe", "hang")
    call = asyncio.ensure_future(api.get_me())
    await telegram.until(lambda: bool(telegram.calls))
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call


async def test_client_raises_ptbs_errors(api, telegram):
    telegram.fail("sendMessage", (400, "Bad Request: chat not found"), (401, "Unauthorized"), (404, "Not Found"))
    for kind in (BadRequest, InvalidToken, InvalidToken):
        with pytest.raises(kind):
            await api.call("sendMessage", {})


@pytest.mark.parametrize(
    ("payload", "value"),
    [
        (b'{"text":"\\ud83d\\ude4f"}', {"text": "🙏"}),
        (b'{"text":"a\\ud83d"}', {"text": "a?"}),
        (b'{"text":"a\xff"}', {"text": "a\ufffd"}),
        (b'{"id":123456789012345678901234567890}', {"id": 1.2345678901234568e29}),
    ],
)
def test_client_reads_json_with_broken_texts(payload, value):
    assert read_json(payload) == value


@pytest.mark.parametrize("payload", [b"", b"{", b"NaN", b"[" * 100_000])
def test_invalid_json_raises_a_value_error(payload):
    with pytest.raises(ValueError):  # noqa: PT011 - whichever error it is - orjson's own message
        read_json(payload)
