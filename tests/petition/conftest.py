"""A copy of the bundled campaign, and edits of it."""

from pathlib import Path
from shutil import copytree

import pytest

from tests.support.edited_campaign import LOCALES, Edit


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    """A copy of the bundled campaign, for tests to put mistakes in."""
    return copytree(LOCALES, tmp_path / "locales")


@pytest.fixture
def edit(locales: Path) -> Edit:
    def replace_words(name: str, old: str, new: str) -> None:
        before = (locales / name).read_text("utf-8")
        assert old in before
        (locales / name).write_text(before.replace(old, new, 1), "utf-8")

    return replace_words
