"""Broadcasts to channels and groups: each place fails alone, nothing is doubled, and people never wait for a place."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest

from chatbot.broadcasting.pace import Pacer
from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import BroadcastState
from chatbot.petition.broadcasts.outcome import ContentRefused, Delivery, Gone, NotSent, Unknown
from chatbot.petition.broadcasts.quiet_hours import QuietHours
from chatbot.petition.languages import Language
from chatbot.screens.organizer.broadcasts import ending
from chatbot.screens.screen import Link
from chatbot.storage.broadcasts import lifecycle
from chatbot.storage.places import places
from tests.support import linked_places
from tests.support.broadcast_worker import RunningWorker, WorkerDriver
from tests.support.cast import YUNA
from tests.support.fake_broadcast_sender import Telegram

PEOPLE = range(1, 21)
CHANNEL, GROUP, OTHER = -1001, -1002, -1003


async def test_places_get_a_broadcast_beside_people_and_are_not_counted(
    driver: WorkerDriver, telegram: Telegram
) -> None:
    await driver.subscribe(PEOPLE)
    channel = await linked_places.link(driver, CHANNEL, "길동네")
    group = await linked_places.link(driver, GROUP, "Neighbours", "en", "group")
    broadcast = await linked_places.start(driver, [channel, group], ko="소식", en="News")
    async with RunningWorker(driver.worker(telegram)):
        await driver.until(broadcast)
    tally = await driver.tally(broadcast)
    assert (tally.total, tally.count("sent")) == (len(PEOPLE), len(PEOPLE))
    assert [str(each.text) for each in telegram.seen_by(CHANNEL)] == ["소식"]
    (shown,) = telegram.seen_by(GROUP)
    assert str(shown.text) == "News"
    assert [[button.label for button in row] for row in shown.rows] == [["✍️ Sign the petition"]]
    button = shown.rows[0][0]
    assert isinstance(button, Link)
    assert button.url == f"https://t.me/{linked_places.USERNAME}?start={group.code}"


async def test_refusing_place_fails_alone_and_the_report_says_so(
    driver: WorkerDriver, telegram: Telegram, translators: Mapping[Language, Translator]
) -> None:
    await driver.subscribe(PEOPLE)
    linked = [
        await linked_places.link(driver, each, title) for each, title in ((CHANNEL, "A"), (GROUP, "B"), (OTHER, "C"))
    ]
    refused = {GROUP: Gone("rights"), OTHER: ContentRefused("CHAT_SEND_PHOTOS_FORBIDDEN")}
    telegram.trouble = lambda delivery: refused.get(delivery.supporter_id)
    broadcast = await linked_places.start(driver, linked, ko="소식")
    async with RunningWorker(driver.worker(telegram)):
        ended = await driver.until(broadcast)
    assert ended.ending == "done"
    assert (await driver.tally(broadcast)).count("sent") == len(PEOPLE)
    assert await linked_places.outcomes(driver, broadcast) == {
        "A": ("sent", ""),
        "B": ("gone", "rights"),
        "C": ("failed", "content"),
    }
    text = str(ending.report(translators["en"], driver.campaign, ended, await driver.tally(broadcast)).text)
    assert "✅ A" in text.splitlines()
    assert "🚪 B: I may not post there any more" in text
    assert "⚠️ C: Telegram refuses it there" in text
    place = await driver.database.transact(places.find, linked[1].code)
    assert place is not None
    assert place.trouble == "refused"


async def test_slow_place_delays_neither_people_nor_the_next_broadcast(
    driver: WorkerDriver, telegram: Telegram
) -> None:
    await driver.subscribe(PEOPLE)
    channel = await linked_places.link(driver, CHANNEL, "길동네")
    answers = asyncio.Event()

    async def wait(delivery: Delivery) -> None:
        if delivery.supporter_id == CHANNEL:
            await answers.wait()

    telegram.trouble = wait
    first = await linked_places.start(driver, [channel], ko="하나")
    second = await driver.start(ko="둘")
    async with RunningWorker(driver.worker(telegram)):
        await driver.until(second)
        assert (await driver.get(first)).state is BroadcastState.RUNNING
        assert (await driver.tally(first)).count("sent") == len(PEOPLE)
        answers.set()
        await driver.until(first)
    assert len(telegram.seen_by(CHANNEL)) == 1


async def test_flooded_places_delay_nobody_else(
    driver: WorkerDriver, telegram: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatbot.broadcasting.chat_limits.BURST", 10.0)  # our own limit would take seconds
    await driver.subscribe(PEOPLE)
    linked = [await linked_places.link(driver, each, str(each)) for each in (CHANNEL, GROUP)]
    telegram.trouble = lambda delivery: NotSent(0.01, flood=True) if delivery.supporter_id < 0 else None
    pace = Pacer(1000, 1000)
    broadcast = await linked_places.start(driver, linked, ko="소식")
    async with RunningWorker(driver.worker(telegram, pace=pace)):
        await driver.until(broadcast)
    assert not pace.is_halted
    assert (await driver.tally(broadcast)).count("sent") == len(PEOPLE)
    assert set((await linked_places.outcomes(driver, broadcast)).values()) == {("failed", "flood")}


async def test_429_of_minutes_delays_only_its_place(driver: WorkerDriver, telegram: Telegram) -> None:
    await driver.subscribe(PEOPLE)
    linked = [await linked_places.link(driver, each, str(each)) for each in (CHANNEL, OTHER)]
    seconds, calls = 1_000.0, 0

    def refuse(delivery: Delivery) -> NotSent | None:
        nonlocal calls
        if delivery.supporter_id != CHANNEL:
            return None
        calls += 1
        return NotSent(1_300.0 - seconds, flood=True) if seconds < 1_300.0 else None

    telegram.trouble = refuse
    worker = driver.worker(telegram)
    worker._places._clock = lambda: seconds
    first = await linked_places.start(driver, linked, ko="하나")
    async with RunningWorker(worker):
        await telegram.until(lambda: calls == 1 and len(telegram.arrived) == len(PEOPLE) + 1)
        for _minute in range(4):
            seconds += 61
            await driver.until(await driver.start(ko="둘"))  # people wait for nothing
        assert calls == 1, "Telegram said when to try again"
        assert (await driver.get(first)).state is BroadcastState.RUNNING
        seconds += 61
        await driver.until(first)
    assert calls == 2
    assert set((await linked_places.outcomes(driver, first)).values()) == {("sent", "")}


async def test_outage_leaves_one_post_unknown_not_all(driver: WorkerDriver, telegram: Telegram) -> None:
    linked = [await linked_places.link(driver, each, str(each)) for each in (CHANNEL, GROUP, OTHER)]
    telegram.after = lambda _: Unknown("timeout")
    telegram.answers = False
    broadcast = await linked_places.start(driver, linked, ko="소식")
    async with RunningWorker(driver.worker(telegram)):
        await telegram.until(lambda: telegram.calls["probe"] > 2)
        telegram.after, telegram.answers = None, True
        await driver.until(broadcast)
    states = sorted(state for state, _ in (await linked_places.outcomes(driver, broadcast)).values())
    assert states == ["sent", "sent", "unknown"]


async def test_bug_in_a_post_stops_no_message_to_people(
    driver: WorkerDriver, telegram: Telegram, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await driver.subscribe(PEOPLE)
    channel = await linked_places.link(driver, CHANNEL, "길동네")

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("chatbot.broadcasting.places.render_place_post", fail)
    broadcast = await linked_places.start(driver, [channel], ko="소식")
    async with RunningWorker(driver.worker(telegram)):
        await telegram.until(lambda: len(telegram.arrived) == len(PEOPLE))
    assert "posting in places failed" in caplog.text
    assert await linked_places.outcomes(driver, broadcast) == {"길동네": ("waiting", "")}


async def test_killed_worker_leaves_a_post_unknown_and_does_not_repeat_it(
    driver: WorkerDriver, telegram: Telegram
) -> None:
    channel = await linked_places.link(driver, CHANNEL, "길동네")
    telegram.after = lambda delivery: asyncio.Event().wait() if delivery.supporter_id == CHANNEL else None  # type: ignore[assignment,return-value]
    broadcast = await linked_places.start(driver, [channel], ko="소식")
    running = RunningWorker(driver.worker(telegram))
    await running.__aenter__()
    await telegram.until(lambda: bool(telegram.seen_by(CHANNEL)))
    await running.kill()
    telegram.after = None
    async with RunningWorker(driver.worker(telegram)):
        await driver.until(broadcast)
    assert await linked_places.outcomes(driver, broadcast) == {"길동네": ("unknown", "crash")}
    assert len(telegram.seen_by(CHANNEL)) == 1


async def test_report_names_places_that_were_paused_or_unlinked_before_the_start(
    driver: WorkerDriver, telegram: Telegram, translators: Mapping[Language, Translator]
) -> None:
    await driver.subscribe(PEOPLE)
    linked = [
        await linked_places.link(driver, each, title) for each, title in ((CHANNEL, "A"), (GROUP, "B"), (OTHER, "C"))
    ]
    draft = await driver.draft(ko="소식")
    await linked_places.choose(driver, draft.id, linked)
    await driver.schedule(await driver.get(draft.id), driver.now + timedelta(hours=1))
    assert await driver.database.transact(places.pause, linked[0].code, driver.now)
    assert await driver.database.transact(places.unlink, linked[1].code, driver.now)
    driver.now += timedelta(hours=1)
    async with RunningWorker(driver.worker(telegram)):
        ended = await driver.until(draft.id)
    assert await linked_places.outcomes(driver, draft.id) == {
        "A": ("skipped", "paused"),
        "B": ("skipped", "unlinked"),
        "C": ("sent", ""),
    }
    text = str(ending.report(translators["en"], driver.campaign, ended, await driver.tally(draft.id)).text)
    assert "⏸ A: left out, because it's paused" in text
    assert "B: left out, because it isn't linked any more" in text
    assert not telegram.seen_by(CHANNEL)
    assert not telegram.seen_by(GROUP)


async def test_correction_and_recall_reach_the_places_that_have_it(driver: WorkerDriver, telegram: Telegram) -> None:
    await driver.subscribe(PEOPLE)
    linked = [await linked_places.link(driver, each, title) for each, title in ((CHANNEL, "A"), (GROUP, "B"))]
    telegram.trouble = lambda delivery: Unknown("timeout") if delivery.supporter_id == GROUP else None
    broadcast = await linked_places.start(driver, linked, ko="소식")
    async with RunningWorker(driver.worker(telegram)):
        await driver.until(broadcast)
        telegram.trouble = None
        # A place that was paused later still has the message, so it is corrected as well.
        await driver.database.transact(places.pause, linked[0].code, driver.now)
        await driver.until(await driver.start(kind="correction", of=broadcast, ko="고친 소식"))
        assert [str(each.text) for each in telegram.seen_by(CHANNEL)] == ["고친 소식"]
        recall = await driver.start(kind="recall", of=broadcast)
        await driver.until(recall)
    assert not telegram.seen_by(CHANNEL)
    assert await linked_places.outcomes(driver, recall) == {"A": ("sent", "")}


async def test_place_gets_posts_at_night_and_only_in_its_language(driver: WorkerDriver, telegram: Telegram) -> None:
    driver.campaign = replace(driver.campaign, quiet_hours=QuietHours(time(21), time(8)))
    driver.now = datetime(2026, 11, 27, 18, tzinfo=UTC)  # three o'clock in Seoul
    channel = await linked_places.link(driver, CHANNEL, "길동네", "ko")
    english = await linked_places.link(driver, GROUP, "Neighbours", "en", "group")
    broadcast = await linked_places.start(driver, [channel, english], ko="소식")
    async with RunningWorker(driver.worker(telegram)):
        await driver.until(broadcast)
    assert await linked_places.outcomes(driver, broadcast) == {
        "Neighbours": ("skipped", "no_words"),
        "길동네": ("sent", ""),
    }


async def test_second_try_posts_only_where_the_first_failed(driver: WorkerDriver, telegram: Telegram) -> None:
    await driver.subscribe(PEOPLE)
    linked = [await linked_places.link(driver, each, title) for each, title in ((CHANNEL, "A"), (GROUP, "B"))]
    telegram.trouble = lambda delivery: Gone("rights") if delivery.supporter_id == GROUP else None
    broadcast = await linked_places.start(driver, linked, ko="소식")
    async with RunningWorker(driver.worker(telegram)):
        await driver.until(broadcast)
        telegram.trouble = None
        assert await driver.database.transact(
            lifecycle.send_to_places_again, broadcast, [linked[1].code], YUNA, driver.now
        )
        await driver.until(broadcast, "ended_at")
    assert [len(telegram.seen_by(each)) for each in (CHANNEL, GROUP, *PEOPLE)] == [1] * (2 + len(PEOPLE))


@pytest.mark.parametrize("moves", [1, 5])
async def test_post_follows_a_group_that_becomes_a_supergroup_once(
    driver: WorkerDriver, telegram: Telegram, moves: int
) -> None:
    group, grown = -11, [*range(-1_011, -1_011 - moves, -1)]
    place = await linked_places.link(driver, group, "Neighbours", kind="group")
    moved = dict(pairwise([group, *grown]))
    telegram.trouble = lambda delivery: (
        Gone("moved", moved[delivery.supporter_id]) if delivery.supporter_id in moved else None
    )
    broadcast = await linked_places.start(driver, [place], ko="소식")
    async with RunningWorker(driver.worker(telegram)):
        await driver.until(broadcast)
    now = await driver.database.transact(places.find, place.code)
    assert now is not None
    assert now.chat_id == grown[0]
    arrived = moves == 1
    state = ("sent", "") if arrived else ("gone", "moved")
    assert await linked_places.outcomes(driver, broadcast) == {"Neighbours": state}
    assert [len(telegram.seen_by(each)) for each in (group, grown[0])] == [0, int(arrived)]
    told = await driver.database.transact(lambda tx: tx.all("SELECT * FROM jobs WHERE details LIKE '%place_grown%'"))
    assert len(told) <= 1
    if arrived:  # its message is the supergroup's
        telegram.trouble = None
        await _recall(driver, telegram, broadcast)
        assert telegram.seen_by(grown[0]) == []


async def _recall(driver: WorkerDriver, telegram: Telegram, broadcast: int) -> None:
    async with RunningWorker(driver.worker(telegram)):
        await driver.until(await driver.start(kind="recall", of=broadcast))
