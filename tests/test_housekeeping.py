"""What the bot does by itself: history is written at the start, and goes on where it was after a stop."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chatbot.bootstrap.housekeeping import keep_history
from chatbot.storage import Database, counters, history, open_database


class Clock:
    """Time stands still until a test moves it; says when somebody has looked at it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 25, 8, 20, tzinfo=UTC)
        self.seen = asyncio.Event()

    def __call__(self) -> datetime:
        self.seen.set()
        return self.now


async def live(database: Database, clock: Clock) -> None:
    """Let the bot run for a moment."""
    clock.seen.clear()
    running = asyncio.create_task(keep_history(database, clock))
    await clock.seen.wait()
    await database.transact(lambda tx: counters.read(tx, "signatures"))  # after what was asked before
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_history_is_written_at_every_start(tmp_path: Path) -> None:
    database, clock = await open_database(f"sqlite:///{tmp_path}/chatbot.db"), Clock()
    for people in (2, 3):
        await database.transact(lambda tx, people=people: counters.change(tx, ["signatures"], people))  # type: ignore[misc]
        await live(database, clock)
        clock.now += timedelta(hours=5)
    written = await database.transact(lambda tx: history.read_since(tx, None, 10))
    assert [(hour.hour, value) for hour, value in written] == [(7, 2), (8, 5)]
    await database.close()
