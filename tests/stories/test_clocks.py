"""유나 in Seoul and 하나 in Berlin run a petition while a clock goes on: nights, changes of the clocks, a closing."""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final

import pytest

from chatbot.app.periodic import follow_approvals
from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import BroadcastState
from chatbot.petition.broadcasts.quiet_hours import QuietHours
from chatbot.storage import Transaction
from chatbot.storage.broadcasts import deliveries
from chatbot.storage.organizer import team
from tests.support.broadcasts import BroadcastDriver
from tests.support.campaigns import BUNDLED
from tests.support.cast import HANA, YUNA
from tests.support.chat import Chat
from tests.support.databases import open_migrated
from tests.support.team_chats import TeamChats
from tests.support.written_broadcasts import ENGLISH, KOREAN, write_both

SEOUL: Final = frozenset(range(1, 6))
BERLIN: Final = frozenset(range(11, 16))
NEW_YORK: Final = frozenset(range(21, 26))
_MINUTE: Final = timedelta(minutes=1)


class World:
    """The two organizers, readers in three countries, and the clock."""

    def __init__(self, chats: TeamChats, yuna: Chat, hana: Chat) -> None:
        self.chats, self.driver, self.yuna, self.hana = chats, chats.driver, yuna, hana

    async def goes_to(self, moment: datetime, step: timedelta = timedelta(minutes=15)) -> dict[datetime, set[int]]:
        """Let the clock run up to a moment. Return who got something, by when."""
        reached: dict[datetime, set[int]] = {}
        while self.driver.now < moment:
            self.driver.now = min(self.driver.now + step, moment)
            now = self.driver.now
            await self.chats.database.transact(self._start_due)
            await follow_approvals(self.chats.database, now)
            while await self.chats.database.transact(deliveries.find_running, now):
                if got := {each.supporter_id for each in await self.driver.deliver()}:
                    reached.setdefault(now, set()).update(got)
                self.driver.now = now
        return reached

    async def _start_due(self, tx: Transaction) -> None:
        await deliveries.start_due(tx, self.driver.campaign, self.driver.now)


@pytest.fixture
async def world(sqlite_url: str, translators: Mapping[str, Translator], tmp_path: Path) -> AsyncIterator[World]:
    """Quiet hours from 21 to 8; the team's zone is Seoul's. The Bahamas have New York's clocks, and no others."""
    database = await open_migrated(sqlite_url)
    driver = BroadcastDriver(database)
    driver.campaign = replace(BUNDLED, quiet_hours=QuietHours(time(21), time(8)), is_open=True)
    chats = TeamChats(database, driver, driver.campaign, translators, tmp_path)
    for people, country in ((SEOUL, "KR"), (BERLIN, "DE"), (NEW_YORK, "BS")):
        await driver.subscribe(people, "ko" if country == "KR" else "en", country)
    yuna = await chats.open_owner("ko")
    hana = await chats.add_member(chats.chat(HANA, "하나"), "owner")
    await database.transact(team.choose_zone, HANA, "Europe/Berlin")
    yield World(chats, yuna, hana)
    await database.close()


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def everybody(reached: Mapping[datetime, Iterable[int]]) -> list[int]:
    return sorted(each for people in reached.values() for each in people)


async def test_update_of_an_evening_in_seoul_goes_round_the_world_by_mornings(world: World) -> None:
    yuna, hana = world.yuna, world.hana
    world.driver.now = utc("2026-11-24 10:00")  # 19:00 in Seoul, 11:00 in Berlin, 5:00 in New York
    await write_both(yuna, ENGLISH, KOREAN)  # Korean is asked for first
    await yuna.taps("📣 보내기")
    await yuna.taps("✅ 네, 15명에게 보내기")
    number = (await world.driver.newest()).id
    reached = await world.goes_to(utc("2026-11-24 12:30"))
    assert set().union(*reached.values()) == SEOUL | BERLIN
    await hana.presses(f"broadcast:pause:{number}")
    assert "👤 하나 paused it, Nov 24 13:30 (Berlin Time)" in hana.text, "in her own time"
    await yuna.presses(f"broadcast:open:{number}")
    assert "👤 하나 님이 멈춤, 11월 24일 21:30 (한국 시간)" in yuna.text
    assert await world.goes_to(utc("2026-11-24 14:00")) == {}, "their morning passes"
    await yuna.presses(f"broadcast:resume:{number}")
    reached = await world.goes_to(utc("2026-11-24 15:00"))
    assert set().union(*reached.values()) == NEW_YORK
    assert (await world.driver.get(number)).ending == "done"
    for hours, is_told in ((1, True), (24, False)):
        world.driver.now += timedelta(hours=hours)
        await write_both(hana)
        for label in ("📣 Send", "‹ Back"):  # the review and the last question say it
            assert ("📚 유나 sent “Our friend is free.” 6 hours ago" in hana.text) == is_told
            await hana.taps(label)
        await hana.presses(f"broadcast:drop:{(await world.driver.newest()).id}")


@pytest.mark.parametrize(
    ("today", "typed", "zone", "asks", "choices"),
    [
        ("2027-03-27", "3/28 2:30", "Europe/Berlin", "There is no 02:30", ("00:30", "01:30")),
        ("2027-10-30", "10/31 2:30", "Europe/Berlin", "02:30 comes twice", ("00:30", "01:30")),
        ("2027-03-13", "3/14 2:30", "America/New_York", "There is no 02:30", ("06:30", "07:30")),
        ("2027-11-06", "11/7 1:30", "America/New_York", "01:30 comes twice", ("05:30", "06:30")),
    ],
)
async def test_hour_that_clocks_skip_or_repeat_goes_out_when_it_was_meant(
    world: World, today: str, typed: str, zone: str, asks: str, choices: tuple[str, str]
) -> None:
    hana = world.hana
    world.driver.now = utc(f"{today} 15:00")
    await world.chats.database.transact(team.choose_zone, HANA, zone)
    await write_both(hana)
    await hana.taps("🕘 Later")
    await hana.says(typed)
    assert asks in hana.text
    offered = [datetime.fromtimestamp(int(each.rsplit(":", 1)[1]), UTC) for each in hana.actions if ":hour:" in each]
    assert [f"{each:%H:%M}" for each in offered] == list(choices)
    await hana.presses(next(each for each in reversed(hana.actions) if ":hour:" in each))
    await hana.taps("Yes, schedule it")
    waiting = await world.driver.newest()
    assert waiting.scheduled_for == offered[-1]
    await world.yuna.says("/scheduled")
    assert f"{(offered[-1] + timedelta(hours=9)):%H:%M}" in str(world.yuna.labels), "유나 reads it in Seoul's time"
    await world.goes_to(offered[-1] - _MINUTE)
    assert (await world.driver.newest()).state is BroadcastState.SCHEDULED
    reached = await world.goes_to(offered[-1] + _MINUTE, _MINUTE)
    assert (await world.driver.newest()).started_at == offered[-1]
    reached |= await world.goes_to(offered[-1] + timedelta(days=1))
    assert everybody(reached) == sorted(SEOUL | BERLIN | NEW_YORK), "each of them once"


@pytest.mark.parametrize(
    ("evening", "morning", "people"),
    [
        ("2027-03-27 21:00", "2027-03-28 06:00", BERLIN),  # clocks go forward in the night: a shorter one
        ("2027-10-30 20:00", "2027-10-31 07:00", BERLIN),
        ("2027-03-14 02:30", "2027-03-14 12:00", NEW_YORK),
        ("2027-11-07 01:30", "2027-11-07 13:00", NEW_YORK),
    ],
)
async def test_morning_after_a_change_of_clocks_is_at_eight_of_the_new_time(
    world: World, evening: str, morning: str, people: frozenset[int]
) -> None:
    world.driver.now = utc(evening)
    await write_both(world.yuna, ENGLISH, KOREAN)
    await world.yuna.taps("📣 보내기")
    await world.yuna.taps("✅ 네, 15명에게 보내기")
    reached = await world.goes_to(utc(morning) + timedelta(hours=1))
    when = {moment for moment, got in reached.items() if got & people}
    assert len(when) == 1
    assert utc(morning) <= min(when) <= utc(morning) + timedelta(minutes=15)


async def test_closing_in_seoul_is_told_in_everybodys_morning(world: World) -> None:
    yuna, hana = world.yuna, world.hana
    world.driver.now = utc("2026-12-31 14:30")  # 23:30 in Seoul, 15:30 in Berlin, 9:30 in New York
    await yuna.says("/close")
    await yuna.says("고맙습니다.")
    await yuna.says("Thank you.")
    assert "2027년" in yuna.text, "it says what is erased when"
    await yuna.taps("네, 마감")
    sam = world.chats.chat(1002, "Sam")
    await sam.says("/sign")
    assert "Thank you." in sam.text
    told = await world.chats.run_jobs()
    assert any("유나" in each for each in told[HANA]), "하나 is told of it"
    assert YUNA not in told
    await yuna.presses("course:tell:closed")
    await yuna.taps("📣 보내기")
    await yuna.taps("✅ 네, 15명에게 보내기")
    reached = await world.goes_to(utc("2026-12-31 22:00"))
    assert set().union(*reached.values()) == BERLIN | NEW_YORK, "in Seoul it is night"
    await hana.says("/broadcasts")
    assert "Dec 31 15:30" in hana.text
    assert "Times are in Berlin Time" in hana.text
    reached = await world.goes_to(utc("2027-01-01 00:00"))
    assert {moment: people for moment, people in reached.items() if people} == {utc("2026-12-31 23:00"): set(SEOUL)}
    assert (await world.driver.newest()).ending == "done"


async def test_approver_is_reminded_in_the_night_and_the_update_does_not_go_unapproved(world: World) -> None:
    yuna, hana = world.yuna, world.hana
    await world.chats.database.transact(team.set_threshold, 10, None)
    world.driver.now = utc("2026-11-24 10:00")
    await write_both(hana)
    await hana.taps("🕘 Later")
    await hana.says("11/25 9:00")
    await hana.taps("Yes, schedule it")
    assert YUNA in await world.chats.run_jobs()
    await world.goes_to(utc("2026-11-25 07:15"))
    told = await world.chats.run_jobs()
    assert any("아직 아무도 승인하지 않은 소식입니다" in each for each in told[YUNA])
    await world.goes_to(utc("2026-11-25 08:15"))
    late = await world.driver.newest()
    assert late.state is BroadcastState.LATE
    await yuna.presses(f"broadcast:decline:{late.id}:{late.revision}")
    await yuna.says("이제는 늦었습니다.")
    assert "이제는 늦었습니다." in (await world.chats.run_jobs())[HANA][0]
    assert (await world.driver.newest()).state is BroadcastState.DRAFT
