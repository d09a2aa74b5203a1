"""Steps that the tests of `restore` share."""

import asyncio
import io
from datetime import timedelta
from pathlib import Path

import pytest

from chatbot.app.backups.restore import restore
from chatbot.app.commands.command import Terminal
from chatbot.settings import Settings, SettingsError
from chatbot.storage import Database, Transaction, open_database
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.broadcasts import deliveries
from tests.support.broadcasts import draft, gather_all, start, states, subscribe
from tests.support.cast import NOW

BEFORE, AFTER = 3, 5
"""People in the copy, and in the database that it replaces."""


async def _count(database: Database) -> int:
    async def work(tx: Transaction) -> int:
        row = await tx.one("SELECT count(*) AS n FROM signatures")
        assert row is not None
        return int(row["n"])

    return await database.transact(work)


async def fill(url: str, people: range) -> None:
    database = await open_database(url)
    await database.transact(subscribe, people, NOW, country="KR")
    await database.close()


async def start_broadcast(url: str) -> None:
    """Start a broadcast to everybody, and make its deliveries."""
    database = await open_database(url)
    broadcast = await database.transact(draft, NOW, ko="소식")
    broadcast = await database.transact(start, broadcast, NOW)
    await database.transact(gather_all, broadcast, NOW)
    await database.close()


async def read_broadcast(url: str) -> tuple[object, set[str], int]:
    """Return the running broadcast, the states of deliveries, and how many notices tell that a copy was restored."""
    database = await open_database(url)
    running = await database.transact(deliveries.find_running, NOW + timedelta(days=1))
    found = set((await database.transact(states, 1)).values())
    jobs = await database.transact(lambda tx: tx.all("SELECT details FROM jobs"))
    assert await find_problems(database) == []
    await database.close()
    return running, found, sum("restored" in row["details"] for row in jobs)


def carry_out(url: str, copy: Path, *, yes: bool = False) -> tuple[bool, str]:
    out = io.StringIO()
    settings = Settings(database_url=url, backups=str(copy.parent / "backups"))
    return asyncio.run(restore(settings, copy, Terminal(out=out), yes=yes)), out.getvalue()


def refuse(url: str, copy: Path) -> str:
    with pytest.raises(SettingsError) as refused:
        carry_out(url, copy, yes=True)
    assert "\n" not in str(refused.value)
    assert signed(url) == AFTER
    return str(refused.value)


def signed(url: str) -> int:
    async def read() -> int:
        database = await open_database(url)
        try:
            assert await find_problems(database) == []
            return await _count(database)
        finally:
            await database.close()

    return asyncio.run(read())


def replaced(folder: Path) -> list[Path]:
    return sorted(folder.glob("chatbot.db.replaced-*"))


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


on_sqlite = pytest.mark.parametrize("filled_url", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("filled_url", [pytest.param("postgres", marks=pytest.mark.slow)], indirect=True)
