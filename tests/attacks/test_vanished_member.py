"""A member who misused their role cannot erase their name from the audit log at once: it stays for thirty days."""

from datetime import datetime, timedelta

import pytest

from chatbot.app.data_retention import erase_expired
from chatbot.petition.retention import FORMER_MEMBERS
from chatbot.petition.team import Role
from chatbot.storage import Database
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.organizer import invitations, team
from tests.support.cast import SAM, YUNA
from tests.support.chat import Chat
from tests.support.stored_rows import read_rows
from tests.support.team_chats import TeamChats

MALLORY = 0x1A2B3C4D5E
NAME = "Mallory-Unmistakable"
"""Neither id nor name can occur in a row by chance."""


@pytest.fixture
async def yuna(chats: TeamChats) -> Chat:
    return await chats.open_owner()


@pytest.fixture
async def mallory(chats: TeamChats, yuna: Chat) -> Chat:
    """An organizer with entries in the audit log and a signature."""
    chat = await chats.add_member(chats.chat(MALLORY, NAME), "organizer")
    await chat.signs()
    await chat.presses("course:human:on:100:0")
    return chat


async def find_tables_with(database: Database, *traces: str) -> set[str]:
    """Find the tables in which a value contains one of these traces."""
    rows = await database.transact(read_rows)
    values = ((table, str(value)) for table in rows for row in rows[table] for value in row)
    return {table for table, value in values if any(trace in value for trace in traces)}


async def erase_all_expired(chats: TeamChats, now: datetime) -> None:
    await erase_expired(chats.database, 180, now, is_open=True)


async def test_audit_log_names_a_vanished_member_for_a_month(chats: TeamChats, yuna: Chat, mallory: Chat) -> None:
    left = chats.driver.now
    await mallory.says("/forget")
    assert "with your name and ID for 30 days" in mallory.text
    await mallory.taps("Erase everything")
    assert "until Dec 24, 2026" in mallory.text
    told = await chats.run_jobs()
    assert [line for line in told[YUNA] if NAME in line and "until Dec 24, 2026" in line]
    assert "signatures" not in await find_tables_with(chats.database, str(MALLORY)), "their signature is erased at once"
    assert await find_tables_with(chats.database, str(MALLORY), NAME) == {"members", "audit_log", "petition_status"}
    await mallory.says("/forget")
    assert "until Dec 24, 2026" in mallory.text
    await erase_all_expired(chats, left + FORMER_MEMBERS - timedelta(hours=1))
    await yuna.says("/log")
    assert NAME in yuna.text
    await erase_all_expired(chats, left + FORMER_MEMBERS)
    chats.driver.now = left + FORMER_MEMBERS
    assert [line for line in (await chats.run_jobs())[YUNA] if "no longer names" in line]
    assert await find_tables_with(chats.database, str(MALLORY), NAME) == set()
    await yuna.says("/log")
    assert "(erased)" in yuna.text
    assert await find_problems(chats.database) == [], "the chain of the audit log is intact"
    await mallory.says("/forget")
    assert "We keep nothing about you" in mallory.text


async def test_month_begins_when_the_member_is_removed(chats: TeamChats, yuna: Chat, mallory: Chat) -> None:
    await yuna.presses(f"team:ask:{MALLORY}:organizer:none")
    await yuna.taps("Yes")
    chats.driver.now += FORMER_MEMBERS
    await mallory.says("/forget")
    await mallory.taps("Erase everything")
    assert "in its log" not in mallory.text
    await chats.run_jobs()
    assert await find_tables_with(chats.database, str(MALLORY), NAME) == set()


async def test_audit_log_names_a_returning_member_longer(chats: TeamChats, mallory: Chat) -> None:
    await mallory.says("/forget")
    await mallory.taps("Erase everything")
    await chats.add_member(mallory, "viewer")
    await erase_all_expired(chats, chats.driver.now + 2 * FORMER_MEMBERS)
    assert MALLORY in await chats.database.transact(team.find_names)


@pytest.mark.usefixtures("yuna")
async def test_invitation_tells_how_long_names_stay(chats: TeamChats) -> None:
    secret = invitations.make_secret()
    await chats.database.transact(invitations.add, secret, "organizer", YUNA, chats.driver.now)
    for language, told in (("en", "up to 30 days after you leave"), ("ko", "팀을 떠난 뒤 30일까지")):
        sam = chats.chat(SAM, "Sam", language)
        await sam.says(f"/start join_{secret}")
        assert told in sam.text


@pytest.mark.parametrize("role", [None, "viewer"])
async def test_former_organizer_is_not_told_who_took_their_draft(
    chats: TeamChats, yuna: Chat, mallory: Chat, role: Role | None
) -> None:
    await mallory.says("/broadcast We march on Monday.")
    draft = await chats.driver.newest()
    await chats.database.transact(
        team.change_role, MALLORY, before="organizer", after=role, actor_id=YUNA, configured_owners={YUNA}
    )
    await yuna.presses(f"broadcast:takeover:{draft.id}:{draft.revision}")
    assert (await chats.driver.newest()).organizer_id == YUNA
    assert MALLORY not in await chats.run_jobs()
