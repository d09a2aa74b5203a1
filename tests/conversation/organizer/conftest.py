"""The desk of a team, in two processes."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.petition.review import filter as conditions
from chatbot.storage.organizer.review import set_asides
from tests.support.broadcasts import BroadcastDriver
from tests.support.cast import HANA, SAM
from tests.support.databases import open_migrated
from tests.support.team_chats import TeamChats
from tests.support.team_desk import PEOPLE, Desk


@pytest.fixture
async def desk(
    url: str,
    campaign: Campaign,
    translators: Mapping[str, Translator],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Desk]:
    """유나 and 하나 as owners and Sam as organizer, on each engine; the processes share a database and a clock."""
    monkeypatch.setattr("chatbot.app.anomaly_watch.draw_noise", lambda: 0)
    monkeypatch.setattr(conditions, "FEW", 1)
    monkeypatch.setattr(set_asides, "AT_ONCE", 2)
    databases = [await open_migrated(url), await open_migrated(url)]
    driver = BroadcastDriver(databases[0])
    first, second = (TeamChats(each, driver, campaign, translators, tmp_path) for each in databases)
    await driver.subscribe(PEOPLE)
    yuna = await first.open_owner()
    hana = await second.add_member(second.chat(HANA, "하나"), "owner")
    sam = await second.add_member(second.chat(SAM, "Sam"), "organizer")
    yield Desk((first, second), yuna, hana, sam)
    for each in databases:
        await each.close()
