"""Fakes of Telegram, of the pace and of the conversation, and a poller and a reply sender that use them."""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from markupsafe import Markup

from chatbot.conversation.interface import Answer, Pressed
from chatbot.screens.screen import Screen
from chatbot.transport.incoming.polling import Poller
from chatbot.transport.outgoing.client import BotApi
from chatbot.transport.outgoing.reply_sender import ReplySender
from tests.support.clients import open_client
from tests.support.fake_conversation import FakeConversation, apologise
from tests.support.fake_dialog import BusyError
from tests.support.limits import GIVE_UP

TOKEN = "123456:AAF-the-key-of-this-bot-AAF"
USERNAME = "savemyfriend_bot"


@dataclass
class Telegram:
    """A second implementation of the Bot API server, with the offsets and long polls of Telegram.

    It records every call, and fails as the test says.
    """

    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    queue: list[Any] = field(default_factory=list)
    """Updates that are not confirmed."""
    results: dict[str, Any] = field(default_factory=dict)
    """The result of each method; True for others."""
    faults: dict[str, deque[Any]] = field(default_factory=lambda: defaultdict(deque))
    delivered: list[Any] = field(default_factory=list)
    """Updates that a poll got, once for each time."""
    url: str = ""
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def fail(self, method: str, *faults: Any) -> None:
        """Answer the next calls of `method` with these faults, in this order.

        (status, description[, parameters]) is a refusal, and bytes are the body of the response. "cut" cuts the
        connection, a float cuts it after so many seconds, and "hang" never answers.
        """
        self.faults[method].extend(faults)

    def said(self, method: str) -> list[dict[str, Any]]:
        """Return the values of all calls of this method."""
        return [values for name, values in self.calls if name == method]

    def texts(self) -> list[str]:
        """Return the texts of the sent messages, in order of arrival."""
        return [sent["text"] for sent in self.said("sendMessage")]

    async def deliver(self, *updates: Any) -> None:
        async with self.changed:
            self.queue.extend(updates)
            self.changed.notify_all()

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(GIVE_UP), self.changed:
            await self.changed.wait_for(condition)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.content_type == "multipart/form-data":
            fields = await request.post()
            # The files are read now, because aiohttp closes them at the end of the request.
            values: dict[str, Any] = {
                name: (value.filename, value.file.read()) if isinstance(value, web.FileField) else value
                for name, value in fields.items()
            }
        else:
            values = orjson.loads(await request.read() or b"{}")
        async with self.changed:
            self.calls.append((method, values))
            self.changed.notify_all()
        if self.faults[method]:
            match self.faults[method].popleft():
                case "cut":
                    request.transport.close()
                    return web.Response()
                case float() as seconds:
                    await asyncio.sleep(seconds)
                    request.transport.close()
                    return web.Response()
                case "hang":
                    await asyncio.Event().wait()
                case bytes() as body:
                    return web.Response(body=body)
                case int() as status, str() as description, *rest:
                    body = {"ok": False, "error_code": status, "description": description}
                    if rest:
                        body["parameters"] = rest[0]
                    return web.json_response(body, status=status)
                case other:
                    raise AssertionError(other)
        result = await self.get_updates(values) if method == "getUpdates" else self.results.get(method, True)
        return web.json_response({"ok": True, "result": result})

    async def get_updates(self, values: dict[str, Any]) -> list[Any]:
        ids = [update.get("update_id") if isinstance(update, dict) else None for update in self.queue]
        if (offset := values.get("offset")) is not None and offset - 1 in ids:
            last = max(place for place, update_id in enumerate(ids) if update_id == offset - 1)
            async with self.changed:
                del self.queue[: last + 1]
                self.changed.notify_all()
        try:
            async with asyncio.timeout(values["timeout"]), self.changed:
                await self.changed.wait_for(lambda: self.queue)
        except TimeoutError:
            return []
        self.delivered.extend(self.queue[: values["limit"]])
        return self.queue[: values["limit"]]


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    telegram = Telegram()
    telegram.results["getMe"] = {"id": 123456, "is_bot": True, "first_name": "Save", "username": USERNAME}
    telegram.results["getWebhookInfo"] = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
    app = web.Application()
    app.router.add_post(f"/bot{TOKEN}/{{method}}", telegram.answer)
    # When the client closes the connection, its long poll ends and takes no more updates.
    server = TestServer(app, handler_cancellation=True)
    await server.start_server(shutdown_timeout=0, access_log=None)
    telegram.url = str(server.make_url("")).rstrip("/")
    yield telegram
    await server.close()


@pytest.fixture
async def api(telegram: Telegram) -> AsyncIterator[BotApi]:
    async with open_client(TOKEN, telegram.url) as api:
        yield api


@pytest.fixture
def token() -> str:
    return TOKEN


class Pace:
    """A second implementation of the pace: it records calls, and lets none pass from a 429 until a test sets `open`."""

    def __init__(self) -> None:
        self.counted: list[tuple[int | None, str]] = []
        self.refusals: list[tuple[int, float]] = []
        self.delays: dict[int, float] = {}
        self.open = asyncio.Event()
        self.open.set()
        self.halted = asyncio.Event()

    def delay(self, chat_id: int, *, edit: bool = False) -> float:
        return self.delays.get(chat_id, 0.0)

    async def admit_reply(self, chat_id: int, *, edit: bool = False) -> None:
        await self.open.wait()
        self.counted.append((chat_id, "edit" if edit else "message"))

    async def admit_acknowledgement(self) -> None:
        await self.open.wait()
        self.counted.append((None, "acknowledgement"))

    def try_admit_reply(self, chat_id: int, *, edit: bool = False) -> bool:
        if not self.open.is_set() or self.delay(chat_id):
            return False
        self.counted.append((chat_id, "edit" if edit else "message"))
        return True

    def note_flood(self, chat_id: int, seconds: float) -> None:
        self.refusals.append((chat_id, seconds))
        self.halted.set()
        self.open.clear()

    def note_answer(self, chat_id: int) -> None:
        pass


@pytest.fixture
def pace() -> Pace:
    return Pace()


def _person(person_id: int, first_name: str) -> dict[str, Any]:
    return {"id": person_id, "is_bot": False, "first_name": first_name, "language_code": "en"}


@pytest.fixture
def write() -> Callable[..., dict[str, Any]]:
    """Make the update of a private text message."""

    def write(update_id: int, text: str = "hello", *, person_id: int = 7) -> dict[str, Any]:
        chat = {"id": person_id, "type": "private", "first_name": "Sam"}
        message = {"message_id": update_id, "date": 1, "chat": chat, "from": _person(person_id, "Sam"), "text": text}
        return {"update_id": update_id, "message": message}

    return write


@pytest.fixture
def tap() -> Callable[..., dict[str, Any]]:
    """Make the update of a tap on a button in a private chat."""

    def tap(update_id: int, data: str = "sign", *, person_id: int = 7) -> dict[str, Any]:
        chat = {"id": person_id, "type": "private", "first_name": "Sam"}
        message = {"message_id": 5, "date": 1, "chat": chat, "text": "Welcome"}
        query = {"id": f"q{update_id}", "from": _person(person_id, "Sam"), "message": message, "data": data}
        return {"update_id": update_id, "callback_query": query}

    return tap


class Listener:
    """A conversation that records the turns it takes, and waits or fails as the test says."""

    def __init__(self):
        self.begun = []
        self.first = asyncio.Event()
        """Set when the first turn begins."""
        self.committed = []
        self.gates = {}
        """By update, the event that its turn waits for."""
        self.failures = {}
        """By update, the errors that its next turns raise."""
        self.unspeakable = set()
        """Updates whose answers cannot be sent, because they contain half a surrogate pair."""

    async def hear(self, heard):
        self.begun.append(heard.update_id)
        self.first.set()
        if gate := self.gates.get(heard.update_id):
            await gate.wait()
        if failures := self.failures.get(heard.update_id):
            raise failures.pop(0)
        self.committed.append(heard.update_id)
        query_id = heard.event.query_id if isinstance(heard.event, Pressed) else None
        words = "\ud800" if heard.update_id in self.unspeakable else str(heard.update_id)
        return Answer(heard.person.id, Screen(Markup(words)), query_id=query_id)


@pytest.fixture
def listener():
    return Listener()


@pytest.fixture
def gone():
    """The chats that the reply sender reported as gone."""
    return []


@pytest.fixture
def reply_sender(api, pace, gone):
    """A reply sender that does not pause between tries."""

    async def on_gone(chat_id):
        gone.append(chat_id)

    return ReplySender(api, pace, on_gone, wait=lambda tries: 0.0)


@pytest.fixture
def make_poller(api, reply_sender, listener):
    def make(apologise=apologise, wait=lambda tries: 0.0):
        return Poller(api, reply_sender, "bot", FakeConversation(listener.hear, (BusyError,), apologise), wait=wait)

    return make


@pytest.fixture
async def poller(make_poller, reply_sender):
    poller = make_poller()
    running = asyncio.create_task(poller.run())
    yield poller
    poller.stop()
    await asyncio.wait_for(running, GIVE_UP)
    await reply_sender.close(0)


@pytest.fixture
def busy() -> type[Exception]:
    """The error of a turn that cannot be stored now."""
    return BusyError
