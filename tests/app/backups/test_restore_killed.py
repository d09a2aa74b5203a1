"""`restore` that is killed or interrupted leaves the old database or the restored one, and leaves it whole."""

import asyncio
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from chatbot.storage.admin import backup
from tests.app.backups.restoring import (
    AFTER,
    BEFORE,
    carry_out,
    names,
    on_postgres,
    on_sqlite,
    read_broadcast,
    signed,
    start_broadcast,
)
from tests.support.bot_process import environment
from tests.support.limits import GIVE_UP

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
def test_kill_at_any_step_leaves_the_old_or_the_restored_database(filled_url: str, tmp_path: Path) -> None:
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
        assert carry_out(f"sqlite:///{folder}/chatbot.db", tmp_path / "copy", yes=True)[0], "it can be repeated"
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
async def test_ctrl_c_at_the_question_changes_nothing(filled_url: str, tmp_path: Path) -> None:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "chatbot", "restore", "copy",
        cwd=tmp_path, env=environment(DATABASE_URL=filled_url), stdin=pipe, stdout=pipe, stderr=pipe,
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


KILLED_AFTER_THE_SERVER = """
import os, signal, sys
import chatbot.__main__
from chatbot.app.backups import archive
async def die(*_, **named):
    os.kill(os.getpid(), signal.SIGKILL)
archive.open_database = die
sys.exit(chatbot.__main__.main(sys.argv[1:]))
"""


@on_postgres
def test_broadcasts_stay_stopped_if_restore_is_killed_before_it_stops_them(filled_url: str, tmp_path: Path) -> None:
    asyncio.run(start_broadcast(filled_url))
    backup.copy(filled_url, tmp_path / "while-sending")
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_AFTER_THE_SERVER, "restore", tmp_path / "while-sending", "--yes"],
        cwd=tmp_path,
        env=environment(DATABASE_URL=filled_url, PATH=os.environ["PATH"]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    for _start in range(2):
        assert asyncio.run(read_broadcast(filled_url)) == (None, {"unknown"}, 1)
    assert carry_out(filled_url, tmp_path / "while-sending", yes=True)[0], "it can be repeated"
    assert asyncio.run(read_broadcast(filled_url)) == (None, {"unknown"}, 1)
