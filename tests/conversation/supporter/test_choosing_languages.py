"""Choosing a language among more than two, and readers of a language that is no longer offered."""

from dataclasses import replace
from pathlib import Path

import pytest

from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import Person
from chatbot.i18n import Translators
from chatbot.petition.model import Campaign
from chatbot.screens.load import load_petition
from chatbot.settings import BUNDLED_LOCALES
from chatbot.storage import Database
from chatbot.storage.people import subscriptions, supporters
from tests.support.chat import Chat
from tests.support.made_up_languages import ACCENTED, RIGHT_TO_LEFT
from tests.support.team_chats import LINK

SAM = 1002


@pytest.fixture(scope="module")
def petition(made_up_locales: Path) -> tuple[Campaign, Translators]:
    """A petition of five languages."""
    return load_petition([made_up_locales, BUNDLED_LOCALES])


@pytest.fixture
def names(petition: tuple[Campaign, Translators]) -> dict[str, str]:
    """The languages' own names."""
    return {language: facts.name for language, facts in petition[0].languages.items()}


@pytest.fixture
def sam(database: Database, petition: tuple[Campaign, Translators]) -> Chat:
    """Sam, whose Telegram speaks English."""
    dialog = Dialog(database, replace(petition[0], is_open=True), petition[1], LINK)
    return Chat(dialog, Person(SAM, "Sam Taylor", "en-CA"))


def read_names(chat: Chat) -> list[str]:
    """Return the languages on the buttons, without the last button."""
    return [label.removeprefix("✓ ") for label in chat.labels][:-1]


async def test_language_is_chosen_from_a_list(sam: Chat, database: Database, names: dict[str, str]) -> None:
    await sam.says("/start")
    await sam.taps("🌐 English …")
    assert read_names(sam) == list(names.values())
    assert [label for label in sam.labels if "✓" in label] == ["✓ English"]
    assert sam.text.splitlines()[:2] == ["언어를 골라 주세요.", "Choose your language."]
    await sam.taps(names["qps"])
    assert ACCENTED.write("Signing takes about a minute.") in sam.text
    await sam.taps(f"🌐 {names['qps']} …")
    await sam.taps("English")
    assert "Signing takes about a minute." in sam.text
    assert await database.transact(supporters.find_language, SAM) == "en"


async def test_question_stays_while_the_language_changes(sam: Chat, names: dict[str, str]) -> None:
    await sam.begins()
    await sam.says("Sam")
    await sam.says("/language")
    await sam.taps(names["qar"])
    assert RIGHT_TO_LEFT.read(sam.text).startswith("<b>Which country do you live in?</b>")


async def test_updates_come_in_the_language_chosen_after_signing(
    sam: Chat, database: Database, names: dict[str, str]
) -> None:
    await sam.signs()
    await sam.taps("🔔 Get updates")
    assert "You'll get updates in English" in sam.text
    await sam.taps("Another language")
    assert [label.removeprefix("✓ ") for label in read_names(sam)] == list(names.values())
    await sam.taps(names["qar"])
    assert f"You'll get updates in {names['qar']}" in sam.text
    subscription = await database.transact(subscriptions.find, SAM)
    assert subscription is not None
    assert subscription.language == "qar"


async def test_language_of_updates_is_changed_from_a_list(sam: Chat) -> None:
    await sam.says("/subscribe")
    await sam.taps("Another language")
    assert [label for label in sam.labels if "✓" in label] == ["✓ English"]
    await sam.taps("한국어")
    assert "You'll get updates in Korean" in sam.text
    await sam.says("/me")
    assert "You get updates in Korean." in sam.text


@pytest.mark.parametrize(
    "action", ["speak:th", "home:../en", "join:th", "subscribe:EN", "language:th", "language:speak"]
)
async def test_language_that_is_not_offered_is_not_chosen(sam: Chat, database: Database, action: str) -> None:
    await sam.says("/start")
    await sam.presses(action)
    assert await database.transact(supporters.find_language, SAM) == "en"
    subscription = await database.transact(subscriptions.find, SAM)
    assert subscription is None or subscription.language == "en"


async def test_reader_of_a_language_that_is_gone_gets_its_fallback(
    sam: Chat, dialog: Dialog, database: Database
) -> None:
    await sam.says("/start")
    await sam.presses("speak:qps")
    await sam.presses("subscribe:qar")
    sam.dialog = dialog
    await sam.says("/start")
    assert "Signing takes about a minute." in sam.text
    assert "🌐 한국어" in sam.labels
    await sam.says("/me")
    assert "You get updates in English." in sam.text
    subscription = await database.transact(subscriptions.find, SAM)
    assert subscription is not None
    assert (await database.transact(supporters.find_language, SAM), subscription.language) == ("qps", "qar")
