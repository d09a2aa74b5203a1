"""A job driver with its own database."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from tests.support.databases import open_migrated
from tests.support.fake_job_context import JobDriver


@pytest.fixture
async def driver(
    sqlite_url: str, tmp_path: Path, campaign: Campaign, translators: Mapping[str, Translator]
) -> AsyncIterator[JobDriver]:
    """A driver of jobs for a team of 유나 and 하나."""
    database = await open_migrated(sqlite_url)
    yield JobDriver(database, campaign, translators, tmp_path / "files")
    await database.close()
