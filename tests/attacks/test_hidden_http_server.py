"""The HTTP server reveals no path, software or number to strangers, and they cannot write to the log."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatbot.transport.incoming.http_server import HttpServer
from chatbot.transport.incoming.webhook import LARGEST, SECRET_HEADER, Receiver
from tests.attacks.raw_requests import PATH, SilentSender, Telegram, ask, measure_log, web_process, write_post
from tests.support.fake_conversation import FakeConversation

SECRET = "a-secret-of-the-webhook"
KEY = "a-token-for-the-metrics"
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nDate: now\r\nConnection: close\r\n\r\n"
BAD_REQUEST = b"HTTP/1.0 400 Bad Request\r\nContent-Length: 0\r\nDate: now\r\n\r\n"
BODY = b'{"update_id": 1}'


async def open_server(metrics_token: str | None) -> tuple[HttpServer, int, list[object]]:
    """Open a server; return it, its port, and the list of all turns that it starts."""
    heard: list[object] = []

    async def hear(each: object) -> None:
        heard.append(each)

    async def is_ready() -> bool:
        return True

    async def measure() -> bytes:
        return b"chatbot_updates_total 1\n"

    receiver = Receiver(SilentSender(), "bot", SECRET, FakeConversation(hear))  # type: ignore[arg-type]
    url = f"https://petition.example.org{PATH}"
    http_server = HttpServer(url, receiver, is_ready=is_ready, measure=measure, metrics_token=metrics_token)
    return http_server, await http_server.open(0, "127.0.0.1"), heard


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """The port of a server without metrics, which must not start a turn."""
    http_server, port, heard = await open_server(None)
    yield port
    await http_server.close()
    assert heard == []


async def answer(port: int, request: bytes) -> bytes:
    """Return the whole response, with its time replaced."""
    closing = request.replace(b"Host: x\r\n", b"Host: x\r\nConnection: close\r\n", 1)
    return re.sub(rb"(?m)^Date: [^\r]*", b"Date: now", await ask(port, closing))


def write(method: str, path: str, *headers: str, body: bytes = b"") -> bytes:
    return write_post(body, *headers, path=path).replace(b"POST", method.encode(), 1)


SECRETS = (
    (),
    (f"{SECRET_HEADER}: ",),
    (f"{SECRET_HEADER}: wrong",),
    (f"{SECRET_HEADER}: {SECRET}x",),
    (f"{SECRET_HEADER}: {SECRET[:-1]}",),
    (f"{SECRET_HEADER}: wrong", f"{SECRET_HEADER}: {SECRET}"),
    (f"Authorization: Bearer {SECRET}",),
)
PATHS = (PATH, "/", "/nothing", f"{PATH}/", f"{PATH}/x", "/metrics", "/favicon.ico", "/.env", "/%74elegram", f"/{PATH}")


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND", "TRACE"])
async def test_strangers_get_the_same_bytes_everywhere(port: int, method: str) -> None:
    for path in PATHS:
        for secret in SECRETS:
            assert await answer(port, write(method, path, *secret, body=BODY)) == NOT_FOUND, (path, secret)
    for headers in (("Expect: 100-continue",), ("Expect: nonsense",), ("Content-Encoding: gzip",), ("Upgrade: h2c",)):
        assert await answer(port, write(method, PATH, *headers)) == NOT_FOUND, headers


async def test_secret_opens_no_other_path(port: int) -> None:
    known = f"{SECRET_HEADER}: {SECRET}"
    for method, path in (("GET", PATH), ("PUT", PATH), ("POST", "/"), ("POST", "/healthz"), ("POST", "/metrics")):
        assert await answer(port, write(method, path, known, body=BODY)) == NOT_FOUND


async def test_response_to_head_has_no_body(port: int) -> None:
    assert {await answer(port, write("HEAD", path)) for path in PATHS} == {
        NOT_FOUND.replace(b"Content-Length: 0\r\n", b"")
    }
    assert (await answer(port, write("HEAD", "/healthz"))).startswith(b"HTTP/1.1 200 OK\r\n")


async def test_health_checks_return_one_word(port: int) -> None:
    for path, word in (("/healthz", b"alive\n"), ("/readyz", b"ready\n")):
        kind = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n"
        rest = b"Content-Length: %d\r\nDate: now\r\nConnection: close\r\n\r\n%b" % (len(word), word)
        assert await answer(port, write("GET", path)) == kind + rest


async def test_metrics_need_their_token() -> None:
    http_server, port, _ = await open_server(KEY)
    for given in ((), (f"Authorization: {KEY}",), (f"Authorization: Bearer {KEY}x",), ("Authorization: Bearer é",)):
        assert await answer(port, write("GET", "/metrics", *given)) == NOT_FOUND
    told = await answer(port, write("GET", "/metrics", f"Authorization: Bearer {KEY}"))
    assert told.startswith(b"HTTP/1.1 200 OK\r\n")
    assert told.endswith(b"\r\n\r\nchatbot_updates_total 1\n")
    assert b"Server" not in told
    await http_server.close()


HEAD = b"POST /telegram HTTP/1.1\r\nHost: x\r\n"
SMUGGLING = (
    b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
    b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x",
    b"Content-Length: +15\r\n\r\n" + BODY,
    b"Content-Length: 1_5\r\n\r\n" + BODY,
    b"Content-Length: 0x10\r\n\r\n" + BODY,
    b"Content-Length: -1\r\n\r\n",
    b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    b"X: a\r\n b: c\r\nContent-Length: 0\r\n\r\n",
    b"X: a\x00b\r\n\r\n",
    b"X: a\nContent-Length: 0\n\n",
    b"Transfer-Encoding: chunked\r\n\r\n2;" + b"x" * 9_000 + b"\r\n{}\r\n0\r\n\r\n",
    b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    b"".join(b"X-%d: y\r\n" % nth for nth in range(10_000)) + b"\r\n",
    b"X: " + b"y" * 9_000 + b"\r\n\r\n",
)
BEGINNINGS = (
    b"POST /telegram HTTP/9.9\r\nHost: x\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
    b"GET /" + b"x" * 9_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET http://[::1 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\r\n\r\n\x00\xff\r\n\r\n",
    b"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
)


@pytest.mark.parametrize("request_bytes", [*(HEAD + shape for shape in SMUGGLING), *BEGINNINGS])
async def test_invalid_http_gets_one_refusal_and_no_log_line(
    port: int, request_bytes: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    for secret in (b"", f"{SECRET_HEADER}: {SECRET}\r\n".encode()):
        told = await answer(port, request_bytes.replace(b"Host: x\r\n", b"Host: x\r\n" + secret, 1))
        assert told.count(b"HTTP/1.1") <= 1, "no request is answered twice"
        ok = NOT_FOUND.replace(b"404 Not Found", b"200 OK")
        assert told in (
            b"",
            BAD_REQUEST,
            NOT_FOUND,
            *((ok, ok.replace(b"200 OK", b"415 Unsupported Media Type")) if secret else ()),
        )
    assert [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")] == []


@pytest.mark.slow
async def test_flood_without_the_secret_logs_nothing(tmp_path: Path, unused_tcp_port: int) -> None:
    async with web_process(tmp_path, unused_tcp_port, LOG_LEVEL="DEBUG") as (bot, secret):
        telegram = Telegram(unused_tcp_port, secret)
        await telegram.brings()
        written = measure_log(bot)
        one = write_post(BODY, f"{SECRET_HEADER}: wrong") + write("GET", "/", "Connection: close")
        told = await asyncio.gather(*(ask(unused_tcp_port, one) for _ in range(100)))
        assert [each.count(b"HTTP/1.1 404 ") for each in told] == [1] * 100, (
            "one of two requests that come together is answered"
        )
        broken = HEAD + b"Content-Length: x\r\n\r\n"
        told = await asyncio.gather(*(ask(unused_tcp_port, broken) for _ in range(100)))
        assert all(each.startswith(b"HTTP/1.0 400 ") for each in told)
        large = HEAD + b"Content-Length: %d\r\n\r\n" % (LARGEST * 100)
        assert (await ask(unused_tcp_port, large)).startswith(b"HTTP/1.1 404 ")
        await telegram.brings()
        telegram.leaves()
        assert measure_log(bot) == written
