"""Cards are offered in the sharer's language first, with their own link, and nothing of a query is stored."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import count

import pytest

from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import (
    AskedForCards,
    CalledAsGuest,
    CardEvent,
    CardOffer,
    Heard,
    OfferedCard,
    Person,
    PostedCard,
)
from chatbot.conversation.supporter.cards.offers import SIGN_FIRST
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.petition.sealing.message_ids import MessageIdSeal
from chatbot.screens.screen import Link
from chatbot.storage import Database, Transaction
from chatbot.storage.people import supporters
from chatbot.storage.places import cards
from tests.support.cast import HANA, NOW, SAM
from tests.support.signers import add_signer
from tests.support.team_chats import LINK

SEAL = MessageIdSeal("1:token")
_numbers = count(1)


@pytest.fixture
def dialog(database: Database, campaign: Campaign, translators: Mapping[str, Translator]) -> Dialog:
    """The bundled petition, open for signatures, with cards that follow."""
    return Dialog(database, replace(campaign, is_open=True), translators, LINK, lambda: NOW, card_seal=SEAL)


async def hear(dialog: Dialog, event: CardEvent, person_id: int = HANA, tag: str | None = "ko") -> CardOffer | None:
    """Let somebody do something with cards."""
    answer = await dialog.hear(Heard(next(_numbers), Person(person_id, "하나", tag), event))
    return answer.offer if answer else None


async def ask(dialog: Dialog, person_id: int = HANA, tag: str | None = "ko") -> CardOffer:
    """Type @bot."""
    offer = await hear(dialog, AskedForCards("q"), person_id, tag)
    assert offer is not None
    return offer


def read_start(offered: OfferedCard) -> str:
    """Return the start parameter of a card."""
    [[button]] = offered.screen.rows
    assert isinstance(button, Link)
    return button.url.removeprefix(f"{LINK}?start=")


async def read_everything(tx: Transaction) -> list[dict[str, object]]:
    """Read what is stored of people and updates."""
    tables = ("supporters", "signatures", "processed_updates", "cards", "counters", "jobs")
    rows = [row for table in tables for row in await tx.all(f"SELECT * FROM {table}")]
    return [{name: row[name] for name in row.keys()} for row in rows]  # noqa: SIM118 - a row is no mapping


async def test_language_of_the_sharer_comes_first(dialog: Dialog, database: Database) -> None:
    assert [each.language for each in (await ask(dialog)).cards] == ["ko", "en"]
    assert [each.language for each in (await ask(dialog, SAM, "en-CA")).cards] == ["en", "ko"]
    await database.transact(add_signer, SAM)
    await database.transact(supporters.choose_language, SAM, "ko", NOW)
    assert [each.language for each in (await ask(dialog, SAM, "en-CA")).cards] == ["ko", "en"]


async def test_query_of_a_stranger_stores_nothing(dialog: Dialog, database: Database) -> None:
    before = await database.transact(read_everything)
    offer = await ask(dialog)
    guest = await hear(dialog, CalledAsGuest("g", -5))
    assert guest is not None
    assert await database.transact(read_everything) == before
    assert offer.button is not None
    assert offer.button[1] == SIGN_FIRST
    assert guest.button is None


async def test_query_of_a_signer_stores_nothing_but_their_link(dialog: Dialog, database: Database) -> None:
    await database.transact(add_signer, HANA)
    first = await ask(dialog)
    before = await database.transact(read_everything)
    second = await ask(dialog)
    assert await database.transact(read_everything) == before
    assert first == second
    [code] = {read_start(each) for each in second.cards}
    assert code == (await database.transact(supporters.find_language_and_code, HANA))[1]
    assert second.button is None


async def test_links_do_not_tell_who_has_signed(dialog: Dialog, database: Database) -> None:
    await database.transact(add_signer, HANA)
    signer, stranger = [read_start((await ask(dialog, each)).cards[0]) for each in (HANA, SAM)]
    assert signer[:2] == stranger[:2] == "s-"
    assert len(signer) == len(stranger)


async def test_guest_gets_the_card_in_the_language_of_their_telegram(dialog: Dialog, database: Database) -> None:
    await database.transact(add_signer, SAM)
    await database.transact(supporters.choose_language, SAM, "ko", NOW)
    offer = await hear(dialog, CalledAsGuest("g", -5), SAM, "en-CA")
    assert offer is not None
    [offered] = offer.cards
    assert (offered.language, read_start(offered)) == ("en", "card"), "what they chose in the bot stays there"
    assert offer.on_posted is not None
    await offer.on_posted("message")
    assert await database.transact(cards.list_newest, NOW, 10) == [(SEAL.close("message"), "en")]


async def test_posted_card_is_stored_once(dialog: Dialog, database: Database) -> None:
    for _ in range(2):
        assert await hear(dialog, PostedCard("message", "ko")) is None
    assert await hear(dialog, PostedCard("other", "klingon")) is None
    assert await database.transact(cards.list_newest, NOW, 10) == [(SEAL.close("message"), "ko")]


async def test_nobody_is_asked_to_sign_after_the_end(
    database: Database, campaign: Campaign, translators: Mapping[str, Translator]
) -> None:
    closed = Dialog(database, replace(campaign, is_open=False), translators, LINK, lambda: NOW)
    offer = await ask(closed)
    assert offer.button is None
    assert "서명을 마감했습니다" in offer.cards[0].screen.text
