"""Storing broadcasts, from the draft to the report."""

import asyncio
from datetime import datetime, timedelta

import pytest
from markupsafe import Markup

from chatbot.petition.broadcasts.broadcast import Audience, BroadcastState
from chatbot.petition.broadcasts.post import Media, Post, PostButton
from chatbot.storage import ConflictError, Database, Transaction, open_database
from chatbot.storage.broadcasts import broadcasts, deliveries, drafts, lifecycle
from tests.support.broadcasts import draft, start
from tests.support.campaigns import BUNDLED
from tests.support.cast import YUNA

HOUR = timedelta(hours=1)
PICTURE = Post(Markup("<b>사진</b>"), Media("photo", "AgAC"), PostButton("더 보기", "https://example.org"))


async def test_draft_is_stored_as_written(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        begun = await drafts.create(tx, YUNA, now)
        assert begun.state is BroadcastState.DRAFT
        assert begun.list_missing(BUNDLED) == ["ko", "en"]
        assert not begun.is_complete
        assert await drafts.write_post(tx, begun.id, "ko", PICTURE)
        assert await drafts.write_post(tx, begun.id, "en", Post(Markup("News")))
        assert await drafts.write_post(tx, begun.id, "en", Post(Markup("Better news")))
        assert await drafts.set_audience(tx, begun.id, Audience("ko", ("KR", "US")))
        assert await drafts.set_reach(tx, begun.id, "everyone")
        assert await drafts.set_silent(tx, begun.id, silent=True)
        kept = await broadcasts.get(tx, begun.id)
        assert kept.posts == {"ko": PICTURE, "en": Post(Markup("Better news"))}
        assert isinstance(kept.posts["ko"].text, Markup)
        assert (kept.audience, kept.reach, kept.silent) == (Audience("ko", ("KR", "US")), "everyone", True)
        assert kept.revision == begun.revision + 6
        assert kept.is_complete
        assert await drafts.remove_post(tx, begun.id, "ko")
        assert (await broadcasts.get(tx, begun.id)).list_missing(BUNDLED) == ["ko"]

    await database.transact(work)


async def test_organizer_finds_their_own_newest_draft(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        hers, his = await drafts.create(tx, YUNA, now), await drafts.create(tx, 3004, now)
        newer = await drafts.create(tx, YUNA, now)
        assert len({hers.id, his.id, newer.id}) == 3
        assert await broadcasts.find_draft(tx, YUNA) == newer
        assert await broadcasts.find_draft(tx, 3004) == his
        assert await broadcasts.find_draft(tx, 1) is None
        assert await drafts.discard(tx, newer.id)
        assert not await drafts.discard(tx, newer.id)
        assert await broadcasts.find_draft(tx, YUNA) == hers

    await database.transact(work)


async def test_discarded_draft_loses_its_posts(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        thrown = await draft(tx, now, ko="소식")
        assert await drafts.discard(tx, thrown.id)
        assert await broadcasts.find(tx, thrown.id) is None
        assert await broadcasts.read_posts(tx, thrown.id) == {}
        with pytest.raises(LookupError):
            await broadcasts.get(tx, thrown.id)
        assert (await drafts.create(tx, YUNA, now)).id > thrown.id, "no later draft gets the number of an old button"

    await database.transact(work)


async def test_started_broadcast_cannot_be_changed(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        broadcast = await start(tx, await draft(tx, now, ko="소식"), now)
        assert not await drafts.write_post(tx, broadcast.id, "ko", PICTURE)
        assert not await drafts.remove_post(tx, broadcast.id, "ko")
        assert not await drafts.set_audience(tx, broadcast.id, Audience("en"))
        assert not await drafts.set_reach(tx, broadcast.id, "everyone")
        assert not await drafts.set_silent(tx, broadcast.id, silent=True)
        assert not await drafts.schedule(tx, broadcast.id, broadcast.revision, now)
        assert not await drafts.unschedule(tx, broadcast.id, YUNA)
        assert not await drafts.discard(tx, broadcast.id)
        assert await broadcasts.get(tx, broadcast.id) == broadcast

    await database.transact(work)


async def test_old_button_starts_nothing(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        shown = await draft(tx, now, ko="소식")
        assert await drafts.write_post(tx, shown.id, "ko", Post(Markup("다른 소식")))
        assert not await lifecycle.start(tx, shown.id, shown.revision, YUNA, now)
        assert not await drafts.schedule(tx, shown.id, shown.revision, now + HOUR)
        assert not await lifecycle.start(tx, shown.id + 1, 1, YUNA, now)
        assert (await broadcasts.get(tx, shown.id)).state is BroadcastState.DRAFT

    await database.transact(work)


async def test_two_concurrent_organizers_start_a_broadcast_once(database: Database, url: str, now: datetime) -> None:
    other = await open_database(url)
    for _ in range(10):
        broadcast = await database.transact(draft, now, ko="소식")
        taps = [
            here.transact(lifecycle.start, broadcast.id, broadcast.revision, organizer, now)
            for here, organizer in ((database, YUNA), (other, 3004), (database, 3004), (other, YUNA))
        ]
        assert sorted(await asyncio.gather(*taps)) == [False, False, False, True]
    await other.close()


async def test_concurrent_start_and_discard_do_one_of_both(database: Database, url: str, now: datetime) -> None:
    other = await open_database(url)
    for _ in range(10):
        broadcast = await database.transact(draft, now, ko="소식")
        started, discarded = await asyncio.gather(
            database.transact(lifecycle.start, broadcast.id, broadcast.revision, YUNA, now),
            other.transact(drafts.discard, broadcast.id),
        )
        assert started != discarded
    await other.close()


async def test_schedule_is_listed_changed_and_cancelled(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        first, second = await draft(tx, now, ko="하나"), await draft(tx, now, ko="둘")
        assert await drafts.schedule(tx, first.id, first.revision, now + 2 * HOUR)
        assert await drafts.schedule(tx, second.id, second.revision, now + HOUR)
        assert [each.id for each in await broadcasts.list_scheduled(tx)] == [second.id, first.id]
        assert await broadcasts.find_draft(tx, YUNA) is None
        assert not await drafts.schedule(tx, second.id, second.revision, now + 3 * HOUR), (
            "its button was shown before the first schedule"
        )
        second = await broadcasts.get(tx, second.id)
        assert await drafts.schedule(tx, second.id, second.revision, now + 3 * HOUR)
        assert [each.id for each in await broadcasts.list_scheduled(tx)] == [first.id, second.id]
        assert await drafts.unschedule(tx, first.id, YUNA)
        assert not await drafts.unschedule(tx, first.id, YUNA)
        again = await broadcasts.find_draft(tx, YUNA)
        assert again is not None
        assert (again.id, again.state) == (first.id, BroadcastState.DRAFT)
        assert not await lifecycle.start(tx, first.id, first.revision, YUNA, now), (
            "its button was shown before the schedule"
        )
        assert (await broadcasts.list_scheduled(tx))[0].scheduled_for == now + 3 * HOUR

    await database.transact(work)


async def test_late_broadcast_is_scheduled_again(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        broadcast = await draft(tx, now, ko="소식")
        assert await drafts.schedule(tx, broadcast.id, broadcast.revision, now - 2 * HOUR)
        await deliveries.start_due(tx, BUNDLED, now)
        assert await lifecycle.note_report(tx, broadcast.id, now)
        broadcast = (await broadcasts.list_scheduled(tx))[0]
        assert broadcast.state is BroadcastState.LATE
        assert await drafts.schedule(tx, broadcast.id, broadcast.revision, now + HOUR)
        assert (await broadcasts.get(tx, broadcast.id)).state is BroadcastState.SCHEDULED
        await deliveries.start_due(tx, BUNDLED, now + 3 * HOUR)
        assert [each.id for each in await lifecycle.list_unreported(tx)] == [broadcast.id]
        assert await drafts.discard(tx, broadcast.id)
        assert await lifecycle.list_unreported(tx) == []

    await database.transact(work)


async def test_ended_broadcast_cannot_be_controlled(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        unsent = await draft(tx, now, ko="소식")
        assert not await lifecycle.pause(tx, unsent.id, now)
        assert not await lifecycle.end(tx, unsent.id, "cancelled", now), "a draft is discarded, not cancelled"
        broadcast = await start(tx, unsent, now)
        assert await lifecycle.pause(tx, broadcast.id, now)
        assert (await broadcasts.get(tx, broadcast.id)).state is BroadcastState.PAUSED
        assert await lifecycle.end(tx, broadcast.id, "content", now + HOUR, "can't parse entities")
        assert not await lifecycle.end(tx, broadcast.id, "done", now)
        assert not await lifecycle.resume(tx, broadcast.id)
        assert not await lifecycle.pause(tx, broadcast.id, now)
        assert not await lifecycle.send_again(tx, broadcast.id, "failed")
        ended = await broadcasts.get(tx, broadcast.id)
        assert (ended.state, ended.ending, ended.refusal) == (BroadcastState.ENDED, "content", "can't parse entities")
        assert ended.ended_at == now + HOUR

    await database.transact(work)


async def test_broadcast_is_reported_once_for_each_sending(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        broadcast = await start(tx, await draft(tx, now, ko="소식"), now)
        await lifecycle.note_progress_message(tx, broadcast.id, 55)
        assert await lifecycle.list_unreported(tx) == []
        assert await lifecycle.end(tx, broadcast.id, "done", now)
        assert [each.progress_message_id for each in await lifecycle.list_unreported(tx)] == [55]
        assert await lifecycle.note_report(tx, broadcast.id, now)
        assert not await lifecycle.note_report(tx, broadcast.id, now)
        assert await lifecycle.list_unreported(tx) == []
        assert await lifecycle.send_again(tx, broadcast.id, "failed")
        assert (await broadcasts.get(tx, broadcast.id)).progress_message_id is None
        assert await lifecycle.end(tx, broadcast.id, "done", now)
        assert await lifecycle.note_report(tx, broadcast.id, now)

    await database.transact(work)


async def test_timeline_shows_sent_broadcasts_that_were_not_recalled(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        first = await start(tx, await draft(tx, now, ko="하나"), now)
        second = await start(tx, await draft(tx, now, ko="둘", en="Two"), now + HOUR)
        await draft(tx, now, ko="셋")
        correction = await start(tx, await draft(tx, now, kind="correction", of=first, ko="하나!"), now + 2 * HOUR)
        assert await broadcasts.count_in_timeline(tx) == 2
        told = [await broadcasts.find_in_timeline(tx, place) for place in range(3)]
        assert [each and {language: str(post.text) for language, post in each.posts.items()} for each in told] == [
            {"ko": "둘", "en": "Two"},
            {"ko": "하나!"},
            None,
        ]
        recall = await start(tx, await draft(tx, now, kind="recall", of=second), now + 3 * HOUR)
        assert await broadcasts.count_in_timeline(tx) == 1
        assert (await broadcasts.get(tx, second.id)).ending == "cancelled"
        assert not await lifecycle.send_again(tx, second.id, "failed")
        assert [each.id for each in await broadcasts.list_started(tx, 0, 1)] == [second.id]
        assert [each.id for each in await broadcasts.list_started(tx, 1, 9)] == [first.id]
        assert [each.id for each in await broadcasts.list_changes(tx, first.id)] == [correction.id]
        assert [each.id for each in await broadcasts.list_changes(tx, second.id)] == [recall.id]
        assert await broadcasts.count_started(tx) == 2
        latest = await broadcasts.find_latest(tx)
        assert latest is not None
        assert latest.id == recall.id

    await database.transact(work)


async def test_correction_begins_with_the_corrected_posts(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> None:
        broadcast = await draft(tx, now, en="News")
        assert await drafts.write_post(tx, broadcast.id, "ko", PICTURE)
        broadcast = await start(tx, await broadcasts.get(tx, broadcast.id), now)
        correction = await drafts.create(tx, YUNA, now, kind="correction", of=broadcast)
        assert correction.posts == broadcast.posts
        assert (correction.kind, correction.of_id) == ("correction", broadcast.id)
        assert await drafts.write_post(tx, correction.id, "en", Post(Markup("Better news")))
        posts = (await broadcasts.get(tx, broadcast.id)).posts
        assert posts == broadcast.posts, "a correction changes nothing before it starts"

    await database.transact(work)


async def test_sent_broadcast_cannot_be_deleted(database: Database, now: datetime) -> None:
    async def work(tx: Transaction) -> int:
        broadcast = await start(tx, await draft(tx, now, ko="소식"), now)
        await draft(tx, now, kind="recall", of=broadcast)
        return broadcast.id

    broadcast_id = await database.transact(work)
    with pytest.raises(ConflictError):
        await database.transact(lambda tx: tx.run("DELETE FROM broadcasts WHERE id = :id", id=broadcast_id))
