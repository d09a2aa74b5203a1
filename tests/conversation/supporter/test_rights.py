"""하나 signs, gets a broadcast, exports her data, withdraws, signs again, and is erased."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import Person
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.petition.sealing.keys import Seal, make_pair
from chatbot.storage import Transaction
from chatbot.storage.admin import backup
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.people import signatures
from tests.support.broadcasts import draft, start
from tests.support.chat import Chat
from tests.support.team_chats import (
    LINK,
    TeamChats,
)
from tests.support.traces import find_traces

PUBLIC, PRIVATE = make_pair()
HANA = 0x1B2C3D4E5F
NAME, REASON = "Hana-Unmistakable", "for-my-own-sister"
WORDS = (NAME.encode(), REASON.encode())
IDS = (HANA.to_bytes(6, "big"), str(HANA).encode())


async def sign(chat: Chat) -> None:
    await chat.begins()
    await chat.says(NAME)
    await chat.presses("country.KR")
    await chat.taps("Reason")
    await chat.says(REASON)
    await chat.taps("☐ Show my name")
    await chat.taps("✍️ Sign")


@pytest.mark.parametrize("sealed", [False, True], ids=["in clear", "sealed"])
async def test_supporter_uses_every_right_and_no_byte_is_left(
    chats: TeamChats, campaign: Campaign, translators: Mapping[str, Translator], tmp_path: Path, *, sealed: bool
) -> None:
    database, driver = chats.database, chats.driver
    seal = Seal.read(PUBLIC) if sealed else None
    dialog = Dialog(database, replace(campaign, is_open=True), translators, LINK, lambda: driver.now, seal=seal)
    hana = Chat(dialog, Person(HANA, "하나", "en"))
    sam = Chat(dialog, Person(1002, "Sam", "en"))
    await sam.signs()

    async def send(tx: Transaction) -> None:
        await start(tx, await draft(tx, driver.now, en="News"), driver.now)

    await hana.says("/start seoul-vigil")
    await sign(hana)
    await hana.presses("join:en")
    await database.transact(send)
    await driver.deliver()
    await hana.says("/me")
    assert NAME in hana.text
    await hana.taps("✏️ Reason")
    await hana.says(f"{REASON}, again")
    await hana.taps("My data")
    await hana.taps("📄")
    await chats.run_jobs()
    (_, _, page, _), (_, _, content, _) = chats.jobs.chat_sender.files
    assert (NAME in page.decode()) is not sealed
    assert (NAME in orjson.loads(content)["signatures"][0]["name"]) is not sealed
    assert orjson.loads(content)["deliveries"][0]["state"] == "sent"
    await hana.says("/withdraw")
    await hana.taps("Withdraw my signature")
    assert find_traces(tmp_path, WORDS) == [] or not sealed
    await sign(hana)
    second = await database.transact(signatures.find, HANA)
    assert second is not None
    assert second.number == 178_924, "and the number before is not given again"
    assert bool(find_traces(tmp_path, WORDS)) is not sealed, "with sealing no file ever contained it"
    assert find_traces(tmp_path, IDS)
    await hana.says("/forget")
    await hana.taps("Erase everything")
    assert find_traces(tmp_path, WORDS + IDS) == []
    backup.copy(f"sqlite:///{tmp_path}/chatbot.db", tmp_path / "backup.db")
    assert find_traces(tmp_path, WORDS + IDS) == []
    assert await database.transact(signatures.count) == 1
    assert await find_problems(database) == []
