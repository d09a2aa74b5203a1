"""The settings file is read as systemd and Compose read it. The environment overrides it; mistakes name their line."""

import os
from pathlib import Path

import pytest

from chatbot import settings_file
from chatbot.settings import Settings, SettingsError, read_settings
from chatbot.settings_file import change_lines, read_settings_file
from tests.settings.refusals import TOKEN


@pytest.fixture(autouse=True)
def folder(environment: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A working directory whose settings file is read."""
    environment.delenv("SETTINGS_FILE", raising=False)
    environment.chdir(tmp_path)
    return tmp_path


def write(content: str | bytes, name: str = "petition.env") -> None:
    Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())


def test_file_of_the_working_directory_is_read() -> None:
    write(f"PORT=9000\nTELEGRAM_TOKEN={TOKEN}\nORGANIZERS=3003,4004\nQUIET_HOURS=false\nHOST=\n")
    settings = read_settings()
    assert (settings.port, settings.organizers, settings.quiet_hours, settings.host) == (
        9000,
        (3003, 4004),
        False,
        None,
    )
    assert settings.read_token() == TOKEN


def test_environment_overrides_the_file(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    write(f"PORT=9000\nHOST=127.0.0.1\nLOG_LEVEL=warning\nTELEGRAM_TOKEN={TOKEN}\n")
    monkeypatch.setenv("PORT", "9001")
    monkeypatch.setenv("host", "127.0.0.2")
    monkeypatch.setenv("LOG_LEVEL", "")
    settings = read_settings()
    assert (settings.port, settings.host, settings.log_level) == (9001, "127.0.0.2", "WARNING")
    (folder / "other.token").write_text("987654321:AAF-key_of_another")
    monkeypatch.setenv("TELEGRAM_TOKEN_FILE", "other.token")
    assert read_settings().read_token() == "987654321:AAF-key_of_another"


def test_another_file_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    write("PORT=9000\n")
    write("PORT=9002\n", "other.env")
    monkeypatch.setenv("SETTINGS_FILE", "other.env")
    assert read_settings().port == 9002
    monkeypatch.setenv("SETTINGS_FILE", "missing.env")
    with pytest.raises(SettingsError, match=r"^SETTINGS_FILE: there is no such file; name another, or leave it unset$"):
        read_settings()
    monkeypatch.setenv("SETTINGS_FILE", os.devnull)
    assert read_settings() == Settings()


def test_lines_are_read_as_other_programs_read_them() -> None:
    write(
        "\ufeff# the port\r\n; and more\r\n\r\n  export PORT = 9000  # behind a proxy\r\n"
        "DATABASE_URL='postgresql://petition:a#b\\@db/petition'\r\nHOST=\"127.0.0.1\" # here\r\nlog_level=debug"
    )
    assert read_settings_file({}).values == {
        "PORT": "9000",
        "DATABASE_URL": "postgresql://petition:a#b\\@db/petition",
        "HOST": "127.0.0.1",
        "LOG_LEVEL": "debug",
    }


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("PORT=9000\nPORT 9001", "petition.env, line 2: must look like NAME=value, or begin with #"),
        ("=9000", "petition.env, line 1: must look like NAME=value, or begin with #"),
        ("HOST='127.0.0.1", "petition.env, line 1: must look like NAME=value, or begin with #"),
        ("HOST='127.0.0.1'x", "petition.env, line 1: must look like NAME=value, or begin with #"),
        ("HOST=a\0b", "petition.env, line 1: must look like NAME=value, or begin with #"),
        ("PORT=1\n\nport=2", "petition.env, line 3: PORT is in line 1 too; take one out"),
        ("# x\nPORT=many", "petition.env, line 2: PORT: must be a whole number"),
        ("DATABSE_URL=sqlite:///a.db", "petition.env, line 1: DATABSE_URL is no setting; if you meant DATABASE_URL"),
        ("PORT=9000".encode("utf-16"), "petition.env: must be saved as UTF-8 text"),
    ],
)
def test_mistake_is_reported_with_its_line(content: str | bytes, told: str) -> None:
    write(content)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert str(refused.value).startswith(told)
    assert len(str(refused.value).splitlines()) == 1


def test_values_of_the_file_are_never_repeated() -> None:
    for line in ("DATABASE_URL=mysql://a:s3cr3t@b", "s3cr3t", "METRICS_TOKEN='s3cr3t", "WEBHOOK_URL=https://s3cr3t"):
        write(line)
        with pytest.raises(SettingsError) as refused:
            read_settings()
        assert "s3cr3t" not in str(refused.value)


def test_directory_in_place_of_the_file_is_refused(folder: Path) -> None:
    (folder / "petition.env").mkdir()
    with pytest.raises(SettingsError, match=r"^petition\.env: cannot be read"):
        read_settings()


def test_file_of_another_user_is_left_to_systemd(monkeypatch: pytest.MonkeyPatch) -> None:
    write("PORT=9000\n")

    def refuse(_path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(settings_file, "read_small_file", refuse)
    advice = r"start it as the user who owns it \(sudo -u …\)$"
    with pytest.raises(SettingsError, match=rf"^petition\.env: cannot be read \(Permission denied\); {advice}"):
        read_settings()
    monkeypatch.setenv("TELEGRAM_TOKEN", TOKEN)
    assert read_settings().port == 8080
    monkeypatch.setenv("SETTINGS_FILE", "petition.env")
    with pytest.raises(SettingsError, match=r"cannot be read"):
        read_settings()


def test_names_of_other_programs_are_ignored() -> None:
    write("POSTGRES_PASSWORD=x\nTZ=Asia/Seoul\nPORT=9000\n")
    assert read_settings().port == 9000


def test_changed_lines_keep_all_others() -> None:
    before = "# mine\nPORT=9000\n\nHOST=127.0.0.1  # local\nTZ=UTC\n"
    after = change_lines(before, {"HOST": None, "PORT": "9001", "DATABASE_URL": "sqlite:///a b.db"})
    assert after == "# mine\nPORT=9001\n\nTZ=UTC\nDATABASE_URL='sqlite:///a b.db'\n"
    write(after)
    assert read_settings().database_url == "sqlite:///a b.db"
    assert change_lines(after, {}) == after
    with pytest.raises(ValueError, match="no line breaks"):
        change_lines("", {"HOST": "a\nb"})


def test_value_with_an_apostrophe_is_read_as_it_was_written() -> None:
    text = change_lines("", {"DATABASE_URL": "sqlite:////home/o'brien/a b.db"})
    assert text == 'DATABASE_URL="sqlite:////home/o\'brien/a b.db"\n'
    write(text)
    assert read_settings().database_url == "sqlite:////home/o'brien/a b.db"
    for mark in '"\\$`':
        with pytest.raises(ValueError, match="readers of such files"):
            change_lines("", {"HOST": f"a'{mark}b"})
