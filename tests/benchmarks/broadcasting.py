"""Rate and cost of a broadcast: `python -m tests.benchmarks.broadcasting [--seconds 20] [--million]`.

In one run, against the emulator with Telegram's own limits switched on: the bot at 25 messages a second and at 1000
(paid), and the broadcast of the textbooks over python-telegram-bot at the same two rates. Meanwhile people tap buttons.
It prints the share of the rate that was reached, the busiest second, the 429s, the CPU time for each message, and how
long people waited. With --million it also prints the memory with 10,000 and with 1,000,000 subscribers, and the time
until the first of a million messages.
"""

import argparse
import asyncio
import itertools
import os
import sqlite3
import sys
import tempfile
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from markupsafe import Markup

from chatbot.emulator import EmulatedPerson, Emulator
from chatbot.emulator.world.rates import Rates
from chatbot.petition.broadcasts.post import Post
from chatbot.storage import Transaction, open_database
from chatbot.storage.broadcasts import broadcasts, drafts, lifecycle
from chatbot.storage.engine import timestamps
from chatbot.storage.places import places
from tests.benchmarks.measuring import memory, percentile, processor_seconds
from tests.support.cast import YUNA

ROOT = Path(__file__).parents[2]
FIRST = 10_000_001
"""The id of the first subscriber."""
SUBSCRIBERS = range(FIRST, FIRST + 10_000_000)
TAPPERS = 4
CHUNK = 50_000


@dataclass
class Measured:
    """Results of one broadcast, from its first message to its last."""

    name: str
    rate: float
    seconds: float
    went_out: int
    arrivals: list[float]
    refused: int
    processor: float
    waits: list[float]
    memory: float
    started_after: float = 0.0

    @property
    def kept(self) -> float:
        """The share of the rate that went to subscribers, without replies and progress messages."""
        return self.went_out / self.seconds / self.rate

    @property
    def busiest(self) -> int:
        """The most messages in any one second, wherever it begins."""
        most = begin = 0
        for end, at in enumerate(self.arrivals):
            while at - self.arrivals[begin] >= 1.0:
                begin += 1
            most = max(most, end - begin + 1)
        return most

    def __str__(self) -> str:
        each = self.processor / len(self.arrivals) * 1000
        core = self.processor / (self.arrivals[-1] - self.arrivals[0])
        waited = f"{percentile(self.waits, 0.5) * 1000:.0f} / {percentile(self.waits, 0.99) * 1000:.0f} ms"
        return (
            f"{self.name:<26} {self.kept:>7.1%} {self.busiest:>8} {self.refused:>5} {each:>9.2f} ms {core:>7.0%}"
            f" {self.memory:>7.0f} MB {waited if self.waits else '-':>14}"
        )


HEAD = (
    f"{'':<26} {'kept':>7} {'busiest':>8} {'429s':>5} {'CPU each':>12} {'core':>7} {'memory':>10} "
    f"{'people p50/p99':>14}"
)


async def fill(url: str, subscribers: int) -> None:
    """Make a database with this many subscribers, half of them Korean."""
    database = await open_database(url)
    await database.close()
    now = timestamps.to_text(datetime.now(UTC))
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        for start in range(FIRST, FIRST + subscribers, CHUNK):
            chunk = range(start, min(start + CHUNK, FIRST + subscribers))
            connection.executemany(
                "INSERT INTO supporters (id, language, first_seen_at, last_seen_at) VALUES (?, ?, ?, ?)",
                ((each, ("ko", "en")[each % 2], now, now) for each in chunk),
            )
            connection.executemany(
                "INSERT INTO subscriptions (supporter_id, language, subscribed_at) VALUES (?, ?, ?)",
                ((each, ("ko", "en")[each % 2], now) for each in chunk),
            )
        halves = {"subscriptions:ko:": (subscribers + FIRST % 2) // 2}
        halves["subscriptions:en:"] = subscribers - halves["subscriptions:ko:"]
        connection.executemany(
            "INSERT INTO counters (name, value) VALUES (?, ?)", [("subscriptions", subscribers), *halves.items()]
        )
        connection.execute("COMMIT")


async def start_broadcast(url: str) -> None:
    """Start the broadcast, as 유나's last tap does."""
    database = await open_database(url)

    async def work(tx: Transaction) -> None:
        now = datetime.now(UTC)
        broadcast = await drafts.create(tx, YUNA, now)
        await drafts.write_post(tx, broadcast.id, "ko", Post(Markup("<b>소식</b>\n\n계속됩니다.")))
        await drafts.write_post(tx, broadcast.id, "en", Post(Markup("<b>An update</b>\n\nIt goes on.")))
        for place in await places.list_linked(tx):
            assert await drafts.choose_place(tx, broadcast.id, place.code, chosen=True)
        assert await lifecycle.start(tx, broadcast.id, (await broadcasts.get(tx, broadcast.id)).revision, YUNA, now)

    await database.transact(work)
    await database.close()


@asynccontextmanager
async def process(folder: Path, *program: str, **settings: str) -> AsyncIterator[Process]:
    """Run a process until the block ends."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LOG_LEVEL": "WARNING"} | settings
    running = await asyncio.create_subprocess_exec(sys.executable, *program, cwd=folder, env=environment)
    try:
        yield running
    finally:
        if running.returncode is None:
            running.kill()
        await running.wait()


Alongside = Callable[[Emulator, Path], AbstractAsyncContextManager[None]]
"""Runs something beside a broadcast, whose database is in the folder."""


@asynccontextmanager
async def _nothing(_emulator: Emulator, _folder: Path) -> AsyncIterator[None]:
    yield


class Tapping:
    """People who tap a few buttons a second, and how long each waits for the screen to change."""

    def __init__(self, emulator: Emulator, people: list[EmulatedPerson]) -> None:
        self.emulator = emulator
        self.people = people
        self.waits: list[float] = []

    async def start(self) -> None:
        """Open the chat of every person."""
        for person in self.people:
            with self.emulator.world.watch(person) as watch:
                self.emulator.world.starts(person)
                await watch.next_message(timeout=20)

    async def run(self) -> None:
        """Tap until cancelled, each person about once a second."""
        await asyncio.gather(*(self._tap(nth, person) for nth, person in enumerate(self.people)))

    async def _tap(self, nth: int, person: EmulatedPerson) -> None:
        await asyncio.sleep(nth / len(self.people))
        with self.emulator.world.watch(person) as watch:
            for action in itertools.cycle(("read:1", "home")):
                [message] = self.emulator.world.newest(person)
                began = time.perf_counter()
                self.emulator.world.presses(person, message["message_id"], action)
                await watch.next_edit(timeout=30)
                self.waits.append(time.perf_counter() - began)
                await asyncio.sleep(1)


async def measure(
    name: str, rate: float, subscribers: int, seconds: float, *, textbook: bool = False, alongside: Alongside = _nothing
) -> Measured:
    """Run one broadcast to `subscribers` and measure it for `seconds`, with something `alongside`."""
    arrived = asyncio.Event()

    def note(method: str, result: Any) -> None:
        if method == "sendMessage" and result["chat"]["id"] in SUBSCRIBERS:
            arrived.set()

    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        url = f"sqlite:///{folder / 'chatbot.db'}"
        async with Emulator(rates=Rates(), history=5, keep_deliveries=None, on_answer=note) as emulator:
            for nth in range(min(subscribers, int(rate * seconds * 1.5))):
                emulator.world.add_person("하나", person_id=FIRST + nth)
                emulator.world.person(FIRST + nth).started = True
            tapping = Tapping(emulator, [emulator.world.add_person("Sam", language_code="en") for _ in range(TAPPERS)])
            token = {"TELEGRAM_TOKEN": emulator.token, "TELEGRAM_API_URL": emulator.url, "DATABASE_URL": url}
            paid = {"BROADCAST_PAID": "true"} if rate > 30 else {}
            await fill(url, subscribers)
            settings = {**token, **paid, "BROADCAST_RATE": f"{rate:g}"}
            async with alongside(emulator, folder), process(folder, "-m", "chatbot", "run", **settings) as bot:
                await tapping.start()
                if not textbook:
                    return await _watch(
                        name, rate, seconds, emulator, tapping, bot, arrived, lambda: start_broadcast(url)
                    )
                arguments = (emulator.url, emulator.token, str(FIRST), str(subscribers), str(rate))
                async with process(folder, "-m", "tests.benchmarks.textbook_broadcast", *arguments) as loop:
                    return await _watch(name, rate, seconds, emulator, tapping, loop, arrived, None)


async def _watch(
    name: str,
    rate: float,
    seconds: float,
    emulator: Emulator,
    tapping: Tapping,
    sender: Process,
    arrived: asyncio.Event,
    begin: Callable[[], object] | None,
) -> Measured:
    tapped_at = time.perf_counter()
    if begin is not None:
        await begin()  # type: ignore[misc]
    await asyncio.wait_for(arrived.wait(), 120)
    started_after = time.perf_counter() - tapped_at
    taps = asyncio.create_task(tapping.run())
    used, went_out, began = processor_seconds(sender.pid), len(_arrivals(emulator)), time.perf_counter()
    await asyncio.sleep(seconds)
    seconds = time.perf_counter() - began
    used, went_out = processor_seconds(sender.pid) - used, len(_arrivals(emulator)) - went_out
    taps.cancel()
    arrivals = _arrivals(emulator)
    refused = emulator.api.rates.refused if emulator.api.rates else 0
    return Measured(
        name,
        rate,
        seconds,
        went_out,
        arrivals,
        refused,
        used,
        tapping.waits,
        memory(sender.pid, "VmHWM"),
        started_after,
    )


def _arrivals(emulator: Emulator) -> list[float]:
    return [each.at for each in emulator.deliveries if each.method == "sendmessage" and each.chat_id in SUBSCRIBERS]


async def main() -> None:
    """Measure and print the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--million", action="store_true")
    asked = parser.parse_args()
    sys.stdout.write(HEAD + "\n")
    for rate in (25.0, 1000.0):
        people = int(rate * asked.seconds * 1.4) + 50
        for name, textbook in ((f"this bot, {rate:g}/s", False), (f"textbook loop, {rate:g}/s", True)):
            sys.stdout.write(f"{await measure(name, rate, people, asked.seconds, textbook=textbook)}\n")
            sys.stdout.flush()
    if asked.million:
        for people in (10_000, 1_000_000):
            measured = await measure(f"to {people:,} people", 1000.0, people, min(asked.seconds, 8.0))
            sys.stdout.write(f"{measured}   first message after {measured.started_after:.1f} s\n")
            sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
