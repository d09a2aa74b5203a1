"""Raw requests of strangers and of Telegram to the HTTP server, and the response times of genuine updates meanwhile."""

import asyncio
import itertools
import json
import socket
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from chatbot.emulator import Emulator
from tests.support.bot_process import BotProcess
from tests.support.limits import GIVE_UP

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
PATH = "/telegram"
_ids = itertools.count(1)


def write_update(person_id: int) -> bytes:
    """Write the update in which Sam sends /help."""
    number = next(_ids)
    sender = {"id": person_id, "is_bot": False, "first_name": "Sam", "language_code": "en"}
    chat = {"id": person_id, "type": "private", "first_name": "Sam"}
    entity = {"type": "bot_command", "offset": 0, "length": 5}
    message = {"message_id": number, "date": 1, "chat": chat, "from": sender, "text": "/help", "entities": [entity]}
    return json.dumps({"update_id": number, "message": message}).encode()


def write_post(body: bytes, *headers: str, path: str = PATH) -> bytes:
    """Return the bytes of a POST request."""
    lines = (f"POST {path} HTTP/1.1", "Host: x", "Content-Type: application/json", *headers)
    return "\r\n".join((*lines, f"Content-Length: {len(body)}", "", "")).encode() + body


class Telegram:
    """A connection of Telegram's that brings updates with the secret, and reconnects after a cut."""

    def __init__(self, port: int, secret: str, person_id: int = 7001) -> None:
        self.waits: list[float] = []
        self._port, self._secret, self._person_id = port, secret, person_id
        self._writer: asyncio.StreamWriter | None = None
        self._reader: asyncio.StreamReader | None = None

    async def brings(self, *, anew: bool = False) -> float:
        """Bring one update, over a new connection if `anew`; return the seconds until the response."""
        began = time.perf_counter()
        if anew:
            self.leaves()
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        assert self._reader is not None
        self._writer.write(write_post(write_update(self._person_id), f"{SECRET_HEADER}: {self._secret}"))
        head = await self._reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 "), head
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        await self._reader.readexactly(length)
        self.waits.append(time.perf_counter() - began)
        return self.waits[-1]

    def leaves(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()
        self._writer = self._reader = None


class SilentSender:
    """A reply sender that sends nothing."""

    def respond(self, answer: object) -> None:
        """Do nothing."""


async def ask(port: int, request: bytes, *, within: float = 5.0) -> bytes:
    """Send bytes and return the whole response, read until either side closes or `within` seconds have passed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = b""
    try:
        writer.write(request)
        async with asyncio.timeout(within):
            while some := await reader.read(65_536):
                answer += some
    except (TimeoutError, ConnectionError):
        pass
    finally:
        writer.close()
    return answer


def hold(port: int, number: int, begins: bytes = b"") -> list[socket.socket]:
    """Open `number` connections that send nothing but `begins`."""
    held = []
    for _ in range(number):
        each = socket.create_connection(("127.0.0.1", port), timeout=5)
        each.setblocking(False)
        if begins:
            each.send(begins)
        held.append(each)
    return held


def let_go(held: Sequence[socket.socket]) -> None:
    """Close them."""
    for each in held:
        each.close()


@asynccontextmanager
async def web_process(
    folder: Path, port: int, *, files: tuple[int, int] | None = None, **settings: str
) -> AsyncIterator[tuple[BotProcess, str]]:
    """Run `web` in a process that listens at `port`; yield it and its secret. `files`: its soft and hard limit."""
    program = ("-m", "chatbot", "web")
    if files is not None:
        code = (
            f"import resource, sys; resource.setrlimit(resource.RLIMIT_NOFILE, {files}); "
            "from chatbot.__main__ import main; sys.exit(main(['web']))"
        )
        program = ("-c", code, "")
    async with Emulator(webhook_pause=0.02) as emulator:
        emulator.world.add_person("Sam", language_code="en", person_id=7001).started = True
        hook = {"WEBHOOK_URL": f"http://127.0.0.1:{port}{PATH}", "PORT": str(port)}
        async with BotProcess(emulator, folder, *program, **(hook | settings)) as bot:
            async with asyncio.timeout(GIVE_UP):
                while not any("listening as" in line for line in bot.log):
                    assert bot.is_alive, bot.log
                    await asyncio.sleep(0.02)  # a file has no event
            yield bot, emulator.api.webhooks.address.secret


def log_bytes(bot: BotProcess) -> int:
    """Return the size of the log."""
    return sum(len(line) + 1 for line in bot.log)
