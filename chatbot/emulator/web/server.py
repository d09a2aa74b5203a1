"""The emulator as a local HTTP server: the Bot API, files, the control API and the page."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import unquote_plus

import orjson
from aiohttp import web

from chatbot.emulator.bot_api import limits
from chatbot.emulator.bot_api.api import Api, DisconnectedError, OnAnswer, OnRequest
from chatbot.emulator.bot_api.call import Upload
from chatbot.emulator.bot_api.refusal import RefusalError
from chatbot.emulator.updates.polling import CLOSING
from chatbot.emulator.web.closing import stop_accepting
from chatbot.emulator.web.control import LANGUAGES, Control
from chatbot.emulator.wire import Json
from chatbot.emulator.world import saving
from chatbot.emulator.world.people import Bot
from chatbot.emulator.world.rates import Rates
from chatbot.emulator.world.world import World

log = logging.getLogger(__name__)

TOKEN = "424242:a-token-that-opens-nothing"  # noqa: S105 - the emulator's own token
SAVE_AFTER = 0.5
"""Seconds between a change and its saving; further changes meanwhile are saved with it."""
STOP_GRACE = 0.25
"""Seconds that running calls get to finish when the server stops."""


class Emulator:
    """A local Bot API server: `async with Emulator() as emulator:` listens, `emulator.url` is where.

    token          the bot's token; the number before the colon is its id
    port           0 picks a free one
    people         dicts of arguments of `World.add_person`, added unless the state file has people
    languages      the languages that the page offers for a new person: Telegram's tags, and names
    state_file     stores the world between runs; None keeps it in memory only
    world          a world to continue with, for a restart without a state file
    clock          returns seconds since the epoch
    history        messages stored for each chat; 0 stores none
    keep_deliveries  length of the log of deliveries; None stores all
    rates          sending limits; None means no limits
    webhook_pause  base of the pauses between webhook attempts, in seconds
    on_request     called with (method, parameters) of every call, and on_answer with (method, result) of every success;
                   their errors are raised again when the `async with` block ends
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        people: Iterable[Json] = (),
        languages: Mapping[str, str] = LANGUAGES,
        state_file: Path | str | None = None,
        world: World | None = None,
        bot_username: str = "petition_bot",
        bot_name: str = "Petition",
        clock: Callable[[], float] = time.time,
        history: int = 200,
        keep_deliveries: int | None = 10_000,
        rates: Rates | None = None,
        webhook_pause: float = 1.0,
        on_request: OnRequest | None = None,
        on_answer: OnAnswer | None = None,
    ) -> None:
        self.token = token
        self.host = host
        self.port = port
        self._state_file = Path(state_file) if state_file else None
        bot = Bot(int(token.partition(":")[0]), bot_username, bot_name)
        self.world = world or World(bot, clock=clock, history=history)
        if self._state_file and world is None:
            saving.load(self.world, self._state_file)
        if not self.world.people():
            self.world.add_people(people)
        self.api = Api(self.world, keep_deliveries=keep_deliveries, webhook_pause=webhook_pause)
        self.api.rates = rates
        self.api.on_request, self.api.on_answer = on_request, on_answer
        self.control = Control(self.api, {"127.0.0.1", "localhost", "::1", host.lower()}, languages)
        self.faults, self.deliveries, self.calls = self.api.faults, self.api.deliveries, self.api.calls
        self._bot_path = f"/bot{token}/"
        self._file_path = f"/file/bot{token}/"
        self._http: _Server | None = None
        self._socket: asyncio.Server | None = None
        self._save_timer: asyncio.TimerHandle | None = None

    @property
    def url(self) -> str:
        """The server's URL without a slash at the end; the Bot API is at {url}/bot{token}/{method}."""
        return f"http://{self.host}:{self.port}"

    @property
    def failures(self) -> list[Exception]:
        """Errors raised by the hooks, and bugs of the emulator."""
        return self.api.failures

    async def __aenter__(self) -> "Emulator":
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()
        if self.failures and error is None:
            raise self.failures[0]

    async def start(self) -> None:
        """Start listening. After `stop`, use the same port and the same world."""
        self._http = _Server(self._handle, request_factory=_request, access_log=None)
        loop = asyncio.get_running_loop()
        self._socket = await loop.create_server(self._http, self.host, self.port, reuse_address=True)
        self.port = self._socket.sockets[0].getsockname()[1]
        if self._state_file:
            self.world.on_change = self._save_soon

    async def stop(self) -> None:
        """Stop listening and close all connections. The world is unchanged and saved."""
        if self._socket is None or self._http is None:
            return
        await stop_accepting(self._socket)
        self.api.polling.interrupt(CLOSING)
        self.world.stop_watching()
        await self.api.webhooks.stop()
        await self._http.shutdown(STOP_GRACE)
        await self._http.abort()
        await self._socket.wait_closed()
        self._socket = self._http = None
        self._save()

    # Saving

    def _save_soon(self) -> None:
        if self._save_timer is None:
            self._save_timer = asyncio.get_running_loop().call_later(SAVE_AFTER, self._save)

    def _save(self) -> None:
        if self._save_timer:
            self._save_timer.cancel()
            self._save_timer = None
        if self._state_file:
            saving.save(self.world, self._state_file)

    # Answering

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            if request.path.startswith(self._bot_path):
                return await self._call(request, request.path[len(self._bot_path) :])
            if request.path.startswith(self._file_path):
                return self._file(request.path[len(self._file_path) :])
            if request.path.startswith(("/bot", "/file/bot")):
                return _refused(_wrong_token(request.path))
            return await self.control.handle(request)
        except RefusalError as refusal:
            return _refused(refusal)
        except DisconnectedError:
            if request.transport:
                request.transport.abort()
            return web.Response()
        except web.HTTPRequestEntityTooLarge:
            return _refused(RefusalError(413, "Request Entity Too Large"))
        except Exception as error:
            self.failures.append(error)
            log.exception("the emulator failed")
            return _refused(RefusalError(500, "Internal Server Error: the emulator failed"))

    async def _call(self, request: web.BaseRequest, method: str) -> web.Response:
        params, uploads = await _parameters(request)
        result = await self.api.perform(method, params, uploads)
        body = b"".join((b'{"ok":true,"result":', orjson.dumps(result), b"}"))
        return web.Response(body=body, content_type="application/json")

    def _file(self, path: str) -> web.Response:
        stored = self.world.files.at(path)
        if stored is None:
            raise RefusalError(404, "Not Found")
        return web.Response(body=stored.content, content_type="application/octet-stream")


class _Server(web.Server):
    """An aiohttp server that waits until its connections are closed. aiohttp's own forgets them at `shutdown`."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._transports: dict[web.RequestHandler, asyncio.Transport] = {}
        self._all_lost: asyncio.Future[None] | None = None

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        """Remember a connection."""
        super().connection_made(handler, transport)
        self._transports[handler] = transport

    def connection_lost(self, handler: web.RequestHandler, exc: BaseException | None = None) -> None:
        """Forget a connection."""
        super().connection_lost(handler, exc)
        self._transports.pop(handler, None)
        if self._all_lost is not None and not self._transports and not self._all_lost.done():
            self._all_lost.set_result(None)

    async def abort(self) -> None:
        """Close all connections at once, with data left to send or not, and wait until they are closed.

        The listening sockets must be closed already.
        """
        self._all_lost = asyncio.get_running_loop().create_future()
        for transport in self._transports.values():
            transport.abort()
        if self._transports:
            await self._all_lost


def _request(*parts: Any) -> web.BaseRequest:
    """Make an aiohttp request with Telegram's limit on its size."""
    message, payload, protocol, writer, task = parts
    loop = asyncio.get_running_loop()
    return web.BaseRequest(
        message, payload, protocol, writer, task, loop, client_max_size=limits.UPLOAD_BYTES + 1024 * 1024
    )


async def _parameters(request: web.BaseRequest) -> tuple[Json, dict[str, Upload]]:
    """Read the parameters of a call from the query string and a body of any type Telegram accepts."""
    params: Json = dict(request.query) if request.query_string else {}
    uploads: dict[str, Upload] = {}
    kind = request.content_type
    if kind == "application/json":
        body = await request.read()
        try:
            sent = orjson.loads(body) if body else {}
        except orjson.JSONDecodeError:
            raise RefusalError(400, "Bad Request: can't parse JSON object") from None
        if isinstance(sent, dict):
            params.update(sent)
    elif kind == "application/x-www-form-urlencoded":
        body = await request.read()
        for pair in body.decode("utf-8", "replace").split("&"):
            name, _, value = pair.partition("=")
            params[_unquoted(name)] = _unquoted(value)
    elif kind == "multipart/form-data":
        for name, field in (await request.post()).items():
            if isinstance(field, web.FileField):
                with field.file:
                    uploads[name] = Upload(field.filename, field.file.read(), field.content_type)
            elif isinstance(field, bytes | bytearray):
                uploads[name] = Upload(name, bytes(field), "application/octet-stream")
            else:
                params[name] = field
    return params, uploads


@lru_cache(maxsize=4096)
def _unquoted(text: str) -> str:
    """Decode a form value. The cache saves time because texts recur, and Hangul is slow to decode."""
    return unquote_plus(text)


def _wrong_token(path: str) -> RefusalError:
    """Return the error for a path that is not the bot's: 401 for a well-formed token, 404 for anything else."""
    token, slash, _ = path.removeprefix("/file").removeprefix("/bot").partition("/")
    number, colon, secret = token.partition(":")
    if slash and colon and secret and number.isdecimal() and not number.startswith("0"):
        return RefusalError(401, "Unauthorized")
    return RefusalError(404, "Not Found")


def _refused(refusal: RefusalError) -> web.Response:
    headers = {"Retry-After": str(refusal.parameters["retry_after"])} if "retry_after" in refusal.parameters else None
    body = orjson.dumps(refusal.envelope())
    return web.Response(body=body, status=refusal.code, content_type="application/json", headers=headers)
