"""A fast fake of Telegram: it sends updates as fast as they are accepted, and plays supporters who sign.

It knows only the part of the Bot API that a signature needs, and answers every call at once. The emulator is exact;
this fake is cheap, so that the bot is what is measured.
"""

import asyncio
import itertools
import time
from collections import deque
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import orjson

from chatbot.emulator.web.closing import stop_accepting
from tests.benchmarks.raw_http import HttpProtocol

WANTED = ("sign:", "sign", "name.profile", "country.KR", "reason.skip", "check.sign", "join:ko")
"""What supporters tap, in the order of signing; of the buttons on a screen they tap the last one in this list."""
TOKEN = "424242:a-token-that-opens-nothing"
SECRET = "a-secret-of-the-benchmark"
OK = b'{"ok":true,"result":true}'
FACE = b'{"ok":true,"result":{"name":"","description":"","short_description":""}}'
ME = orjson.dumps(
    {"ok": True, "result": {"id": 424242, "is_bot": True, "first_name": "Bench", "username": "petition_bot"}}
)


class FastTelegram:
    """`async with` listens at `url`; `push_to` or the bot's getUpdates deliver the updates."""

    def __init__(self, supporters: int) -> None:
        self.supporters = supporters
        self.url = ""
        self.signed = 0
        self.taken = 0
        """Updates that the bot has processed: answered, or (if it answers nothing) acknowledged."""
        self.answers = True
        self.webhook = ""
        self.listening = asyncio.Event()
        """Set when the bot polls, or has set its webhook."""
        self.waits: list[float] = []
        self.rate: float | None = None
        """Updates a second at most; None: as fast as they are accepted."""
        self.ids = itertools.count(1)
        self.people = itertools.count(1_000_001)
        self.asked_at: dict[int, float] = {}
        self.joining: set[int] = set()
        """People who have tapped the last button."""
        self.queue: deque[bytes] = deque()
        self.running = False
        self._server: asyncio.Server | None = None
        self._poll: Callable[[], None] | None = None
        self._pushers: list[_Pusher] = []
        self._idle: deque[_Pusher] = deque()
        self._next_at = 0.0

    async def __aenter__(self) -> "FastTelegram":
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Answering(self), "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.running = False
        for pusher in self._pushers:
            pusher.close()
        if self._server is not None:
            await stop_accepting(self._server)

    async def push_to(self, address: str, connections: int = 64) -> None:
        """Deliver updates to a webhook from now on."""
        parts = urlsplit(address)
        loop = asyncio.get_running_loop()
        head = (
            f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nContent-Length: "
        ).encode()
        await _until_open(parts.hostname or "", parts.port or 80)
        for _ in range(connections):
            _, pusher = await loop.create_connection(lambda: _Pusher(self, head), parts.hostname, parts.port)
            self._pushers.append(pusher)
            self._idle.append(pusher)

    def begin(self, *, answers: bool = True) -> None:
        """Start all supporters at once; a new one follows each signature.

        A bot that `answers` nothing gets the next update as soon as it has accepted one.
        """
        self.running = True
        self.answers = answers
        self._next_at = time.perf_counter()
        for _ in range(self.supporters):
            self.arrive()

    def reset(self) -> None:
        """Reset the counts."""
        self.signed = self.taken = 0
        self.waits.clear()

    def arrive(self) -> None:
        """Add a supporter, who presses Start."""
        person = next(self.people)
        chat = {"id": person, "type": "private", "first_name": "Hana"}
        sender = {"id": person, "is_bot": False, "first_name": "Hana", "language_code": "ko"}
        entity = {"type": "bot_command", "offset": 0, "length": 6}
        message = {"message_id": 1, "date": 1, "chat": chat, "from": sender, "text": "/start", "entities": [entity]}
        self._queue_update(person, {"message": message})

    def show(self, person: int, markup: Any) -> None:
        """Show a screen to a supporter, who taps on."""
        if markup is None and person not in self.joining:
            return  # the thanks; a question follows
        asked = self.asked_at.pop(person, None)
        if asked is None:
            return
        self.taken += 1
        self.waits.append(time.perf_counter() - asked)
        if isinstance(markup, str):
            markup = orjson.loads(markup)
        actions = [
            button["callback_data"]
            for row in (markup or {}).get("inline_keyboard", ())
            for button in row
            if "callback_data" in button
        ]
        best = max(actions, key=_rank, default="")
        if person in self.joining:
            self.joining.remove(person)
            self.signed += 1
            if self.running:
                self.arrive()
            return
        if best == WANTED[-1]:
            self.joining.add(person)
        self._tap(person, best)

    def _tap(self, person: int, action: str) -> None:
        chat = {"id": person, "type": "private", "first_name": "Hana"}
        sender = {"id": person, "is_bot": False, "first_name": "Hana", "language_code": "ko"}
        bot = {"id": 424242, "is_bot": True, "first_name": "Bench"}
        message = {"message_id": 2, "date": 1, "chat": chat, "from": bot, "text": "…"}
        query = {"id": str(next(self.ids)), "from": sender, "message": message, "chat_instance": "1", "data": action}
        self._queue_update(person, {"callback_query": query})

    def _queue_update(self, person: int, body: dict[str, Any]) -> None:
        update = orjson.dumps({"update_id": next(self.ids), **body})
        if self.rate is None:
            self._put(person, update)
            return
        self._next_at = max(self._next_at + 1 / self.rate, time.perf_counter())
        asyncio.get_running_loop().call_later(self._next_at - time.perf_counter(), self._put, person, update)

    def _put(self, person: int, update: bytes) -> None:
        if not self.running:
            return
        self.asked_at[person] = time.perf_counter()
        if self._idle:
            self._idle.popleft().push(update)
        else:
            self.queue.append(update)
            if self._poll is not None:
                self._poll()

    def take_batch(self) -> bytes:
        """Return the response to getUpdates."""
        batch = [self.queue.popleft() for _ in range(min(100, len(self.queue)))]
        return b'{"ok":true,"result":[' + b",".join(batch) + b"]}"

    def free(self, pusher: "_Pusher") -> None:
        """Note that a connection can take the next update."""
        if not self.answers:
            self.taken += 1
            self.arrive()
        if self.queue:
            pusher.push(self.queue.popleft())
        else:
            self._idle.append(pusher)

    def perform(self, method: str, values: dict[str, Any]) -> None:
        """Carry out a call of the bot, from a request or from the body of a response."""
        if method in ("sendMessage", "editMessageText"):
            self.show(int(values["chat_id"]), values.get("reply_markup"))


async def _until_open(host: str, port: int) -> None:
    """Wait until the port is open: some bots set their webhook before they listen."""
    async with asyncio.timeout(60):
        while True:
            try:
                _, writer = await asyncio.open_connection(host, port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return


def _rank(action: str) -> int:
    return next((nth for nth in range(len(WANTED) - 1, -1, -1) if action.startswith(WANTED[nth])), -1)


class _Answering(HttpProtocol):
    """A connection for the bot's calls."""

    def __init__(self, telegram: FastTelegram) -> None:
        super().__init__()
        self.telegram = telegram

    def take(self, head: bytes, body: bytes) -> None:
        method = head.split(b" ", 2)[1].rpartition(b"/")[2].partition(b"?")[0].decode()
        if method == "getUpdates":
            self.telegram.listening.set()
            self._poll(body)
        elif method == "getMe":
            self._respond(ME)
        elif method == "getWebhookInfo":
            info = {"url": self.telegram.webhook, "has_custom_certificate": False, "pending_update_count": 0}
            self._respond(orjson.dumps({"ok": True, "result": info}))
        elif method in ("sendMessage", "editMessageText"):
            values = _decode(head, body)
            chat = {"id": int(values["chat_id"]), "type": "private", "first_name": "Hana"}
            message = {"message_id": 2, "date": 1, "chat": chat, "text": "…"}
            self._respond(b'{"ok":true,"result":' + orjson.dumps(message) + b"}")
            self.telegram.perform(method, values)
        elif method.startswith("getMy"):
            self._respond(b'{"ok":true,"result":[]}' if method == "getMyCommands" else FACE)
        else:
            self._respond(OK)
            if method == "setWebhook":
                self.telegram.webhook = _decode(head, body)["url"]
                self.telegram.listening.set()

    def _poll(self, body: bytes) -> None:
        def answer() -> None:
            if self.telegram.queue:
                self.telegram._poll = None
                self._respond(self.telegram.take_batch())

        self.telegram._poll = answer
        answer()

    def _respond(self, body: bytes) -> None:
        self.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
        )


class _Pusher(HttpProtocol):
    """A connection to the bot's webhook: one update at a time."""

    def __init__(self, telegram: FastTelegram, head: bytes) -> None:
        super().__init__()
        self.telegram = telegram
        self.head = head

    def push(self, update: bytes) -> None:
        """Send one update."""
        self.write(self.head + b"%d\r\n\r\n%b" % (len(update), update))

    def take(self, head: bytes, body: bytes) -> None:
        if b" 200 " not in head[:16]:
            raise AssertionError(head)
        self.telegram.free(self)
        if body:
            values = orjson.loads(body)
            self.telegram.perform(values.pop("method"), values)

    def close(self) -> None:
        """Hang up."""
        if self.transport is not None:
            self.transport.close()


def _decode(head: bytes, body: bytes) -> dict[str, Any]:
    if body[:1] == b"{":
        return dict(orjson.loads(body))
    from urllib.parse import parse_qsl

    return dict(parse_qsl(body.decode()))
