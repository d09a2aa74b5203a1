"""The cards that somebody posts in a group do not reveal whether the poster has signed, has withdrawn or was erased.

Mallory is in the group, and compares the cards that Hana posts there. Everybody sees the links of their buttons.
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
from tests.support.cast import HANA, MALLORY, NOW, SAM
from tests.support.chat import Chat
from tests.support.signers import add_signer
from tests.support.team_chats import LINK

TOKEN = "1:token"
_numbers = count(1)


@pytest.fixture
def dialog(database: Database, campaign: Campaign, translators: Mapping[str, Translator]) -> Dialog:
    return make_dialog(database, campaign, translators, TOKEN)


def make_dialog(database: Database, campaign: Campaign, translators: Mapping[str, Translator], token: str) -> Dialog:
    opened = replace(campaign, is_open=True)
    return Dialog(database, opened, translators, LINK, lambda: NOW, card_seal=MessageIdSeal(token))


async def find_link(dialog: Dialog, person_id: int = HANA, *, in_channel: bool = False) -> str:
    """Return the link of the cards that somebody may post, which is the same in each language."""
    event: Event = AskedForCards("q", in_channel=in_channel)
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


async def test_link_on_cards_stays_the_same_whatever_its_owner_does(dialog: Dialog, database: Database) -> None:
    async def withdraw(tx: Transaction) -> None:
        await signatures.take_back(tx, HANA)

    async def erase(tx: Transaction) -> None:
        await erasure.erase(tx, HANA, NOW)

    before = await find_link(dialog)
    assert await find_link(dialog) == before, "Hana has never written to the bot"
    chat = Chat(dialog, Person(HANA, "하나", "ko"))
    await chat.says("/start")
    assert await find_link(dialog) == before
    await chat.says("/share")
    assert await find_link(dialog) == before
    await database.transact(add_signer, HANA)
    assert await find_link(dialog) == before
    await database.transact(withdraw)
    assert await find_link(dialog) == before
    await database.transact(erase)
    assert await find_link(dialog) == before
    await database.transact(add_signer, HANA)
    assert await find_link(dialog) == before
    assert await find_link(dialog, SAM) != before


async def test_link_depends_on_the_token_and_on_a_stored_secret(
    dialog: Dialog, database: Database, campaign: Campaign, translators: Mapping[str, Translator]
) -> None:
    link = await find_link(dialog)
    assert await find_link(make_dialog(database, campaign, translators, "1:another")) != link
    await database.transact(_drop_secret)
    assert await find_link(dialog) != link


async def test_link_of_a_stranger_is_not_stored(dialog: Dialog, database: Database) -> None:
    code = (await find_link(dialog)).removeprefix(f"{LINK}?start=")
    await Chat(dialog, Person(SAM, "Sam", "en")).says(f"/start {code}")
    assert await database.transact(_read_source) == "s-", "only that it was a share link"


async def test_card_in_a_channel_does_not_tell_which_admin_posted_it(dialog: Dialog, database: Database) -> None:
    assert await find_link(dialog, in_channel=True) == f"{LINK}?start=card"
    await database.transact(add_signer, HANA)
    assert await find_link(dialog, in_channel=True) == f"{LINK}?start=card"
    assert await find_link(dialog) != f"{LINK}?start=card"


async def test_own_data_of_a_friend_reveals_nothing_about_the_sharer(dialog: Dialog, database: Database) -> None:
    """Mallory signs through the link of Hana's card. The file of /me reads the same whatever Hana does."""

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

    async def erase(tx: Transaction, person_id: int) -> None:
        await erasure.erase(tx, person_id, NOW)

    code = (await find_link(dialog)).removeprefix(f"{LINK}?start=")
    await database.transact(follow, code)
    of_a_stranger = await read_file()
    await database.transact(erase, MALLORY)
    await database.transact(add_signer, HANA)
    assert (await find_link(dialog)).endswith(code)
    await database.transact(follow, code)
    assert _without_number(await read_file()) == _without_number(of_a_stranger), "Hana has signed"
    await database.transact(erase, HANA)
    assert _without_number(await read_file()) == _without_number(of_a_stranger), "Hana was erased"


def _without_number(data: PersonalData) -> PersonalData:
    """Remove the number of the signature, which depends on how many people signed before."""
    return {table: [row | {"number": None} for row in rows] for table, rows in data.items()}


async def _read_source(tx: Transaction) -> str | None:
    row = await tx.one("SELECT source FROM supporters WHERE id = :id", id=SAM)
    return row["source"] if row else None


async def _drop_secret(tx: Transaction) -> None:
    await tx.run("DELETE FROM app_state WHERE name = 'share_codes'")


async def test_two_accounts_with_the_same_code_get_different_ones(
    dialog: Dialog, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def make(*_: object) -> str:
        return "s-KqX4zP9a"

    monkeypatch.setattr("chatbot.storage.privacy.share_codes.ShareCodes.make", make)
    for person in (HANA, SAM):
        await database.transact(add_signer, person)
        await find_link(dialog, person)
    codes = [(await database.transact(supporters.find_language_and_code, each))[1] for each in (HANA, SAM)]
    assert codes[0] == "s-KqX4zP9a"
    assert codes[1] not in (None, codes[0])
