"""Bounds the connections of the HTTP server: how many there are, how long each may wait, and how much it may send.

A stranger can open connections faster than they time out. So the number stays below the files that the process may
open, and a new connection takes the place of the oldest one that has not sent a request. Connections on which the
secret came are never given up for others. Limits for each address would shut out everybody behind one proxy.
"""

import asyncio
import logging
from typing import Any, Final

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

MOST: Final = 1_000
"""Connections at once, at most."""
HEAD: Final = 10.0
"""Seconds from the first byte (or from the start of the connection) to the end of the headers."""
YOUNG: Final = 1.0
"""Seconds in which the first request of a new connection, or the next of a stranger, is waited for with patience."""
IDLE: Final = 75.0
"""Seconds between two requests: proxies and Telegram use a connection again within a minute."""
TURN: Final = 90.0
"""Seconds for a request with its body, its turn and its answer."""
DRAIN: Final = 1.0
"""Seconds in which the rest of a refused body is read and dropped; then the connection is closed."""
BYTES: Final = 1024 * 1024 + 65_536
"""Bytes in one request at most: the largest update and its headers."""
HEADS: Final = 8
"""Ends of headers in one read, more than which are a flood of requests at once: Telegram sends one, and its JSON holds
no empty line. They are not even read: that would take longer than to answer them."""
_SWEEP: Final = 1.0
"""Seconds between two looks for connections whose time is over."""


def _is_ours(record: logging.LogRecord) -> bool:
    """Whether aiohttp complains of a mistake of ours: clients may send anything, or hang up."""
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
        # Each in the order in which they came there, so that the first is the one to give up.
        self._silent: dict[Connection, None] = {}
        self._strange: dict[Connection, None] = {}
        self._known: dict[Connection, None] = {}
        self._sweep: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._silent) + len(self._strange) + len(self._known)

    def admit(self) -> "Connection | None":
        """Give one that is accepted its protocol; None where there is no place.

        Where all places are taken, the connection that matters least is closed for it.
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
        """The connection that matters least; None where all are Telegram's.

        One that was opened just now may be Telegram's, about to send: whoever keeps all places with requests of a
        while ago, and opens more, would have it closed at once.
        """
        silent, strange = next(iter(self._silent), None), next(iter(self._strange), None)
        before = self._loop.time() - YOUNG
        return next((each for each in (silent, strange) if each and each.since < before), silent or strange)

    def sort(self, connection: "Connection", *, known: bool) -> None:
        """Note that a request came, with the secret (`known`) or without it."""
        if self.remove(connection):
            (self._known if known else self._strange)[connection] = None

    def remove(self, connection: "Connection") -> bool:
        """Forget one; False when it was not there any more."""
        return any(kind.pop(connection, self) is None for kind in (self._silent, self._strange, self._known))

    def _close_late(self) -> None:
        now = self._loop.time()
        for connection in [*self._silent, *self._strange, *self._known]:
            if connection.until < now:
                connection.abort()
        self._sweep = self._loop.call_later(_SWEEP, self._close_late) if len(self) else None


class Connection(web.RequestHandler):
    """One connection: aiohttp's protocol with deadlines. `until` is when it is closed unless it gets on before."""

    def __init__(self, connections: Connections, server: web.Server, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            server,
            loop=loop,
            logger=_complaints,
            access_log=None,  # type: ignore[arg-type]  # aiohttp checks for it
            keepalive_timeout=3_600,  # ours is `until`
            lingering_time=DRAIN,
            auto_decompress=False,  # Telegram packs nothing, and a small body may inflate to gigabytes
        )
        self._connections = connections
        self._time = loop.time
        self._wire: asyncio.Transport | None = None
        self._received = self._heads = 0
        self._idle = False
        self._is_over = False
        self.since = loop.time()
        """When it was opened, or a request on it was answered last."""
        self.until = self.since + HEAD

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for the first request."""
        assert isinstance(transport, asyncio.Transport)
        self._wire = transport
        if self._is_over:  # its place was given to another while it was being opened
            transport.abort()
        else:
            super().connection_made(transport)

    def connection_lost(self, error: BaseException | None) -> None:
        """Forget it."""
        self._connections.remove(self)
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        """Read on, as long as the request does not get too large, and is not many."""
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
        """The headers of a request are there, with the secret (`known`) or without it."""
        self._connections.sort(self, known=known)
        self._idle = False
        self.since = self._time()
        self.until = self.since + TURN

    @property
    def has_more(self) -> bool:
        """Whether further requests have come before this one was answered."""
        return self._heads > 1

    def finish(self) -> None:
        """A request is answered."""
        self._received = self._heads = 0
        self._idle = True
        self.since = self._time()
        self.until = self.since + IDLE

    def abort(self) -> None:
        """Close it at once."""
        self._is_over = True
        self._connections.remove(self)
        if self._wire is not None:
            self._wire.abort()

    def handle_error(self, request: web.BaseRequest, *args: Any, **kwargs: Any) -> web.StreamResponse:
        """Answer what is no HTTP, or met a bug of ours, without saying more than the status."""
        refused = super().handle_error(request, *args, **kwargs)
        answer = web.Response(status=refused.status)
        answer.force_close()
        return answer
