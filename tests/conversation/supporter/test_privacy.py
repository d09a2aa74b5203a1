"""The privacy screen agrees with the settings, and leads to the rights that people have."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from chatbot.app import read_campaign
from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import Person
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.petition.sealing.keys import Seal, make_pair
from chatbot.settings import Settings
from chatbot.storage import Database
from tests.support.chat import Chat
from tests.support.team_chats import LINK


@pytest.mark.parametrize("days", [180, 7])
async def test_privacy_screen_names_the_configured_days(
    monkeypatch: pytest.MonkeyPatch, database: Database, translators: Mapping[str, Translator], days: int
) -> None:
    monkeypatch.setenv("RETENTION_DAYS", str(days))
    campaign, _translators = read_campaign(Settings())
    dialog = Dialog(database, replace(campaign, is_open=True), translators, LINK)
    sam, hana = Chat(dialog, Person(1002, "Sam", "en")), Chat(dialog, Person(1001, "김하나", "ko"))
    await sam.says("/privacy")
    assert f"{days} days after the petition has closed" in sam.text
    await hana.says("/privacy")
    assert f"{days}일이 지나면" in hana.text


async def test_privacy_screen_leads_to_seeing_withdrawing_and_erasing(sam: Chat) -> None:
    await sam.says("/privacy")
    await sam.taps("My data")
    assert "You haven't signed." in sam.text
    await sam.says("/privacy")
    assert "withdraw" not in sam.actions
    await sam.signs()
    await sam.says("/privacy")
    await sam.taps("Withdraw my signature")
    assert "Withdraw your signature?" in sam.text
    await sam.says("/privacy")
    await sam.taps("Erase everything about me")
    assert "Erase everything about you?" in sam.text


async def test_privacy_screen_says_that_names_are_sealed(
    campaign: Campaign, database: Database, translators: Mapping[str, Translator], sam: Chat
) -> None:
    await sam.says("/privacy")
    assert "sealed" not in sam.text
    sealing = Dialog(database, campaign, translators, LINK, seal=Seal.read(make_pair()[0]))
    sam = Chat(sealing, sam.person)
    await sam.says("/privacy")
    assert "names and reasons are encrypted" in sam.text
