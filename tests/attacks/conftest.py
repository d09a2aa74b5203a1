"""A petition with a team, and signals without noise."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from chatbot.app import anomaly_watch
from chatbot.i18n import Translator
from chatbot.petition.countries.find import prepare
from chatbot.petition.model import Campaign
from chatbot.storage import Database
from tests.support.broadcasts import BroadcastDriver
from tests.support.team_chats import TeamChats


@pytest.fixture(scope="session", autouse=True)
def country_names(campaign: Campaign) -> None:
    """Load the names of countries before any turn, as the bot does at its start.

    On a busy machine that may take more than the ten seconds after which PostgreSQL ends an idle transaction.
    """
    prepare(campaign.languages)


@pytest.fixture
def chats(database: Database, campaign: Campaign, translators: Mapping[str, Translator], tmp_path: Path) -> TeamChats:
    return TeamChats(database, BroadcastDriver(database), campaign, translators, tmp_path / "files")


@pytest.fixture
def no_noise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Switch off the noise of signals, which has its own test, so that screens can be compared exactly."""
    monkeypatch.setattr(anomaly_watch, "draw_noise", lambda: 0)
