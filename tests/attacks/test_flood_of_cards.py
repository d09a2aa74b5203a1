"""Mallory posts endless cards. Only a few of hers are kept up to date, so there is room for those of everybody else."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from chatbot.broadcasting.card_keeper import MOST
from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import CalledAsGuest, Event, Heard, InGroup, Person, PostedCard
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.petition.sealing.message_ids import MessageIdSeal
from chatbot.storage import Database, Transaction
from chatbot.transport.incoming.dispatcher import FOLLOWED_AT_ONCE, FOLLOWED_RATE, Dispatcher
from chatbot.transport.incoming.rate_limit import RateLimit
from tests.support.cast import HANA, MALLORY, NOW
from tests.support.clock import Clock
from tests.support.team_chats import LINK

WEEK = timedelta(days=7).total_seconds()


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def dispatcher(
    database: Database, campaign: Campaign, translators: Mapping[str, Translator], clock: Clock
) -> Dispatcher:
    dialog = Dialog(database, campaign, translators, LINK, lambda: clock.now, card_seal=MessageIdSeal("1:token"))
    dispatcher = Dispatcher(dialog)
    # Without the limit of requests for cards, only the limit of live cards applies.
    dispatcher._card_limit = RateLimit(10**9, 1.0)
    return dispatcher


async def count_cards(tx: Transaction) -> int:
    row = await tx.one("SELECT count(*) AS n FROM cards")
    return row["n"] if row else 0


async def send(dispatcher: Dispatcher, number: int, event: Event, person_id: int = MALLORY) -> None:
    answer = await dispatcher.take(Heard(number, Person(person_id, "", "ko"), event))
    if answer is not None and answer.offer is not None and answer.offer.on_posted is not None:
        await answer.offer.on_posted(f"guest {number}")
    if answer is not None and answer.on_posted is not None:
        await answer.on_posted(number)


async def test_posted_cards_of_one_account_take_no_place_of_others(dispatcher: Dispatcher, database: Database) -> None:
    for number in range(200):
        await send(dispatcher, number, PostedCard(f"forged {number}", "ko"))
    assert await database.transact(count_cards) == FOLLOWED_AT_ONCE
    await send(dispatcher, 999, PostedCard("hana", "ko"), HANA)
    assert await database.transact(count_cards) == FOLLOWED_AT_ONCE + 1


@pytest.mark.parametrize("event", [CalledAsGuest("q", -1), InGroup(-1, wants_card=True)])
async def test_new_groups_take_no_place_of_others(
    dispatcher: Dispatcher, database: Database, event: CalledAsGuest | InGroup
) -> None:
    """Mallory makes one group after the other, and asks there as the group itself."""
    for number in range(2 * FOLLOWED_AT_ONCE):
        chat_id = -1 - number
        await send(dispatcher, number, replace(event, chat_id=chat_id), chat_id)
    assert await database.transact(count_cards) == FOLLOWED_AT_ONCE
    await send(dispatcher, 999, InGroup(-999, wants_card=True), HANA)
    assert await database.transact(count_cards) == FOLLOWED_AT_ONCE + 1


async def test_many_members_of_one_group_take_no_place_of_others(
    dispatcher: Dispatcher, database: Database, clock: Clock
) -> None:
    for number in range(2 * FOLLOWED_AT_ONCE):
        clock.now += timedelta(minutes=1)
        await send(dispatcher, number, InGroup(-1, wants_card=True), 7_000 + number)
    assert await database.transact(count_cards) == FOLLOWED_AT_ONCE


@pytest.mark.slow
async def test_calls_as_a_guest_take_no_place_of_others(dispatcher: Dispatcher, database: Database) -> None:
    """Mallory calls the bot in one new chat after the other."""
    for number in range(200):
        await send(dispatcher, number, CalledAsGuest(f"q{number}", -1 - number))
    assert await database.transact(count_cards) == FOLLOWED_AT_ONCE
    await send(dispatcher, 999, CalledAsGuest("hana", -999), HANA)
    assert await database.transact(count_cards) == FOLLOWED_AT_ONCE + 1


def test_one_account_fills_less_than_half_of_the_live_cards_in_a_week() -> None:
    assert FOLLOWED_AT_ONCE + WEEK * FOLLOWED_RATE < MOST / 2
