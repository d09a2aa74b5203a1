"""A pipe, a device, a folder or a link where a file is meant is refused at once, and nothing changes."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

from chatbot.__main__ import main
from chatbot.settings import Settings
from chatbot.settings_file import read_small_file
from tests.support.limits import GIVE_UP

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files in folders")

TOKEN = "123456789:" + "A" * 35


@pytest.fixture(autouse=True)
def no_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, log_put_back: None) -> Iterator[None]:
    """A folder of names that are no files. A command that waits for one of them is interrupted."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    os.mkfifo("pipe")
    Path("link").symlink_to("pipe")
    Path("folder").mkdir()
    Path("dangling").symlink_to("nowhere")
    Path("loop").symlink_to("loop")
    Path("zero").symlink_to("/dev/zero")

    def give_up(_number: int, _frame: FrameType | None) -> None:
        raise AssertionError("the command waits")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, GIVE_UP)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(arguments) == 1
    [line] = capsys.readouterr().err.splitlines()
    return line


def test_restore_takes_only_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    told = {
        "pipe": "is no file but a pipe or a device; name a backup",
        "link": "is no file but a pipe or a device; name a backup",
        "zero": "is no file but a pipe or a device; name a backup",
        "folder": "is a folder; name a backup in it",
        "dangling": "there is no such file; name a backup, such as one in the folder backups",
    }
    for name, words in told.items():
        assert refused(capsys, "restore", "--yes", name) == f"{name}: {words}"
    assert refused(capsys, "restore", "--yes", "loop").startswith("loop: cannot be read (")
    assert not Path("chatbot.db").exists()


def test_new_file_takes_no_name_that_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate"]) == 0
    capsys.readouterr()
    for command in (["backup"], ["export", "--format=csv"], ["keys"]):
        for name in ("pipe", "link", "zero", "folder", "dangling", "loop"):
            assert "already exists" in refused(capsys, *command, name)
    assert Path("dangling").is_symlink()
    assert Path("loop").is_symlink()
    assert not Path("nowhere").exists()


def test_database_must_be_a_file(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = {"pipe": "a pipe or a device", "zero": "a pipe or a device", "folder": "a folder"}
    for name, kind in kinds.items():
        monkeypatch.setenv("DATABASE_URL", f"sqlite:///{name}")
        for command in (["check"], ["healthy"], ["backup", "copy"], ["move", "--to", "sqlite:///other.db"], ["owner"]):
            told = refused(capsys, *command)
            assert told.startswith("DATABASE_URL: ")
            assert f"is {kind}; name a file" in told


def test_endless_settings_and_secrets_are_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pipe", "zero", "folder", "dangling", "loop"):
        monkeypatch.setenv("TELEGRAM_TOKEN_FILE", name)
        assert refused(capsys, "run").startswith("TELEGRAM_TOKEN_FILE: ")
        assert refused(capsys, "export", "x.csv", "--private-key", name).startswith("--private-key: ")
    monkeypatch.delenv("TELEGRAM_TOKEN_FILE")
    monkeypatch.setenv("SETTINGS_FILE", "zero")
    assert refused(capsys, "check") == "zero: cannot be read (File too large)"
    monkeypatch.setenv("SETTINGS_FILE", "pipe")
    assert refused(capsys, "run").startswith("TELEGRAM_TOKEN: missing")


def test_pipe_of_a_shell_gives_a_secret() -> None:
    reader, writer = os.pipe()
    late = threading.Timer(0.05, lambda: (os.write(writer, f"{TOKEN}\n".encode()), os.close(writer)))
    late.start()
    assert Settings(telegram_token_file=Path(f"/dev/fd/{reader}")).read_token() == TOKEN
    late.join()
    os.close(reader)
    Path("settings").write_text("PORT=1\n")
    assert read_small_file(Path("settings")) == b"PORT=1\n"
