"""What the bot does by itself: history is written at the start, and goes on where it was after a stop."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from chatbot.app.data_retention import keep_retention
from chatbot.app.periodic import keep_history, watch_for_surges
from chatbot.petition.model import Campaign
from chatbot.storage import Database, open_database
from chatbot.storage.engine import timestamps
from chatbot.storage.organizer import human_check, petition_status
from chatbot.storage.people import counters, history, supporters

Work = Callable[[Database, Callable[[], datetime]], Coroutine[Any, Any, None]]


class Clock:
    """Time stands still until a test moves it; says when somebody has looked at it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 25, 8, 20, tzinfo=UTC)
        self.seen = asyncio.Event()

    def __call__(self) -> datetime:
        self.seen.set()
        return self.now


async def live(database: Database, clock: Clock, work: Work = keep_history) -> None:
    """Let the bot run for a moment."""
    clock.seen.clear()
    running = asyncio.create_task(work(database, clock))
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


async def test_a_surge_that_is_over_is_noticed(tmp_path: Path) -> None:
    database, clock = await open_database(f"sqlite:///{tmp_path}/chatbot.db"), Clock()
    await database.transact(lambda tx: human_check.switch(tx, 0, "auto", 30, 1))
    await database.transact(
        lambda tx: tx.run("UPDATE course SET human_until = :now", now=timestamps.to_text(clock.now))
    )
    await live(database, clock, watch_for_surges)
    assert (await database.transact(petition_status.find)).human.until is None
    await database.close()


async def test_one_process_lets_go_of_what_is_kept_for_too_long(tmp_path: Path, campaign: Campaign) -> None:
    url, clock = f"sqlite:///{tmp_path}/chatbot.db", Clock()
    database, other = await open_database(url), await open_database(url)
    long_ago = clock.now - timedelta(days=31)
    await database.transact(lambda tx: supporters.meet(tx, 1002, language="en", now=long_ago))
    running = asyncio.create_task(keep_retention(database, campaign, clock))
    async with asyncio.timeout(5):
        while await database.transact(lambda tx: supporters.find_language(tx, 1002)):
            pass
    assert not await other.try_lock("retention")
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    await database.close()
    assert await other.try_lock("retention"), "who goes lets go of it"
    await other.close()
