"""What is opened at a start."""

import logging
import shutil
from pathlib import Path

import pytest
from pydantic import SecretStr

from chatbot.app.app import App, open_app
from chatbot.emulator.web.server import TOKEN
from chatbot.settings import BUNDLED_LOCALES, Settings


@pytest.mark.usefixtures("log_put_back")
async def test_start_warns_of_a_language_that_is_not_whole(
    tmp_path: Path, sqlite_url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    locales = shutil.copytree(BUNDLED_LOCALES, tmp_path / "locales")
    (locales / "ko" / "appeal.html").unlink()
    monkeypatch.setattr("chatbot.app.app.configure_logging", lambda *_: None)
    opened: list[App] = []

    async def use(app: App) -> None:
        opened.append(app)

    settings = Settings(telegram_token=SecretStr(TOKEN), database_url=sqlite_url, locales_dir=locales)
    with caplog.at_level(logging.WARNING):
        await open_app(settings, use)
    assert list(opened[0].campaign.languages) == list(opened[0].translators) == ["en"]
    assert caplog.messages == ["ko is not offered to people yet; `check --language ko` says what is missing"]
