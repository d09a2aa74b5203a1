"""The stage of the stories, with the campaign they are about."""

import logging
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from chatbot.emulator import Emulator
from chatbot.settings import BUNDLED_LOCALES
from tests.support.actor import Actor
from tests.support.recorded_calls import Wire
from tests.support.stage import Stage


@pytest.fixture(autouse=True)
def _log(monkeypatch: pytest.MonkeyPatch, log_put_back: None) -> None:
    """No setting comes from the machine the tests run on, and the log is as it was afterwards."""
    for name in ("TELEGRAM_TOKEN", "TELEGRAM_TOKEN_FILE", "TELEGRAM_API_URL", "DATABASE_URL", "ORGANIZERS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("LOCALES_DIR", raising=False)
    monkeypatch.delenv("LOG_LEVEL", raising=False)


@pytest.fixture(autouse=True)
def _nimble_thumbs(monkeypatch: pytest.MonkeyPatch) -> None:
    """People in stories act as fast as the machine does; what the limits of one chat do has tests of its own."""
    monkeypatch.setattr("chatbot.broadcasting.chat_limits.BURST", 10_000.0)


@pytest.fixture
def wire() -> Wire:
    """What the bot asks of Telegram, checked against the newest Bot API."""
    return Wire()


@pytest.fixture
async def emulator(wire: Wire) -> AsyncIterator[Emulator]:
    """A pretend Telegram."""
    async with Emulator(on_request=wire.on_request, on_answer=wire.on_answer, history=1000) as running:
        yield running


@pytest.fixture
async def empty_stage(
    emulator: Emulator, wire: Wire, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Stage]:
    """A stage on which the bot is not running yet. Whatever happens on it, nothing may be an error in the log."""
    stage = Stage(emulator, wire, tmp_path)
    yield stage
    await stage.closes()
    records = caplog.get_records("setup") + caplog.get_records("call")
    assert [record.getMessage() for record in records if record.levelno >= logging.ERROR] == stage.expected_errors


@pytest.fixture
async def stage(empty_stage: Stage) -> Stage:
    """A stage with the bot listening."""
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
def locales(tmp_path: Path) -> Callable[..., Path]:
    """Make a copy of the campaign's directory; each pair is a text in campaign.toml and what takes its place."""

    def copy(*changes: tuple[str, str]) -> Path:
        directory = tmp_path / "locales"
        shutil.copytree(BUNDLED_LOCALES, directory)
        facts = directory / "campaign.toml"
        for old, new in changes:
            text = facts.read_text("utf-8")
            assert old in text
            facts.write_text(text.replace(old, new), "utf-8")
        return directory

    return copy
