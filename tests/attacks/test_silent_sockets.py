"""Connections that send nothing, too slowly or too much delay no update and do not flood the log."""

import asyncio
import resource
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatbot.app.open_files import leave_room
from chatbot.transport.incoming import connections as bounds
from chatbot.transport.incoming import webhook
from chatbot.transport.incoming.http_server import HttpServer
from chatbot.transport.incoming.webhook import Receiver
from tests.attacks.raw_requests import (
    SECRET_HEADER,
    SilentSender,
    Telegram,
    ask,
    close_connections,
    hold_connections,
    measure_log,
    no_delay,
    web_process,
)
from tests.support.fake_conversation import FakeConversation
from tests.support.limits import GIVE_UP, SOON

pytestmark = pytest.mark.slow

SECRET = "a-secret-of-the-webhook"
HALF = b"POST /telegram HTTP/1.1\r\nHost: x\r\n"
KNOWN = HALF + f"Content-Type: application/json\r\n{SECRET_HEADER}: {SECRET}\r\n".encode()


async def test_server_answers_telegram_beside_many_silent_sockets(tmp_path: Path, unused_tcp_port: int) -> None:
    async with web_process(tmp_path, unused_tcp_port, files=(64, 512)) as (bot, secret):
        assert bot.process is not None
        assert resource.prlimit(bot.process.pid, resource.RLIMIT_NOFILE) == (512, 512), (
            "the server raises its limit as far as it may"
        )
        telegram = Telegram(unused_tcp_port, secret)
        await telegram.brings()
        held = await asyncio.to_thread(hold_connections, unused_tcp_port, 300)
        held += await asyncio.to_thread(hold_connections, unused_tcp_port, 300, HALF)
        try:
            with no_delay(telegram, bot):
                for nth in range(60):
                    await asyncio.wait_for(telegram.brings(anew=nth % 2 == 1), SOON)
        finally:
            close_connections(held)
            telegram.leaves()
        assert measure_log(bot) < 5_000
        assert bot.troubles == []


async def test_server_out_of_files_logs_one_line_and_recovers(tmp_path: Path, unused_tcp_port: int) -> None:
    async with web_process(tmp_path, unused_tcp_port) as (bot, secret):
        assert bot.process is not None
        telegram = Telegram(unused_tcp_port, secret)
        await telegram.brings()
        soft, hard = resource.prlimit(bot.process.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(bot.process.pid, resource.RLIMIT_NOFILE, (3, hard))
        held = await asyncio.to_thread(hold_connections, unused_tcp_port, 50)
        await bot.says("no connection can be accepted for now")
        await asyncio.sleep(1)  # if every try logged a line, there would be thousands
        resource.prlimit(bot.process.pid, resource.RLIMIT_NOFILE, (soft, hard))
        await asyncio.wait_for(telegram.brings(anew=True), SOON)
        close_connections(held)
        telegram.leaves()
        # Other code may log as well that it cannot open a file.
        assert len([line for line in bot.troubles if "listening" in line]) == 1, bot.troubles
        assert measure_log(bot) < 10_000


# A server in this process:


@pytest.fixture
def short_timeouts(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, seconds in (
        (bounds, "HEAD", 0.3),
        (bounds, "IDLE", 0.6),
        (bounds, "DRAIN", 0.1),
        (bounds, "_SWEEP", 0.05),
        (webhook, "BODY", 0.3),
    ):
        monkeypatch.setattr(module, name, seconds)


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """The port of a server that accepts four connections."""

    async def hear(_heard: object) -> None:
        return None

    async def is_ready() -> bool:
        return True

    async def measure() -> bytes:
        return b""

    receiver = Receiver(SilentSender(), "bot", SECRET, FakeConversation(hear))  # type: ignore[arg-type]
    server = HttpServer("https://x.example/telegram", receiver, is_ready=is_ready, measure=measure, connections=4)
    yield await server.open(0, "127.0.0.1")
    await server.close()


@pytest.mark.usefixtures("short_timeouts")
@pytest.mark.parametrize(
    ("begins", "then"),
    [
        (b"", b""),
        (HALF, b""),
        (HALF, b"x"),
        (b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", b""),
        (b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET", b"x"),
        (HALF + b"Content-Length: 1000\r\n\r\n", b""),
        (HALF + b"Content-Length: 1000\r\n\r\n", b"x"),
        (KNOWN + b"Content-Length: 100\r\n\r\n", b""),
        (KNOWN + b"Content-Length: 100\r\n\r\n", b"x"),
        (KNOWN + b"Transfer-Encoding: chunked\r\n\r\n", b""),
        (HALF + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n", b"x"),
    ],
)
async def test_server_cuts_slow_connections(port: int, begins: bytes, then: bytes) -> None:
    """They send nothing, half a head or no body; a head or a body byte by byte; or nothing after a request."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(begins)

    async def trickle() -> None:
        while then:
            writer.write(then)
            await asyncio.sleep(0.02)

    trickling = asyncio.create_task(trickle())
    try:
        async with asyncio.timeout(GIVE_UP):
            while await reader.read(1_000):
                pass
    except ConnectionError:
        pass
    finally:
        trickling.cancel()
        writer.close()


@pytest.mark.usefixtures("short_timeouts")
async def test_server_cuts_connections_that_send_too_much(port: int) -> None:
    """They send an endless body, with the secret or without it."""

    async def send(head: bytes) -> None:
        _reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head + b"Transfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + b" " * 65_536 + b"\r\n")
            await writer.drain()

    for head in (HALF, KNOWN):
        with pytest.raises(ConnectionError):
            await asyncio.wait_for(send(head), SOON)


async def test_server_keeps_telegrams_connections_when_others_come(port: int) -> None:
    telegram = [Telegram(port, SECRET) for _ in range(3)]
    for each in telegram:
        await each.brings()
    held = await asyncio.to_thread(hold_connections, port, 30)
    for each in telegram:
        await each.brings()
    fourth = Telegram(port, SECRET)
    await fourth.brings()
    close_connections(held)
    # Telegram has all four connections now, so the server closes that of a stranger at once.
    assert await ask(port, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n") == b""
    for each in (*telegram, fourth):
        await each.brings()
        each.leaves()


async def test_server_keeps_a_new_connection_when_strangers_open_more(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Telegram has connected and not sent yet. Strangers have older connections, and open new ones."""
    monkeypatch.setattr(bounds, "YOUNG", 3.0)
    kept = [await asyncio.open_connection("127.0.0.1", port) for _ in range(4)]
    for reader, writer in kept:
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readuntil(b"alive\n")
    await asyncio.sleep(3.1)  # now these connections are no longer young
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    held = await asyncio.to_thread(hold_connections, port, 3)
    writer.write(KNOWN + b"Content-Length: 2\r\n\r\n[]")
    assert (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), SOON)).startswith(b"HTTP/1.1 200 ")
    close_connections(held)
    for each in (writer, *(writer for _, writer in kept)):
        each.close()


async def test_server_keeps_the_health_check_when_strangers_connect(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    held = []
    for _ in range(5):
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"alive" in await reader.readuntil(b"alive\n")
        held += await asyncio.to_thread(hold_connections, port, 5)
    close_connections(held)
    writer.close()


def test_server_leaves_files_for_the_rest_of_the_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    for soft, room in ((64, 16), (256, 64), (1_024, 576), (20_000, 1_000), (resource.RLIM_INFINITY, 1_000)):
        monkeypatch.setattr(resource, "getrlimit", lambda _, soft=soft: (soft, soft))
        assert leave_room() == room
