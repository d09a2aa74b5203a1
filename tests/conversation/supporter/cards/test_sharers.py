"""If thousands type the bot's name at once, the bot reads about them together and writes nothing."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import AskedForCards, CalledAsGuest, Heard, Person
from chatbot.conversation.supporter.cards import sharers
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.petition.sealing.message_ids import MessageIdSeal
from chatbot.storage import Database, DatabaseUnavailableError
from tests.support.cast import HANA, NOW, SAM
from tests.support.signers import add_signer
from tests.support.team_chats import LINK

CROWD = 300


@pytest.fixture
async def dialog(
    database: Database, campaign: Campaign, translators: Mapping[str, Translator], monkeypatch: pytest.MonkeyPatch
) -> Dialog:
    """A bot that can only read, once somebody who signed and a stranger have typed its name."""
    opened = Dialog(
        database, replace(campaign, is_open=True), translators, LINK, lambda: NOW, card_seal=MessageIdSeal("1:token")
    )
    await database.transact(add_signer, HANA)
    for each in (HANA, SAM):
        assert await is_offered(opened, each)

    async def refuse(*_: object) -> None:
        raise DatabaseUnavailableError("somebody else writes for hours")

    monkeypatch.setattr(database, "transact", refuse)
    return opened


async def is_offered(dialog: Dialog, person_id: int) -> bool:
    answer = await dialog.hear(Heard(person_id, Person(person_id, "하나", "ko"), AskedForCards("q")))
    return answer is not None and answer.offer is not None


async def test_cards_are_offered_while_nothing_can_be_written(dialog: Dialog) -> None:
    assert await is_offered(dialog, HANA)
    assert await is_offered(dialog, SAM)
    guest = await dialog.hear(Heard(9, Person(SAM, "Sam", "en"), CalledAsGuest("g", -5)))
    assert guest is not None
    assert guest.offer is not None


async def test_crowd_is_read_in_a_few_snapshots(
    dialog: Dialog, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads, read_snapshot = count(), database.read_snapshot

    async def count_and_read(*asked: Any) -> Any:
        next(reads)
        return await read_snapshot(*asked)

    monkeypatch.setattr(database, "read_snapshot", count_and_read)
    offered = await asyncio.gather(*(is_offered(dialog, 1_000 + each) for each in range(CROWD)))
    assert all(offered)
    assert next(reads) <= CROWD / sharers.AT_ONCE + 1
    monkeypatch.setattr(sharers, "MOST", 10)
    offered = await asyncio.gather(*(is_offered(dialog, 1_000 + each) for each in range(CROWD)))
    assert 0 < sum(offered) < CROWD, "more than a bounded number do not wait"


async def test_failed_read_fails_each_query_and_no_later_one(
    dialog: Dialog, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise DatabaseUnavailableError("the disk is away")

    with monkeypatch.context() as away:
        away.setattr(database, "read_snapshot", fail)
        failed = await asyncio.gather(is_offered(dialog, HANA), is_offered(dialog, SAM), return_exceptions=True)
    assert [type(each) for each in failed] == [DatabaseUnavailableError] * 2
    assert await is_offered(dialog, HANA)
