"""Raw requests to the HTTP server, by strangers and by Telegram, and the response times of Telegram's updates."""

import asyncio
import itertools
import json
import socket
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from chatbot.emulator import Emulator
from tests.support.bot_process import BotProcess
from tests.support.limits import GIVE_UP, SOON, read_run_delay

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
PATH = "/telegram"
DELAY = 0.2
"""Seconds that an update may wait on average. The attacks delayed updates by seconds."""
_ids = itertools.count(1)


def write_update(person_id: int) -> bytes:
    """Return the body of an update in which Sam sends /help."""
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
    """Brings updates with the secret, as Telegram does: one after the other over one connection."""

    def __init__(self, port: int, secret: str, person_id: int = 7001) -> None:
        self.waits: list[float] = []
        """Seconds until the response to each update."""
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
        """Close the connection."""
        if self._writer is not None:
            self._writer.close()
        self._writer = self._reader = None


class SilentSender:
    """A reply sender that sends nothing."""

    def respond(self, answer: object) -> None:
        """Do nothing."""


@contextmanager
def no_delay(telegram: Telegram, bot: BotProcess) -> Iterator[None]:
    """Check that updates that are brought in the block wait for less than `DELAY` on average.

    The time in which this process or the bot waited for a core is not counted: the machine may run other tests.
    `tests.benchmarks.http_server` measures exactly.
    """
    assert bot.process is not None
    before = len(telegram.waits)
    busy = read_run_delay() + read_run_delay(bot.process.pid)
    yield
    waits = telegram.waits[before:]
    busy = read_run_delay() + read_run_delay(bot.process.pid) - busy
    assert (sum(waits) - busy) / len(waits) < DELAY, (waits, busy)


async def ask(port: int, request: bytes, *, within: float = SOON) -> bytes:
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


def hold_connections(port: int, number: int, begins: bytes = b"") -> list[socket.socket]:
    """Open `number` connections that send nothing but `begins`, and read nothing."""
    held = []
    for _ in range(number):
        each = socket.create_connection(("127.0.0.1", port), timeout=SOON)
        each.setblocking(False)
        if begins:
            each.send(begins)
        held.append(each)
    return held


def close_connections(held: Sequence[socket.socket]) -> None:
    for each in held:
        each.close()


@asynccontextmanager
async def web_process(
    folder: Path, port: int, *, files: tuple[int, int] | None = None, **settings: str
) -> AsyncIterator[tuple[BotProcess, str]]:
    """Run `web` in a process that listens at `port`; yield it and the secret of its webhook.

    `files` are its soft and hard limits of open files.
    """
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
                    await asyncio.sleep(0.02)  # the log is a file, which has no events
            yield bot, emulator.api.webhooks.address.secret


def measure_log(bot: BotProcess) -> int:
    """Return the size of the log in bytes."""
    return sum(len(line) + 1 for line in bot.log)
