"""How the public page is served: it can be cached, slow readers are limited, and it can be switched off."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

import pytest

from chatbot.site.files import SiteFile
from chatbot.transport.incoming import public_files
from chatbot.transport.incoming.http_server import HealthPortError, HttpServer
from chatbot.transport.incoming.webhook import SECRET_HEADER, Receiver
from tests.attacks.raw_requests import SilentSender, ask, write_post
from tests.support.fake_conversation import FakeConversation
from tests.support.limits import GIVE_UP

SECRET = "a-secret-of-the-webhook"
PAGE = SiteFile(b"<p>\xed\x95\x98</p>", {"Content-Type": "text/html; charset=utf-8", "ETag": '"1"', "X-Any": "x"})
LARGE = SiteFile(bytes(20_000_000), {"Content-Type": "image/png", "ETag": '"2"'})
ASKED: list[tuple[str, str, str]] = []
"""Path, language and accepted languages of each request for a file."""


def find(path: str, language: str, accepted: str) -> SiteFile | None:
    ASKED.append((path, language, accepted))
    return {"/": PAGE, "/card.png": LARGE}.get(path)


@asynccontextmanager
async def open_server(
    find_file: Callable[[str, str, str], SiteFile | None] | None = find, *, connections: int = 500
) -> AsyncIterator[tuple[HttpServer, int]]:
    """Open a server at a free port."""

    async def hear(_heard: object) -> None:
        return None

    async def is_ready() -> bool:
        return True

    async def measure() -> bytes:
        return b"measured\n"

    receiver = Receiver(SilentSender(), "bot", SECRET, FakeConversation(hear))  # type: ignore[arg-type]
    server = HttpServer(
        "https://x.example/telegram",
        receiver,
        is_ready=is_ready,
        measure=measure,
        metrics_token=SECRET,
        connections=connections,
        find_file=find_file,
    )
    ASKED.clear()
    port = await server.open(0, "127.0.0.1")
    try:
        yield server, port
    finally:
        await server.close()


async def get(port: int, path: str, method: str = "GET", **headers: str) -> tuple[int, Mapping[str, str], bytes]:
    """Send a request; return the status, the headers and the body of the response."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    told = await ask(port, f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{lines}\r\n".encode())
    head, _, body = told.partition(b"\r\n\r\n")
    status, *rest = head.decode().split("\r\n")
    return int(status.split()[1]), dict(line.split(": ", 1) for line in rest), body


async def test_page_is_served_with_its_headers() -> None:
    async with open_server() as (_server, port):
        status, headers, body = await get(port, "/?lang=ko", Accept_Language="en")
        assert (status, body) == (200, PAGE.body)
        assert headers.items() >= {**PAGE.headers, "Content-Length": str(len(PAGE.body))}.items()
        assert not {"Server", "Set-Cookie"} & headers.keys()
        assert ASKED == [("/", "ko", "en")]


async def test_page_that_the_browser_has_is_not_sent_again() -> None:
    async with open_server() as (_server, port):
        for known in ('"1"', 'W/"1"', '"0", "1"', "*"):
            status, headers, body = await get(port, "/", If_None_Match=known)
            assert (status, headers["ETag"], headers["X-Any"], body) == (304, '"1"', "x", b"")
        for other in ("", '"2"', "1", '"1', ",,W/"):
            assert (await get(port, "/", If_None_Match=other))[0] == 200


async def test_response_to_head_has_the_length_and_no_body() -> None:
    async with open_server() as (_server, port):
        status, headers, body = await get(port, "/card.png", "HEAD")
        assert (status, headers["Content-Length"], body) == (200, str(len(LARGE.body)), b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"])
async def test_page_refuses_other_methods(method: str) -> None:
    async with open_server() as (_server, port):
        assert (await get(port, "/", method))[0] == 404
        assert ASKED == []


@pytest.mark.parametrize("path", ["/nothing", "/telegram", "/metrics", "/%2e%2e/x", "//"])
async def test_other_path_is_not_found(path: str) -> None:
    async with open_server() as (_server, port):
        assert (await get(port, path))[0] == 404


@pytest.mark.parametrize("query", ["?lang=" + "%ff" * 900, "?&=&&"])
async def test_page_ignores_a_senseless_query(query: str) -> None:
    async with open_server() as (_server, port):
        assert (await get(port, f"/{query}"))[0] == 200


async def test_page_that_is_switched_off_is_not_found() -> None:
    async with open_server(None) as (_server, port):
        for path in ("/", "/card.png"):
            status, headers, body = await get(port, path)
            assert (status, headers["Content-Length"], body) == (404, "0", b"")


async def test_health_checks_move_to_their_own_port() -> None:
    async with open_server() as (server, port):
        assert (await get(port, "/healthz"))[2] == b"alive\n"
        health = await server.open_health(0, "127.0.0.1")
        assert health != port
        key = f"Bearer {SECRET}"
        for path, word in (("/healthz", b"alive\n"), ("/readyz", b"ready\n"), ("/metrics", b"measured\n")):
            assert (await get(port, path, Authorization=key))[0] == 404
            assert (await get(health, path, Authorization=key))[::2] == (200, word)
        assert (await get(health, "/"))[0] == 404
        assert (await get(health, "/healthz", "POST"))[0] == 404
        update = write_post(b"{}", f"{SECRET_HEADER}: {SECRET}", "Connection: close")
        assert b" 404 " in (await ask(health, update)).partition(b"\r\n")[0], (
            "the port of the health checks takes no updates"
        )
        assert b" 200 " in (await ask(port, update)).partition(b"\r\n")[0]


async def test_taken_port_for_health_checks_raises_its_own_error() -> None:
    async with open_server() as (server, port):
        with pytest.raises(HealthPortError):
            await server.open_health(port, "127.0.0.1")


@pytest.mark.slow
async def test_few_readers_who_never_read_are_served_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them is cut off after a while, and then others are served again."""
    monkeypatch.setattr(public_files, "AT_ONCE", 3)
    monkeypatch.setattr(public_files, "SENDING", 1.5)
    async with open_server() as (_server, port):
        held = []
        for _ in range(3):
            each = socket.create_connection(("127.0.0.1", port))
            each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            each.sendall(b"GET /card.png HTTP/1.1\r\nHost: x\r\n\r\n")
            held.append(each)
        async with asyncio.timeout(GIVE_UP):
            while (told := await get(port, "/card.png", "HEAD"))[0] == 200:  # noqa: ASYNC110 - no event tells
                await asyncio.sleep(0.01)
        assert (told[0], told[1]["Retry-After"]) == (503, "5")
        assert (await get(port, "/", If_None_Match='"1"'))[0] == 304, (
            "a response without a body does not wait for others"
        )
        assert (await get(port, "/healthz"))[0] == 200
        update = write_post(b"{}", f"{SECRET_HEADER}: {SECRET}", "Connection: close")
        assert b" 200 " in (await ask(port, update)).partition(b"\r\n")[0]
        async with asyncio.timeout(GIVE_UP):
            while (await get(port, "/"))[0] == 503:  # noqa: ASYNC110 - no event tells
                await asyncio.sleep(0.05)
        for each in held:
            each.close()


async def test_many_requests_on_one_connection_get_one_answer() -> None:
    async with open_server() as (_server, port):
        told = await ask(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 5)
        assert len(re.findall(rb"HTTP/1\.1 200", told)) == 1
        assert b"Connection: close" in told
