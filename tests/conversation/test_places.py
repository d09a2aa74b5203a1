"""In groups and channels: the card where the bot is asked for it, changes that Telegram tells of, and silence."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import (
    Answer,
    BotAdded,
    BotStatus,
    Event,
    Heard,
    InGroup,
    Person,
    PlaceMoved,
    PlaceRenamed,
)
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.storage import Database, Transaction
from chatbot.storage.organizer import jobs
from chatbot.storage.places import places
from tests.support.cast import NOW, YUNA
from tests.support.clock import Clock

GROUP, CHANNEL = -4_000_000_001, -1_002_000_000_001
SAM = Person(1002, "Sam", "en")
_update_ids = count(800_000_001)


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def dialog(database: Database, campaign: Campaign, translators: Mapping[str, Translator], clock: Clock) -> Dialog:
    return Dialog(
        database, replace(campaign, is_open=True), translators, "https://t.me/SaveMyFriendBot", lambda: clock.now
    )


async def hear(dialog: Dialog, event: Event, person: Person = SAM) -> Answer | None:
    return await dialog.hear(Heard(next(_update_ids), person, event))


async def link(database: Database, chat_id: int, language: str) -> str:
    place = await database.transact(places.link, chat_id, "group", "우리 동네", language, YUNA, NOW)
    assert place is not None
    return place.code


async def test_group_gets_one_card_a_minute_with_its_own_link(
    dialog: Dialog, database: Database, campaign: Campaign, clock: Clock
) -> None:
    code = await link(database, GROUP, "ko")
    answer = await hear(dialog, InGroup(GROUP, wants_card=True))
    assert answer is not None
    assert answer.chat_id == GROUP
    assert answer.screen is not None
    assert campaign.words["ko"].title in answer.screen.text, "in the language of the group"
    assert [button.url for row in answer.screen.rows for button in row] == [  # type: ignore[union-attr]
        f"https://t.me/SaveMyFriendBot?start={code}"
    ]
    assert await hear(dialog, InGroup(GROUP, wants_card=True), Person(1001, "하나", "ko")) is None
    other = await hear(dialog, InGroup(-100, wants_card=True))
    assert other is not None
    assert other.screen is not None
    assert "?start=group" in str(other.screen.rows), "a group that is not linked has no link of its own"
    clock.now += timedelta(minutes=1)
    assert await hear(dialog, InGroup(GROUP, wants_card=True)) is not None


async def test_group_is_shown_the_way_to_the_private_chat_once_a_minute(dialog: Dialog, clock: Clock) -> None:
    shown = await hear(dialog, InGroup(GROUP))
    assert shown is not None
    assert shown.screen is not None
    assert await hear(dialog, InGroup(GROUP), Person(1001, "하나", "ko")) is None
    assert await hear(dialog, InGroup(GROUP, wants_card=True)) is not None, "the card does not wait for it"
    tapped = await hear(dialog, InGroup(GROUP, query_id="q"))
    assert tapped == Answer(GROUP, None, query_id="q"), "a tapped button stops spinning"
    assert await hear(dialog, InGroup(-100)) is not None, "in another group"
    clock.now += timedelta(minutes=1)
    assert await hear(dialog, InGroup(GROUP)) is not None


async def test_nothing_about_people_in_a_group_is_stored(dialog: Dialog, database: Database) -> None:
    await link(database, GROUP, "ko")
    for event in (InGroup(GROUP, wants_card=True), InGroup(GROUP), BotStatus(GROUP, "x", None, joined=True)):
        await hear(dialog, event)

    async def count_people(tx: Transaction) -> int:
        row = await tx.one("SELECT count(*) AS n FROM supporters")
        assert row is not None
        return int(row["n"])

    assert await database.transact(count_people) == 0


async def test_place_follows_its_title_and_its_new_id(dialog: Dialog, database: Database) -> None:
    code = await link(database, GROUP, "ko")
    assert await hear(dialog, PlaceRenamed(GROUP, "이웃")) is None
    assert await hear(dialog, PlaceMoved(GROUP, CHANNEL)) is None
    assert await hear(dialog, PlaceMoved(GROUP, CHANNEL)) is None, "the supergroup tells of it as well"
    place = await database.transact(places.find, code)
    assert place is not None
    assert (place.title, place.chat_id) == ("이웃", CHANNEL)

    async def list_told(tx: Transaction) -> list[str]:
        return [str(job.details["notice"]) for job in await jobs.find_due(tx, NOW, (), 10)]

    assert await database.transact(list_told) == ["place_grown"], "the team is told once"


async def test_change_that_is_delivered_again_is_noted_once(dialog: Dialog, database: Database) -> None:
    code = await link(database, GROUP, "ko")
    removed = Heard(next(_update_ids), SAM, BotStatus(GROUP, "우리 동네", "removed"))
    back = Heard(next(_update_ids), SAM, BotStatus(GROUP, "우리 동네", None, joined=True))
    assert await dialog.hear(removed) is None
    assert await dialog.hear(back) is None
    answer = await hear(dialog, BotAdded(GROUP))
    assert answer is not None
    assert answer.screen is not None, "the card greets the group"
    assert await dialog.hear(removed) is None
    assert await dialog.hear(back) is None
    place = await database.transact(places.find, code)
    assert place is not None
    assert place.trouble is None


async def test_card_greets_a_group_once_both_updates_tell_that_the_bot_was_added(dialog: Dialog, clock: Clock) -> None:
    joined = BotStatus(GROUP, "우리 동네", None, joined=True)
    assert await hear(dialog, BotAdded(GROUP)) is None
    assert await hear(dialog, joined) is not None, "in this order"
    assert await hear(dialog, joined) is None
    clock.now += timedelta(minutes=1)
    assert await hear(dialog, joined) is None, "what was a minute ago belongs to another time"
    assert await hear(dialog, BotAdded(GROUP)) is not None, "and in this"
    assert await hear(dialog, BotAdded(GROUP)) is None


async def test_group_that_became_a_supergroup_is_not_greeted_again(dialog: Dialog) -> None:
    """Telegram tells that the bot is a new member of the supergroup, before or after it tells of the new id."""
    joined, moved = BotStatus(CHANNEL, "우리 동네", None, joined=True), PlaceMoved(GROUP, CHANNEL)
    for event in (joined, moved, moved, joined):
        assert await hear(dialog, event) is None


async def test_bot_that_is_added_as_an_admin_greets_nobody(dialog: Dialog) -> None:
    assert await hear(dialog, BotStatus(GROUP, "우리 동네", None)) is None
    assert await hear(dialog, BotAdded(GROUP)) is None
