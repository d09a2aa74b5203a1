"""Export of a million signatures while people use the bot: rows a second, memory, and response times.

    python -m tests.benchmarks.exporting [--rows 1000000] [--names 100000]

The process that the bot starts for exports makes the files, while a dialog in this process answers fifty people a
second over the same database. The document with the names of --names people is made in the same way.
"""

import argparse
import asyncio
import random
import sqlite3
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import Heard, Person, Said
from chatbot.documents.process import DocumentProcess
from chatbot.documents.table import Made
from chatbot.i18n import load_translators
from chatbot.petition.campaign import load_campaign
from chatbot.petition.exports.request import DocumentKind, ExportRequest, Format
from chatbot.settings import BUNDLED_LOCALES
from chatbot.storage import Database, open_database
from tests.benchmarks.measuring import memory, percentile

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
TALKING = 50
"""Messages that people send in a second."""
LOOK = 0.02
"""Seconds between two reads of the memory."""
T = TypeVar("T")


def fill(file: Path, rows: int, names: int) -> None:
    """Write the signatures of an old petition: names and reasons of many lengths, from every country."""
    chance = random.Random(7)
    syllables = [chr(code) for code in range(0xAC00, 0xD7A4, 37)]

    def say(most: int) -> str:
        return "".join(chance.choice(syllables) for _ in range(chance.randrange(2, most)))

    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executemany(
            "INSERT INTO supporters (id, language, first_seen_at, last_seen_at) VALUES (?, 'ko', '', '')",
            ((number,) for number in range(1, rows + 1)),
        )
        connection.executemany(
            "INSERT INTO signatures (supporter_id, number, name, country, reason, language, source, appeal_version, "
            "signed_at) VALUES (?, ?, ?, ?, ?, 'ko', NULL, 'v1', ?)",
            (
                (
                    *(number, number, say(5), "KR" if number % 5 else "US", say(60) if number % 3 == 0 else None),
                    f"{(BEGAN + timedelta(seconds=number)).isoformat(timespec='microseconds')[:-6]}Z",
                )
                for number in range(1, rows + 1)
            ),
        )
        connection.execute("UPDATE signatures SET named_at = signed_at WHERE number <= ?", (names,))
        connection.executemany(
            "INSERT INTO counters (name, value) VALUES (?, ?)",
            [("signatures", rows), ("signatures:KR", rows - rows // 5), ("signatures:US", rows // 5)],
        )


class Talk:
    """People who write to the bot all the time, and how long each waits for the answer, in milliseconds."""

    def __init__(self, database: Database) -> None:
        campaign = load_campaign(BUNDLED_LOCALES)
        translators = load_translators(campaign.listed, [BUNDLED_LOCALES])
        self._dialog = Dialog(database, campaign, translators, "https://t.me/b")
        self._update_id = 0
        self.waited: list[float] = []

    async def run(self) -> None:
        """Write until cancelled."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        async with asyncio.TaskGroup() as group:
            while True:
                due += 1 / TALKING
                await asyncio.sleep(due - loop.time())
                group.create_task(self._write(due))

    async def _write(self, due: float) -> None:
        self._update_id += 1
        person = Person(5_000_000 + self._update_id % 1000, "하나", "ko")
        await self._dialog.hear(Heard(self._update_id, person, Said("/start", "start")))
        self.waited.append((asyncio.get_running_loop().time() - due) * 1000)


async def while_people_talk(talk: Talk, work: Callable[[], Awaitable[T]]) -> tuple[T, str]:
    """Do `work` and return its result, and how long people waited meanwhile."""
    talk.waited.clear()
    talking = asyncio.create_task(talk.run())
    result = await work()
    talking.cancel()
    with suppress(asyncio.CancelledError):
        await talking
    return result, f"{percentile(talk.waited, 0.5):.1f} ms, 99 % within {percentile(talk.waited, 0.99):.0f} ms"


def find_child() -> int | None:
    """Return the id of the process that makes the export; None if there is none."""
    own = [int(pid) for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()]
    return own[0] if own else None


async def make(asking: DocumentProcess, request: ExportRequest, folder: Path) -> tuple[Made, float, float]:
    """Make an export; return it, the seconds it took, and the peak memory of its process in MB."""
    most = 0.0

    async def watch() -> None:
        nonlocal most
        while True:
            child = find_child()
            with suppress(OSError, StopIteration, RuntimeError):
                most = max(most, memory(child, "VmHWM") if child else 0.0)
            await asyncio.sleep(LOOK)

    watching = asyncio.create_task(watch())
    began = time.perf_counter()
    made = await asking.make(request, folder)
    took = time.perf_counter() - began
    watching.cancel()
    return made, took, most


async def main() -> None:
    """Fill a database, export it in every format, and print the cost."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--names", type=int, default=100_000)
    options = parser.parse_args()
    with TemporaryDirectory() as place:
        file = Path(place) / "chatbot.db"
        database = await open_database(f"sqlite:///{file}")
        await asyncio.to_thread(fill, file, options.rows, options.names)
        talk = Talk(database)
        asking = DocumentProcess(f"sqlite:///{file}", (BUNDLED_LOCALES,), ("ko", "en"), "INFO", ())
        tell(f"{options.rows:,} signatures, {options.names:,} of them with their names")
        _, waited = await while_people_talk(talk, partial(asyncio.sleep, 5))
        tell(f"nothing is made        people wait {waited}")
        orders: tuple[tuple[DocumentKind, Format], ...] = (
            ("signatures", "csv"),
            ("signatures", "xlsx"),
            ("delivery", "pdf"),
        )
        for what, form in orders:
            folder = Path(place) / form
            folder.mkdir()
            work = partial(make, asking, ExportRequest(what, form, "ko"), folder)
            (made, took, most), waited = await while_people_talk(talk, work)
            count = options.names if what == "delivery" else made.rows
            size = sum(each.stat().st_size for each in made.files) / 1e6
            tell(
                f"{form:4} {count / took:8,.0f} rows/s  {took:5.0f} s  {most:4.0f} MB of memory  "
                f"{len(made.files)} files, {size:.0f} MB  people wait {waited}"
            )
        await database.close()


def tell(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
