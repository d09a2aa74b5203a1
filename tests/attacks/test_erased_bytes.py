"""Attack: a thief of the disk or of a backup looks for erased names, ids and links in unused parts of SQLite's pages.

Thousands of people came and went in this file. Their rows were deleted with `secure_delete` on, and still their bytes
used to stay in it.
"""

import asyncio
import io
import random
import shutil
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chatbot.app.commands.command import Terminal
from chatbot.app.commands.seal import seal_all
from chatbot.app.data_retention import erase_expired
from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import Person
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.petition.sealing.keys import make_pair
from chatbot.settings import Settings
from chatbot.storage import Database, Transaction, open_database
from chatbot.storage.admin import backup
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.engine.sqlite import SqliteDatabase
from chatbot.storage.organizer import petition_status
from tests.attacks.crowded import choose_people, find_named, find_people, make_crowded
from tests.support.cast import NOW
from tests.support.chat import Chat
from tests.support.limits import GIVE_UP
from tests.support.periodic_jobs import periodic_job

ROOT = Path(__file__).parents[2]
PEOPLE = choose_people()
STAYED, WENT = set(PEOPLE[::2]), set(PEOPLE[1::2])
Act = Callable[[Chat], Awaitable[object]]


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file in which the rows of erased people are deleted, but copies of them remain."""
    file = tmp_path_factory.mktemp("crowded") / "chatbot.db"
    asyncio.run(make_crowded(file, STAYED, WENT))
    found = find_people(file.parent)
    assert found >= STAYED
    assert len(found & WENT) > 3, "no copies of erased people are left, so these tests would test nothing"
    return file


@pytest.fixture
def file(crowded: Path, tmp_path: Path) -> Path:
    """A copy of the crowded file for one test."""
    folder = tmp_path / "state"
    folder.mkdir()
    return Path(shutil.copy(crowded, folder / "chatbot.db"))


@pytest.fixture
async def database(file: Path) -> AsyncIterator[Database]:
    """The file as an open database."""
    opened = await open_database(f"sqlite:///{file}")
    yield opened
    await opened.close()


async def withdraw(chat: Chat) -> None:
    await chat.signs()
    await chat.says("/withdraw")
    await chat.taps("Withdraw my signature")


async def forget(chat: Chat) -> None:
    await chat.signs()
    await chat.says("/forget")
    await chat.taps("Erase everything")


async def cancel(chat: Chat) -> None:
    await chat.says("/sign")
    await chat.says("Sam Smith")
    await chat.says("/cancel")


async def change_name(chat: Chat) -> None:
    await chat.signs()
    await chat.says("/me")
    await chat.taps("Name")
    await chat.says("Sam Smythe")


@pytest.mark.parametrize("act", [forget, withdraw, cancel, change_name])
async def test_erasing_an_answer_rewrites_the_file(
    file: Path, database: Database, campaign: Campaign, translators: Mapping[str, Translator], act: Act
) -> None:
    dialog = Dialog(database, replace(campaign, is_open=True), translators, "https://t.me/b", lambda: NOW)
    await act(Chat(dialog, Person(999, "Sam Smith", "en")))
    await database.close()
    found = find_people(file.parent)
    assert (found & WENT, found >= STAYED) == (set(), True)
    assert [each.name for each in file.parent.iterdir()] == [file.name]


@pytest.mark.slow
async def test_started_bot_rewrites_the_file(file: Path, database: Database, campaign: Campaign) -> None:
    """The bot was killed between erasing and rewriting. A reader is active all the time."""
    async with periodic_job("update ids", database, campaign), asyncio.timeout(GIVE_UP):
        while await asyncio.to_thread(find_people, file.parent) & WENT:
            assert await database.read_snapshot(count_signatures) == len(STAYED)
    assert find_people(file.parent) >= STAYED
    assert await find_problems(database) == []


async def count_signatures(tx: Transaction) -> int:
    row = await tx.one("SELECT count(*) AS n FROM signatures")
    return row["n"] if row else 0


async def test_retention_leaves_no_bytes(file: Path, database: Database) -> None:
    revision = (await database.transact(petition_status.find)).revision
    assert await database.transact(petition_status.end, revision, "closed", {}, 3003, NOW)
    for days in (3, 11):
        await erase_expired(database, 10, NOW + timedelta(days=days), is_open=True, at_once=500)
    await database.close()
    assert find_people(file.parent) & {*PEOPLE} == set()


async def test_sealing_leaves_no_name_in_clear(file: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{file}", sealing_key=make_pair()[0])
    await seal_all(settings, Terminal(out=io.StringIO()))
    assert find_named(file.parent) & {*PEOPLE} == STAYED, "share codes are not sealed"
    content = file.read_bytes()  # noqa: ASYNC240 - a test may wait for the disk
    assert b"xq Sam" not in content
    assert b"Because" not in content


@pytest.mark.slow
@pytest.mark.parametrize("running", [True, False])
async def test_backup_holds_no_old_copies(file: Path, database: Database, tmp_path: Path, running: bool) -> None:
    target = tmp_path / "backups" / "copy.db"
    target.parent.mkdir()
    if running:
        assert isinstance(database, SqliteDatabase)
        await database.copy(target)
    else:
        await database.close()
        await asyncio.to_thread(backup.copy, f"sqlite:///{file}", target)
    found = find_people(target.parent)
    assert (found & WENT, found >= STAYED) == (set(), True)
    assert target.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in target.parent.iterdir()] == [target.name]


async def test_kill_leaves_a_whole_file_and_nothing_else(file: Path) -> None:
    chance = random.Random(11)
    for _ in range(2):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.attacks.rewriter", str(file), cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
        await asyncio.sleep(chance.uniform(0, 0.1))
        process.kill()
        assert await process.wait() == -signal.SIGKILL
        names = {each.name.removeprefix(file.name) for each in file.parent.iterdir()}
        assert names <= {"", "-wal", "-shm"}
        with closing(sqlite3.connect(file)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("SELECT count(*) FROM signatures").fetchall() == [(len(STAYED),)]
    database = await open_database(f"sqlite:///{file}")
    assert await database.rewrite()
    await database.close()
    assert find_people(file.parent) & WENT == set()
