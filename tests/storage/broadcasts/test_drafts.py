"""Storing the drafts of several organizers: lists, takeovers, and the messages in which posts were written."""

import asyncio
from datetime import datetime, timedelta

from chatbot.storage import Database, Transaction
from chatbot.storage.broadcasts import broadcasts, drafts, origins
from tests.support.broadcasts import draft
from tests.support.cast import HANA, SAM, YUNA


async def test_list_has_drafts_with_a_post_and_no_empty_one(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        empty = await drafts.create(tx, YUNA, now)
        first, second = await draft(tx, now, ko="하나"), await draft(tx, now, en="Two")
        waiting = await draft(tx, now, en="Scheduled")
        assert await drafts.schedule(tx, waiting.id, waiting.revision, now + timedelta(hours=1))
        assert [each.id for each in await broadcasts.list_drafts(tx, HANA)] == [second.id, first.id]
        assert await broadcasts.find_empty_draft(tx, YUNA) == empty
        assert await broadcasts.find_empty_draft(tx, HANA) is None
        under_way = await broadcasts.list_under_way(tx, YUNA)
        assert [each.id for each in under_way] == [first.id, second.id, waiting.id]

    await database.transact(work)


async def test_one_of_two_takes_a_draft_over_and_its_writer_takes_it_back(database: Database, now: datetime) -> None:
    begun = await database.transact(draft, now, en="News")

    async def take(tx: Transaction, member_id: int) -> bool:
        return await drafts.take_over(tx, begun.id, begun.revision, YUNA, member_id)

    assert sorted(await asyncio.gather(*(database.transact(take, each) for each in (HANA, SAM)))) == [False, True]
    taken = await database.transact(broadcasts.get, begun.id)
    assert taken.organizer_id in (HANA, SAM)
    assert await database.transact(drafts.take_over, begun.id, taken.revision, taken.organizer_id, YUNA)
    assert (await database.transact(broadcasts.get, begun.id)).organizer_id == YUNA


async def test_draft_keeps_its_hour_until_it_is_scheduled_again(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        begun, hour = await draft(tx, now, en="News"), now + timedelta(hours=1)
        assert await drafts.schedule(tx, begun.id, begun.revision, hour)
        assert await drafts.unschedule(tx, begun.id, HANA)
        taken = await broadcasts.get(tx, begun.id)
        assert (taken.organizer_id, taken.last_hour) == (HANA, hour)
        assert await drafts.schedule(tx, begun.id, taken.revision, hour, YUNA)
        assert (await broadcasts.get(tx, begun.id)).last_hour is None

    await database.transact(work)


async def test_post_is_found_by_the_message_of_its_writer(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        begun = await draft(tx, now, ko="소식", en="News")
        for language, message_id in (("ko", 5), ("en", 7)):
            await origins.note(tx, begun.id, language, written_by=YUNA, message_id=message_id, sent_at=now)
        found = await origins.find(tx, YUNA, 5)
        assert found == origins.Origin(begun.id, "ko", 5, now)
        assert await origins.find(tx, HANA, 5) is None
        latest = await origins.find_latest(tx, begun.id, YUNA)
        assert latest is not None
        assert latest.language == "en"
        assert await drafts.write_post(tx, begun.id, "ko", begun.posts["en"])
        assert await origins.find(tx, YUNA, 5) == found, "a changed post keeps its message"

    await database.transact(work)
