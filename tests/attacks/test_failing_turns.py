"""A turn that fails unexpectedly ends neither the process nor the turns of other people, by polling or by webhook.

While the bot runs, another process changes the schema, as the migration of a newer version would. From then on a
statement fails.
"""

import asyncio
import re
import signal
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatbot.emulator import Emulator, World
from chatbot.storage import Transaction, open_database
from chatbot.storage.people import supporters
from tests.support.bot_process import BotProcess
from tests.support.crowd import gather
from tests.support.database_reader import FIRST
from tests.support.retry_log_lines import drop_retry_lines

pytestmark = pytest.mark.slow

APOLOGY = re.compile("something went wrong on our side")
BUG = re.compile(r"\(\w+(?:Error|Exception) in ")
WORDS = re.compile(r"no such|no column|does not exist|has no|_x\b|Traceback|File \"")
"""Parts of the engines' messages about such a statement. Such messages do not belong in the log."""


@pytest.fixture
async def telegram() -> AsyncIterator[Emulator]:
    async with Emulator(webhook_pause=0.02, history=20) as emulator:
        yield emulator


@pytest.fixture(params=["run", "web"])
def way(request: pytest.FixtureRequest) -> str:
    """How updates arrive: by polling or by webhook."""
    return str(request.param)


Change = Callable[..., Awaitable[None]]


@pytest.fixture
def change(url: str) -> Change:
    """Return a function that changes the schema from another process."""

    async def on_file(*statements: str) -> None:
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=10, isolation_level=None)) as other:
            for statement in statements:
                other.execute(statement)

    async def on_server(*statements: str) -> None:
        asyncpg = pytest.importorskip("asyncpg")
        other = await asyncpg.connect(url)
        for statement in statements:
            await other.execute(statement)
        await other.close()

    return on_file if url.startswith("sqlite") else on_server


@pytest.fixture
def bot(telegram: Emulator, tmp_path: Path, url: str, way: str, unused_tcp_port: int) -> BotProcess:
    """A bot, not started yet, that receives updates this way."""
    port = str(unused_tcp_port)
    hook = {"WEBHOOK_URL": f"http://127.0.0.1:{port}/hook", "PORT": port} if way == "web" else {}
    return BotProcess(telegram, tmp_path, "-m", "chatbot", way, DATABASE_URL=url, **hook)


class Somebody:
    """A person and their phone."""

    def __init__(self, world: World, name: str, language: str) -> None:
        self.world = world
        self.person = world.add_person(name, language_code=language)

    async def says(self, text: str) -> str:
        """Send a text and return the text of the screen that follows."""
        with self.world.watch(self.person) as watch:
            if text == "/start":
                self.world.starts(self.person)
            else:
                self.world.says(self.person, text)
            return str((await watch.next_screen())["text"])

    async def gets_apology(self, text: str) -> bool:
        """Send a text; return whether the bot apologises."""
        return bool(APOLOGY.search(await self.says(text)))


async def test_failing_statement_costs_one_turn(telegram: Emulator, bot: BotProcess, change: Change) -> None:
    sam, [hana] = Somebody(telegram.world, "Sam", "en"), gather(telegram.world, 1)
    async with bot:
        await bot.says("listening as")
        assert not await sam.gets_apology("/start")
        await change("ALTER TABLE subscriptions RENAME COLUMN country TO country_x")
        assert await sam.gets_apology("/subscribe")
        assert await hana.signs() == FIRST, "other people can sign"
        assert not await sam.gets_apology("/help"), "a turn without the statement succeeds"
        await change("ALTER TABLE subscriptions RENAME COLUMN country_x TO country")
        assert not await sam.gets_apology("/subscribe")
        assert bot.is_alive
        [line] = drop_retry_lines(bot.troubles)
        assert "a turn failed and is not repeated" in line
        assert BUG.search(line)
        assert not WORDS.search(line)
        bot.kill(signal.SIGTERM)
        assert await bot.ended() == 0


async def test_bot_survives_a_missing_table(telegram: Emulator, bot: BotProcess, change: Change) -> None:
    people = [Somebody(telegram.world, name, "en") for name in ("Sam", "Hana", "Mallory")]
    async with bot:
        await bot.says("listening as")
        await change("ALTER TABLE processed_updates RENAME TO processed_updates_x")
        assert all([await each.gets_apology(text) for each in people for text in ("/start", "/help")])
        assert bot.is_alive
        assert len([line for line in bot.troubles if "a turn failed" in line]) == 6, "each failed turn logs a line"
        assert len(drop_retry_lines(bot.troubles)) <= 7, "a periodic job that fails may log one more"
        bot.kill()
        await bot.ended()
        await bot.starts()
        assert await bot.ended() == 1
        assert "the database lacks" in bot.log[-1], "a start logs in one line what is missing"
        await change("ALTER TABLE processed_updates_x RENAME TO processed_updates")
        await bot.starts()
        assert not await people[0].gets_apology("/start")
        assert bot.is_alive
        assert all(BUG.search(line) and not WORDS.search(line) for line in bot.troubles if " ERROR " in line)


async def test_many_failing_turns_log_few_lines(telegram: Emulator, bot: BotProcess, url: str, change: Change) -> None:
    """All tables are missing, so periodic jobs, jobs and broadcasts fail as well."""
    people = [Somebody(telegram.world, "Sam", "en") for _ in range(4)]
    database = await open_database(url)
    names = await database.transact(list_tables, url)
    await database.close()
    async with bot:
        await bot.says("listening as")
        await change(*(f"ALTER TABLE {name} RENAME TO {name}_x" for name in names))
        for _ in range(10):
            assert await asyncio.gather(*(each.gets_apology("/help") for each in people)) == [True] * 4
        assert bot.is_alive
        failed = [line for line in bot.troubles if "a turn failed" in line]
        assert len(failed) == 20, "within a minute, twenty of forty failed turns are logged"
        assert len(bot.troubles) < 40
        assert all(len(line) < 2_000 and not WORDS.search(line) for line in bot.log)


async def list_tables(tx: Transaction, url: str) -> list[str]:
    where = "sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    if not url.startswith("sqlite"):
        where = "information_schema.tables WHERE table_schema = 'public'"
    column = "name" if url.startswith("sqlite") else "table_name AS name"
    return [row["name"] for row in await tx.all(f"SELECT {column} FROM {where}")]


@pytest.mark.parametrize("command", [["check"], ["export", "names.csv"]])
async def test_command_reports_a_missing_table_in_one_line(
    telegram: Emulator, tmp_path: Path, url: str, change: Change, command: list[str]
) -> None:
    await (await open_database(url)).close()
    await change(*(f"ALTER TABLE {name} RENAME TO {name}_x" for name in ("counters", "signatures")))
    async with BotProcess(telegram, tmp_path, "-m", "chatbot", *command, DATABASE_URL=url) as bot:
        assert await bot.ended() == 1
        assert bot.told("the database lacks")
        assert len(bot.log) < 10
        assert not any(WORDS.search(line) for line in bot.log)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_damaged_page_costs_only_turns_that_need_it(telegram: Emulator, bot: BotProcess, url: str) -> None:
    """If polling repeated such a turn forever, nobody else would be answered."""
    sam, [hana] = Somebody(telegram.world, "Sam", "en"), gather(telegram.world, 1)
    mark = "a draft on the damaged page"
    database = await open_database(url)

    async def meet(tx: Transaction) -> None:
        now = datetime.now(UTC)
        for nth in range(2_000):
            supporter_id = sam.person.id if nth == 1_000 else 9_000_000_000 + nth
            await supporters.meet(tx, supporter_id, language="en", now=now)
            draft: dict[str, str | int | None] = {"name": mark if nth == 1_000 else "Sam" * 20}
            await supporters.store_step(tx, supporter_id, step="name", draft=draft, update_id=nth, now=now)

    await database.transact(meet)
    await database.close()
    content = bytearray(bot.file.read_bytes())
    size = int.from_bytes(content[16:18], "big") % 65_535
    at = content.index(mark.encode())
    assert content.count(mark.encode()) == 1
    content[at - at % size] = 0x55  # not a valid page type
    bot.file.write_bytes(content)
    async with bot:
        await bot.says("listening as")
        assert await sam.gets_apology("/help")
        assert await hana.signs() == FIRST
        assert await sam.gets_apology("/help")
        assert bot.is_alive
        assert len([line for line in bot.troubles if "a turn failed" in line and "DatabaseDamaged" in line]) == 2
        assert not any(mark in line for line in bot.log)
