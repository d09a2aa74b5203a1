"""The public page as it is served: cacheable, bounded, and nothing of it when it is off."""

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
from tests.support.limits import SOON

SECRET = "a-secret-of-the-webhook"
PAGE = SiteFile(b"<p>\xed\x95\x98</p>", {"Content-Type": "text/html; charset=utf-8", "ETag": '"1"', "X-Any": "x"})
LARGE = SiteFile(bytes(20_000_000), {"Content-Type": "image/png", "ETag": '"2"'})
ASKED: list[tuple[str, str, str]] = []


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
    """Return status, headers and body."""
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


async def test_known_page_is_not_sent_again() -> None:
    async with open_server() as (_server, port):
        for known in ('"1"', 'W/"1"', '"0", "1"', "*"):
            status, headers, body = await get(port, "/", If_None_Match=known)
            assert (status, headers["ETag"], headers["X-Any"], body) == (304, '"1"', "x", b"")
        for other in ("", '"2"', "1", '"1', ",,W/"):
            assert (await get(port, "/", If_None_Match=other))[0] == 200


async def test_head_tells_the_length_alone() -> None:
    async with open_server() as (_server, port):
        status, headers, body = await get(port, "/card.png", "HEAD")
        assert (status, headers["Content-Length"], body) == (200, str(len(LARGE.body)), b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"])
async def test_page_is_only_read(method: str) -> None:
    async with open_server() as (_server, port):
        assert (await get(port, "/", method))[0] == 404
        assert ASKED == []


@pytest.mark.parametrize(
    "path", ["/nothing", "/telegram", "/metrics", "/%2e%2e/x", "//", "/?lang=" + "%ff" * 900, "/?&=&&"]
)
async def test_other_paths_are_not_there(path: str) -> None:
    async with open_server() as (_server, port):
        assert (await get(port, path))[0] == (200 if path.startswith("/?") else 404)


async def test_switched_off_page_is_no_page() -> None:
    async with open_server(None) as (_server, port):
        for path in ("/", "/card.png"):
            status, headers, body = await get(port, path)
            assert (status, headers["Content-Length"], body) == (404, "0", b"")


async def test_health_has_a_port_of_its_own() -> None:
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
        assert b" 404 " in (await ask(health, update)).partition(b"\r\n")[0], "updates have their own port"
        assert b" 200 " in (await ask(port, update)).partition(b"\r\n")[0]


async def test_taken_health_port_is_named() -> None:
    async with open_server() as (server, port):
        with pytest.raises(HealthPortError):
            await server.open_health(port, "127.0.0.1")


@pytest.mark.slow
async def test_slow_readers_are_cut_off_and_wait_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers who take nothing hold no more than so many files, and none of them for long."""
    monkeypatch.setattr(public_files, "AT_ONCE", 3)
    monkeypatch.setattr(public_files, "SENDING", 1.5)
    async with open_server() as (_server, port):
        held = []
        for _nth in range(3):
            each = socket.create_connection(("127.0.0.1", port))
            each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            each.sendall(b"GET /card.png HTTP/1.1\r\nHost: x\r\n\r\n")
            held.append(each)
        async with asyncio.timeout(SOON):
            while (told := await get(port, "/card.png", "HEAD"))[0] == 200:
                pass
        assert (told[0], told[1]["Retry-After"]) == (503, "5")
        assert (await get(port, "/", If_None_Match='"1"'))[0] == 304, "what has not changed takes no room"
        assert (await get(port, "/healthz"))[0] == 200
        update = write_post(b"{}", f"{SECRET_HEADER}: {SECRET}", "Connection: close")
        assert b" 200 " in (await ask(port, update)).partition(b"\r\n")[0]
        async with asyncio.timeout(SOON):
            while (await get(port, "/"))[0] == 503:
                pass
        for each in held:
            each.close()


async def test_many_requests_on_one_connection_get_one_answer() -> None:
    async with open_server() as (_server, port):
        told = await ask(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 5)
        assert len(re.findall(rb"HTTP/1\.1 200", told)) == 1
        assert b"Connection: close" in told
