"""`restore` puts a copy in the place of the database, and keeps what it replaced."""

import asyncio
import os
import re
import shutil
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chatbot import storage
from chatbot.storage import Transaction, open_database
from chatbot.storage.admin import backup
from chatbot.storage.engine.migrate import bundled, migrate
from chatbot.storage.organizer import invitations, owner_links
from tests.app.backups.conftest import Typed
from tests.app.backups.restoring import (
    AFTER,
    BEFORE,
    carry_out,
    names,
    on_sqlite,
    read_broadcast,
    replaced,
    signed,
    start_broadcast,
)


def test_typed_yes_restores_and_keeps_what_was_there(filled_url: str, tmp_path: Path, typed: Typed) -> None:
    typed.answer("Yes\n")
    done, told = carry_out(filled_url, tmp_path / "copy")
    assert done
    assert f"Signatures: {AFTER} → {BEFORE}\nSubscriptions: {AFTER} → {BEFORE}\n" in told
    assert signed(filled_url) == BEFORE
    kept = re.search(r"What it replaced is (\S+), with", told)
    assert kept
    if filled_url.startswith("sqlite"):
        assert signed(f"sqlite:///{kept[1]}") == AFTER
    else:
        assert carry_out(filled_url, Path(kept[1]), yes=True)[0]
        assert signed(filled_url) == AFTER


@pytest.mark.parametrize("answer", ["", "\n", "no\n", "y\n", "yes please\n"])
@on_sqlite
def test_anything_but_yes_changes_nothing(filled_url: str, tmp_path: Path, typed: Typed, answer: str) -> None:
    typed.answer(answer)
    before = names(tmp_path)
    done, told = carry_out(filled_url, tmp_path / "copy")
    assert not done
    assert told.endswith("Nothing has changed.\n")
    assert names(tmp_path) == before
    assert signed(filled_url) == AFTER


@on_sqlite
def test_copy_is_restored_where_no_database_is(filled_url: str, tmp_path: Path) -> None:
    (tmp_path / "chatbot.db").unlink()
    done, told = carry_out(filled_url, tmp_path / "copy", yes=True)
    assert done
    assert "→" not in told
    assert signed(filled_url) == BEFORE


@on_sqlite
def test_log_of_a_killed_bot_is_not_lost(filled_url: str, tmp_path: Path) -> None:
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
def test_damaged_database_is_replaced_and_kept(filled_url: str, tmp_path: Path) -> None:
    file = tmp_path / "chatbot.db"
    file.write_bytes(b"?" * 50_000)
    file.with_name("chatbot.db-wal").write_bytes(b"!" * 50_000)
    assert carry_out(filled_url, tmp_path / "copy", yes=True)[0]
    assert signed(filled_url) == BEFORE
    assert [kept.read_bytes()[:1] for kept in replaced(tmp_path)] == [b"?", b"!"]


@on_sqlite
def test_link_to_the_database_stays_a_link(filled_url: str, tmp_path: Path) -> None:
    real = tmp_path / "disk"
    real.mkdir()
    file = tmp_path / "chatbot.db"
    file.rename(real / "petition.db")
    file.symlink_to(real / "petition.db")
    assert carry_out(filled_url, tmp_path / "copy", yes=True)[0]
    assert file.is_symlink()
    assert signed(filled_url) == BEFORE


@on_sqlite
def test_restored_file_is_private(filled_url: str, tmp_path: Path) -> None:
    (tmp_path / "copy").chmod(0o644)
    carry_out(filled_url, tmp_path / "copy", yes=True)
    assert (tmp_path / "chatbot.db").stat().st_mode & 0o777 == 0o600


@on_sqlite
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_restored_file_belongs_to_the_user_of_the_bot(filled_url: str, tmp_path: Path) -> None:
    os.chown(tmp_path / "chatbot.db", 1234, 1234)
    carry_out(filled_url, tmp_path / "copy", yes=True)
    assert {(file.stat().st_uid, file.stat().st_gid) for file in tmp_path.glob("chatbot.db*")} == {(1234, 1234)}


@on_sqlite
def test_copy_of_an_older_schema_is_brought_up_to_date(filled_url: str, tmp_path: Path) -> None:
    async def make() -> None:
        database = await storage.connect(f"sqlite:///{tmp_path}/older.db")
        await migrate(database, bundled()[:-1])
        await database.close()

    asyncio.run(make())
    (tmp_path / "chatbot.db").unlink()
    assert carry_out(filled_url, tmp_path / "older.db", yes=True)[0]
    assert signed(filled_url) == 0


@on_sqlite
def test_broadcasts_stop_and_nobody_gets_one_twice(filled_url: str, tmp_path: Path) -> None:
    asyncio.run(start_broadcast(filled_url))
    backup.copy(filled_url, tmp_path / "while-sending")
    assert carry_out(filled_url, tmp_path / "while-sending", yes=True)[0]
    assert asyncio.run(read_broadcast(filled_url)) == (None, {"unknown"}, 1)


def test_restore_voids_links_into_the_team(filled_url: str, tmp_path: Path) -> None:
    made = datetime.now(UTC)

    async def make(tx: Transaction) -> str:
        await invitations.add(tx, "secret", "viewer", 1, made)
        return await owner_links.make(tx, made)

    async def use(tx: Transaction) -> None:
        link = await owner_links.find(tx)
        assert link
        assert await owner_links.redeem(tx, link, made)

    async def read(tx: Transaction) -> tuple[object, list[object]]:
        return await owner_links.find(tx), [*await invitations.list_open(tx, made)]

    async def work(todo: Callable[[Transaction], Awaitable[Any]]) -> Any:
        database = await open_database(filled_url)
        try:
            return await database.transact(todo)
        finally:
            await database.close()

    asyncio.run(work(make))
    backup.copy(filled_url, tmp_path / "with-links")
    asyncio.run(work(use))
    assert carry_out(filled_url, tmp_path / "with-links", yes=True)[0]
    assert asyncio.run(work(read)) == (None, [])
