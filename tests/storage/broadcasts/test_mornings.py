"""Quiet hours in the ledger: through any night everybody gets the broadcast once, and nobody at night."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatbot.petition.broadcasts.broadcast import BroadcastState, MorningForecast
from chatbot.petition.broadcasts.outcome import Delivery, Failed, NotSent, Result, Sent
from chatbot.petition.broadcasts.quiet_hours import QuietHours, find_zones
from chatbot.petition.rounding import round_down
from chatbot.storage import Database, Transaction
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.broadcasts import broadcasts, deliveries, drafts, forecasts, lifecycle, mornings
from chatbot.storage.broadcasts.mornings import ReadersClock
from chatbot.storage.people import subscriptions
from chatbot.storage.privacy import erasure
from tests.storage.conftest import on_sqlite
from tests.support.broadcasts import BroadcastDriver
from tests.support.broadcasts import recount as recount_ledger
from tests.support.campaigns import BUNDLED

NIGHT: Final = QuietHours(time(21), time(8))
COUNTRIES: Final = ("KR", "JP", "DE", "GB", "US", "CA", "NZ", "RU")
"""In eight zones, or groups of zones."""
EVENING: Final = datetime(2026, 11, 27, 12, 30, tzinfo=UTC)
"""Half past nine in the evening in Seoul."""
STEP: Final = timedelta(minutes=15)


class NightDriver(BroadcastDriver):
    """A broadcast driver whose readers sleep; it knows what arrived when."""

    def __init__(self, database: Database, now: datetime = EVENING) -> None:
        super().__init__(database)
        self.campaign = replace(BUNDLED, quiet_hours=NIGHT)
        self.now = now
        self.country: dict[int, str] = {}
        self.arrived: list[tuple[int, datetime]] = []

    async def settle(self, each_country: int, countries: tuple[str, ...] = COUNTRIES) -> None:
        """Subscribe as many people in each country, in turns."""
        for number, country in enumerate(countries):
            ids = range(number + 1, each_country * len(countries) + 1, len(countries))
            self.country |= dict.fromkeys(ids, country)
            await self.subscribe(ids, "ko" if country == "KR" else "en", country)

    def note(self, to: Delivery) -> Sent:
        self.arrived.append((to.supporter_id, self.now))
        return Sent(to.supporter_id)

    async def send_all_who_are_awake(
        self, result: Callable[[Delivery], Result | NotSent] | None = None, limit: int = 50
    ) -> None:
        """Do what the worker does until it has nothing to do."""
        while await self.database.transact(deliveries.find_running, self.now):
            now = self.now
            await self.deliver(result or self.note, limit=limit)
            self.now = now

    async def pass_time(self, hours: int, limit: int = 50) -> None:
        """Let the worker work through these hours."""
        end = self.now + timedelta(hours=hours)
        while self.now < end:
            await self.send_all_who_are_awake(limit=limit)
            self.now += STEP

    def list_woken(self) -> Iterator[tuple[int, datetime]]:
        """List those who got something at night."""
        for each, at in self.arrived:
            zones = find_zones(self.country[each], "UTC")
            if any(NIGHT.count_nights([ZoneInfo(zone)], at) for zone in zones):
                yield each, at

    async def is_consistent(self, broadcast_id: int) -> bool:
        tally = await self.tally(broadcast_id)
        return tally == await self.database.transact(recount_ledger, broadcast_id)


@pytest.fixture
def driver(database: Database) -> NightDriver:
    return NightDriver(database)


async def send_through_a_night(driver: NightDriver, each_country: int) -> None:
    await driver.settle(each_country)
    broadcast = await driver.start(ko="소식", en="News")
    await driver.send_all_who_are_awake(limit=500)
    tally = await driver.tally(broadcast)
    assert sum(tally.mornings.values()) + tally.count("sent") == 8 * each_country
    assert 0 < tally.count("sent") < 8 * each_country, "it is day for some of them"
    await driver.pass_time(26, limit=500)
    assert (await driver.get(broadcast)).ending == "done"
    assert Counter(each for each, _ in driver.arrived) == Counter(driver.country.keys()), "everybody, once"
    assert list(driver.list_woken()) == []
    assert await driver.is_consistent(broadcast)
    assert await find_problems(driver.database) == []


async def test_night_passes_and_everybody_has_it_once(driver: NightDriver) -> None:
    await send_through_a_night(driver, 5)


@pytest.mark.slow
async def test_night_passes_for_10_000_people_in_eight_zones(driver: NightDriver) -> None:
    await send_through_a_night(driver, 1250)


async def test_forecast_tells_who_waits_and_until_when(driver: NightDriver) -> None:
    await driver.settle(25)
    broadcast = await driver.draft(ko="소식", en="News")
    forecast = await driver.database.transact(forecasts.foresee, broadcast, driver.campaign, driver.now)
    assert forecast is not None
    started = await driver.send(broadcast.id)
    await driver.send_all_who_are_awake()
    tally = await driver.tally(started)
    assert forecast.later == round_down(sum(tally.mornings.values()))
    assert 0 <= tally.count("sent") - forecast.now < 20
    assert forecast.last == max(tally.mornings)
    noon = EVENING.replace(hour=4)  # in Seoul and Tokyo; elsewhere it is night
    korean = await driver.draft(ko="소식")
    forecast = await driver.database.transact(forecasts.foresee, korean, driver.campaign, noon)
    assert forecast == MorningForecast(0, 0, noon, 0.0), "somewhere it is always night"


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
    assert await driver.database.transact(mornings.forget, driver.now, 2) == 0, "it runs"
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


async def test_evening_comes_while_it_is_sent(driver: NightDriver) -> None:
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


async def test_those_who_sleep_let_the_next_broadcast_go_first(driver: NightDriver) -> None:
    await driver.settle(2, ("KR", "GB"))
    waiting = await driver.start(ko="소식")
    await driver.send_all_who_are_awake()
    await driver.start(en="News")
    await driver.send_all_who_are_awake()
    assert {driver.country[each] for each, _ in driver.arrived} == {"GB"}
    assert (await driver.get(waiting)).state is BroadcastState.RUNNING


async def test_urgent_broadcast_wakes_people_and_the_next_change_takes_that_back(driver: NightDriver) -> None:
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
    assert {driver.country[each] for each in corrected} == {"GB"}, "it goes at once, to those who have it"
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


@pytest.mark.parametrize("wrong", [timedelta(days=400), timedelta(days=-400)])
async def test_clock_that_was_wrong_makes_nobody_wait_for_a_year(driver: NightDriver, wrong: timedelta) -> None:
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


ACTS: Final = st.lists(
    st.tuples(
        st.sampled_from(
            ("pass", "pass", "pass", "pause", "resume", "correct", "recall", "crash", "leave", "fail", "again", "rest")
        ),
        st.integers(0, 9),
    ),
    max_size=25,
)


@pytest.mark.slow
@on_sqlite
@given(ACTS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_nobody_is_woken_nor_written_to_twice_whatever_happens(
    database: Database, acts: list[tuple[str, int]]
) -> None:
    """Each example is a new broadcast to readers of its own."""
    driver = NightDriver(database)
    for row in await driver.list_all():  # what earlier examples left
        await database.transact(lifecycle.resume, row.id)
        await database.transact(lifecycle.end, row.id, "cancelled", driver.now)

    async def leave_all(tx: Transaction) -> int:
        rows = await tx.all("SELECT supporter_id FROM subscriptions WHERE ended_at IS NULL")
        for each in rows:
            await subscriptions.end(tx, each["supporter_id"], "asked", driver.now)
        return max((each["supporter_id"] for each in rows), default=0)

    first = await database.transact(leave_all) + 1
    for number in range(16):
        driver.country[first + number] = COUNTRIES[number % 8]
        await driver.subscribe([first + number], "ko" if number % 8 == 0 else "en", COUNTRIES[number % 8])
    broadcast = await driver.start(ko="소식", en="News")
    left: set[int] = set()
    for act, number in acts:
        match act:
            case "pass":
                await _work(driver, broadcast, driver.note, limit=number + 1)
                driver.now += timedelta(hours=number)
            case "pause":
                await database.transact(lifecycle.pause, broadcast, driver.now)
            case "resume":
                await database.transact(lifecycle.resume, broadcast)
            case "correct" if (await driver.get(broadcast)).recalled_at is None:
                await driver.start(kind="correction", of=broadcast, ko="고친 소식", en="Corrected")
            case "recall" if (await driver.get(broadcast)).recalled_at is None and number == 0:
                await driver.start(kind="recall", of=broadcast)
            case "crash":
                found = await database.transact(deliveries.find_running, driver.now)
                if found and found.id == broadcast and found.gathered_at is not None:
                    clock = ReadersClock(driver.campaign, driver.now)
                    await database.transact(deliveries.claim, found, number, clock)
                await database.transact(deliveries.recover)
            case "leave":
                left.add(first + number)
                await driver.unsubscribe(first + number)
            case "fail":
                await _work(driver, broadcast, lambda to: Failed("refused"), limit=1)
            case "again":
                await database.transact(lifecycle.send_again, broadcast, "failed")
        assert await driver.is_consistent(broadcast)

    is_recalled = (await driver.get(broadcast)).recalled_at is not None
    await database.transact(lifecycle.resume, broadcast)
    before = len(driver.arrived)
    for _ in range(30):
        await _work(driver, broadcast, driver.note, limit=50)
        driver.now += timedelta(hours=1)
    assert not is_recalled or len(driver.arrived) == before
    assert (await driver.get(broadcast)).state is BroadcastState.ENDED
    assert list(driver.list_woken()) == []
    assert max(Counter(each for each, _ in driver.arrived).values(), default=1) == 1
    outcomes = await driver.outcomes(broadcast)
    if not is_recalled:
        assert set(driver.country) - left <= set(outcomes), "nobody is forgotten"
        assert not [each for each, (state, _) in outcomes.items() if state in ("waiting", "sending")]
    assert {each for each, (state, _) in outcomes.items() if state == "sent"} == {each for each, _ in driver.arrived}


async def _work(driver: NightDriver, broadcast: int, result: Callable[[Delivery], Result], limit: int) -> None:
    """Send what can be sent now, at most ten times; corrections and recalls arrive unnoted."""
    for _ in range(10):
        found = await driver.database.transact(deliveries.find_running, driver.now)
        if found is None:
            return
        now = driver.now
        await driver.deliver(result if found.id == broadcast else lambda to: Sent(to.message_id or 0), limit=limit)
        driver.now = now


async def test_reader_of_a_language_of_many_zones_sleeps_by_the_country_or_the_campaign(driver: NightDriver) -> None:
    driver.campaign = replace(driver.campaign, named_zone="Asia/Seoul")
    await driver.subscribe([1], "en")
    await driver.subscribe([2], "en", "GB")
    await driver.subscribe([3], "en", "ZZ")
    broadcast = await driver.start(en="News")
    await driver.deliver(driver.note)
    await driver.deliver(driver.note)
    assert [each for each, _ in driver.arrived] == [2], "it is noon in London, and night where the campaign is"
    assert (await driver.tally(broadcast)).mornings == {datetime(2026, 11, 27, 23, tzinfo=UTC): 2}


async def test_notice_about_the_appeal_is_foreseen_by_the_countries_of_signers(driver: NightDriver) -> None:
    await driver.settle(30, ("KR", "GB", "GB"))
    notice = await driver.database.transact(drafts.create, 1, driver.now, renews="y")
    forecast = await driver.database.transact(forecasts.foresee, notice, driver.campaign, driver.now)
    assert forecast is not None
    assert (forecast.now, forecast.later) == (0, 0), "readers of a notice are not counted by country"
    assert forecast.share == pytest.approx(1 / 3, abs=0.02)
    assert forecast.last == datetime(2026, 11, 27, 23, tzinfo=UTC)


async def test_rest_is_foreseen_where_its_readers_are(driver: NightDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    await driver.settle(30, ("KR", "GB"))
    broadcast = await driver.start(ko="소식", en="News")
    await driver.cancel(broadcast)

    async def foresee(tx: Transaction) -> MorningForecast | None:
        started = await broadcasts.get(tx, broadcast)
        return await forecasts.foresee_rest(tx, started, driver.campaign, driver.now, ("waiting", "failed"))

    assert await driver.database.transact(foresee) is None, "its audience was not made"
    broadcast = await driver.start(ko="소식", en="News")
    await driver.deliver(driver.note, limit=1)
    await driver.cancel(broadcast)
    forecast = await driver.database.transact(foresee)
    assert forecast is not None
    assert (forecast.now, forecast.later) == (20, 30), "of 59"
    monkeypatch.setattr(forecasts, "COUNTED", 2)
    assert await driver.database.transact(foresee) == MorningForecast(0, 0, driver.now, 0.0)


async def test_campaign_without_quiet_hours_foresees_whom_it_would_wake(driver: NightDriver) -> None:
    driver.campaign = replace(driver.campaign, quiet_hours=None)
    driver.now = EVENING + timedelta(hours=5)  # half past two in Seoul
    await driver.settle(30, ("KR", "GB"))
    draft = await driver.draft(ko="소식", en="News")
    forecast = await driver.database.transact(forecasts.foresee, draft, driver.campaign, driver.now)
    assert forecast is not None
    assert (forecast.now, forecast.later, forecast.waits) == (20, 30, False)
