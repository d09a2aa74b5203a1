"""An empty folder, Telegram, and somebody at the terminal."""

import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from chatbot.app.setup import guided
from chatbot.emulator import Emulator
from chatbot.settings import Settings
from tests.app.setup.typist import Typist


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty working directory, in an environment without settings."""
    for name in [*os.environ]:
        if name.upper() in {"SETTINGS_FILE", "LANG", "LC_ALL", "LC_MESSAGES"} | {
            *map(str.upper, Settings.model_fields)
        }:
            monkeypatch.delenv(name)
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


@pytest.fixture
async def telegram(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Emulator]:
    async with Emulator() as emulator:
        monkeypatch.setenv("TELEGRAM_API_URL", emulator.url)
        yield emulator


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Typist]:
    """Let somebody at the terminal type these answers."""

    def type_in(*answers: str) -> Typist:
        typist = Typist([*answers])
        monkeypatch.setattr(guided, "is_interactive", lambda: True)
        monkeypatch.setattr(guided, "discard_typed_ahead", lambda: None)
        monkeypatch.setattr(guided, "read_line", typist.read_line)
        monkeypatch.setattr(guided, "read_hidden", typist.read_hidden)
        return typist

    return type_in
