"""A database to make documents of, and a folder for them."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from chatbot.documents.make import DocumentContext
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from tests.support.cast import NOW
from tests.support.databases import open_migrated


@pytest.fixture
async def context(
    sqlite_url: str, campaign: Campaign, translators: Mapping[str, Translator]
) -> AsyncIterator[DocumentContext]:
    database = await open_migrated(sqlite_url)
    yield DocumentContext(database, campaign, translators, clock=lambda: NOW)
    await database.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for the files."""
    made = tmp_path / "made"
    made.mkdir()
    return made
