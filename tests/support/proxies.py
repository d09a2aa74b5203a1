"""Two small proxies: HTTP (RFC 9110, with CONNECT) and SOCKS5 (RFC 1928, RFC 1929), with a name and a password."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote, urlsplit

from chatbot.emulator.web.closing import stop_accepting

USER, PASSWORD = "hana", "s3cr3t:/@ %?#"


@dataclass
class Proxy:
    """A running proxy, and what it was asked for."""

    scheme: Literal["http", "https", "socks5"]
    port: int = 0
    asked: list[str] = field(default_factory=list)
    """The hosts and ports that clients were connected to, as they named them."""
    refused: int = 0
    leads: dict[int, int] = field(default_factory=dict)
    """Ports to connect to instead of the ones that clients name."""

    def url(self, user: str = USER, password: str = PASSWORD) -> str:
        return f"{self.scheme}://{user}:{quote(password, safe='')}@localhost:{self.port}"


@asynccontextmanager
async def run_proxy(
    scheme: Literal["http", "https", "socks5"], tls: ssl.SSLContext | None = None
) -> AsyncIterator[Proxy]:
    """Run a proxy until the block ends; `https` needs `tls`."""
    proxy = Proxy(scheme)
    serve_client = _serve_socks if scheme == "socks5" else _serve_http
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await serve_client(proxy, reader, writer)
        writer.close()
        tasks.discard(task)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        await stop_accepting(server)
        for task in tasks:
            task.cancel()


async def _serve_http(proxy: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    if (begin := await reader.readexactly(1)) == b"\x16":  # TLS, where HTTP is spoken
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        return
    head = begin + await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    wanted = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    if headers.get("proxy-authorization") != wanted:
        proxy.refused += 1
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        return
    method, target, version = first.split(" ")
    if method == "CONNECT":
        host, _, port = target.rpartition(":")
        outer = await _connect(proxy, host, int(port))
        if outer is None:
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            return
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
    else:
        parts = urlsplit(target)
        outer = await _connect(proxy, parts.hostname or "", parts.port or 80)
        if outer is None:
            return
        kept = [line for line in lines if line and not line.lower().startswith(("proxy-", "connection:"))]
        path = target.partition(parts.netloc)[2] or "/"
        outer[1].write(
            "\r\n".join([f"{method} {path} {version}", *kept, "Connection: close", "", ""]).encode("latin-1")
        )
    await _join(reader, writer, *outer)


async def _serve_socks(proxy: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    version, count = await reader.readexactly(2)
    methods = await reader.readexactly(count)
    if version != 5 or 2 not in methods:
        proxy.refused += 1
        writer.write(b"\x05\xff")
        await writer.drain()
        return
    writer.write(b"\x05\x02")
    _version, length = await reader.readexactly(2)
    user = await reader.readexactly(length)
    [length] = await reader.readexactly(1)
    password = await reader.readexactly(length)
    if (user.decode(), password.decode()) != (USER, PASSWORD):
        proxy.refused += 1
        writer.write(b"\x01\x01")
        await writer.drain()
        return
    writer.write(b"\x01\x00")
    _version, _command, _reserved, kind = await reader.readexactly(4)
    if kind == 3:
        [length] = await reader.readexactly(1)
        host = (await reader.readexactly(length)).decode()
    else:
        host = ".".join(map(str, await reader.readexactly(4)))
    port = int.from_bytes(await reader.readexactly(2), "big")
    outer = await _connect(proxy, host, port)
    writer.write(bytes([5, 5 if outer is None else 0, 0, 1, 0, 0, 0, 0, 0, 0]))
    await writer.drain()
    if outer is not None:
        await _join(reader, writer, *outer)


async def _connect(proxy: Proxy, host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
    proxy.asked.append(f"{host}:{port}")
    try:
        return await asyncio.open_connection(host, proxy.leads.get(port, port))
    except OSError:
        return None


async def _join(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    outer_reader: asyncio.StreamReader,
    outer_writer: asyncio.StreamWriter,
) -> None:
    try:
        await asyncio.gather(_pipe(reader, outer_writer), _pipe(outer_reader, writer))
    finally:
        outer_writer.close()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
        writer.close()
