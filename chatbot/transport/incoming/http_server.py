"""HTTP server of the process: the webhook, the public page if it is on, health checks and metrics.

A stranger gets the same short 404 at every other path, so that no response reveals where the webhook is.
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
from chatbot.transport.incoming.public_files import FindFile, PublicFiles
from chatbot.transport.incoming.registration import Tell, be_silent
from chatbot.transport.incoming.updates import UPDATE_KINDS
from chatbot.transport.incoming.webhook import LARGEST, Receiver

T = TypeVar("T")
Answering = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

CONNECTIONS: Final = 100
"""Connections that Telegram may open, its maximum: concurrent turns share a commit, so many at once cost little."""
GRACE: Final = 5.0
"""Seconds for running requests to end when the process stops."""
MOST_FOR_HEALTH: Final = 10
"""Open connections to the port of health checks at most."""
_FRESH: Final = 1.0
"""Seconds for which the result "ready" is cached, to spare the database."""


class HealthPortError(OSError):
    """The port of health checks cannot be opened."""


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
    find_file: FindFile | None = None
    """Finds the files of the public page; None if it is off."""
    health_port: int | None = None
    """The port for health checks and metrics; None serves them at `port`."""

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
    """Serves the webhook at its path, the public page, `/healthz` (alive), `/readyz` (ready to work) and `/metrics`.

    `is_ready` tells whether turns can be taken; `measure` returns the metrics as text, for requests with
    `metrics_token`; `find_file` finds the files of the public page. Requests are not logged.
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
        find_file: FindFile | None = None,
    ) -> None:
        self._path = unquote(urlsplit(url).path) or "/"
        self._receiver = receiver
        self._is_ready = is_ready
        self._measure = measure
        self._metrics_key = None if metrics_token is None else f"Bearer {metrics_token}".encode()
        self._most = connections
        self._files = None if find_file is None else PublicFiles(find_file)
        self._open: list[tuple[Listener, web.Server]] = []
        self._has_health_port = False
        self._readiness: asyncio.Task[bool] | None = None
        self._asked_at = float("-inf")

    async def open(self, port: int, host: str | None = None) -> int:
        """Listen at `port` (0: any free one) and return the port. Raises `OSError` if that is impossible."""
        return await self._listen(port, host, self._answer, self._most)

    async def open_health(self, port: int, host: str | None = None) -> int:
        """Listen for health checks and metrics at a port of their own, and nowhere else. Raises `HealthPortError`."""
        self._has_health_port = True
        try:
            return await self._listen(port, host, self._answer_health, MOST_FOR_HEALTH)
        except OSError as error:
            raise HealthPortError(error.errno, error.strerror) from None

    async def _listen(self, port: int, host: str | None, answer: Answering, most: int) -> int:
        sockets = await open_sockets(host, port)
        server = web.Server(answer, request_factory=_make_request)
        self._open.append((Listener(sockets, Connections(server, most).admit), server))
        opened: int = sockets[0].getsockname()[1]
        return opened

    async def close(self) -> None:
        """Let running requests end, refuse new ones with "try again later", and close."""
        self._receiver.stopping = True
        for listener, _server in self._open:
            await listener.close()
        await asyncio.sleep(0)  # let requests that have just arrived start
        for _listener, server in self._open:
            server.pre_shutdown()
        await asyncio.gather(*(server.shutdown(GRACE) for _listener, server in self._open))
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
            # Thousands of requests sent at once would all be answered while Telegram waits.
            closes = connection.has_more and not knows
            reads = request.method in ("GET", "HEAD")
            if reads and self._files is not None and (file := self._files.find(request)) is not None:
                return await self._files.send(request, file, close=closes)
            is_for_health = reads and not self._has_health_port
            response = await self._respond_to_health_check(request) if is_for_health else _not_found()
            closes = connection.has_more and not knows
        finally:
            connection.finish()
        if closes:
            response.force_close()
        return response

    async def _answer_health(self, request: web.BaseRequest) -> web.StreamResponse:
        connection = request.protocol
        assert isinstance(connection, Connection)
        connection.begin(known=False)
        try:
            return await self._respond_to_health_check(request) if request.method in ("GET", "HEAD") else _not_found()
        finally:
            connection.finish()

    async def _respond_to_health_check(self, request: web.BaseRequest) -> web.Response:
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
