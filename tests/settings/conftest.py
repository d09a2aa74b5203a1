"""Removes the bot's variables from the environment of each test."""

import os

import pytest

from tests.settings.refusals import NAMES


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without the bot's variables."""
    for name in [*os.environ]:
        if name.upper() in NAMES:
            monkeypatch.delenv(name)
    return monkeypatch
