"""Erasing a person, on both engines: shared counts stay true, and a crash in between changes nothing."""

import asyncio
import sys
from pathlib import Path

import pytest

from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.outcome import Sent
from chatbot.storage import Database, Transaction, open_database
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.broadcasts import audience, deliveries, delivery_counts
from chatbot.storage.people import subscriptions, supporters
from chatbot.storage.privacy import erasure
from tests.storage.conftest import Sign
from tests.support.broadcasts import draft, gather_all, start
from tests.support.campaigns import BUNDLED
from tests.support.cast import HANA, NOW, SAM
from tests.support.limits import GIVE_UP
from tests.support.stored_rows import read_rows

ROOT = Path(__file__).parents[3]


async def live(database: Database, sign: Sign) -> None:
    """하나 and Sam sign, Sam by her link. Both subscribe and receive a broadcast."""

    async def work(tx: Transaction) -> None:
        for person in (HANA, SAM):
            await sign(tx, person, source="s-hana" if person == SAM else None)
            await supporters.store_step(
                tx, person, step="idle", draft={}, update_id=1, now=NOW, newly=["opened", "signed"]
            )
            await subscriptions.subscribe(tx, person, "ko", NOW)
        await supporters.give_share_code(tx, HANA, "s-hana")
        await supporters.remember_source(tx, SAM, "s-hana")
        broadcast = await gather_all(tx, await start(tx, await draft(tx, NOW, ko="News"), NOW), NOW, 1)
        claim = await deliveries.claim(tx, broadcast, 10)
        await deliveries.record(tx, broadcast.id, [(each, Sent(each.supporter_id)) for each in claim.deliveries], NOW)

    await database.transact(work)


async def test_erasure_removes_everything_and_keeps_delivery_counts(database: Database, sign: Sign) -> None:
    await live(database, sign)
    assert await database.transact(erasure.erase, HANA, NOW)
    kept = await database.transact(read_rows)
    assert not [row for rows in kept.values() for row in map(str, rows) if str(HANA) in row or "s-hana" in row]
    assert await find_problems(database) == []
    tally = await database.transact(delivery_counts.read, 1)
    assert (tally.audience, tally.left) == ({"ko": 2}, 0)
    assert not await database.transact(erasure.erase, HANA, NOW), "nobody is left to erase"


async def test_gathered_audience_names_no_erased_person(database: Database, sign: Sign) -> None:
    """The mark of how far it was gathered leaves an erased person, and is empty at the end."""
    readers = (SAM - 100, HANA, SAM, SAM + 100)

    async def work(tx: Transaction) -> list[int | None]:
        for person in readers:
            await sign(tx, person)
            await subscriptions.subscribe(tx, person, "ko", NOW)
        broadcast = await start(tx, await draft(tx, NOW, ko="News"), NOW)
        marks = [await gather(tx, broadcast), await gather(tx, broadcast)]
        assert await erasure.erase(tx, HANA, NOW)
        marks.append(await mark(tx))
        await gather_all(tx, broadcast, NOW, 1)
        return [*marks, await mark(tx)]

    async def gather(tx: Transaction, draft: Broadcast) -> int | None:
        await audience.gather(tx, draft, BUNDLED, 1, NOW)
        return await mark(tx)

    async def mark(tx: Transaction) -> int | None:
        row = await tx.one("SELECT gathered_to FROM broadcasts")
        return row["gathered_to"] if row else None

    assert await database.transact(work) == [SAM - 100, HANA, SAM - 100, None]
    tally = await database.transact(delivery_counts.read, 1)
    assert (tally.audience, tally.left) == ({"ko": 4}, 3)


@pytest.mark.slow
@pytest.mark.parametrize("statements", [2, 9, 1_000])
async def test_crash_leaves_nobody_half_erased(url: str, sign: Sign, statements: int) -> None:
    database = await open_database(url)
    await live(database, sign)
    before = await database.transact(read_rows)
    arguments = ("-m", "tests.support.erasing_process", url, str(HANA), str(statements))
    eraser = await asyncio.create_subprocess_exec(sys.executable, *arguments, cwd=ROOT)
    assert await eraser.wait() == -9
    assert await database.transact(read_rows) == before
    assert await database.transact(erasure.erase, HANA, NOW)
    assert await find_problems(database) == []
    await database.close()


async def test_reader_delays_purging_and_nothing_else(file: Path, sign: Sign) -> None:
    database = await open_database(f"sqlite:///{file}")
    await live(database, sign)
    reading, go_on = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    async def read(tx: Transaction) -> None:
        await tx.one("SELECT count(*) AS n FROM supporters")
        loop.call_soon_threadsafe(reading.set)
        # This blocks the reader's own thread only.
        asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result(GIVE_UP)

    reader = asyncio.create_task(database.read_snapshot(read))
    await reading.wait()
    await database.transact(erasure.erase, HANA, NOW)
    await database.purge_deleted()
    log = file.with_name(f"{file.name}-wal")
    assert log.stat().st_size > 0
    go_on.set()
    await reader
    async with asyncio.timeout(GIVE_UP):
        while log.stat().st_size:  # noqa: ASYNC110 - truncating a file causes no event
            await asyncio.sleep(0.02)
    await database.close()
