"""A dialog with a new database, and chats of the cast with it."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import Person
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.petition.team import TeamAccess
from chatbot.storage import Database
from tests.support.broadcasts import BroadcastDriver
from tests.support.cast import HANA, YUNA
from tests.support.chat import Chat
from tests.support.databases import open_migrated
from tests.support.query_plans import Recorder, Said, find_scans
from tests.support.team_chats import (
    LINK,
    TeamChats,
)


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """A new database. A query that scans a growing table fails the test."""
    opened, said = await open_migrated(sqlite_url), Said()
    yield Recorder(opened, said)
    scans = await find_scans(opened, said)
    await opened.close()
    assert scans == []


@pytest.fixture
def dialog(database: Database, campaign: Campaign, translators: Mapping[str, Translator]) -> Dialog:
    """The bundled petition, open for signatures."""
    return Dialog(database, replace(campaign, is_open=True), translators, LINK)


@pytest.fixture
def closed(database: Database, campaign: Campaign, translators: Mapping[str, Translator]) -> Dialog:
    """The same petition over the same database, closed."""
    return Dialog(database, replace(campaign, is_open=False), translators, LINK)


@pytest.fixture
def hana(dialog: Dialog) -> Chat:
    """하나, whose Telegram speaks Korean."""
    return Chat(dialog, Person(HANA, "김하나", "ko"))


@pytest.fixture
def sam(dialog: Dialog) -> Chat:
    """Sam, whose Telegram speaks Canadian English."""
    return Chat(dialog, Person(1002, "Sam Smith", "en-CA"))


@pytest.fixture
def mallory(dialog: Dialog) -> Callable[[int], Chat]:
    """A function that opens a chat for an account of Mallory, who has many."""
    return lambda n=0: Chat(dialog, Person(6000 + n, "Mallory", None))


@pytest.fixture
def driver(database: Database) -> BroadcastDriver:
    """The subscribers and their deliveries, with a clock that does not advance."""
    return BroadcastDriver(database)


@pytest.fixture
def make_dialog(
    driver: BroadcastDriver, database: Database, campaign: Campaign, translators: Mapping[str, Translator]
) -> Callable[..., Dialog]:
    """Make a dialog in which 유나 and 하나 are owners. Each uses the same database, as after a restart."""

    def make(rate: float = 25.0, *, paid: bool = False) -> Dialog:
        access = TeamAccess(frozenset({YUNA, HANA}), rate, paid)
        return Dialog(database, replace(campaign, is_open=True), translators, LINK, lambda: driver.now, team=access)

    return make


@pytest.fixture
def chats(
    database: Database,
    driver: BroadcastDriver,
    campaign: Campaign,
    translators: Mapping[str, Translator],
    tmp_path: Path,
) -> TeamChats:
    """A petition with a team."""
    return TeamChats(database, driver, campaign, translators, tmp_path / "files")


@pytest.fixture
def yuna(make_dialog: Callable[..., Dialog]) -> Chat:
    """유나, an owner, whose Telegram speaks English."""
    return Chat(make_dialog(), Person(YUNA, "유나", "en"))


@pytest.fixture
def hana_organizer(make_dialog: Callable[..., Dialog]) -> Chat:
    """하나 as a second owner, who reads English as well."""
    return Chat(make_dialog(), Person(HANA, "김하나", "en"))
