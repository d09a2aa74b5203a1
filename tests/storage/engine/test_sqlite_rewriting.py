"""The file is rewritten rarely, in a quiet moment if there is one, and always within a bound."""

import asyncio
import time
from pathlib import Path

import pytest

from chatbot.storage.engine.database import Database
from chatbot.storage.engine.sqlite_rewriting import BOUND, Rewriting
from tests.storage.conftest import Sign, on_sqlite
from tests.support.limits import GIVE_UP

TAKES = 0.05


class File:
    """A file whose rewriting takes a while, or fails."""

    def __init__(self, path: Path, size: int) -> None:
        path.write_bytes(bytes(size))
        self.rewritten = asyncio.Event()
        self.moments: list[float] = []
        self.fails = False

    async def rewrite(self) -> bool:
        self.moments.append(time.monotonic())
        await asyncio.sleep(TAKES)
        self.rewritten.set()
        return not self.fails

    async def until_rewritten(self, within: float = GIVE_UP) -> None:
        async with asyncio.timeout(within):
            await self.rewritten.wait()
        self.rewritten.clear()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "chatbot.db"


async def test_constant_requests_rewrite_for_a_share_of_the_time(path: Path) -> None:
    file = File(path, 0)
    rewriting = Rewriting(path, file.rewrite, share=5)
    began_at = time.monotonic()
    while len(file.moments) < 4:
        rewriting.ask()
        await asyncio.sleep(0.01)
    assert time.monotonic() - began_at > 3 * 5 * TAKES
    await rewriting.close()


async def test_busy_hour_delays_rewriting_within_a_bound(path: Path) -> None:
    # By the assumed speed it takes a tenth of a second, so the longest wait is half a second.
    file = File(path, 2_000_000)
    rewriting = Rewriting(path, file.rewrite, share=5)
    began_at = time.monotonic()
    rewriting.note_write()
    rewriting.ask()
    async with asyncio.timeout(GIVE_UP):
        while not file.moments:
            rewriting.note_write()
            await asyncio.sleep(0.01)
    assert file.moments[0] - began_at >= 0.5
    await rewriting.close()


async def test_erasure_during_rewriting_causes_another(path: Path) -> None:
    file = File(path, 0)
    rewriting = Rewriting(path, file.rewrite, share=1)
    rewriting.ask()
    while not file.moments:  # noqa: ASYNC110 - the start of a rewriting has no event
        await asyncio.sleep(0.001)
    rewriting.ask()
    await file.until_rewritten()
    await file.until_rewritten()
    await rewriting.close()
    assert len(file.moments) == 2


@pytest.mark.parametrize(("size", "times"), [(10_000, 1), (10_000_000_000, 0)])
async def test_closing_rewrites_unless_that_is_slow(path: Path, size: int, times: int) -> None:
    file = File(path, 0)
    with path.open("wb") as sparse:
        sparse.truncate(size)
    rewriting = Rewriting(path, file.rewrite)
    rewriting.note_write()
    rewriting.ask()
    await rewriting.close()
    assert len(file.moments) == times


class Clock:
    """The time module as the code under test uses it, ahead of the real one."""

    ahead = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead


async def test_failed_rewriting_is_retried_and_logged_once_an_hour(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    monkeypatch.setattr("chatbot.storage.engine.sqlite_rewriting._AGAIN", 0.01)
    monkeypatch.setattr("chatbot.storage.engine.sqlite_rewriting.time", clock)
    file = File(path, 0)
    file.fails = True
    rewriting = Rewriting(path, file.rewrite)
    rewriting.ask()

    async def fail_three_times() -> int:
        for _ in range(3):
            await file.until_rewritten()
        return len(caplog.messages)

    assert await fail_three_times() == 0
    clock.ahead = BOUND
    assert await fail_three_times() == 1
    assert await fail_three_times() == 1
    clock.ahead = 2 * BOUND
    assert await fail_three_times() == 2
    file.fails = False
    file.rewritten.clear()
    await file.until_rewritten()
    await rewriting.close()
    lost = "what was erased an hour ago may still be found in the file: is there room on its disk?"
    assert caplog.messages == [lost] * 2


@on_sqlite
async def test_people_sign_before_and_after_rewriting(database: Database, sign: Sign) -> None:
    await database.transact(sign, 1)
    rewriting = asyncio.gather(*(database.rewrite() for _ in range(3)))
    numbers = await asyncio.gather(*(database.transact(sign, n) for n in range(2, 50)))
    assert await rewriting == [True] * 3
    assert len(numbers) == 48
