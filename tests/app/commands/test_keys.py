"""The `keys` command and SEALING_KEY."""

import stat
from pathlib import Path

import pytest

from chatbot.__main__ import main
from chatbot.petition.sealing.keys import Opener, Seal

pytestmark = pytest.mark.usefixtures("log_put_back")


def test_keys_command_writes_private_key_for_owner_and_prints_public_key(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    file = tmp_path / "petition.key"
    assert main(["keys", str(file)]) == 0
    told = capsys.readouterr().out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    private = file.read_text()
    assert "private-" not in told
    public = told.partition("SEALING_KEY=")[2].strip()
    assert Opener.read([private]).open(Seal.read(public).close("하나")) == "하나"

    assert main(["keys", str(file)]) == 1
    assert "already exists" in capsys.readouterr().err
    assert file.read_text() == private


@pytest.mark.parametrize("key", ["nonsense", "private-AAAA"])
def test_wrong_key_stops_the_start_and_is_not_printed(
    key: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEALING_KEY", key)
    monkeypatch.setenv("TELEGRAM_TOKEN", "123456789:AAAAAAAAAAAAAAAAAAAA")
    assert main(["run"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("SEALING_KEY: ")
    assert key not in told
    assert not list(tmp_path.iterdir()), "nothing was opened"
