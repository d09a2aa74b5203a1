"""The demo's own state between runs: what it cannot read ends in one line that says what to do."""

from pathlib import Path

import pytest

from chatbot.__main__ import main
from chatbot.emulator import Emulator


@pytest.mark.parametrize("found", ["{", '{"format": 1}', '{"format": 2}'])
def test_a_demo_of_another_version_says_how_to_begin_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], found: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo/world.json").write_text(found)
    assert main(["demo", "--port", "0"]) == 1
    told = capsys.readouterr()
    assert told.err == "demo/world.json: cannot be read; begin anew with `python -m chatbot demo --fresh`\n"
    assert told.out == ""


def test_a_fresh_demo_forgets_what_people_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "demo"
    (folder / "world.files").mkdir(parents=True)
    (folder / "world.files/photo").write_bytes(b"secret")

    async def unreachable(_emulator: Emulator) -> None:
        raise OSError(98, "Address already in use")

    monkeypatch.setattr(Emulator, "start", unreachable)
    assert main(["demo", "--fresh"]) == 1
    assert list(folder.iterdir()) == []
