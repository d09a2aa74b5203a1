"""Fixtures for all tests: the bundled campaign, databases of both engines, ports, the log and a browser."""

import asyncio
import gc
import logging
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from hypothesis import settings

from chatbot.i18n import Translators, load_translators
from chatbot.petition.model import Campaign
from chatbot.settings import BUNDLED_LOCALES, Settings
from chatbot.storage import Database, open_database
from tests.support.campaigns import BUNDLED
from tests.support.chromium import ARGUMENTS, PATIENCE, find_chromium
from tests.support.databases import open_migrated
from tests.support.free_ports import find_free_port
from tests.support.made_up_languages import copy_campaign
from tests.support.postgres_server import PostgresServer, postgres_server

if TYPE_CHECKING:  # imported inside the fixture: the tests must load without playwright
    from playwright.async_api import Browser

# Processes that tests start import this clone, as the tests do, whether or not it is installed.
os.environ["PYTHONPATH"] = os.pathsep.join(
    filter(None, [str(Path(__file__).parent.parent), os.environ.get("PYTHONPATH")])
)

# These processes and the workers of pytest-xdist reuse the compiled code.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Tests must not read the settings of a bot that somebody runs in this clone.
os.environ["SETTINGS_FILE"] = os.devnull

# Files go to a disk in memory with enough room, if there is one: tests wait for thousands of commits.
_MEMORY, _ROOM = Path("/dev/shm"), 4 * 1024**3
if _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))

# A deadline for each example would fail on a busy machine.
settings.register_profile("tests", deadline=None)
settings.load_profile("tests")


def pytest_xdist_auto_num_workers() -> int:
    """Start two workers for each core: tests wait for half of their time."""
    return min(2 * (os.cpu_count() or 1), 8)


def pytest_collection_finish() -> None:
    """Exclude what is imported by now from garbage collection, which would visit a million objects each time.

    Collect the rest rarely, which saves time: the tests have enough memory.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Collect garbage after a slow test: what it left open is reported as its own error, not as a later test's.

    This runs after the fixtures are torn down, and before pytest collects what was not closed.
    """
    if item.get_closest_marker("slow"):
        gc.collect()


@pytest.fixture
def unused_tcp_port() -> int:
    """A free port; pytest-asyncio's own may be taken by another worker."""
    return find_free_port()


@pytest.fixture(scope="session")
def unused_tcp_port_factory() -> Callable[[], int]:
    """A function that returns a free port."""
    return find_free_port


@pytest.fixture
def log_put_back() -> Iterator[None]:
    """Restore the log after a test that changed its configuration."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {each.name: each.level for each in _list_loggers()}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for each in _list_loggers():
        each.setLevel(levels.get(each.name, logging.NOTSET))


def _list_loggers() -> list[logging.Logger]:
    return [each for each in logging.root.manager.loggerDict.values() if isinstance(each, logging.Logger)]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, log_put_back: None) -> pytest.MonkeyPatch:
    """An empty directory, without the bot's environment variables. The log is restored afterwards."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


@pytest.fixture(scope="session")
def campaign() -> Campaign:
    """The bundled petition."""
    return BUNDLED


@pytest.fixture(scope="session")
def translators(campaign: Campaign) -> Translators:
    """The bundled words."""
    return load_translators(campaign.listed, [BUNDLED_LOCALES])


@pytest.fixture(scope="session")
def made_up_locales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled campaign with made-up languages beside its own, as a directory of locales."""
    return copy_campaign(tmp_path_factory.mktemp("made-up") / "locales")


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    """A PostgreSQL server; without one, tests that need it are skipped."""
    with postgres_server() as running:
        if running is None:
            pytest.skip("no PostgreSQL server on this machine")
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> "AsyncIterator[Browser]":
    """A headless Chromium; without one, tests that need it are skipped."""
    from playwright.async_api import async_playwright, expect

    chromium = find_chromium()
    if not chromium:
        pytest.skip("no Chromium on the PATH; install one, or name it in CHROMIUM")
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as started:
        opened = await started.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield opened
        await opened.close()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A SQLite file with all tables and no rows: making it takes 15 ms, copying it takes no time."""
    file = tmp_path_factory.mktemp("migrated") / "chatbot.db"

    async def make() -> None:
        await (await open_database(f"sqlite:///{file}")).close()

    asyncio.run(make())
    return file.read_bytes()


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_file: bytes) -> str:
    """The address of an empty SQLite database with all tables."""
    file = tmp_path / "chatbot.db"
    file.write_bytes(migrated_file)
    return f"sqlite:///{file}"


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty database with all tables, once for each engine."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    with request.getfixturevalue("server").lent_database() as address:
        yield address


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """An open, empty database, once for each engine."""
    opened = await open_migrated(url)
    yield opened
    await opened.close()
