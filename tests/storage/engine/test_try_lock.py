"""Locks that one process at a time can hold."""

import asyncio
import signal
import sys
from pathlib import Path

from chatbot.storage import Database, find_file, open_database
from tests.storage.conftest import until

HOLDER = """
import asyncio, sys
from chatbot.storage import open_database

async def main():
    database = await open_database(sys.argv[1])
    assert await database.try_lock("sending")
    print("held", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_lock_is_held_until_its_database_closes(database: Database, url: str) -> None:
    assert await database.try_lock("sending")
    assert await database.try_lock("sending")
    other = await open_database(url)
    assert not await other.try_lock("sending")
    assert await other.try_lock("counting")
    await database.close()
    assert await other.try_lock("sending")
    await other.close()


async def test_tasks_that_take_a_lock_at_once_all_get_it(database: Database) -> None:
    assert await asyncio.gather(*(database.try_lock("sending") for _ in range(5))) == [True] * 5


async def test_link_to_the_file_has_the_same_locks(sqlite_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "link.db").symlink_to(find_file(sqlite_url))
    database, other = await open_database(sqlite_url), await open_database(f"sqlite:///{folder}/link.db")
    assert await database.try_lock("sending")
    assert not await other.try_lock("sending")
    await database.close()
    await other.close()
    assert [each.name for each in folder.iterdir()] == ["link.db"]


async def test_lock_taken_while_closing_is_released(database: Database, url: str) -> None:
    taking = asyncio.create_task(database.try_lock("sending"))
    await asyncio.sleep(0)  # it has begun
    await database.close()
    await taking
    assert not await database.try_lock("sending"), "a closed database takes no lock"
    other = await open_database(url)
    await until(lambda: other.try_lock("sending"))
    await other.close()


async def test_killed_process_releases_its_lock(database: Database, url: str) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", HOLDER, url, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"held\n"
    assert not await database.try_lock("sending")
    process.send_signal(signal.SIGKILL)
    await process.wait()
    if url.startswith("sqlite:"):
        assert await database.try_lock("sending")
    else:  # the server has to notice first
        await until(lambda: database.try_lock("sending"))
