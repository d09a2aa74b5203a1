"""Nobody learns from the cards that somebody posts in a group whether they signed, took it back, or were erased.

Mallory is in the group, and compares every two cards that Hana posts there; everybody sees the links of their buttons.
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import count

import pytest

from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import AskedForCards, Event, Heard, Person
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.petition.sealing.message_ids import MessageIdSeal
from chatbot.screens.screen import Link
from chatbot.storage import Database, Transaction
from chatbot.storage.people import friends, signatures, supporters
from chatbot.storage.privacy import erasure, personal_data
from chatbot.storage.privacy.personal_data import PersonalData
from tests.support.cast import HANA, NOW, SAM
from tests.support.chat import Chat
from tests.support.signers import add_signer
from tests.support.team_chats import LINK

MALLORY = 6_666
TOKEN = "1:token"
_numbers = count(1)


@pytest.fixture
def dialog(database: Database, campaign: Campaign, translators: Mapping[str, Translator]) -> Dialog:
    return _make(database, campaign, translators, TOKEN)


def _make(database: Database, campaign: Campaign, translators: Mapping[str, Translator], token: str) -> Dialog:
    opened = replace(campaign, is_open=True)
    return Dialog(database, opened, translators, LINK, lambda: NOW, card_seal=MessageIdSeal(token))


async def see_link(dialog: Dialog, person_id: int = HANA) -> str:
    """Return the link on a card that somebody posts, in whatever language."""
    event: Event = AskedForCards("q")
    answer = await dialog.hear(Heard(next(_numbers), Person(person_id, "하나", "ko"), event))
    assert answer is not None
    assert answer.offer is not None
    [link] = {
        button.url
        for each in answer.offer.cards
        for row in each.screen.rows
        for button in row
        if isinstance(button, Link)
    }
    return link


async def test_cards_of_a_person_look_the_same_whatever_they_do(dialog: Dialog, database: Database) -> None:
    async def withdraw(tx: Transaction) -> None:
        await signatures.take_back(tx, HANA)

    async def be_erased(tx: Transaction) -> None:
        await erasure.erase(tx, HANA, NOW)

    stranger = await see_link(dialog)
    assert await see_link(dialog) == stranger, "before they ever wrote to the bot"
    chat = Chat(dialog, Person(HANA, "하나", "ko"))
    await chat.says("/start")
    assert await see_link(dialog) == stranger
    await chat.says("/share")
    assert await see_link(dialog) == stranger
    await database.transact(add_signer, HANA)
    assert await see_link(dialog) == stranger
    await database.transact(withdraw)
    assert await see_link(dialog) == stranger
    await database.transact(be_erased)
    assert await see_link(dialog) == stranger
    await database.transact(add_signer, HANA)
    assert await see_link(dialog) == stranger
    assert await see_link(dialog, SAM) != stranger


async def test_link_leads_to_nobody_without_both_the_database_and_the_token(
    dialog: Dialog, database: Database, campaign: Campaign, translators: Mapping[str, Translator]
) -> None:
    link = await see_link(dialog)
    assert await see_link(_make(database, campaign, translators, "1:another")) != link
    await database.transact(_drop_secret)
    assert await see_link(dialog) != link


async def test_link_of_somebody_unknown_is_not_stored(dialog: Dialog, database: Database) -> None:
    code = (await see_link(dialog)).removeprefix(f"{LINK}?start=")
    await Chat(dialog, Person(SAM, "Sam", "en")).says(f"/start {code}")
    assert await database.transact(_read_source) == "s-", "only that it was a friend's"


async def test_own_data_of_a_friend_tells_nothing_of_the_sharer(dialog: Dialog, database: Database) -> None:
    """Mallory signs through the link of Hana's card, and reads the file under /me before and after what Hana does."""

    async def follow(tx: Transaction, source: str) -> None:
        await supporters.meet(tx, MALLORY, language="ko", now=NOW)
        await supporters.remember_source(tx, MALLORY, source)
        row = await tx.one("SELECT source FROM supporters WHERE id = :id", id=MALLORY)
        assert row is not None
        await add_signer(tx, MALLORY, source=row["source"])
        for signature in await friends.list_after(tx, 0, 10):
            await friends.count(tx, signature, (), silent=True)

    async def read_file() -> PersonalData:
        return await database.read_snapshot(personal_data.gather, MALLORY)

    async def be_erased(tx: Transaction, person_id: int) -> None:
        await erasure.erase(tx, person_id, NOW)

    code = (await see_link(dialog)).removeprefix(f"{LINK}?start=")
    await database.transact(follow, code)
    of_a_stranger = await read_file()
    await database.transact(be_erased, MALLORY)
    await database.transact(add_signer, HANA)
    assert (await see_link(dialog)).endswith(code)
    await database.transact(follow, code)
    assert _leave_out_number(await read_file()) == _leave_out_number(of_a_stranger), "Hana has signed"
    await database.transact(be_erased, HANA)
    assert _leave_out_number(await read_file()) == _leave_out_number(of_a_stranger), "Hana was erased"


def _leave_out_number(data: PersonalData) -> PersonalData:
    """Leave out the number of the signature, which tells how many signed before."""
    return {table: [row | {"number": None} for row in rows] for table, rows in data.items()}


async def _read_source(tx: Transaction) -> str | None:
    row = await tx.one("SELECT source FROM supporters WHERE id = :id", id=SAM)
    return row["source"] if row else None


async def _drop_secret(tx: Transaction) -> None:
    await tx.run("DELETE FROM app_state WHERE name = 'share_codes'")


async def test_two_accounts_with_one_code_both_get_a_link(
    dialog: Dialog, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def make(*_: object) -> str:
        return "s-KqX4zP9a"

    monkeypatch.setattr("chatbot.storage.privacy.share_codes.ShareCodes.make", make)
    for person in (HANA, SAM):
        await database.transact(add_signer, person)
        await see_link(dialog, person)
    codes = [(await database.transact(supporters.find_language_and_code, each))[1] for each in (HANA, SAM)]
    assert codes[0] == "s-KqX4zP9a"
    assert codes[1] not in (None, codes[0])
