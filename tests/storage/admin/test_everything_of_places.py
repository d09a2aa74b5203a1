"""Move, check, erasure and retention in a petition with cards, places, their posts, and friends."""

from datetime import timedelta

import pytest

from chatbot.app.data_retention import erase_expired
from chatbot.storage import Database, open_database
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.admin.transfer import move
from chatbot.storage.organizer import petition_status
from chatbot.storage.people import friends
from chatbot.storage.places import deliveries, places
from chatbot.storage.privacy import erasure, member_erasure
from tests.storage.conftest import POSTGRES_SLOWLY
from tests.support import linked_places
from tests.support.cast import HANA, YUNA
from tests.support.filled_places import CHATS, FRIEND, fill
from tests.support.stored_rows import read_rows


@pytest.fixture(params=POSTGRES_SLOWLY)
def url(request: pytest.FixtureRequest) -> str:
    address: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "url")
    return address


async def test_move_loses_nothing_of_places(tmp_path, database: Database) -> None:
    source = await open_database(f"sqlite:///{tmp_path / 'old.db'}")
    driver = await fill(source)
    assert await find_problems(source) == []
    await move(source, database, lambda _: None)
    assert await database.read_snapshot(read_rows) == await source.read_snapshot(read_rows)
    await source.close()
    driver.database = database
    [before] = await database.transact(deliveries.list_in_flight)
    assert await database.transact(deliveries.settle, before, "update") == 1
    calls = await linked_places.post(driver)
    assert {each.broadcast.kind for each in calls} == {"correction"}, "a post that was in flight is not sent again"
    assert {each.delivery.message_id for each in calls} == {101, 103}


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        ("DELETE FROM places WHERE chat = -102", "posts in places that nobody linked: 1"),
        (
            "UPDATE place_deliveries SET claim = NULL WHERE state = 'sending'",
            "posts in flight without a claim, or claimed without being in flight: 1",
        ),
    ],
)
async def test_check_finds_broken_rows_of_places(database: Database, harm: str, problem: str) -> None:
    await fill(database)
    await database.transact(lambda tx: tx.run(harm))
    assert await find_problems(database) == [problem]


async def test_erasure_leaves_no_trace_of_a_sharer_or_an_organizer(database: Database) -> None:
    driver = await fill(database)
    assert await database.transact(erasure.erase, HANA, driver.now)
    assert await database.transact(erasure.erase, FRIEND, driver.now)
    await database.transact(member_erasure.anonymise, YUNA)
    kept = await database.transact(read_rows)
    cells = {str(cell) for rows in kept.values() for row in rows for cell in row}
    assert not {str(HANA), str(FRIEND), str(YUNA), "s-hana", "letter call"} & cells
    assert len(kept["cards"]) == 9, "cards stay: nothing says who posted them"
    assert len(await database.transact(places.list_linked)) == len(CHATS), "the team keeps its places"
    assert await find_problems(database) == []


async def test_retention_erases_friends_and_keeps_places(database: Database) -> None:
    driver = await fill(database)
    before = await database.transact(read_rows)
    assert await database.transact(petition_status.end, 0, "closed", {}, YUNA, driver.now)
    for days in (10, 20):
        await erase_expired(database, 10, driver.now + timedelta(days=days), is_open=True, at_once=2)
    rows = await database.transact(lambda tx: tx.all("SELECT * FROM supporters"))
    assert rows
    assert {(row["friends_signed"], row["counted_for_friend"], row["actions_done"]) for row in rows} == {(0, 0, "")}
    after = await database.transact(read_rows)
    assert [after[each] for each in ("places", "place_deliveries")] == [
        before[each] for each in ("places", "place_deliveries")
    ]
    assert await database.transact(friends.find_sharer, HANA) is None
    assert await find_problems(database) == []
    assert not {str(HANA), str(FRIEND)} & {str(cell) for row in after["supporters"] for cell in row}
