"""A petition with a team, and signals without noise."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from chatbot.app import anomaly_watch
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.storage import Database
from tests.support.broadcasts import BroadcastDriver
from tests.support.team_chats import TeamChats


@pytest.fixture
def chats(database: Database, campaign: Campaign, translators: Mapping[str, Translator], tmp_path: Path) -> TeamChats:
    return TeamChats(database, BroadcastDriver(database), campaign, translators, tmp_path / "files")


@pytest.fixture
def no_noise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Switch off the noise of signals, which has its own test, so that screens can be compared exactly."""
    monkeypatch.setattr(anomaly_watch, "draw_noise", lambda: 0)
