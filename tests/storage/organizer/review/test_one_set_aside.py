"""One signature of thousands is excluded and restored, and the signals of one flood form one group."""

import asyncio
import random
from datetime import datetime, timedelta

import pytest

from chatbot.app.anomaly_watch import detect_in_new_signatures
from chatbot.petition.review.filter import ReviewFilter, hash_name
from chatbot.petition.review.merging import merge
from chatbot.storage import Database, Transaction
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.organizer.review import set_asides, signals
from chatbot.storage.people import signatures
from tests.storage.conftest import Sign
from tests.support.signers import FIRST_NUMBER

pytestmark = pytest.mark.slow

MANY = 3_000
FLOOD = 700


async def sign_many(database: Database, sign: Sign) -> list[int]:
    """Sign with random ids: 700 people have one name and come by one link, the others by none."""
    ids = random.Random(5).sample(range(10**8, 8 * 10**9), MANY)

    async def work(tx: Transaction, some: list[tuple[int, int]]) -> None:
        for nth, person in some:
            if nth < FLOOD:
                await sign(tx, person, name="박철수", source="flyer")
            else:
                await sign(tx, person, name=f"Sam {nth}")

    numbered = list(enumerate(ids))
    for begin in range(0, MANY, 500):
        await database.transact(work, numbered[begin : begin + 500])
    return ids


async def test_one_signature_of_thousands_is_excluded_and_restored_once(
    database: Database, sign: Sign, now: datetime
) -> None:
    ids = await sign_many(database, sign)
    number = FIRST_NUMBER + 2_345
    found = await database.transact(signatures.find_by_number, number)
    assert found is not None
    assert found.supporter_id == ids[2_345]
    one = await database.transact(set_asides.create_counted, 9, number, now)
    await database.transact(set_asides.give_reason, one.id, "not hers")
    assert await database.transact(set_asides.change_state, one.id, ["counted"], "running")
    assert await database.transact(set_asides.find_range, one.review_filter) == (number, number + 1)
    after = await database.transact(set_asides.set_aside_some, one.id, number, number + 1)
    assert after is not None
    assert (after.state, after.done) == ("done", 1)
    assert await database.transact(signatures.count) == MANY - 1
    tries = [database.transact(set_asides.restore_one, one.id, number) for _ in range(3)]
    assert sorted(await asyncio.gather(*tries)) == [False, False, True]
    after = await database.transact(set_asides.find, one.id)
    assert after is not None
    assert (after.state, after.done) == ("restored", 0)
    assert await database.transact(signatures.count) == MANY
    assert await find_problems(database) == []


async def test_signals_of_one_flood_form_one_group_until_it_is_excluded(
    database: Database, sign: Sign, now: datetime
) -> None:
    await detect_in_new_signatures(database, now)
    await sign_many(database, sign)
    later = now + timedelta(minutes=10)
    await detect_in_new_signatures(database, later)
    found = await database.transact(signals.list_since, now, 20)
    [name] = [each for each in found if each.kind == "name"]
    [link] = [each for each in found if each.review_filter.source == "flyer"]
    groups = merge(found, handled=())
    [flood] = [group for group in groups if group.first.kind == "name"]
    assert [each.kind for each in flood.signals] == ["name", "source"]
    assert abs(flood.left - FLOOD) < 60
    assert await database.transact(signals.find_name, name.review_filter) == "박철수"
    assert await database.transact(signals.find_name, ReviewFilter(name=hash_name("박철수"))) is None
    one = await database.transact(set_asides.create, 9, link.review_filter, later)
    await database.transact(set_asides.note_count, one.id, FLOOD, FIRST_NUMBER)
    await database.transact(set_asides.give_reason, one.id, "a flood")
    await database.transact(set_asides.change_state, one.id, ["counted"], "running")
    done = await database.transact(set_asides.list_conditions, now)
    handled = {each.id for each in found if each.review_filter in done}
    assert handled == {link.id}
    left = [each.id for group in merge(found, handled) for each in group.signals]
    assert not {name.id, link.id} & set(left)
