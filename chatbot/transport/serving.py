"""The process's own door to the world: the webhook, and what the machine around it asks."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from chatbot.transport.updates import KINDS
from chatbot.transport.webhook import LARGEST, Receiver

logger = logging.getLogger(__name__)

T = TypeVar("T")

CONNECTIONS: Final = 100
"""What Telegram may open at once, its most: turns wait for the disk together, so many at once cost little."""
GRACE: Final = 5.0
"""Seconds that requests under way get to end when the process stops."""


def _is_ours(record: logging.LogRecord) -> bool:
    """Whether a complaint of aiohttp's is of a mistake of ours: whoever knocks may talk nonsense, or hang up."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError | web.RequestPayloadError | ConnectionError)


_complaints: Final = logging.getLogger(f"{__name__}.http")
_complaints.addFilter(_is_ours)


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram is to bring the updates, and what else the process says at its door."""

    url: str
    """The address as Telegram sees it, with its path."""
    secret: str
    port: int
    """Where this process listens; 0 takes any port that is free."""
    is_ready: Callable[[], Awaitable[bool]]
    measure: Callable[[], Awaitable[bytes]]
    host: str = "0.0.0.0"  # noqa: S104 - Telegram comes from outside

    def register(self) -> dict[str, Any]:
        """The values of setWebhook."""
        return {
            "url": self.url,
            "secret_token": self.secret,
            "allowed_updates": list(KINDS),
            "max_connections": CONNECTIONS,
            "drop_pending_updates": False,
        }


class Door:
    """An HTTP server: the webhook at its path, `/healthz` (alive), `/readyz` (ready to work) and `/metrics`.

    `is_ready` says whether turns can be taken; `measure` gives the metrics as text. Anything else is not found, and
    nothing is logged of a request.
    """

    def __init__(
        self,
        url: str,
        receiver: Receiver,
        *,
        is_ready: Callable[[], Awaitable[bool]],
        measure: Callable[[], Awaitable[bytes]],
    ) -> None:
        self._is_ready = is_ready
        self._measure = measure
        self._receiver = receiver
        app = web.Application(client_max_size=LARGEST)
        app.router.add_post(urlsplit(url).path or "/", receiver.receive)
        app.router.add_get("/healthz", self._tell_health)
        app.router.add_get("/readyz", self._tell_readiness)
        app.router.add_get("/metrics", self._tell_metrics)
        self._runner = web.AppRunner(
            app, access_log=None, logger=_complaints, shutdown_timeout=GRACE, keepalive_timeout=75.0
        )

    async def open(self, port: int, host: str) -> int:
        """Listen at `port` (0: any that is free) and give the port. Raises `OSError` where it cannot be had."""
        await self._runner.setup()
        try:
            site = web.TCPSite(self._runner, host, port, reuse_address=True)
            await site.start()
        except BaseException:
            await self._runner.cleanup()
            raise
        opened: int = self._runner.addresses[0][1]
        return opened

    async def close(self) -> None:
        """Take nothing more, let what is under way end, and close. What comes meanwhile is told to come again."""
        self._receiver.stopping = True
        await self._runner.cleanup()

    async def _tell_health(self, _request: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def _tell_readiness(self, _request: web.Request) -> web.Response:
        ready = not self._receiver.stopping and await _within(self._is_ready(), otherwise=False)
        return web.Response(
            text="ready\n" if ready else "not ready\n",
            status=HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE,
        )

    async def _tell_metrics(self, _request: web.Request) -> web.Response:
        text = await _within(self._measure(), otherwise=b"")
        return web.Response(body=text, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})


async def _within(question: Awaitable[T], *, otherwise: T, seconds: float = 5.0) -> T:
    try:
        return await asyncio.wait_for(question, seconds)
    except Exception:  # whatever is wrong with the database, the question has an answer
        return otherwise
