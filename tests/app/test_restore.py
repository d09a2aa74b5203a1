"""`restore`: whole or not at all, whatever is wrong and whenever it is killed."""

import asyncio
import io
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chatbot import storage
from chatbot.app.backups.restore import restore
from chatbot.app.commands.command import Terminal
from chatbot.settings import Settings, SettingsError
from chatbot.storage import Database, Transaction, open_database
from chatbot.storage.admin import backup
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.broadcasts import deliveries
from chatbot.storage.engine.migrate import bundled, migrate
from chatbot.storage.organizer import invitations, owner_links
from tests.support.bot_process import environment
from tests.support.broadcasts import draft, gather_all, start, states, subscribe
from tests.support.cast import NOW
from tests.support.limits import GIVE_UP
from tests.support.postgres_server import PostgresServer

BEFORE, AFTER = 3, 5
"""People in the copy, and in the database that it replaces."""


async def count(database: Database) -> int:
    async def work(tx: Transaction) -> int:
        row = await tx.one("SELECT count(*) AS n FROM signatures")
        assert row is not None
        return int(row["n"])

    return await database.transact(work)


async def fill(url: str, people: range) -> None:
    database = await open_database(url)
    await database.transact(subscribe, people, NOW, country="KR")
    await database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with five signers. In `tmp_path`, `copy` has the first three of them."""
    if request.param == "sqlite":
        yield from _make(f"sqlite:///{tmp_path}/chatbot.db", tmp_path)
        return
    server = request.getfixturevalue("server")
    request.getfixturevalue("monkeypatch").setenv("PATH", f"{server.binaries}{os.pathsep}{os.environ['PATH']}")
    with server.fresh_database() as address:
        yield from _make(address, tmp_path)


def _make(url: str, folder: Path) -> Iterator[str]:
    asyncio.run(fill(url, range(1, 1 + BEFORE)))
    backup.copy(url, folder / "copy")
    asyncio.run(fill(url, range(1 + BEFORE, 1 + AFTER)))
    yield url


on_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("url", [pytest.param("postgres", marks=pytest.mark.slow)], indirect=True)


class Typed:
    """What somebody types at the question."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def answer(self, line: str) -> None:
        self._monkeypatch.setattr("sys.stdin", io.StringIO(line))


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Typed:
    return Typed(monkeypatch)


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
            return await count(database)
        finally:
            await database.close()

    return asyncio.run(read())


def replaced(folder: Path) -> list[Path]:
    return sorted(folder.glob("chatbot.db.replaced-*"))


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


# What it does


def test_typed_yes_restores_and_keeps_what_was_there(url: str, tmp_path: Path, typed: Typed) -> None:
    typed.answer("Yes\n")
    done, told = carry_out(url, tmp_path / "copy")
    assert done
    assert f"Signatures: {AFTER} → {BEFORE}\nSubscriptions: {AFTER} → {BEFORE}\n" in told
    assert signed(url) == BEFORE
    kept = re.search(r"What it replaced is (\S+), with", told)
    assert kept
    if url.startswith("sqlite"):
        assert signed(f"sqlite:///{kept[1]}") == AFTER
    else:
        assert carry_out(url, Path(kept[1]), yes=True)[0]
        assert signed(url) == AFTER


@pytest.mark.parametrize("answer", ["", "\n", "no\n", "y\n", "yes please\n"])
@on_sqlite
def test_anything_but_yes_changes_nothing(url: str, tmp_path: Path, typed: Typed, answer: str) -> None:
    typed.answer(answer)
    before = names(tmp_path)
    done, told = carry_out(url, tmp_path / "copy")
    assert not done
    assert told.endswith("Nothing has changed.\n")
    assert names(tmp_path) == before
    assert signed(url) == AFTER


@on_sqlite
def test_copy_is_restored_where_no_database_is(url: str, tmp_path: Path) -> None:
    (tmp_path / "chatbot.db").unlink()
    done, told = carry_out(url, tmp_path / "copy", yes=True)
    assert done
    assert "→" not in told
    assert signed(url) == BEFORE


@on_sqlite
def test_log_beside_a_killed_bot_is_not_lost(url: str, tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "chatbot.db")
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("INSERT INTO counters VALUES ('in the log', 1)")
    database.commit()
    killed = tmp_path / "killed"
    killed.mkdir()
    for file in tmp_path.glob("chatbot.db*"):
        shutil.copy(file, killed)
    database.close()
    assert (killed / "chatbot.db-wal").stat().st_size
    assert carry_out(f"sqlite:///{killed}/chatbot.db", tmp_path / "copy", yes=True)[0]
    [kept] = replaced(killed)
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT value FROM counters WHERE name = 'in the log'").fetchone() == (1,)
    assert not list(killed.glob("*-wal"))
    assert not list(killed.glob("*-shm"))


@on_sqlite
def test_damaged_database_is_replaced_and_kept(url: str, tmp_path: Path) -> None:
    file = tmp_path / "chatbot.db"
    file.write_bytes(b"?" * 50_000)
    file.with_name("chatbot.db-wal").write_bytes(b"!" * 50_000)
    assert carry_out(url, tmp_path / "copy", yes=True)[0]
    assert signed(url) == BEFORE
    assert [kept.read_bytes()[:1] for kept in replaced(tmp_path)] == [b"?", b"!"]


@on_sqlite
def test_link_to_the_database_stays_a_link(url: str, tmp_path: Path) -> None:
    real = tmp_path / "disk"
    real.mkdir()
    file = tmp_path / "chatbot.db"
    file.rename(real / "petition.db")
    file.symlink_to(real / "petition.db")
    assert carry_out(url, tmp_path / "copy", yes=True)[0]
    assert file.is_symlink()
    assert signed(url) == BEFORE


@on_sqlite
def test_restored_file_is_private(url: str, tmp_path: Path) -> None:
    (tmp_path / "copy").chmod(0o644)
    carry_out(url, tmp_path / "copy", yes=True)
    assert (tmp_path / "chatbot.db").stat().st_mode & 0o777 == 0o600


@on_sqlite
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_file_stays_with_the_user_of_the_bot(url: str, tmp_path: Path) -> None:
    os.chown(tmp_path / "chatbot.db", 1234, 1234)
    carry_out(url, tmp_path / "copy", yes=True)
    assert {(file.stat().st_uid, file.stat().st_gid) for file in tmp_path.glob("chatbot.db*")} == {(1234, 1234)}


@on_sqlite
def test_copy_of_an_older_schema_is_brought_up_to_date(url: str, tmp_path: Path) -> None:
    async def make() -> None:
        database = await storage.connect(f"sqlite:///{tmp_path}/older.db")
        await migrate(database, bundled()[:-1])
        await database.close()

    asyncio.run(make())
    (tmp_path / "chatbot.db").unlink()
    assert carry_out(url, tmp_path / "older.db", yes=True)[0]
    assert signed(url) == 0


@on_sqlite
def test_broadcasts_stop_and_nobody_gets_one_twice(url: str, tmp_path: Path) -> None:
    async def send() -> None:
        database = await open_database(url)
        broadcast = await database.transact(draft, NOW, ko="소식")
        broadcast = await database.transact(start, broadcast, NOW)
        await database.transact(gather_all, broadcast, NOW)
        await database.close()

    asyncio.run(send())
    backup.copy(url, tmp_path / "while-sending")
    assert carry_out(url, tmp_path / "while-sending", yes=True)[0]

    async def look() -> tuple[object, set[str], list[str]]:
        database = await open_database(url)
        running = await database.transact(deliveries.find_running, NOW + timedelta(days=1))
        now = set((await database.transact(states, 1)).values())
        jobs = await database.transact(lambda tx: tx.all("SELECT details FROM jobs"))
        assert await find_problems(database) == []
        await database.close()
        return running, now, [row["details"] for row in jobs if "restored" in row["details"]]

    running, now, told = asyncio.run(look())
    assert running is None, "it is paused"
    assert now == {"unknown"}
    assert len(told) == 1


def test_links_into_the_team_that_were_used_since_stay_used(url: str, tmp_path: Path) -> None:
    made = datetime.now(UTC)

    async def make(tx: Transaction) -> str:
        await invitations.add(tx, "secret", "viewer", 1, made)
        return await owner_links.make(tx, made)

    async def use(tx: Transaction) -> None:
        link = await owner_links.find(tx)
        assert link
        assert await owner_links.redeem(tx, link, made)

    async def look(tx: Transaction) -> tuple[object, list[object]]:
        return await owner_links.find(tx), [*await invitations.list_open(tx, made)]

    async def work(todo: Callable[[Transaction], Awaitable[Any]]) -> Any:
        database = await open_database(url)
        try:
            return await database.transact(todo)
        finally:
            await database.close()

    asyncio.run(work(make))
    backup.copy(url, tmp_path / "with-links")
    asyncio.run(work(use))
    assert carry_out(url, tmp_path / "with-links", yes=True)[0]
    assert asyncio.run(work(look)) == (None, [])


# What it refuses


def test_newer_schema_is_refused(url: str, tmp_path: Path) -> None:
    async def change() -> None:
        database = await storage.connect(url)
        await database.transact(
            lambda tx: tx.run("INSERT INTO migrations (number, name, applied_at) VALUES (4711, 'x', 'y')")
        )
        await database.close()

    asyncio.run(change())
    (tmp_path / "copy").unlink()
    backup.copy(url, tmp_path / "copy")

    async def change_back() -> None:
        database = await storage.connect(url)
        await database.transact(lambda tx: tx.run("DELETE FROM migrations WHERE number = 4711"))
        await database.close()

    asyncio.run(change_back())
    assert "has schema 4711, made by a newer version of the bot than this one" in refuse(url, tmp_path / "copy")


@on_sqlite
@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_damaged_copy_is_refused(url: str, tmp_path: Path, at: float) -> None:
    copy = tmp_path / "copy"
    whole = copy.read_bytes()
    place = int(len(whole) * at) // 4096 * 4096
    copy.write_bytes(whole[:place] + b"?" * 4096 + whole[place + 4096 :])
    assert "damaged" in refuse(url, copy)


def test_cut_copy_is_refused(url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
    assert refuse(url, copy).startswith(f"{copy}: ")


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\0" + b"\0" * 4096, b"PGDMP" + b"\0" * 4096])
def test_other_files_are_refused(url: str, tmp_path: Path, content: bytes) -> None:
    copy = tmp_path / "other"
    copy.write_bytes(content)
    refuse(url, copy)
    refuse(url, tmp_path / "missing")
    refuse(url, tmp_path)


@on_sqlite
def test_database_without_a_petition_is_refused(url: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE cats (name TEXT)")
    assert "there is no petition in this database" in refuse(url, tmp_path / "other.db")
    assert "is the database itself" in refuse(url, tmp_path / "chatbot.db")


def test_copy_of_another_petition_is_refused(url: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if url.startswith("sqlite"):
        asyncio.run(fill(f"sqlite:///{tmp_path}/other.db", range(9)))
        backup.copy(f"sqlite:///{tmp_path}/other.db", tmp_path / "theirs")
    else:
        server: PostgresServer = request.getfixturevalue("server")
        with server.fresh_database() as other:
            asyncio.run(fill(other, range(9)))
            backup.copy(other, tmp_path / "theirs")
    assert "is a copy of another petition, begun on " in refuse(url, tmp_path / "theirs")


def test_running_bot_is_refused(url: str, tmp_path: Path) -> None:
    async def with_bot() -> None:
        bot = await open_database(url)
        assert await bot.try_lock("jobs")
        settings = Settings(database_url=url, backups=str(tmp_path / "backups"))
        with pytest.raises(SettingsError, match="a bot is running with this database: stop it first"):
            await restore(settings, tmp_path / "copy", Terminal(out=io.StringIO()), yes=True)
        await bot.close()

    asyncio.run(with_bot())
    assert signed(url) == AFTER


@on_sqlite
def test_any_other_process_is_refused(url: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "chatbot.db")) as reader:
        reader.execute("PRAGMA journal_mode=WAL")
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM signatures").fetchone()
        with pytest.raises(SettingsError, match="another process uses this database: stop it first"):
            carry_out(url, tmp_path / "copy", yes=True)
    assert replaced(tmp_path) == []
    assert signed(url) == AFTER


def test_copy_of_the_other_engine_is_refused(url: str, tmp_path: Path) -> None:
    copy = tmp_path / "of-the-other"
    copy.write_bytes(b"PGDMP...." if url.startswith("sqlite") else b"SQLite format 3\0")
    assert "is a copy of a" in refuse(url, copy)


@on_postgres
def test_tables_of_others_are_never_dropped(url: str, tmp_path: Path) -> None:
    async def add() -> None:
        database = await storage.connect(url)
        await database.transact(lambda tx: tx.run("CREATE TABLE cats (name TEXT)"))
        await database.close()

    asyncio.run(add())
    assert "has tables that this version does not know ('cats')" in refuse(url, tmp_path / "copy")


@on_postgres
def test_missing_program_is_named(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    told = refuse(url, tmp_path / "copy")
    assert "pg_restore is not installed here" in told
    assert "pg_restore --clean --if-exists --single-transaction" in told


# Killed and interrupted

KILLED = """
import os, signal, sys
left = int(sys.argv.pop(1))
def counting(name):
    call = getattr(os, name)
    def counted(*arguments, **named):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments, **named)
    setattr(os, name, counted)
for name in ("link", "rename", "replace", "unlink", "fsync", "mkdir", "rmdir", "chown", "chmod"):
    counting(name)
import chatbot.__main__
sys.exit(chatbot.__main__.main(sys.argv[1:]))
"""


@pytest.mark.slow
@on_sqlite
def test_kill_at_any_step_leaves_the_old_or_the_restored(url: str, tmp_path: Path) -> None:
    begin = tmp_path / "begin"
    begin.mkdir()
    shutil.copy(tmp_path / "chatbot.db", begin)
    ends = []
    for step in range(200):
        folder = tmp_path / f"at-{step}"
        shutil.copytree(begin, folder)
        killed = subprocess.run(
            [sys.executable, "-c", KILLED, str(step), "restore", tmp_path / "copy", "--yes"],
            cwd=tmp_path,
            env=environment(DATABASE_URL=f"sqlite:///{folder}/chatbot.db"),
            capture_output=True,
            text=True,
            check=False,
        )
        now = signed(f"sqlite:///{folder}/chatbot.db")
        assert now in (BEFORE, AFTER), step
        ends.append(now)
        assert carry_out(f"sqlite:///{folder}/chatbot.db", tmp_path / "copy", yes=True)[0], "it can be done once more"
        assert signed(f"sqlite:///{folder}/chatbot.db") == BEFORE
        assert not [name for name in names(folder) if "part" in name]
        if killed.returncode == 0:
            break
        assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert ends[0] == AFTER
    assert ends[-1] == BEFORE
    assert len(ends) > 8


@pytest.mark.slow
@on_sqlite
async def test_ctrl_c_at_the_question_changes_nothing(url: str, tmp_path: Path) -> None:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "chatbot", "restore", "copy",
        cwd=tmp_path, env=environment(DATABASE_URL=url), stdin=pipe, stdout=pipe, stderr=pipe,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    async with asyncio.timeout(GIVE_UP):
        assert (await process.stdout.readuntil(b"this copy: ")).count(b"\n") == 4
        process.send_signal(signal.SIGINT)
        assert await process.wait() == 130
    assert await process.stderr.read() == b""
    assert {name for name in names(tmp_path) if not name.startswith("chatbot.db-")} == {"chatbot.db", "copy"}
    assert signed_in(tmp_path / "chatbot.db") == AFTER


def signed_in(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("SELECT count(*) FROM signatures").fetchone()[0])
