"""Erasing a person: everything at once, at any step, and nothing is left."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from chatbot.app.data_retention import erase_expired
from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import BlockedBot, Person, UnblockedBot
from chatbot.petition import retention
from chatbot.petition.broadcasts.outcome import Delivery, Failed, Result, Sent, Unknown
from chatbot.storage import Database, Transaction
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.broadcasts import broadcasts, deliveries
from chatbot.storage.people import signatures, subscriptions
from chatbot.storage.privacy import erasure
from tests.support.broadcasts import BroadcastDriver, draft, gather_all, start
from tests.support.chat import Chat
from tests.support.stored_rows import read_rows
from tests.support.team_chats import TeamChats
from tests.support.traces import find_traces

# An id whose bytes occur nowhere else: SQLite stores 0x1A2B3C4D5E as an integer of six bytes.
MALLORY = 0x1A2B3C4D5E
NAME, REASON = "Mallory-Unmistakable", "because-of-my-own-sister"
TRACES = (MALLORY.to_bytes(6, "big"), str(MALLORY).encode(), NAME.encode(), REASON.encode())


@pytest.fixture
def someone(dialog: Dialog) -> Chat:
    return Chat(dialog, Person(MALLORY, "Mallory", "en"))


async def rows_about(database: Database, person_id: int) -> list[str]:
    """List the tables that contain the person's id."""

    rows = await database.transact(read_rows)
    return [table for table in rows for row in rows[table] if any(str(person_id) in str(value) for value in row)]


async def sign(chat: Chat) -> None:
    await chat.begins()
    await chat.says(NAME)
    await chat.presses("country.KR")
    await chat.taps("Reason")
    await chat.says(REASON)
    await chat.taps("✍️ Sign")


async def ask_for_erasure(chat: Chat) -> None:
    await chat.says("/forget")
    await chat.taps("Erase everything")


async def test_erasure_leaves_no_byte_in_any_file_or_backup(
    someone: Chat, dialog: Dialog, database: Database, driver: BroadcastDriver, tmp_path: Path
) -> None:
    # Enough rows that pages are split and filled around theirs.
    others = [Chat(dialog, Person(MALLORY - 150 + nth, f"Sam {nth}", "en")) for nth in range(300) if nth != 150]
    for other in others[:150]:
        await other.signs()
    await sign(someone)
    await someone.presses("join:en")
    await someone.says("/share")
    for other in others[150:]:
        await other.signs()
    assert find_traces(tmp_path, TRACES), "the search finds what was stored"
    total = await database.transact(signatures.count)
    await ask_for_erasure(someone)
    assert "Everything about you is erased" in someone.text
    assert someone.labels == []
    assert await rows_about(database, MALLORY) == []
    assert find_traces(tmp_path, TRACES) == []
    with (
        closing(sqlite3.connect(tmp_path / "chatbot.db")) as source,
        closing(sqlite3.connect(tmp_path / "backup.db")) as copy,
    ):
        source.backup(copy)
    assert find_traces(tmp_path, TRACES) == []
    assert await database.transact(signatures.count) == total - 1
    assert await find_problems(database) == []


@pytest.mark.parametrize("state", ["waiting", "sending", "sent", "failed", "unknown", "skipped"])
async def test_erasure_works_with_a_delivery_in_any_state(
    someone: Chat, driver: BroadcastDriver, database: Database, state: str
) -> None:
    await someone.signs()
    await driver.subscribe([MALLORY, 7], "en")
    results: dict[str, Result] = {"sent": Sent(5), "failed": Failed("strange"), "unknown": Unknown("timeout")}

    async def begin(tx: Transaction) -> tuple[int, deliveries.Claim]:
        broadcast = await start(tx, await draft(tx, driver.now, en="News"), driver.now)
        broadcast = await gather_all(tx, broadcast, driver.now)
        if state == "skipped":
            await subscriptions.end(tx, MALLORY, "asked", driver.now)
        claim = await deliveries.claim(tx, broadcast, 0 if state == "waiting" else 10)
        if state in results:
            await deliveries.record(tx, broadcast.id, [(each, results[state]) for each in claim.deliveries], driver.now)
        return broadcast.id, claim

    broadcast_id, claim = await database.transact(begin)
    await ask_for_erasure(someone)
    assert await rows_about(database, MALLORY) == []
    assert await find_problems(database) == []

    async def go_on(tx: Transaction) -> None:
        sent: list[tuple[Delivery, Result]] = [(each, Sent(9)) for each in claim.deliveries]
        await deliveries.record(tx, broadcast_id, sent, driver.now)
        rest = await deliveries.claim(tx, await broadcasts.get(tx, broadcast_id), 10)
        await deliveries.record(tx, broadcast_id, [(each, Sent(9)) for each in rest.deliveries], driver.now)
        assert (await deliveries.tally(tx, broadcast_id)).left == 0
        assert sum((await deliveries.tally(tx, broadcast_id)).audience.values()) == 2

    await database.transact(go_on)
    assert await find_problems(database) == []


async def test_repeated_erasure_does_no_harm(someone: Chat, database: Database) -> None:
    await someone.says("/start")
    await someone.says("/forget")
    yes = someone.actions[0]
    await asyncio.gather(someone.presses(yes), someone.presses(yes))
    assert "Everything about you is erased" in someone.text
    await someone.again()
    assert "Everything about you is erased" in someone.text
    await someone.does(BlockedBot())
    await someone.does(UnblockedBot())
    await someone.says("/forget")
    assert "We keep nothing about you" in someone.text
    assert await rows_about(database, MALLORY) == []
    assert await find_problems(database) == []
    await someone.says("/start")
    assert await rows_about(database, MALLORY) == ["supporters"], "they start as a new person"


async def test_erasure_works_while_signing_and_after_closing(someone: Chat, closed: Dialog, database: Database) -> None:
    await someone.begins()
    await someone.says(NAME)
    someone.dialog = closed
    await ask_for_erasure(someone)
    assert await rows_about(database, MALLORY) == []
    assert await find_problems(database) == []


async def test_erased_share_link_counts_as_a_friends(
    someone: Chat, sam: Chat, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await someone.says("/share")

    async def find_code(tx: Transaction) -> str:
        row = await tx.one("SELECT share_code FROM supporters WHERE share_code IS NOT NULL")
        assert row is not None
        return str(row["share_code"])

    code = await database.transact(find_code)
    await sam.says(f"/start {code}")
    await sam.signs()
    monkeypatch.setattr(erasure, "AT_ONCE", 1)
    await ask_for_erasure(someone)
    signed = await database.transact(signatures.find, sam.person.id)
    assert signed is not None
    assert signed.source == "s-"
    assert signed.counted_as == "+friends"
    assert await find_problems(database) == []
    assert await database.transact(erasure.unlink, code) is False


async def test_erased_member_leaves_the_team_and_the_audit_log_a_month_later(
    chats: TeamChats, database: Database
) -> None:
    yuna = await chats.open_owner()
    mallory = await chats.add_member(chats.chat(MALLORY, NAME), "owner")
    await mallory.presses("team:above:1000:0")
    await mallory.presses("course:human:on:100:0")
    await mallory.says("/close")
    await ask_for_erasure(mallory)
    await chats.run_jobs()
    assert "Everything about you is erased" in mallory.text
    assert "What you did" in mallory.text or "what you did" in mallory.text
    await yuna.says("/log")
    assert "left the team (owner)" in yuna.text
    assert "(erased)" not in yuna.text
    chats.driver.now += retention.FORMER_MEMBERS
    await erase_expired(database, 180, chats.driver.now, is_open=True)
    await chats.run_jobs()
    assert await rows_about(database, MALLORY) == []
    await yuna.says("/log")
    assert "left the team (owner)" in yuna.text
    assert "(erased)" in yuna.text
    assert NAME not in yuna.text
    assert await find_problems(database) == [], "the hash chain is intact"


async def test_configured_owners_are_told_to_change_the_settings_first(chats: TeamChats) -> None:
    yuna = await chats.open_owner()
    await yuna.says("/forget")
    assert "ORGANIZERS" in yuna.text
    assert yuna.labels == []
