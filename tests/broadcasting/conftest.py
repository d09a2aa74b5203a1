"""A broadcast driver with its own database, and a fake Telegram."""

from collections.abc import AsyncIterator, Mapping
from contextlib import suppress

import pytest

from chatbot.broadcasting.pace import Pacer
from chatbot.i18n import Translator
from chatbot.storage import Database, DatabaseUnavailableError
from tests.support.broadcast_worker import WorkerDriver
from tests.support.databases import open_migrated
from tests.support.fake_broadcast_sender import Telegram
from tests.support.paced_log import Log, SleepersClock
from tests.support.query_plans import Recorder, Said, find_scans


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the pauses between reads of the database, so that no test waits for them."""
    monkeypatch.setattr("chatbot.broadcasting.worker.IDLE", 0.02)
    monkeypatch.setattr("chatbot.broadcasting.worker.TICK", 0.02)
    monkeypatch.setattr("chatbot.broadcasting.places.IDLE", 0.02)
    monkeypatch.setattr("chatbot.broadcasting.progress.CHECK_EVERY", 0.02)
    monkeypatch.setattr("chatbot.broadcasting.progress.EVERY", 0.1)


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """A new database. A query that scans a growing table fails the test."""
    opened, said = await open_migrated(sqlite_url), Said()
    yield Recorder(opened, said)
    with suppress(DatabaseUnavailableError):  # a test that closed it itself
        assert await find_scans(opened, said) == []
    await opened.close()


@pytest.fixture
def driver(database: Database, translators: Mapping[str, Translator]) -> WorkerDriver:
    """A driver of 유나's broadcasts, which also makes workers."""
    return WorkerDriver(database, translators)


@pytest.fixture
def telegram() -> Telegram:
    """A Telegram in which everybody can be reached."""
    return Telegram()


@pytest.fixture
def clock() -> SleepersClock:
    """A clock that advances when all tasks wait for it."""
    return SleepersClock()


@pytest.fixture
async def log(clock: SleepersClock) -> AsyncIterator[Log]:
    """A log of what leaves at 25 messages a second, on the test's clock."""
    log = Log(Pacer(25, clock=clock, sleep=clock.sleep), clock)
    yield log
    await log.end()
