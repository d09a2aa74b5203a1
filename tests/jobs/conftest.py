"""A job driver with its own database."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.storage import open_database
from tests.support.fake_job_context import JobDriver


@pytest.fixture
async def driver(tmp_path: Path, campaign: Campaign, translators: Mapping[str, Translator]) -> AsyncIterator[JobDriver]:
    """Jobs of a team of 유나 and 하나."""
    database = await open_database(f"sqlite:///{tmp_path}/chatbot.db")
    yield JobDriver(database, campaign, translators, tmp_path / "files")
    await database.close()
