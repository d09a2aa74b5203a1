"""The stored cards do not reveal who posted them, and the number on a card does not reveal a single signature."""

import base64
import struct
from collections.abc import Mapping
from dataclasses import replace

from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import Heard, Person, PostedCard
from chatbot.i18n import Translator
from chatbot.petition.lifecycle import PetitionStatus
from chatbot.petition.model import Campaign
from chatbot.petition.sealing.message_ids import MessageIdSeal
from chatbot.screens.supporter.card import read_numbers
from chatbot.storage import Database, Transaction
from tests.support.cast import HANA, NOW
from tests.support.team_chats import LINK

SEAL = MessageIdSeal("1:token")


def make_message_id(owner: int) -> tuple[bytes, str]:
    """Return the id of a message in a private chat, as Telegram makes it: it contains the account that posted it."""
    raw = struct.pack("<iqiq", 2, owner, 77, 123_456_789)
    return raw, base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


async def read_card(tx: Transaction) -> dict[str, object]:
    """Return the only stored card."""
    row = await tx.one("SELECT * FROM cards")
    assert row is not None
    return {name: row[name] for name in row.keys()}  # noqa: SIM118 - a row is no mapping


async def test_stored_card_does_not_reveal_its_poster(
    database: Database, campaign: Campaign, translators: Mapping[str, Translator]
) -> None:
    raw, message_id = make_message_id(HANA)
    dialog = Dialog(database, campaign, translators, LINK, lambda: NOW, card_seal=SEAL)
    await dialog.hear(Heard(1, Person(HANA, "하나", "ko"), PostedCard(message_id, "ko")))
    row = await database.transact(read_card)
    sealed = str(row["sealed_id"])
    assert row == {"sealed_id": sealed, "language": "ko", "posted_on": NOW.date().isoformat(), "place": 1}
    kept = base64.urlsafe_b64decode(sealed)
    assert not any(each in kept for each in (raw, message_id.encode(), struct.pack("<q", HANA), b"1001"))
    assert SEAL.open(sealed) == message_id
    assert MessageIdSeal("1:another").open(sealed) is None
    assert SEAL.open("–") is None


async def test_posting_a_card_stores_no_supporter(
    database: Database, campaign: Campaign, translators: Mapping[str, Translator]
) -> None:
    dialog = Dialog(database, campaign, translators, LINK, lambda: NOW, card_seal=SEAL)
    await dialog.hear(Heard(1, Person(HANA, "하나", "ko"), PostedCard(make_message_id(HANA)[1], "ko")))
    assert await database.transact(_count_people) == 0


def test_number_on_a_card_changes_once_in_ten_signatures(campaign: Campaign) -> None:
    opened = replace(campaign, is_open=True, carried_over=200)
    shown = [read_numbers(opened, PetitionStatus(), signed) for signed in range(100)]
    assert len(set(shown)) == 10


async def _count_people(tx: Transaction) -> int:
    row = await tx.one("SELECT count(*) AS n FROM supporters")
    assert row is not None
    count: int = row["n"]
    return count
