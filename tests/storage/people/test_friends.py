"""Friends of a sharer: counted once a day and once for each signer, and the number never falls."""

import asyncio
from datetime import datetime, timedelta

import pytest

from chatbot.app.periodic import count_friends
from chatbot.petition.model import Campaign
from chatbot.storage import Database, Transaction
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.engine.migrate import bundled, split
from chatbot.storage.organizer import app_state, jobs
from chatbot.storage.organizer.review import set_asides, signals
from chatbot.storage.people import counters, friends, signatures, sources, supporters
from chatbot.storage.privacy import erasure
from tests.support.cast import HANA, NOW, SAM
from tests.support.signers import add_signer

CODE = "s-KqX4zP9a"
DAY = timedelta(days=1)
FRIEND = 7_000


@pytest.fixture(autouse=True)
async def hana(database: Database) -> None:
    """하나 has signed and shared."""

    async def work(tx: Transaction) -> None:
        await add_signer(tx, HANA)
        await supporters.give_share_code(tx, HANA, CODE)

    await database.transact(work)


async def bring(database: Database, *people: int, country: str = "KR", now: datetime = NOW) -> None:
    """Let people sign through 하나's link."""
    for each in people:
        await database.transact(add_signer, each, source=CODE, country=country, now=now)


async def count(database: Database, campaign: Campaign, now: datetime = NOW + DAY) -> tuple[int, list[int]]:
    """Count friends. Return the number that 하나 sees, and the numbers in the jobs that tell her."""
    await count_friends(database, campaign, now)

    async def work(tx: Transaction) -> tuple[int, list[int]]:
        sharer = await friends.find_sharer(tx, HANA)
        assert sharer is not None
        due = await jobs.find_due(tx, now, (), 100)
        assert {each.chat_id for each in due if each.kind == friends.JOB} <= {HANA}
        return sharer.friends_signed, [int(each.details["reached"] or 0) for each in due if each.kind == friends.JOB]

    return await database.transact(work)


async def test_friend_is_counted_on_the_next_day(database: Database, campaign: Campaign) -> None:
    await bring(database, SAM)
    assert await count(database, campaign, NOW + timedelta(minutes=1)) == (0, [])
    assert await count(database, campaign) == (1, [1])
    assert await count(database, campaign, NOW + 2 * DAY) == (1, [1]), "each number is told once"


async def test_sharer_is_told_only_the_highest_number(database: Database, campaign: Campaign) -> None:
    await bring(database, *range(FRIEND, FRIEND + 12))
    number, told = await count(database, campaign)
    assert (number, max(told)) == (12, 10)
    sharer = await database.transact(friends.find_sharer, HANA)
    assert sharer is not None
    assert sharer.told == 10, "the jobs of smaller numbers tell nothing"


async def test_number_never_falls_and_counts_nobody_twice(database: Database, campaign: Campaign) -> None:
    await bring(database, SAM, FRIEND, FRIEND + 1)
    assert (await count(database, campaign))[0] == 3
    await database.transact(signatures.take_back, SAM)
    await database.transact(erasure.erase, FRIEND, NOW)
    assert (await count(database, campaign, NOW + 2 * DAY))[0] == 3
    await bring(database, SAM, now=NOW + 2 * DAY)
    assert (await count(database, campaign, NOW + 4 * DAY))[0] == 3, "signing again does not count again"
    await bring(database, FRIEND + 2, now=NOW + 4 * DAY)
    assert (await count(database, campaign, NOW + 6 * DAY))[0] == 4, "a new friend counts although others withdrew"


@pytest.mark.parametrize("country", ["CN", "KP", "ZZ"])
async def test_friends_from_countries_at_risk_are_not_counted(
    database: Database, campaign: Campaign, country: str
) -> None:
    await bring(database, SAM, country=country)
    assert await count(database, campaign) == (0, [])


async def test_signature_that_is_set_aside_counts_for_no_sharer(database: Database, campaign: Campaign) -> None:
    await bring(database, SAM, FRIEND)

    async def set_aside(tx: Transaction) -> None:
        one = await set_asides.create(tx, 9, signals.ReviewFilter(faster_than=60), NOW)
        await tx.run("UPDATE signatures SET seconds = 1 WHERE supporter_id = :id", id=SAM)
        await set_asides.note_count(tx, one.id, 1)
        await set_asides.give_reason(tx, one.id, "too fast")
        assert await set_asides.change_state(tx, one.id, ["counted"], "running")
        await set_asides.set_aside_some(tx, one.id, 0)

    await database.transact(set_aside)
    assert (await count(database, campaign))[0] == 1
    generations = await database.transact(counters.read_all, counters.GENERATIONS)
    assert generations == {"0": 1, "1": 1}


async def test_muted_or_blocked_sharer_is_not_told(database: Database, campaign: Campaign) -> None:
    await database.transact(friends.mute, HANA, NOW)
    await bring(database, SAM)
    assert await count(database, campaign) == (1, [])
    await database.transact(friends.unmute, HANA)
    await database.transact(supporters.mark_blocked, HANA, NOW)
    await bring(database, FRIEND, FRIEND + 1, now=NOW + DAY)
    assert await count(database, campaign, NOW + 3 * DAY) == (3, [])


async def test_clock_that_was_ahead_does_not_stop_the_counting(database: Database, campaign: Campaign) -> None:
    await bring(database, SAM, now=NOW + 40 * DAY)
    await bring(database, FRIEND)
    assert (await count(database, campaign))[0] == 2


async def test_signatures_from_before_the_feature_are_counted_but_not_told(
    database: Database, campaign: Campaign
) -> None:
    await bring(database, SAM)
    last = await database.transact(counters.read, counters.NUMBERS)
    await database.transact(app_state.replace, friends.SILENT_TO, str(last))
    assert await count(database, campaign) == (1, [])
    await bring(database, FRIEND, FRIEND + 1, now=NOW + DAY)
    assert await count(database, campaign, NOW + 3 * DAY) == (3, [3])


async def test_friends_of_several_batches_are_all_counted(database: Database, campaign: Campaign) -> None:
    await bring(database, *range(FRIEND, FRIEND + 230))
    assert (await count(database, campaign))[0] == 230


async def test_generation_is_one_more_than_that_of_the_friend(database: Database) -> None:
    async def work(tx: Transaction) -> list[int]:
        code, found = CODE, []
        for each in range(FRIEND, FRIEND + 6):
            signed = await add_signer(tx, each, source=code)
            assert signed is not None
            code = await supporters.give_share_code(tx, each, f"s-{each}")
            found.append(signed.generation)
        await signatures.take_back(tx, FRIEND)  # through whom the others came
        return found

    assert await database.transact(work) == [1, 2, 3, 4, 4, 4]
    assert await database.transact(counters.read_all, counters.GENERATIONS) == {"0": 1, "2": 1, "3": 1, "4": 3}
    unsigned = await database.transact(sources.find_generation, "s-unknown")
    assert unsigned == 1, "people who have not signed can share too"


async def test_migration_finds_the_generations_of_older_signatures(database: Database) -> None:
    async def work(tx: Transaction) -> dict[int, int]:
        code = CODE
        for each in range(FRIEND, FRIEND + 6):
            await add_signer(tx, each, source=code)
            code = await supporters.give_share_code(tx, each, f"s-{each}")
        await tx.run("UPDATE signatures SET generation = 0")
        sql = next(each.sql for each in bundled() if each.name == "sharing")
        for statement in split(sql):
            if "UPDATE signatures" in statement:
                await tx.run(statement)
        return {row["supporter_id"]: row["generation"] for row in await tx.all("SELECT * FROM signatures")}

    assert await database.transact(work) == {HANA: 0, **{FRIEND + nth: min(nth + 1, 4) for nth in range(6)}}


async def test_erasure_leaves_no_number_and_no_job(database: Database, campaign: Campaign) -> None:
    await bring(database, SAM)
    await count(database, campaign)
    await database.transact(supporters.store_actions, HANA, {"post"})
    await database.transact(erasure.erase, HANA, NOW)

    async def work(tx: Transaction) -> list[int]:
        rows = await tx.all("SELECT friends_signed FROM supporters WHERE friends_signed > 0 OR actions_done <> ''")
        waiting = await tx.all("SELECT id FROM jobs WHERE kind = :kind", kind=friends.JOB)
        return [len(rows), len(waiting)]

    assert await database.transact(work) == [0, 0]


async def test_counting_and_erasing_at_once_cause_no_deadlock(database: Database, campaign: Campaign) -> None:
    """Friends form a chain: each brought the next one. Erasing locks a sharer before the friends of that sharer."""

    async def chain(tx: Transaction) -> None:
        code = CODE
        for each in range(FRIEND, FRIEND + 40):
            await add_signer(tx, each, source=code)
            code = await supporters.give_share_code(tx, each, f"s-{each}")

    await database.transact(chain)
    gone = range(FRIEND, FRIEND + 40, 3)
    await asyncio.gather(
        count_friends(database, campaign, NOW + DAY),
        *(database.transact(erasure.erase, each, NOW) for each in gone),
    )

    async def work(tx: Transaction) -> tuple[str | None, int]:
        row = await tx.one("SELECT count(*) AS n FROM supporters WHERE friends_signed > 1")
        return await app_state.find(tx, friends.COUNTED_TO), row["n"] if row else -1

    last = await database.transact(counters.read, counters.NUMBERS)
    assert await database.transact(work) == (str(last), 0)
    assert await find_problems(database) == []
