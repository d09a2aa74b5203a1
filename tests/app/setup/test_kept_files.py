"""The guided set-up where files with secrets exist already: written by hand, by Windows, or readable by all."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from chatbot.emulator import Emulator
from chatbot.settings import read_settings
from tests.app.setup.typist import Typist, set_up

pytestmark = pytest.mark.usefixtures("folder")


async def test_token_in_the_settings_file_replaces_an_older_one_in_a_file(
    telegram: Emulator, folder: Path, type_in: Callable[..., Typist]
) -> None:
    (folder / "telegram.token").write_text("987654321:AAF-the_token_of_last_year\n")
    (folder / "petition.env").write_text(f"TELEGRAM_TOKEN={telegram.token}\n")
    assert await set_up(type_in("1", "", "1", "", "", ""))
    assert read_settings().read_token() == telegram.token


async def test_token_file_of_windows_is_read_and_can_be_replaced(
    telegram: Emulator, folder: Path, type_in: Callable[..., Typist]
) -> None:
    (folder / "telegram.token").write_bytes(telegram.token.encode("utf-16"))
    typist = type_in("1", "", "1", "", "", "")
    assert await set_up(typist), typist.told
    assert typist.hidden == [f"[@{telegram.world.bot.username}] > "]
    (folder / "telegram.token").write_bytes(b"\x80\x81 no text")
    assert await set_up(type_in("1", telegram.token, "", "", "", ""))
    assert read_settings().read_token() == telegram.token


async def test_files_that_others_could_read_are_closed(
    telegram: Emulator, folder: Path, type_in: Callable[..., Typist]
) -> None:
    assert await set_up(type_in("1", telegram.token, "1", "", "", ""))
    secret = [folder / "telegram.token", folder / "petition.env"]
    for each in secret:
        each.chmod(0o644)
    assert await set_up(type_in(*[""] * 6))
    assert [stat.S_IMODE(each.stat().st_mode) for each in secret] == [0o600, 0o600]


async def test_named_file_is_made_in_a_folder_with_an_apostrophe(
    telegram: Emulator, folder: Path, monkeypatch: pytest.MonkeyPatch, type_in: Callable[..., Typist]
) -> None:
    home = folder / "o'brien's petition"
    home.mkdir()
    monkeypatch.setenv("SETTINGS_FILE", str(home / "petition.env"))
    assert await set_up(type_in("1", telegram.token, "1", "", "", ""))
    assert read_settings().read_token() == telegram.token
