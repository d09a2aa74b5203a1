"""Files with secrets are whole and private, and what a killed process left of them is removed."""

import os
import stat
from pathlib import Path

import pytest

from chatbot.app.setup.private_files import write_private


def test_parts_that_a_killed_process_left_are_removed(tmp_path: Path) -> None:
    old, fresh, other = (tmp_path / name for name in (".a.token.0123abcd", ".a.token.89abcdef", ".a.token.mine"))
    for each in (old, fresh, other):
        each.write_text("a secret")
    for each in (old, other):
        os.utime(each, (1, 1))
    write_private(tmp_path / "a.token", "new")
    assert sorted(each.name for each in tmp_path.iterdir()) == [fresh.name, other.name, "a.token"]


def test_file_is_private_whatever_the_umask(tmp_path: Path) -> None:
    (tmp_path / "a.token").write_text("old")
    (tmp_path / "a.token").chmod(0o644)
    before = os.umask(0)
    try:
        write_private(tmp_path / "a.token", b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.token").stat().st_mode) == 0o600
    assert (tmp_path / "a.token").read_text() == "new"


def test_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "a.token").write_text("old")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        write_private(tmp_path / "a.token", "new")
    assert [each.name for each in tmp_path.iterdir()] == ["a.token"]
    assert (tmp_path / "a.token").read_text() == "old"
