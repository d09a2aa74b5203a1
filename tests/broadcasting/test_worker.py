"""The worker: everybody once, in their language, and what organizers decide counts before the next message."""

import asyncio
from collections import Counter
from datetime import timedelta

from chatbot.petition.broadcast import State
from chatbot.petition.delivery import Failed, Unknown
from tests.broadcasting.office import YUNA, Working


def words(screens):
    return [str(screen.text) for screen in screens]


async def test_everybody_gets_it_once_in_their_language(office, telegram):
    await office.subscribe(range(1, 101), "ko")
    await office.subscribe(range(101, 151), "en")
    async with Working(office.worker(telegram)):
        update = await office.start(ko="소식", en="News")
        ended = await office.until(update)
    assert ended.ending == "done"
    assert sorted(telegram.arrived) == list(range(1, 151))
    assert words(telegram.seen_by(7)) == ["소식"]
    assert words(telegram.seen_by(120)) == ["News"]
    tally = await office.tally(update)
    assert tally.audience == {"ko": 100, "en": 50}
    assert tally.outcomes == {("ko", "sent", ""): 100, ("en", "sent", ""): 50}
    assert await office.states(update) == Counter(sent=150)


async def test_a_broadcast_to_nobody_ends_at_once(office, telegram):
    async with Working(office.worker(telegram)):
        update = await office.start(en="News")
        ended = await office.until(update)
    assert ended.ending == "done"
    assert (await office.tally(update)).total == 0


async def test_who_leaves_meanwhile_is_skipped_and_who_joins_is_not_included(office, telegram):
    await office.subscribe(range(1, 11))
    held = asyncio.Event()

    async def hold(delivery):
        await held.wait()

    telegram.trouble = hold
    async with Working(office.worker(telegram, window=1)):
        update = await office.start(ko="소식")
        await telegram.until(lambda: telegram.calls["update"] == 1)
        await office.unsubscribe(5, 10)
        office.now += timedelta(seconds=1)
        await office.subscribe([11])
        held.set()
        await office.until(update)
    assert telegram.arrived == [1, 2, 3, 4, 6, 7, 8, 9]
    assert await office.states(update) == Counter(sent=8, skipped=2)
    assert (await office.tally(update)).left == 0


async def test_a_thousand_who_left_hold_nobody_up(office, telegram):
    await office.subscribe(range(1, 1002))

    async def leave(delivery):
        if delivery.supporter_id == 1:
            await office.unsubscribe(*range(2, 1001))

    telegram.trouble = leave
    async with Working(office.worker(telegram, rate=25)):
        update = await office.start(ko="소식")
        await office.until(update, within=3)
    assert telegram.arrived[0] == 1
    assert telegram.arrived[-1] == 1001
    assert len(telegram.arrived) <= 4
    assert (await office.tally(update)).left == 0


async def test_pause_acts_before_the_next_message(office, telegram):
    await office.subscribe(range(1, 8))
    happened = []
    paused = asyncio.Event()

    async def pause(delivery):
        happened.append(delivery.supporter_id)
        if delivery.supporter_id == 3:
            await office.pause(update)
            happened.append("paused")
            paused.set()

    telegram.trouble = pause
    async with Working(office.worker(telegram, rate=25)):
        update = await office.start(ko="소식")
        await asyncio.wait_for(paused.wait(), 5)
        await asyncio.sleep(0.2)  # five messages' time
        assert (await office.get(update)).state is State.PAUSED
        happened.append("resumed")
        await office.resume(update)
        await office.until(update)
    assert happened == [1, 2, 3, "paused", "resumed", 4, 5, 6, 7]


async def test_cancel_acts_before_the_next_message(office, telegram):
    await office.subscribe(range(1, 8))

    async def cancel(delivery):
        if delivery.supporter_id == 3:
            await office.cancel(update)

    telegram.trouble = cancel
    async with Working(office.worker(telegram, rate=25)):
        update = await office.start(ko="소식")
        ended = await office.until(update)
        await asyncio.sleep(0.2)
    assert ended.ending == "cancelled"
    assert telegram.arrived == [1, 2, 3]
    assert await office.states(update) == Counter(sent=3, waiting=4)


async def test_a_recall_overtakes_what_it_recalls_and_finds_every_message(office, telegram):
    await office.subscribe(range(1, 301))
    recalls = []

    async def recall(delivery):
        await asyncio.sleep(0.01)
        if len(telegram.arrived) == 40 and not recalls:
            recalls.append(None)
            recalls[0] = await office.start(kind="recall", of=update)

    telegram.trouble = recall
    async with Working(office.worker(telegram)):
        update = await office.start(ko="소식")
        await telegram.until(lambda: telegram.calls["recall"] > 0)
        await office.until(recalls[0])
        ended = await office.until(update)
    assert ended.ending == "cancelled"
    assert 40 <= len(telegram.arrived) < 200
    assert not any(telegram.chats.values())
    assert (await office.tally(recalls[0])).outcomes == {("ko", "sent", ""): len(telegram.arrived)}


async def test_a_correction_of_what_is_still_going_out_reaches_everybody(office, telegram):
    await office.subscribe(range(1, 201))
    corrections = []

    async def correct(delivery):
        await asyncio.sleep(0.01)
        if len(telegram.arrived) == 40 and not corrections:
            corrections.append(None)
            corrections[0] = await office.start(kind="correction", of=update, ko="정정한 소식")

    telegram.trouble = correct
    async with Working(office.worker(telegram)):
        update = await office.start(ko="소식")
        await office.until(update)
    assert (await office.get(corrections[0])).ending == "done"
    assert sorted(telegram.arrived) == list(range(1, 201))
    assert {str(screen.text) for chat in telegram.chats.values() for screen in chat.values()} == {"정정한 소식"}
    assert telegram.calls["correction"] < 100


async def test_a_correction_leaves_alone_the_language_it_says_nothing_in(office, telegram):
    await office.subscribe([1], "ko")
    await office.subscribe([2], "en")
    async with Working(office.worker(telegram)):
        update = await office.start(ko="소식", en="News")
        await office.until(update)
        draft = await office.draft(kind="correction", of=update, en="Better news")
        await office.remove_post(draft.id, "ko")
        correction = await office.send(draft.id)
        await office.until(correction)
    assert words(telegram.seen_by(1)) == ["소식"]
    assert words(telegram.seen_by(2)) == ["Better news"]
    assert (await office.tally(correction)).audience == {"en": 1}


async def test_one_after_the_other(office, telegram):
    await office.subscribe(range(1, 51))
    first = await office.start(ko="하나")
    office.now += timedelta(seconds=1)
    second = await office.start(ko="둘")
    async with Working(office.worker(telegram)):
        await office.until(second)
    assert (await office.get(first)).ending == "done"
    assert [str(screen.text) for screen in telegram.seen_by(50)] == ["하나", "둘"]
    assert sorted(telegram.arrived[:50]) == list(range(1, 51))


async def test_what_is_due_starts_by_itself_and_what_is_late_asks(office, telegram):
    await office.subscribe([1, 2])
    due, late = await office.draft(ko="소식"), await office.draft(ko="늦은 소식")
    await office.schedule(due, office.now + timedelta(hours=1))
    await office.schedule(late, office.now - timedelta(hours=2))
    async with Working(office.worker(telegram)):
        assert (await office.until(late.id, "reported_at")).state is State.LATE
        assert telegram.arrived == []
        office.now += timedelta(hours=1, minutes=1)
        await office.until(due.id)
    assert telegram.arrived == [1, 2]
    assert telegram.shown[0][0] == YUNA


async def test_send_again_reaches_only_those_it_is_for(office, telegram):
    await office.subscribe(range(1, 10))
    outcomes = {3: Failed("odd"), 5: Unknown("timeout"), 6: Unknown("timeout")}
    telegram.trouble = lambda delivery: outcomes.get(delivery.supporter_id)
    async with Working(office.worker(telegram)):
        update = await office.start(ko="소식")
        await office.until(update)
        assert (await office.tally(update)).count("unknown") == 2
        outcomes.clear()
        await office.unsubscribe(6)
        await office.send_again(update, "unknown")
        await office.until(update)
    assert sorted(telegram.arrived) == [1, 2, 4, 5, 7, 8, 9]
    assert (await office.tally(update)).outcomes == {
        ("ko", "sent", ""): 7,
        ("ko", "failed", "odd"): 1,
        ("ko", "skipped", ""): 1,
    }
