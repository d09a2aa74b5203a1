"""Listening by IPv6 and IPv4, at one address or at all of them, and on machines without IPv6."""

import asyncio
import errno
import socket
from collections.abc import Callable

import pytest

from chatbot.transport.incoming import listening
from chatbot.transport.incoming.listening import Listener, open_sockets


class Greeting(asyncio.Protocol):
    """Sends a greeting and closes the connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See `asyncio.Protocol`."""
        assert isinstance(transport, asyncio.Transport)
        transport.write(b"hello")
        transport.close()


async def reaches(address: str, port: int) -> bool:
    """Whether `Greeting` answers there."""
    try:
        reader, writer = await asyncio.open_connection(address, port)
    except OSError:
        return False
    answered = await reader.read() == b"hello"
    writer.close()
    return answered


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="no IPv6 on this machine")


@needs_ipv6
@pytest.mark.parametrize(
    ("host", "reached"),
    [
        (None, {"127.0.0.1", "::1"}),
        ("::", {"127.0.0.1", "::1"}),
        ("0.0.0.0", {"127.0.0.1"}),
        ("127.0.0.1", {"127.0.0.1"}),
        ("::1", {"::1"}),
    ],
)
async def test_listener_accepts_connections(host: str | None, reached: set[str]) -> None:
    sockets = await open_sockets(host, 0)
    listener = Listener(sockets, Greeting)
    port = sockets[0].getsockname()[1]
    assert {address for address in ("127.0.0.1", "::1") if await reaches(address, port)} == reached
    await listener.close()


async def test_listener_opens_all_addresses_of_a_name_at_one_port() -> None:
    sockets = await open_sockets("localhost", 0)
    listener = Listener(sockets, Greeting)
    assert len({each.getsockname()[1] for each in sockets}) == 1
    assert await reaches("127.0.0.1", sockets[0].getsockname()[1])
    await listener.close()


@pytest.mark.parametrize("code", [errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL])
async def test_listener_uses_ipv4_without_ipv6(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    """A container on a host without IPv6 fails like this."""
    create: Callable[..., socket.socket] = socket.create_server

    def refuse(address: tuple[str, int], *, family: int, **options: object) -> socket.socket:
        if family == socket.AF_INET6:
            raise OSError(code, "no IPv6 here")
        return create(address, family=family, **options)

    monkeypatch.setattr(listening.socket, "create_server", refuse)
    sockets = await open_sockets(None, 0)
    listener = Listener(sockets, Greeting)
    assert await reaches("127.0.0.1", sockets[0].getsockname()[1])
    await listener.close()


async def test_port_taken_by_either_protocol_raises_an_error() -> None:
    for first in (None, "127.0.0.1"):
        [taken] = await open_sockets(first, 0)
        with pytest.raises(OSError, match="in use"):
            await open_sockets(None, taken.getsockname()[1])
        taken.close()


async def test_invalid_name_raises_an_error() -> None:
    with pytest.raises(socket.gaierror):
        await open_sockets("no..host", 0)
