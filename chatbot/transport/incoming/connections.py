"""Limits of the HTTP server's connections: their number, how long each may wait, and how much it may send.

A stranger can open connections faster than they time out. So their number stays below the number of files that the
process may open, and a new connection replaces the oldest one that has not sent a request. Connections that have sent
the secret are never closed for others. Limits by address would shut out everybody behind one proxy.
"""

import asyncio
import logging
from typing import Any, Final

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

MOST: Final = 1_000
"""Open connections at most."""
HEAD: Final = 10.0
"""Seconds from the first byte (or from the start of the connection) to the end of the headers."""
YOUNG: Final = 1.0
"""Seconds in which a connection that was opened or answered just now is not closed for another one."""
IDLE: Final = 75.0
"""Seconds between two requests: proxies and Telegram reuse a connection within a minute."""
TURN: Final = 90.0
"""Seconds for a request, with its body, its turn and its response."""
DRAIN: Final = 1.0
"""Seconds in which the rest of a refused body is read and dropped before the connection is closed."""
BYTES: Final = 1024 * 1024 + 65_536
"""Bytes in one request at most: the largest update and its headers."""
HEADS: Final = 8
"""Ends of headers in one read above which it is a flood of requests. Telegram sends one; its JSON has no empty line.
A flood is not even parsed, because that takes longer than the responses."""
_SWEEP: Final = 1.0
"""Seconds between two checks for connections to close."""


def _is_ours(record: logging.LogRecord) -> bool:
    """Tell whether aiohttp logs a bug of this program: clients may send anything or hang up."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError | web.RequestPayloadError | ConnectionError)


_complaints: Final = logging.getLogger(f"{__name__}.http")
_complaints.addFilter(_is_ours)


class Connections:
    """The open connections of `server`, at most `most`."""

    def __init__(self, server: web.Server, most: int = MOST) -> None:
        self._server = server
        self._most = most
        self._loop = asyncio.get_running_loop()
        # Each in the order of arrival: the first one is closed first.
        self._silent: dict[Connection, None] = {}
        self._strange: dict[Connection, None] = {}
        self._known: dict[Connection, None] = {}
        self._sweep: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._silent) + len(self._strange) + len(self._known)

    def admit(self) -> "Connection | None":
        """Return the protocol for an accepted connection; None if there is no room for it.

        If all places are taken, the least important connection is closed.
        """
        if len(self) >= self._most:
            if (least := self._find_least()) is None:
                return None
            least.abort()
        connection = Connection(self, self._server, self._loop)
        self._silent[connection] = None
        if self._sweep is None:
            self._sweep = self._loop.call_later(_SWEEP, self._close_late)
        return connection

    def _find_least(self) -> "Connection | None":
        """Return the least important connection; None if all are Telegram's.

        A connection that was opened just now may be Telegram's, about to send. Without `YOUNG`, strangers who fill all
        places with idle connections and open more would get it closed at once.
        """
        silent, strange = next(iter(self._silent), None), next(iter(self._strange), None)
        before = self._loop.time() - YOUNG
        return next((each for each in (silent, strange) if each and each.since < before), silent or strange)

    def sort(self, connection: "Connection", *, known: bool) -> None:
        """Sort a connection by whether its request came with the secret (`known`)."""
        if self.remove(connection):
            (self._known if known else self._strange)[connection] = None

    def remove(self, connection: "Connection") -> bool:
        """Remove a connection; False if it was removed before."""
        return any(kind.pop(connection, self) is None for kind in (self._silent, self._strange, self._known))

    def _close_late(self) -> None:
        now = self._loop.time()
        for connection in [*self._silent, *self._strange, *self._known]:
            if connection.until < now:
                connection.abort()
        self._sweep = self._loop.call_later(_SWEEP, self._close_late) if len(self) else None


class Connection(web.RequestHandler):
    """A connection: aiohttp's protocol with a deadline. It is closed at `until` unless it makes progress before."""

    def __init__(self, connections: Connections, server: web.Server, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            server,
            loop=loop,
            logger=_complaints,
            access_log=None,  # type: ignore[arg-type]  # aiohttp checks for it
            keepalive_timeout=3_600,  # ours is `until`
            lingering_time=DRAIN,
            auto_decompress=False,  # Telegram compresses nothing, and a small body may inflate to gigabytes
        )
        self._connections = connections
        self._time = loop.time
        self._wire: asyncio.Transport | None = None
        self._received = self._heads = 0
        self._idle = False
        self._is_over = False
        self.since = loop.time()
        """When it was opened, or its last request was answered."""
        self.until = self.since + HEAD

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the first request."""
        assert isinstance(transport, asyncio.Transport)
        self._wire = transport
        if self._is_over:  # closed for another connection while it was being opened
            transport.abort()
        else:
            super().connection_made(transport)

    def connection_lost(self, error: BaseException | None) -> None:
        """Remove the connection."""
        self._connections.remove(self)
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        """Read on unless the request is too large or a flood."""
        if self._idle and data:
            self._idle = False
            self.until = self._time() + HEAD
        self._received += len(data)
        heads = data.count(b"\r\n\r\n")
        self._heads += heads
        if self._received > BYTES or heads > HEADS:
            self.abort()
        else:
            super().data_received(data)

    def begin(self, *, known: bool) -> None:
        """Note that the headers of a request have arrived, with the secret (`known`) or without it."""
        self._connections.sort(self, known=known)
        self._idle = False
        self.since = self._time()
        self.until = self.since + TURN

    @property
    def has_more(self) -> bool:
        """Whether more requests have arrived before this one was answered."""
        return self._heads > 1

    def finish(self) -> None:
        """Note that a request was answered."""
        self._received = self._heads = 0
        self._idle = True
        self.since = self._time()
        self.until = self.since + IDLE

    def abort(self) -> None:
        """Close the connection at once."""
        self._is_over = True
        self._connections.remove(self)
        if self._wire is not None:
            self._wire.abort()

    def handle_error(self, request: web.BaseRequest, *args: Any, **kwargs: Any) -> web.StreamResponse:
        """Respond to invalid HTTP, or after a bug, with the status alone."""
        refused = super().handle_error(request, *args, **kwargs)
        answer = web.Response(status=refused.status)
        answer.force_close()
        return answer
