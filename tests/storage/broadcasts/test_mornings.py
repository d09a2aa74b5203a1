"""Quiet hours in the ledger: everybody gets a broadcast once, and nobody at night."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chatbot.petition.broadcasts.broadcast import BroadcastState
from chatbot.petition.broadcasts.outcome import Delivery, Failed, Sent
from chatbot.storage import Database, Transaction
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.broadcasts import broadcasts, drafts, lifecycle, mornings, restored
from chatbot.storage.privacy import erasure
from tests.support.campaigns import BUNDLED
from tests.support.night_driver import EVENING, NightDriver


@pytest.fixture
def driver(database: Database) -> NightDriver:
    return NightDriver(database)


async def test_everybody_gets_a_broadcast_once_after_a_night(driver: NightDriver) -> None:
    await driver.settle(5)
    broadcast = await driver.start(ko="소식", en="News")
    await driver.send_all_who_are_awake()
    tally = await driver.tally(broadcast)
    assert sum(tally.mornings.values()) + tally.count("sent") == 40
    assert 0 < tally.count("sent") < 40, "for some of them it is day"
    await driver.pass_time(26)
    assert (await driver.get(broadcast)).ending == "done"
    assert Counter(each for each, _ in driver.arrived) == Counter(driver.country.keys()), "everybody got it once"
    assert list(driver.list_woken()) == []
    assert await driver.is_consistent(broadcast)
    assert await find_problems(driver.database) == []


async def test_reader_without_a_country_sleeps_in_the_zone_of_the_language(driver: NightDriver) -> None:
    await driver.subscribe([1], "ko")
    broadcast = await driver.start(ko="소식")
    await driver.send_all_who_are_awake()
    assert (await driver.tally(broadcast)).mornings == {datetime(2026, 11, 27, 23, tzinfo=UTC): 1}


async def test_ledger_forgets_the_morning_once_it_is_sent(driver: NightDriver) -> None:
    async def read(tx: Transaction) -> list[str]:
        rows = await tx.all("SELECT due_at FROM deliveries")
        counts = await tx.all("SELECT reason FROM delivery_counts WHERE outcome = 'later'")
        return [row["due_at"] for row in rows if row["due_at"]] + [row["reason"] for row in counts]

    await driver.settle(2)
    await driver.start(ko="소식", en="News")
    await driver.send_all_who_are_awake()
    assert await driver.database.transact(read)
    await driver.pass_time(26)
    assert await driver.database.transact(read) == []


async def test_retention_forgets_the_mornings_of_cancelled_broadcasts(driver: NightDriver) -> None:
    await driver.settle(3)
    broadcast = await driver.start(ko="소식", en="News")
    await driver.send_all_who_are_awake()
    assert await driver.database.transact(mornings.forget, driver.now, 2) == 0, "the broadcast is still running"
    await driver.cancel(broadcast)
    while await driver.database.transact(mornings.forget, driver.now, 2):
        assert await driver.is_consistent(broadcast)
    assert (await driver.tally(broadcast)).mornings == {}
    assert await driver.is_consistent(broadcast)


async def test_erasing_somebody_who_waits_keeps_the_counts(driver: NightDriver) -> None:
    await driver.settle(2)
    broadcast = await driver.start(ko="소식", en="News")
    await driver.send_all_who_are_awake()
    waiting = [each for each, (state, _) in (await driver.outcomes(broadcast)).items() if state == "waiting"]
    before = sum((await driver.tally(broadcast)).mornings.values())
    await driver.database.transact(erasure.erase, waiting[0], driver.now)
    assert sum((await driver.tally(broadcast)).mornings.values()) == before - 1
    await driver.pass_time(26)
    assert Counter(each for each, _ in driver.arrived) == Counter(driver.country.keys() - {waiting[0]})
    assert await find_problems(driver.database) == []


async def test_restored_copy_has_nobody_who_waits_and_can_send_to_them_again(driver: NightDriver) -> None:
    await driver.settle(5)
    broadcast = await driver.start(ko="소식", en="News")
    await driver.send_all_who_are_awake()
    asleep = driver.country.keys() - {each for each, _ in driver.arrived}
    await driver.database.transact(restored.hold, driver.now)
    tally = await driver.tally(broadcast)
    assert (tally.mornings, tally.count("unknown")) == ({}, len(asleep)), (
        "in the copy they wait; since then they may have it"
    )
    assert await driver.is_consistent(broadcast)
    assert await find_problems(driver.database) == []
    await driver.resume(broadcast)
    await driver.send_all_who_are_awake()
    assert (await driver.get(broadcast)).ending == "done"
    await driver.send_again(broadcast, "unknown")
    await driver.pass_time(26)
    assert Counter(each for each, _ in driver.arrived) == Counter(driver.country.keys())
    assert list(driver.list_woken()) == []
    assert await find_problems(driver.database) == []


async def test_pause_over_the_morning_waits_for_the_next_one(driver: NightDriver) -> None:
    await driver.settle(3, ("KR",))
    broadcast = await driver.start(ko="소식")
    await driver.pass_time(2)
    await driver.pause(broadcast)
    await driver.pass_time(23)
    await driver.resume(broadcast)  # half past ten in the evening
    await driver.pass_time(3)
    assert driver.arrived == []
    await driver.pass_time(10)
    assert Counter(each for each, _ in driver.arrived) == Counter(driver.country.keys())
    assert list(driver.list_woken()) == []


async def test_evening_stops_a_broadcast_under_way_until_the_morning(driver: NightDriver) -> None:
    driver.now = EVENING - timedelta(minutes=45)
    await driver.settle(9, ("KR",))
    broadcast = await driver.start(ko="소식")
    await driver.deliver(driver.note, limit=4)
    driver.now = EVENING
    await driver.send_all_who_are_awake()
    assert len(driver.arrived) == 4
    assert sum((await driver.tally(broadcast)).mornings.values()) == 5
    await driver.pass_time(12)
    assert Counter(each for each, _ in driver.arrived) == Counter(driver.country.keys())
    assert list(driver.list_woken()) == []


async def test_retry_at_night_waits_too(driver: NightDriver) -> None:
    driver.now = EVENING - timedelta(hours=2)
    await driver.settle(3, ("KR",))
    broadcast = await driver.start(ko="소식")
    await driver.send_all_who_are_awake(lambda to: Failed("refused"))
    driver.now = EVENING
    await driver.send_again(broadcast, "failed")
    await driver.send_all_who_are_awake()
    assert driver.arrived == []
    await driver.pass_time(12)
    assert len(driver.arrived) == 3
    assert list(driver.list_woken()) == []


async def test_sleepers_do_not_hold_up_the_next_broadcast(driver: NightDriver) -> None:
    await driver.settle(2, ("KR", "GB"))
    waiting = await driver.start(ko="소식")
    await driver.send_all_who_are_awake()
    await driver.start(en="News")
    await driver.send_all_who_are_awake()
    assert {driver.country[each] for each, _ in driver.arrived} == {"GB"}
    assert (await driver.get(waiting)).state is BroadcastState.RUNNING


async def test_urgent_broadcast_wakes_people_unless_it_is_changed(driver: NightDriver) -> None:
    await driver.settle(2, ("KR",))
    draft = await driver.draft(ko="소식")
    revision = await driver.database.transact(drafts.declare_urgent, draft.id, draft.revision, driver.now)
    assert revision == draft.revision + 1
    assert await driver.database.transact(drafts.set_silent, draft.id, silent=True)
    assert (await driver.get(draft.id)).urgent_at is None
    assert await driver.database.transact(drafts.declare_urgent, draft.id, draft.revision, driver.now) is None
    changed = await driver.get(draft.id)
    assert await driver.database.transact(drafts.declare_urgent, draft.id, changed.revision, driver.now)
    await driver.send(draft.id)
    await driver.send_all_who_are_awake()
    assert len(driver.arrived) == 2


async def test_correction_changes_what_sleepers_get_and_recall_drops_them(driver: NightDriver) -> None:
    await driver.settle(2, ("KR", "GB"))
    broadcast = await driver.start(ko="소식", en="News")
    await driver.send_all_who_are_awake()
    await driver.start(kind="correction", of=broadcast, ko="고친 소식", en="Corrected")
    corrected: list[int] = []

    def edit(to: Delivery) -> Sent:
        corrected.append(to.supporter_id)
        return Sent(to.supporter_id)

    await driver.send_all_who_are_awake(edit)
    assert {driver.country[each] for each in corrected} == {"GB"}, (
        "a correction goes at once, and only to people who have the broadcast"
    )
    assert str((await driver.get(broadcast)).posts["ko"].text) == "고친 소식"
    await driver.start(kind="recall", of=broadcast)
    await driver.send_all_who_are_awake(edit)
    await driver.pass_time(26)
    assert {driver.country[each] for each, _ in driver.arrived} == {"GB"}


async def test_addition_waits_for_the_morning(driver: NightDriver) -> None:
    driver.now = EVENING - timedelta(hours=2)
    await driver.settle(2, ("KR", "GB"))
    broadcast = await driver.start(en="News")
    await driver.send_all_who_are_awake()
    driver.now = EVENING

    async def add(tx: Transaction) -> None:
        original = await broadcasts.get(tx, broadcast)
        addition = await drafts.create_addition(tx, original.organizer_id, driver.now, original, "ko")
        await drafts.write_post(tx, addition.id, "ko", original.posts["en"])
        addition = await broadcasts.get(tx, addition.id)
        assert await lifecycle.start(tx, addition.id, addition.revision, original.organizer_id, driver.now)

    await driver.database.transact(add)
    await driver.pass_time(3)
    assert {driver.country[each] for each, _ in driver.arrived} == {"GB"}
    await driver.pass_time(10)
    assert Counter(each for each, _ in driver.arrived) == Counter(driver.country.keys())
    assert list(driver.list_woken()) == []


@pytest.mark.parametrize("wrong", [timedelta(days=400), timedelta(days=-400), timedelta(days=2, hours=12)])
async def test_wrong_clock_makes_nobody_wait_for_longer_than_a_day(driver: NightDriver, wrong: timedelta) -> None:
    driver.now += wrong
    await driver.settle(3, ("KR",))
    await driver.start(ko="소식")
    await driver.send_all_who_are_awake()
    driver.now = EVENING
    await driver.pass_time(24)
    assert Counter(each for each, _ in driver.arrived) == Counter(driver.country.keys())
    assert list(driver.list_woken()) == []


async def test_without_quiet_hours_nobody_waits(driver: NightDriver) -> None:
    driver.campaign = BUNDLED
    await driver.settle(2)
    await driver.start(ko="소식", en="News")
    await driver.send_all_who_are_awake()
    assert len(driver.arrived) == 16


async def test_reader_sleeps_by_the_country_or_by_the_zone_of_the_campaign(driver: NightDriver) -> None:
    driver.campaign = replace(driver.campaign, named_zone="Asia/Seoul")
    await driver.subscribe([1], "en")
    await driver.subscribe([2], "en", "GB")
    await driver.subscribe([3], "en", "ZZ")
    broadcast = await driver.start(en="News")
    await driver.deliver(driver.note)
    await driver.deliver(driver.note)
    assert [each for each, _ in driver.arrived] == [2], (
        "in London it is noon, and in the zone of the campaign it is night"
    )
    assert (await driver.tally(broadcast)).mornings == {datetime(2026, 11, 27, 23, tzinfo=UTC): 2}
