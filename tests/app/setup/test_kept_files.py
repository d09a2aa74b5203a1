"""The guided set-up where files with secrets exist already: written by hand, by Windows, or readable by all."""

import asyncio
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from chatbot.__main__ import main
from chatbot.app.app import App, open_app
from chatbot.emulator import Emulator
from chatbot.settings import SettingsError, read_settings
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


async def test_files_that_others_could_read_become_private(
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


@pytest.mark.parametrize("mark", ['"', "$", "\\", "`"])
async def test_folder_that_no_settings_file_can_name_is_refused_first(
    folder: Path, monkeypatch: pytest.MonkeyPatch, type_in: Callable[..., Typist], mark: str
) -> None:
    home = folder / f"o'brien {mark}petition"
    home.mkdir()
    monkeypatch.setenv("SETTINGS_FILE", str(home / "petition.env"))
    typist = type_in()
    with pytest.raises(SettingsError) as refused:
        await set_up(typist)
    token_file = home / "telegram.token"
    assert str(refused.value).startswith(f"{token_file}: cannot be written into petition.env: readers of such files")
    assert typist.told == ""
    assert [*home.iterdir()] == []


@pytest.mark.skipif(os.name == "nt", reason="other users are told apart there by other means")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("telegram.token", "TELEGRAM_TOKEN_FILE=telegram.token"),
        ("petition.env", "TELEGRAM_TOKEN=123456789:AAF-key_of_this_bot"),
        ("petition.env", "TELEGRAM_PROXY=socks5://hana:s3cr3t@localhost:1080"),
    ],
)
async def test_check_and_run_warn_of_a_secret_that_others_can_read(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    log_put_back: None,
    name: str,
    content: str,
) -> None:
    (folder / "telegram.token").write_text("123456789:AAF-key_of_this_bot\n")
    (folder / "petition.env").write_text(f"{content}\n")
    for each in ("telegram.token", "petition.env"):
        (folder / each).chmod(0o600)
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")
    assert await asyncio.to_thread(main, ["check"]) == 0
    assert "chmod" not in capsys.readouterr().out
    (folder / name).chmod(0o644)
    assert await asyncio.to_thread(main, ["check"]) == 0
    told = capsys.readouterr().out
    line = f"{name}: 이 컴퓨터의 다른 사용자도 읽을 수 있습니다. `chmod 600 {name}` 명령으로 막아 주세요."
    assert told.count(line) == 1
    assert "s3cr3t" not in told
    if name == "telegram.token":  # the other cases have no token

        async def stop(_app: App) -> None:
            pass

        await open_app(read_settings(), stop)
        assert "telegram.token: other users of this machine can read it; close it by `chmod 600" in caplog.text
