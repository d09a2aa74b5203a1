"""Whatever goes wrong: nobody gets it twice, nobody is forgotten in silence."""

import asyncio
import itertools
import logging
from collections import Counter

import pytest

from chatbot.broadcasting.pace import Pacer
from chatbot.petition.broadcasts.outcome import ContentRefused, Gone, NotSent, Unknown
from chatbot.storage import DatabaseUnavailableError, open_database
from chatbot.storage.broadcasts import deliveries
from chatbot.storage.people import subscriptions
from tests.support.broadcast_driver import (
    RunningWorker,
)
from tests.support.cast import YUNA
from tests.support.fake_broadcast_sender import TokenRefusedError
from tests.support.limits import GIVE_UP


class Halts:
    """A pace that notes the 429s, and lets everybody out again at once."""

    rate = 1000.0
    is_halted = True

    def __init__(self):
        self.seconds = []

    def note_flood(self, chat_id, seconds):
        self.seconds.append(seconds)

    def note_answer(self, chat_id):
        pass

    def delay(self, chat_id, *, edit=False):
        return 0.0

    async def admit_reply(self, chat_id, *, edit=False):
        pass

    async def admit_broadcast(self, patience=0.0):
        await asyncio.sleep(0.001)
        return True

    def depart(self, chat_id, *, edit=False):
        return 0.0

    def land(self, departed_at):
        pass


def assert_nobody_twice(telegram):
    assert not [who for who, times in Counter(telegram.arrived).items() if times > 1]


async def test_a_flood_holds_everybody_and_nobody_is_lost(context, telegram):
    await context.subscribe(range(1, 101))
    floods = iter([NotSent(7.0, flood=True)] * 3)
    telegram.trouble = lambda delivery: next(floods, None) if len(telegram.arrived) > 30 else None
    pace = Halts()
    async with RunningWorker(context.worker(telegram, pace=pace)):
        update = await context.start(ko="소식")
        await context.until(update)
    assert pace.seconds == [7.0] * 3
    assert telegram.calls["probe"] == 0
    assert sorted(telegram.arrived) == list(range(1, 101))
    assert await context.states(update) == Counter(sent=100)


async def test_who_leaves_while_everybody_is_held_gets_nothing(context, telegram):
    """What was claimed before a 429 goes back to wait, so that an opt-out counts until the moment of sending."""
    await context.subscribe(range(1, 101))
    flooded = asyncio.Event()
    refused = []

    def flood(delivery):
        if delivery.supporter_id >= 20 and delivery.supporter_id not in refused and len(refused) < 2:
            refused.append(delivery.supporter_id)
            if len(refused) == 2:
                flooded.set()
            return NotSent(1.5, flood=True)
        return None

    telegram.trouble = flood
    async with RunningWorker(context.worker(telegram)):
        update = await context.start(ko="소식")
        await asyncio.wait_for(flooded.wait(), GIVE_UP)
        await context.until_landed(update, but=refused[:1])
        before = set(telegram.arrived)
        await context.unsubscribe(*range(22, 100))
        await context.until(update)
    assert set(telegram.arrived) - before == {20, 21, 100} - before
    assert await context.states(update) == Counter(
        sent=len(before | {20, 21, 100}), skipped=100 - len(telegram.arrived)
    )
    assert_nobody_twice(telegram)


@pytest.mark.parametrize("leaves", [False, True])
async def test_one_chat_with_a_429_holds_up_nobody_and_an_opt_out_still_counts(context, telegram, leaves):
    """Only their delivery waits; all others get theirs, and who leaves meanwhile gets nothing."""
    await context.subscribe(range(1, 101))
    floods = iter([NotSent(1.0, flood=True)])
    telegram.trouble = lambda delivery: next(floods, None) if delivery.supporter_id == 20 else None
    async with RunningWorker(context.worker(telegram)):
        update = await context.start(ko="소식")
        await telegram.until(lambda: len(telegram.arrived) == 99)
        if leaves:
            await context.unsubscribe(20)
        await context.until(update)
    assert telegram.arrived == [each for each in range(1, 101) if each != 20] + [20] * (not leaves)
    assert await context.states(update) == Counter(sent=100 - leaves, skipped=leaves)


async def test_a_chat_that_always_gets_a_429_does_not_hold_up_the_end(context, telegram, monkeypatch):
    monkeypatch.setattr("chatbot.broadcasting.pace.LONGEST", 0.05)
    await context.subscribe(range(1, 101))
    telegram.trouble = lambda delivery: NotSent(18_000, flood=True) if delivery.supporter_id == 20 else None
    async with RunningWorker(context.worker(telegram)):
        update = await context.start(ko="소식")
        await context.until(update)
    assert await context.states(update) == Counter(sent=99, failed=1)
    assert (await context.rows(update))[20] == ("failed", "flood")
    assert telegram.calls["update"] == 99 + 5


async def test_somebody_whose_chat_has_had_enough_gets_theirs_a_little_later(context, telegram):
    """By our own limits of one chat, which no call has to find out."""
    await context.subscribe(range(1, 101))
    pace = Pacer(1000, 1000)
    for _ in range(4):
        pace.try_admit_reply(20)
    async with RunningWorker(context.worker(telegram, pace=pace)):
        update = await context.start(ko="소식")
        await context.until(update)
    assert telegram.arrived[-1] == 20
    assert await context.states(update) == Counter(sent=100)


async def test_without_a_connection_everybody_waits_until_telegram_answers(context, telegram):
    await context.subscribe(range(1, 101))

    def disconnected(delivery):
        return None if telegram.answers else NotSent()

    telegram.trouble = disconnected
    telegram.answers = False
    async with RunningWorker(context.worker(telegram)):
        update = await context.start(ko="소식")
        await telegram.until(lambda: telegram.calls["probe"] == 5)
        assert telegram.arrived == []
        assert telegram.calls["update"] <= 30
        telegram.answers = True
        await context.until(update)
    assert sorted(telegram.arrived) == list(range(1, 101))
    assert await context.states(update) == Counter(sent=100)


async def test_an_outage_costs_no_more_than_what_was_in_the_air(context, telegram):
    await context.subscribe(range(1, 401))
    left = []

    async def fall_silent(delivery):
        if len(telegram.arrived) >= 100 and telegram.answers and not left:
            telegram.answers = False
        if not telegram.answers:
            left.append(delivery.supporter_id)
            await asyncio.sleep(0.02)
            return Unknown("timeout")
        return None

    telegram.trouble = fall_silent
    async with RunningWorker(context.worker(telegram, window=30)):
        update = await context.start(ko="소식")
        await telegram.until(lambda: telegram.calls["probe"] >= 10)
        calls = telegram.calls["update"]
        await telegram.until(lambda: telegram.calls["probe"] >= 20)
        assert telegram.calls["update"] == calls, "nothing is tried while Telegram does not even say its name"
        telegram.answers = True
        await context.until(update)
    states = await context.states(update)
    assert 5 <= states["unknown"] <= 30
    assert states["sent"] == 400 - states["unknown"]
    assert sorted(telegram.arrived + left) == list(range(1, 401))


async def test_while_telegram_takes_nothing_but_answers_one_at_a_time_is_tried(context, telegram, caplog):
    await context.subscribe(range(1, 401))
    waits = []

    def back_off(tries):
        waits.append(tries)
        return 0.01

    def refuse(delivery):
        return Unknown("telegram") if len(telegram.arrived) >= 100 and telegram.calls["probe"] < 6 else None

    telegram.trouble = refuse
    caplog.set_level(logging.INFO)
    async with RunningWorker(context.worker(telegram, back_off=back_off)):
        update = await context.start(ko="소식")
        await context.until(update)
    assert waits == [0, 1, 2, 3, 4, 5], "each wait is longer than the one before"
    assert (await context.states(update))["unknown"] <= 30 + 5
    told = [record.getMessage() for record in caplog.records if "Telegram" in record.getMessage()]
    assert told == [
        f"Telegram is down: broadcast {update} waits",
        f"Telegram answers again: broadcast {update} goes on",
    ]


async def test_one_unknown_now_and_then_is_no_outage(context, telegram):
    await context.subscribe(range(1, 101))
    telegram.after = lambda delivery: Unknown("cut") if delivery.supporter_id % 4 == 0 else None
    async with RunningWorker(context.worker(telegram)):
        update = await context.start(ko="소식")
        await context.until(update)
    assert telegram.calls["probe"] == 0
    assert await context.states(update) == Counter(sent=75, unknown=25)
    assert sorted(telegram.arrived) == list(range(1, 101))


async def test_refused_content_stops_at_once_and_every_organizer_hears_what_telegram_said(context, telegram):
    await context.subscribe(range(1, 201))
    telegram.trouble = lambda delivery: ContentRefused("can't parse entities") if delivery.supporter_id > 10 else None
    async with RunningWorker(context.worker(telegram, organizers=frozenset({YUNA, 3004}))):
        update = await context.start(ko="소식")
        ended = await context.until(update)
        await telegram.until(lambda: {chat for chat, *_ in telegram.shown} == {YUNA, 3004})
    assert (ended.ending, ended.refusal) == ("content", "can't parse entities")
    states = await context.states(update)
    assert states["sent"] == 10
    assert 1 <= states["failed"] <= 30
    assert states["waiting"] == 190 - states["failed"]
    assert any("parse entities" in str(screen.text) for _, screen, _ in telegram.shown)


async def test_too_many_strangers_stop_it_and_stay_subscribed(context, telegram):
    await context.subscribe(range(1, 501))
    telegram.strangers = set(range(100, 500))
    async with RunningWorker(context.worker(telegram)):
        update = await context.start(ko="소식")
        ended = await context.until(update)
    assert ended.ending == "strangers"
    states = await context.states(update)
    assert states["sent"] == 99
    assert 11 <= states["gone"] <= 11 + 30
    assert await context.database.transact(subscriptions.count) == 500


async def test_a_few_strangers_are_let_go_at_the_end(context, telegram):
    await context.subscribe(range(1, 101))
    telegram.strangers, telegram.blocked, telegram.deactivated = {7, 50}, {8, 9}, {10}
    async with RunningWorker(context.worker(telegram)):
        update = await context.start(ko="소식")
        ended = await context.until(update)
    assert ended.ending == "done"
    assert (await context.tally(update)).outcomes == {
        ("ko", "sent", ""): 95,
        ("ko", "gone", "not_found"): 2,
        ("ko", "gone", "blocked"): 2,
        ("ko", "gone", "deactivated"): 1,
    }
    for gone in (7, 50, 8, 9, 10):
        assert await context.database.transact(subscriptions.find, gone) is None
    assert await context.database.transact(subscriptions.count) == 95


async def test_the_wrong_token_for_a_small_campaign_unsubscribes_nobody(context, telegram):
    await context.subscribe(range(1, 9))
    telegram.strangers = set(range(1, 9))
    async with RunningWorker(context.worker(telegram)):
        update = await context.start(ko="소식")
        await context.until(update)
    assert await context.database.transact(subscriptions.count) == 8


async def test_a_refused_token_ends_everything_and_the_right_one_goes_on(context, telegram):
    await context.subscribe(range(1, 201))
    telegram.trouble = lambda delivery: TokenRefusedError() if len(telegram.arrived) >= 50 else None
    update = await context.start(ko="소식")
    with pytest.raises(TokenRefusedError):
        await asyncio.wait_for(context.worker(telegram).run(), GIVE_UP)
    states = await context.states(update)
    assert states["sending"] == 0
    assert states["sent"] == len(telegram.arrived)
    assert states["waiting"] == 200 - states["sent"]
    telegram.trouble = None
    async with RunningWorker(context.worker(telegram)):
        await context.until(update)
    assert sorted(telegram.arrived) == list(range(1, 201))


async def test_a_refused_token_is_noticed_while_nothing_is_sent(context, telegram, monkeypatch):
    async def refuse(*_):
        raise TokenRefusedError

    monkeypatch.setattr(telegram, "show", refuse)
    await context.subscribe(range(1, 11))
    update = await context.start(ko="소식")
    await context.pause(update)
    with pytest.raises(TokenRefusedError):
        await asyncio.wait_for(context.worker(telegram).run(), GIVE_UP)


class Moody:
    """A database that is away now and then: before a transaction, or when it has been kept, so that nobody knows."""

    def __init__(self, database, moods):
        self.database = database
        self.moods = moods

    async def transact(self, work, *args, **kwargs):
        mood = next(self.moods, None)
        if mood == "away":
            raise DatabaseUnavailableError("away")
        result = await self.database.transact(work, *args, **kwargs)
        if mood == "lost":
            raise DatabaseUnavailableError("kept, but who knows")
        return result

    async def try_lock(self, name):
        return await self.database.try_lock(name)


async def test_the_database_may_be_away(context, telegram, monkeypatch, caplog):
    monkeypatch.setattr("chatbot.broadcasting.ledger.PAUSE", 0.005)
    caplog.set_level(logging.INFO)
    await context.subscribe(range(1, 101))
    update = await context.start(ko="소식")
    moods = iter((["away"] * 5 + [None]) * 40)
    async with RunningWorker(context.worker(telegram, database=Moody(context.database, moods))):
        await context.until(update)
    assert sorted(telegram.arrived) == list(range(1, 101))
    assert await context.states(update) == Counter(sent=100)
    assert (await context.tally(update)).outcomes == {("ko", "sent", ""): 100}
    assert 1 < len([record for record in caplog.records if "is unavailable" in record.getMessage()]) <= 41


async def test_answers_of_the_database_may_be_lost(context, telegram, monkeypatch):
    monkeypatch.setattr("chatbot.broadcasting.ledger.PAUSE", 0.005)
    await context.subscribe(range(1, 101))
    update = await context.start(ko="소식")
    moods = iter(([None] * 4 + ["lost"]) * 40)
    async with RunningWorker(context.worker(telegram, database=Moody(context.database, moods))):
        await context.until(update)
    assert_nobody_twice(telegram)
    rows = await context.rows(update)
    assert {who for who, (state, _) in rows.items() if state == "sent"} == set(telegram.arrived)
    assert {reason for state, reason in rows.values() if state != "sent"} <= {"crash"}
    assert (await context.tally(update)).left == 0


async def test_a_second_worker_waits_for_the_first_to_end(context, telegram, tmp_path, monkeypatch):
    monkeypatch.setattr("chatbot.broadcasting.worker.PATIENCE", 0.02)
    await context.subscribe(range(1, 101))
    other = await open_database(f"sqlite:///{tmp_path}/chatbot.db")
    by_second = []
    second_telegram = type(telegram)()
    second_telegram.trouble = lambda delivery: by_second.append(delivery.supporter_id)
    http_server = asyncio.Event()

    async def hold(delivery):
        if delivery.supporter_id == 50:
            http_server.set()
            await asyncio.Event().wait()

    telegram.trouble = hold
    update = await context.start(ko="소식")
    async with RunningWorker(context.worker(telegram, window=5)) as first:
        await asyncio.wait_for(http_server.wait(), GIVE_UP)
        async with RunningWorker(context.worker(second_telegram, database=other)):
            await asyncio.sleep(0.1)  # five tries to take over
            assert by_second == []
            await first.kill()
            await context.database.close()
            context.database = other
            await context.until(update)
    await other.close()
    assert not set(by_second) & set(telegram.arrived)
    assert len(set(range(1, 101)) - set(by_second) - set(telegram.arrived)) <= 5, "unknown, no more than the window"


async def test_a_crash_leaves_no_more_unknown_than_the_window(context, telegram):
    await context.subscribe(range(1, 601))
    update = await context.start(ko="소식")

    async def travel(delivery):
        await asyncio.sleep(0.005)

    telegram.trouble = telegram.after = travel
    unknown = 0
    for life in range(4):
        async with RunningWorker(context.worker(telegram, window=30)) as working:
            await telegram.until(lambda life=life: len(telegram.arrived) >= 100 * (life + 1))
            await working.kill()
        async with RunningWorker(context.worker(telegram, rate=1)):
            await context.pause(update)
            await context.until_landed(update)
        now_unknown = (await context.states(update))["unknown"]
        assert now_unknown - unknown <= 30
        unknown = now_unknown
        await context.resume(update)
    assert unknown > 0
    async with RunningWorker(context.worker(telegram)):
        await context.until(update)
        assert_nobody_twice(telegram)
        telegram.trouble = telegram.after = None
        missing = set(range(1, 601)) - set(telegram.arrived)
        states = await context.states(update)
        assert states["sent"] + states["unknown"] == 600
        assert len(missing) <= states["unknown"]
        await context.send_again(update, "unknown")
        await context.until(update)
    assert set(telegram.arrived) == set(range(1, 601))


async def test_stop_lets_what_is_in_the_air_land(context, telegram):
    await context.subscribe(range(1, 101))
    update = await context.start(ko="소식")
    landing = asyncio.Event()

    async def travel(delivery):
        await landing.wait()

    telegram.trouble = travel
    async with RunningWorker(context.worker(telegram, window=10)) as working:
        await telegram.until(lambda: telegram.in_flight == 10)
        working.worker.stop()
        landing.set()
    assert await context.states(update) == Counter(sent=10, waiting=90)


async def test_stop_does_not_wait_for_ever(context, telegram, monkeypatch):
    monkeypatch.setattr("chatbot.broadcasting.worker.GRACE", 0.05)
    await context.subscribe(range(1, 101))
    update = await context.start(ko="소식")
    telegram.trouble = lambda delivery: asyncio.Event().wait()
    async with RunningWorker(context.worker(telegram, window=10)):
        await telegram.until(lambda: telegram.in_flight == 10)
    rows = await context.rows(update)
    assert Counter(rows.values()) == {("unknown", "stopped"): 10, ("waiting", None): 90}


async def test_a_second_stop_gives_no_second_grace(context, telegram, monkeypatch):
    monkeypatch.setattr("chatbot.broadcasting.worker.GRACE", 0.3)
    await context.subscribe(range(1, 11))
    flying = asyncio.Event()

    async def hang(delivery):
        flying.set()
        await asyncio.Event().wait()

    telegram.trouble = hang
    worker = context.worker(telegram)
    working = asyncio.create_task(worker.run())
    await context.start(ko="소식")
    await asyncio.wait_for(flying.wait(), GIVE_UP)
    worker.stop()
    for _ in range(20):
        await asyncio.wait((working,), timeout=0.1)
        if working.done():
            break
        worker.stop()
    assert working.done()


async def test_stop_ends_a_halt_at_once(context, telegram):
    await context.subscribe(range(1, 11))
    update = await context.start(ko="소식")
    telegram.trouble = lambda delivery: NotSent(3600.0, flood=True)
    async with RunningWorker(context.worker(telegram)):
        await telegram.until(lambda: telegram.calls["update"] > 0)
    assert await context.states(update) == Counter(waiting=10)


async def test_a_bug_in_sending_is_unknown_and_reported_without_its_words(context, telegram, caplog):
    await context.subscribe(range(1, 11))
    telegram.trouble = lambda delivery: ValueError("하나") if delivery.supporter_id == 3 else None
    async with RunningWorker(context.worker(telegram)):
        update = await context.start(ko="소식")
        await context.until(update)
    assert (await context.rows(update))[3] == ("unknown", "bug")
    assert "ValueError" in caplog.text
    assert "하나" not in caplog.text


async def test_a_bug_in_the_worker_makes_it_begin_anew(context, telegram, monkeypatch, caplog):
    monkeypatch.setattr("chatbot.broadcasting.worker.RESTART_PAUSE", 0.01)
    broken = iter([True])

    class Clock:
        def __call__(self):
            if next(broken, False):
                raise KeyError("odd")
            return context.now

    await context.subscribe(range(1, 11))
    update = await context.start(ko="소식")
    worker = context.worker(telegram)
    worker._ledger.now = Clock()
    async with RunningWorker(worker):
        await context.until(update)
    assert sorted(telegram.arrived) == list(range(1, 11))
    assert "KeyError" in caplog.text


async def test_a_bug_beside_the_sending_is_reported_and_all_begins_anew(context, telegram, monkeypatch, caplog):
    monkeypatch.setattr("chatbot.broadcasting.worker.RESTART_PAUSE", 0.01)
    good, calls = deliveries.start_due, itertools.count()

    async def start_due(tx, now):
        if next(calls) == 3:
            raise KeyError("odd")
        await good(tx, now)

    monkeypatch.setattr("chatbot.broadcasting.worker.deliveries.start_due", start_due)
    await context.subscribe(range(1, 101))
    async with RunningWorker(context.worker(telegram, rate=400)):
        update = await context.start(ko="소식")
        await context.until(update)
        due = await context.draft(ko="소식")
        await context.schedule(due, context.now)
        await context.until(due.id)
    assert await context.states(update) == Counter(sent=100)
    assert [record.levelname for record in caplog.records].count("ERROR") == 1
    assert "KeyError" in caplog.text


async def test_gone_from_their_chat_is_no_stranger(context, telegram):
    await context.subscribe(range(1, 41))
    async with RunningWorker(context.worker(telegram)):
        update = await context.start(ko="소식")
        await context.until(update)
        for chat in range(1, 31):
            telegram.chats[chat].clear()
        recall = await context.start(kind="recall", of=update)
        assert (await context.until(recall)).ending == "done"
    assert (await context.tally(recall)).outcomes == {("ko", "gone", "message_gone"): 30, ("ko", "sent", ""): 10}
    assert await context.database.transact(subscriptions.count) == 40
    assert Gone("message_gone") != Gone("not_found")


@pytest.mark.parametrize("busy", [False, True])
async def test_a_database_that_does_not_answer_holds_up_no_stop(context, telegram, database, monkeypatch, busy):
    monkeypatch.setattr("chatbot.broadcasting.ledger.LAST_TRY", 0.05)
    asked = asyncio.Event()

    class Silent:
        try_lock = database.try_lock

        async def transact(self, work, *args, **kwargs):
            if not busy or telegram.arrived:
                asked.set()
                await asyncio.Event().wait()
            return await database.transact(work, *args, **kwargs)

    await context.subscribe(range(1, 101))
    worker = context.worker(telegram, database=Silent())
    working = asyncio.create_task(worker.run())
    await context.start(ko="소식")
    await asyncio.wait_for(asked.wait(), GIVE_UP)
    worker.stop()
    await asyncio.wait_for(working, 4)
