"""A separate process that hears one update and is killed by SIGKILL: at its commit, or between commit and answer.

SQLite's connections do not survive a fork, so a process without any forks the one that dies.
"""

import asyncio
import atexit
import os
import pickle
import signal
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NoReturn

import pytest

from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import Answer, Heard
from chatbot.storage.engine.database import Work
from chatbot.storage.engine.sqlite import SqliteDatabase, open_sqlite
from tests.support.chat import Chat
from tests.support.dying_database import KilledError

Moment = Literal["at the commit", "before the answer"]
ROOT = Path(__file__).parents[2]


class KilledProcess:
    """Stands in for a dialog: each update runs in a process that is killed at this moment."""

    def __init__(self, alive: Dialog, url: str, moment: Moment) -> None:
        self._alive, self._url, self._moment = alive, url, moment

    async def hear(self, heard: Heard) -> Answer | None:
        """Run the update in the process, and raise `KilledError` once that is dead."""
        facts = (self._alive._campaign, self._alive.bot_link, self._alive._clock(), self._alive._team)
        assert await asyncio.to_thread(_run, pickle.dumps((self._url, self._moment, heard, *facts))) == -signal.SIGKILL
        raise KilledError


async def press_and_be_killed(chat: Chat, action: str, url: str, moment: Moment) -> None:
    """Press a button in a process that is killed by it."""
    alive = chat.dialog
    chat.dialog = KilledProcess(alive, url, moment)  # type: ignore[assignment]
    with pytest.raises(KilledError):
        await chat.presses(action)
    chat.dialog = alive


def _run(request: bytes) -> int:
    forker = _start_forker()
    assert forker.stdin is not None
    assert forker.stdout is not None
    forker.stdin.write(request)
    forker.stdin.flush()
    return int(forker.stdout.readline())


@lru_cache(maxsize=1)
def _start_forker() -> "subprocess.Popen[bytes]":
    forker = subprocess.Popen(
        [sys.executable, "-m", "tests.support.killed_process"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    atexit.register(forker.communicate)
    return forker


class _DyingAfterCommit:
    """A database in a process that is killed when its transaction is durable."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def transact(self, work: Work[..., Any], /, *args: Any, **kwargs: Any) -> NoReturn:
        await self._database.transact(work, *args, **kwargs)
        _die()


def _die(statement: str = "COMMIT") -> Any:
    if statement == "COMMIT":
        os.kill(os.getpid(), signal.SIGKILL)


async def _hear(request: Any, translators: Any) -> None:
    url, moment, heard, campaign, link, now, team = request
    database: Any = await open_sqlite(url.removeprefix("sqlite:///"))
    if moment == "at the commit":
        await database._connection.set_trace_callback(_die)
    else:
        database = _DyingAfterCommit(database)
    await Dialog(database, campaign, translators, link, lambda: now, team=team).hear(heard)


def _fork_on_request() -> None:
    from chatbot.i18n import load_translators
    from chatbot.petition.review import filter as conditions
    from chatbot.settings import BUNDLED_LOCALES
    from chatbot.storage.organizer.review import set_asides
    from tests.support.campaigns import BUNDLED

    translators = load_translators(BUNDLED.listed, [BUNDLED_LOCALES])
    conditions.FEW, set_asides.AT_ONCE = 1, 2  # type: ignore[misc]  # as in the desk's tests
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while sys.stdin.buffer.peek(1):
        request = pickle.load(sys.stdin.buffer)
        dying = os.fork()
        if dying == 0:
            try:
                asyncio.run(_hear(request, translators))
            finally:
                os._exit(3)
        code = os.waitstatus_to_exitcode(os.waitpid(dying, 0)[1])
        os.write(1, b"%d\n" % code)


if __name__ == "__main__":
    _fork_on_request()
