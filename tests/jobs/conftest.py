"""An office over a database of its own."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.storage import open_database
from tests.support.fake_job_context import Errands


@pytest.fixture
async def errands(tmp_path: Path, campaign: Campaign, translators: Mapping[str, Translator]) -> AsyncIterator[Errands]:
    """An office in which 유나 and 하나 are the team."""
    database = await open_database(f"sqlite:///{tmp_path}/chatbot.db")
    yield Errands(database, campaign, translators, tmp_path / "files")
    await database.close()
