"""HTTP server of the process: the webhook, health checks and metrics.

A stranger gets the same short 404 at every path, so that no response reveals where the webhook is.
"""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, TypeVar
from urllib.parse import unquote, urlsplit

from aiohttp import web

from chatbot.transport.incoming.connections import MOST, Connection, Connections
from chatbot.transport.incoming.listening import Listener, open_sockets
from chatbot.transport.incoming.registration import Tell, be_silent
from chatbot.transport.incoming.updates import UPDATE_KINDS
from chatbot.transport.incoming.webhook import LARGEST, Receiver

T = TypeVar("T")

CONNECTIONS: Final = 100
"""Connections that Telegram may open, its maximum: concurrent turns share a commit, so many at once cost little."""
GRACE: Final = 5.0
"""Seconds for running requests to end when the process stops."""
_FRESH: Final = 1.0
"""Seconds for which the result "ready" is cached, to spare the database."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram delivers updates, and what else the HTTP server responds to."""

    url: str
    """The address as Telegram sees it, with its path."""
    secret: str
    port: int
    """The port of this process; 0 takes any free port."""
    is_ready: Callable[[], Awaitable[bool]]
    measure: Callable[[], Awaitable[bytes]]
    host: str | None = None
    """The address of this machine to listen at; None means all, IPv6 and IPv4."""
    metrics_token: str | None = None
    """The token that a request for metrics needs; without it there are no metrics."""
    connections: int = MOST
    """Open connections at most."""
    tell: Tell = be_silent
    """Tells the team about problems with the webhook."""

    def register(self) -> dict[str, Any]:
        """Return the values of setWebhook."""
        return {
            "url": self.url,
            "secret_token": self.secret,
            "allowed_updates": list(UPDATE_KINDS),
            "max_connections": CONNECTIONS,
            "drop_pending_updates": False,
        }


class HttpServer:
    """Serves the webhook at its path, `/healthz` (alive), `/readyz` (ready to work) and `/metrics`.

    `is_ready` tells whether turns can be taken; `measure` returns the metrics as text, for requests with
    `metrics_token`. Requests are not logged.
    """

    def __init__(
        self,
        url: str,
        receiver: Receiver,
        *,
        is_ready: Callable[[], Awaitable[bool]],
        measure: Callable[[], Awaitable[bytes]],
        metrics_token: str | None = None,
        connections: int = MOST,
    ) -> None:
        self._path = unquote(urlsplit(url).path) or "/"
        self._receiver = receiver
        self._is_ready = is_ready
        self._measure = measure
        self._metrics_key = None if metrics_token is None else f"Bearer {metrics_token}".encode()
        self._most = connections
        self._server: web.Server | None = None
        self._listener: Listener | None = None
        self._readiness: asyncio.Task[bool] | None = None
        self._asked_at = float("-inf")

    async def open(self, port: int, host: str | None = None) -> int:
        """Listen at `port` (0: any free one) and return the port. Raises `OSError` if that is impossible."""
        sockets = await open_sockets(host, port)
        self._server = web.Server(self._answer, request_factory=_make_request)
        connections = Connections(self._server, self._most)
        self._listener = Listener(sockets, connections.admit)
        opened: int = sockets[0].getsockname()[1]
        return opened

    async def close(self) -> None:
        """Let running requests end, refuse new ones with "try again later", and close."""
        self._receiver.stopping = True
        if self._listener is not None:
            await self._listener.close()
        if self._server is not None:
            await asyncio.sleep(0)  # let requests that have just arrived start
            self._server.pre_shutdown()
            await self._server.shutdown(GRACE)
        if self._readiness is not None:
            self._readiness.cancel()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        knows = self._receiver.is_from_telegram(request)  # for every path, so that all of them take the same time
        connection = request.protocol
        assert isinstance(connection, Connection)
        connection.begin(known=knows)
        try:
            if knows and request.method == "POST" and request.path == self._path:
                return await self._receiver.receive(request)
            response = await self._respond_to_get(request) if request.method in ("GET", "HEAD") else _not_found()
            has_more = connection.has_more
        finally:
            connection.finish()
        if has_more and not knows:
            # Thousands of requests sent at once would all be answered while Telegram waits.
            response.force_close()
        return response

    async def _respond_to_get(self, request: web.BaseRequest) -> web.Response:
        match request.path:
            case "/healthz":
                return web.Response(text="alive\n")
            case "/readyz":
                return await self._respond_readiness()
            case "/metrics" if self._may_measure(request):
                text = await _within(self._measure(), otherwise=b"")
                return web.Response(body=text, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})
        return _not_found()

    async def _respond_readiness(self) -> web.Response:
        ready = not self._receiver.stopping and await self._find_readiness()
        return web.Response(
            text="ready\n" if ready else "not ready\n",
            status=HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE,
        )

    async def _find_readiness(self) -> bool:
        now, asked = asyncio.get_running_loop().time(), self._readiness
        if asked is None or (asked.done() and (now > self._asked_at + _FRESH or not asked.result())):
            self._asked_at = now
            asked = self._readiness = asyncio.create_task(_within(self._is_ready(), otherwise=False))
        return await asyncio.shield(asked)

    def _may_measure(self, request: web.BaseRequest) -> bool:
        given = request.headers.get("Authorization", "").encode("utf-8", "replace")
        return self._metrics_key is not None and hmac.compare_digest(given, self._metrics_key)


class _Request(web.BaseRequest):
    """A request whose responses do not name the server software."""

    async def _prepare_hook(self, response: web.StreamResponse) -> None:
        response.headers.pop("Server", None)


def _make_request(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
    return _Request(message, payload, protocol, writer, task, asyncio.get_running_loop(), client_max_size=LARGEST)


def _not_found() -> web.Response:
    return web.Response(status=HTTPStatus.NOT_FOUND)


async def _within(question: Awaitable[T], *, otherwise: T, seconds: float = 5.0) -> T:
    try:
        return await asyncio.wait_for(question, seconds)
    except Exception:  # the database may be unavailable
        return otherwise
