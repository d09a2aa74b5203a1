"""Storing the petition status, on both engines."""

import asyncio

from markupsafe import Markup

from chatbot.petition.lifecycle import PetitionStatus
from chatbot.storage import Database
from chatbot.storage.organizer import petition_status
from chatbot.storage.people import signatures
from tests.storage.conftest import Sign
from tests.support.cast import NOW

KO = {"ko": Markup("<b>고맙습니다</b>")}


async def test_petition_begins_open_without_statement(database: Database) -> None:
    assert await database.transact(petition_status.find_with_count) == (PetitionStatus(), 0)


async def test_one_of_two_changes_of_a_revision_counts(database: Database) -> None:
    async def close(member_id: int) -> bool:
        return await database.transact(petition_status.end, 0, "closed", KO, member_id, NOW)

    assert sorted(await asyncio.gather(close(1), close(2))) == [False, True]
    found = await database.transact(petition_status.find)
    assert (found.ending, found.statement, found.revision, found.ended_at) == ("closed", KO, 1, NOW)
    assert not await database.transact(petition_status.reopen, 0, 1, NOW)
    assert await database.transact(petition_status.reopen, 1, 1, NOW)
    assert (await database.transact(petition_status.find)).statement == {}


async def test_closed_petition_takes_no_signature(database: Database, sign: Sign) -> None:
    assert await database.transact(sign, 1)
    assert await database.transact(petition_status.end, 0, "closed", {}, 1, NOW)
    assert await database.transact(sign, 2) is None
    assert await database.transact(signatures.count) == 1
    assert await database.transact(petition_status.reopen, 1, 1, NOW)
    signed = await database.transact(sign, 2)
    assert signed is not None
    assert await database.transact(signatures.count) == 2


async def test_concurrent_closing_counts_or_refuses_each_signature(database: Database, sign: Sign) -> None:
    await database.transact(sign, 99)

    async def close() -> bool:
        return await database.transact(petition_status.end, 0, "closed", {}, 1, NOW)

    async def try_to(person: int) -> bool:
        return await database.transact(sign, person) is not None

    *signed, _ = await asyncio.gather(*(try_to(person) for person in range(1, 21)), close())
    assert await database.transact(signatures.count) == 1 + sum(signed)
    assert not await try_to(50)


async def test_milestone_is_noted_once_and_never_lowered(database: Database) -> None:
    async def note(milestone: int) -> bool:
        return await database.transact(petition_status.note_reached, milestone)

    assert sorted(await asyncio.gather(*(note(180_000) for _ in range(5)))) == [False] * 4 + [True]
    assert not await note(179_000)
    assert await note(200_000)
    assert (await database.transact(petition_status.find)).revision == 0, "a reached milestone is no change by the team"


async def test_milestone_that_was_taken_back_is_noted_again(database: Database) -> None:
    async def note() -> bool:
        return await database.transact(petition_status.note_reached, 180_000)

    assert await note()
    await database.transact(petition_status.take_back_reached, 170_000, 169_000)
    assert not await note(), "a different milestone was taken back"
    await database.transact(petition_status.take_back_reached, 180_000, 179_971)
    await database.transact(petition_status.take_back_reached, 180_000, 179_970)
    assert (await database.transact(petition_status.find)).reached == 179_971
    assert sorted(await asyncio.gather(*(note() for _ in range(5)))) == [False] * 4 + [True]


async def test_answer_and_milestone_change_separately(database: Database) -> None:
    assert await database.transact(petition_status.pin_answer, 0, KO, 1, NOW)
    assert await database.transact(petition_status.set_milestone, 1, 185_000, 2, NOW)
    found, _ = await database.transact(petition_status.find_with_count)
    assert (found.answer, found.next_milestone, found.change, found.changed_by) == (KO, 185_000, "milestone", 2)
    assert found.ending is None
