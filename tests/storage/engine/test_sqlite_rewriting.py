"""The SQLite file is rewritten rarely, in a quiet moment if there is one, and always within a bound."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from chatbot.storage.engine import sqlite_rewriting
from chatbot.storage.engine.database import Database
from chatbot.storage.engine.sqlite_rewriting import BOUND, Rewriting
from tests.storage.conftest import Sign, on_sqlite
from tests.support.signers import FIRST_NUMBER

TAKES = 10.0
BEGAN_AT = 1_000.0


class Time:
    """The clock and `asyncio.sleep` of the code under test: a sleep advances the clock and returns at once."""

    def __init__(self) -> None:
        self.now = BEGAN_AT
        self.while_asleep: Callable[[], None] = lambda: None

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.while_asleep()
        await asyncio.sleep(0)


class File:
    """A file whose rewriting takes `TAKES` seconds, or fails, or waits until `may_end` is set."""

    def __init__(self, path: Path, time: Time, size: int) -> None:
        with path.open("wb") as sparse:
            sparse.truncate(size)
        self._time = time
        self.begun_at: list[float] = []
        self.begun, self.may_end = asyncio.Event(), asyncio.Event()
        self.may_end.set()
        self.fails = False

    async def rewrite(self) -> bool:
        self.begun_at.append(self._time.now)
        self.begun.set()
        await self.may_end.wait()
        self._time.now += TAKES
        return not self.fails


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "chatbot.db"


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time()
    monkeypatch.setattr(sqlite_rewriting, "time", time)
    monkeypatch.setattr(sqlite_rewriting, "asyncio", SimpleNamespace(**vars(asyncio) | {"sleep": time.sleep}))
    return time


async def test_constant_requests_rewrite_for_a_share_of_the_time(path: Path, time: Time) -> None:
    file = File(path, time, 0)
    rewriting = Rewriting(path, file.rewrite, share=5)
    while len(file.begun_at) < 4:
        rewriting.ask()
        await asyncio.sleep(0)
    await rewriting.close()
    assert file.begun_at[:4] == [BEGAN_AT + nth * 6 * TAKES for nth in range(4)]


@pytest.mark.parametrize(("busy", "waits"), [(False, 1.0), (True, 5.0)])
async def test_rewriting_waits_for_a_quiet_second_within_a_bound(
    path: Path, time: Time, busy: bool, waits: float
) -> None:
    file = File(path, time, 20_000_000)  # by the assumed speed it takes a second, and the longest wait is five
    rewriting = Rewriting(path, file.rewrite, share=5)
    rewriting.note_write()
    if busy:
        time.while_asleep = rewriting.note_write
    rewriting.ask()
    await file.begun.wait()
    await rewriting.close()
    assert file.begun_at == [BEGAN_AT + waits]


async def test_erasure_during_rewriting_causes_another(path: Path, time: Time) -> None:
    file = File(path, time, 0)
    file.may_end.clear()
    rewriting = Rewriting(path, file.rewrite, share=1)
    rewriting.ask()
    await file.begun.wait()
    rewriting.ask()
    file.may_end.set()
    await rewriting.close()
    assert len(file.begun_at) == 2


@pytest.mark.parametrize(("size", "times"), [(10_000, 1), (10_000_000_000, 0)])
async def test_closing_rewrites_unless_that_is_slow(path: Path, time: Time, size: int, times: int) -> None:
    file = File(path, time, size)
    rewriting = Rewriting(path, file.rewrite)
    rewriting.note_write()
    rewriting.ask()
    await rewriting.close()
    assert len(file.begun_at) == times


async def test_failed_rewriting_is_retried_and_logged_once_an_hour(
    path: Path, time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    file = File(path, time, 0)
    file.fails = True
    rewriting = Rewriting(path, file.rewrite)
    rewriting.ask()
    logged = []
    for hours in (1, 2, 3):
        while time.now < BEGAN_AT + hours * (BOUND + 60):  # noqa: ASYNC110 - the clock has no event
            await asyncio.sleep(0)
        logged.append(len(caplog.messages))
    assert logged == [1, 2, 3]
    assert len(file.begun_at) > 3 * 60
    file.fails = False
    await rewriting.close()
    assert set(caplog.messages) == {
        "what was erased an hour ago may still be found in the file: is there room on its disk?"
    }


@on_sqlite
async def test_people_sign_while_the_file_is_rewritten(database: Database, sign: Sign) -> None:
    await database.transact(sign, 1)
    rewriting = asyncio.gather(*(database.rewrite() for _ in range(3)))
    signed = await asyncio.gather(*(database.transact(sign, n) for n in range(2, 50)))
    assert await rewriting == [True] * 3
    assert sorted(each.number for each in signed if each) == list(range(FIRST_NUMBER + 1, FIRST_NUMBER + 49))
