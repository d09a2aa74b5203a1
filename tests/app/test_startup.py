"""The start asks for the menus of the team."""

from datetime import timedelta

import pytest

from chatbot.app.startup import request_team_menus
from chatbot.storage import Database, Transaction
from chatbot.storage.organizer import chat_menus, jobs, team
from tests.support.cast import HANA, NOW, SAM, YUNA


async def list_requests(database: Database) -> list[int]:
    """Return the members whose menu is requested, once for each job."""

    async def work(tx: Transaction) -> list[int]:
        due = await jobs.find_due(tx, NOW + timedelta(days=365), (), 100)
        return sorted(job.chat_id for job in due if job.kind == team.MENU and job.chat_id is not None)

    return await database.transact(work)


async def test_start_asks_for_the_menus_of_members_and_of_former_members(database: Database) -> None:
    async def prepare(tx: Transaction) -> None:
        await team.add_member(tx, HANA, "하나", "viewer", YUNA, NOW)
        for chat_id in (HANA, SAM):
            await chat_menus.note_given(tx, chat_id, NOW)

    await database.transact(prepare)
    await request_team_menus(database, frozenset({YUNA}), NOW)
    assert await list_requests(database) == [HANA, SAM, YUNA]


async def test_repeated_starts_pile_up_few_jobs(database: Database) -> None:
    for _ in range(10):
        await request_team_menus(database, frozenset({YUNA}), NOW)
    assert await list_requests(database) == jobs.WAITING * [YUNA]


async def test_unavailable_database_does_not_stop_the_start(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await database.close()
    await request_team_menus(database, frozenset({YUNA}), NOW)
    assert "the team's menus were not brought up to date" in caplog.text
