"""The stage of the stories, and the campaign."""

import logging
import shutil
from collections.abc import AsyncIterator, Callable
from functools import cache
from pathlib import Path

import pytest

from chatbot.emulator import Emulator
from chatbot.settings import BUNDLED_LOCALES
from tests.support.actor import Actor
from tests.support.made_up_languages import MADE_UP, replace_english
from tests.support.readers import Reader, read_language
from tests.support.recorded_calls import Wire
from tests.support.stage import Stage


@pytest.fixture(autouse=True)
def _log(monkeypatch: pytest.MonkeyPatch, log_put_back: None) -> None:
    """Hide the machine's settings from the tests, and restore the log afterwards."""
    for name in ("TELEGRAM_TOKEN", "TELEGRAM_TOKEN_FILE", "TELEGRAM_API_URL", "DATABASE_URL", "ORGANIZERS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("LOCALES_DIR", raising=False)
    monkeypatch.delenv("LOG_LEVEL", raising=False)


@pytest.fixture(autouse=True)
def _no_limit_of_one_chat(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lift Telegram's limit for one chat, which has tests of its own: actors are as fast as the machine."""
    monkeypatch.setattr("chatbot.broadcasting.chat_limits.BURST", 10_000.0)


@pytest.fixture
def wire() -> Wire:
    """Record the bot's calls, and check them against the newest Bot API."""
    return Wire()


@pytest.fixture
async def emulator(wire: Wire) -> AsyncIterator[Emulator]:
    """A running emulator."""
    async with Emulator(on_request=wire.on_request, on_answer=wire.on_answer, history=1000) as running:
        yield running


@pytest.fixture
async def empty_stage(
    request: pytest.FixtureRequest,
    emulator: Emulator,
    wire: Wire,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> AsyncIterator[Stage]:
    """A stage whose bot is not running yet. An error in the log fails the test.

    With the code of a made-up language as its parameter, the campaign has that language instead of English.
    """
    stage = Stage(emulator, wire, tmp_path)
    if (code := getattr(request, "param", "en")) != "en":
        stage.settings["locales_dir"] = replace_english(tmp_path / "made-up", MADE_UP[code])
        stage.english = read_language(tmp_path / "made-up", MADE_UP[code])
    yield stage
    await stage.closes()
    records = caplog.get_records("setup") + caplog.get_records("call")
    assert [record.getMessage() for record in records if record.levelno >= logging.ERROR] == stage.expected_errors


@pytest.fixture
async def stage(empty_stage: Stage) -> Stage:
    """A stage whose bot is listening."""
    await empty_stage.opens()
    return empty_stage


@pytest.fixture
def hana(stage: Stage) -> Actor:
    """하나, whose Telegram speaks Korean."""
    return stage.actor("하나")


@pytest.fixture
def sam(stage: Stage) -> Actor:
    """Sam, whose Telegram speaks Canadian English."""
    return stage.actor("Sam")


@pytest.fixture
def locales(empty_stage: Stage, tmp_path: Path) -> Callable[..., Path]:
    """Copy the campaign's folder, and replace texts in its campaign.toml: pairs of old and new."""
    campaign = empty_stage.settings.get("locales_dir", BUNDLED_LOCALES)

    def copy(*changes: tuple[str, str]) -> Path:
        directory = tmp_path / "locales"
        shutil.copytree(campaign, directory)
        facts = directory / "campaign.toml"
        for old, new in changes:
            text = facts.read_text("utf-8")
            assert old in text
            facts.write_text(text.replace(old, new), "utf-8")
        return directory

    return copy


@pytest.fixture(scope="session")
def readers(made_up_locales: Path) -> Callable[[str], Reader]:
    """Give the reader of a language."""
    return cache(lambda code: read_language(made_up_locales, MADE_UP[code]))
