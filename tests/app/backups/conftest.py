"""Databases to restore, answers to the question, and the time of a nightly backup."""

import asyncio
import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from chatbot.storage.admin import backup
from tests.app.backups.restoring import AFTER, BEFORE, fill

NIGHT: Final = datetime(2026, 11, 27, 18, 30, tzinfo=UTC)
"""When a nightly backup is made."""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def filled_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with five signers. In `tmp_path`, `copy` has the first three of them."""
    if request.param == "sqlite":
        yield from _make(f"sqlite:///{tmp_path}/chatbot.db", tmp_path)
        return
    server = request.getfixturevalue("server")
    request.getfixturevalue("monkeypatch").setenv("PATH", f"{server.binaries}{os.pathsep}{os.environ['PATH']}")
    with server.fresh_database() as address:
        yield from _make(address, tmp_path)


def _make(url: str, folder: Path) -> Iterator[str]:
    asyncio.run(fill(url, range(1, 1 + BEFORE)))
    backup.copy(url, folder / "copy")
    asyncio.run(fill(url, range(1 + BEFORE, 1 + AFTER)))
    yield url


class Typed:
    """What somebody types at the question."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def answer(self, line: str) -> None:
        self._monkeypatch.setattr("sys.stdin", io.StringIO(line))


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Typed:
    return Typed(monkeypatch)
