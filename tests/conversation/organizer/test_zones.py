"""One time for the team: no hour and no day depends on the language of the buttons."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chatbot.petition.exports.chart import Chart
from chatbot.storage.people import history
from tests.support.cast import HANA, YUNA
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats
from tests.support.written_broadcasts import write_both

MIDNIGHT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""In Seoul; in UTC it is the afternoon."""


async def test_language_of_the_buttons_changes_no_hour(chats: TeamChats) -> None:
    yuna = await chats.open_hour()
    await yuna.says("12/1 20:00")
    await yuna.taps("Yes, schedule it")
    await yuna.says("/scheduled")
    assert any("Dec 1 20:00" in label for label in yuna.labels)
    await yuna.presses("speak:ko")
    await yuna.says("/scheduled")
    assert "한국 시간" in yuna.text
    assert any("12월 1일 20:00" in label for label in yuna.labels)


async def test_hour_that_comes_twice_is_asked_about(chats: TeamChats) -> None:
    yuna = await chats.open_hour("Europe/Berlin", datetime(2026, 10, 20, 9, 0, tzinfo=UTC))
    await yuna.says("10/25 2:30")
    assert "02:30 comes twice on Sunday, October 25, 2026" in yuna.text
    await yuna.taps("02:30 GMT+01:00, after the change")
    assert "2:30\u00a0AM (Berlin\u00a0Time,\u00a0GMT+01:00)" in yuna.text
    await yuna.taps("Yes, schedule it")
    assert (await chats.driver.newest()).scheduled_for == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    await yuna.says("/scheduled")
    assert any(label.startswith("Oct 25 02:30 GMT+01:00") for label in yuna.labels)


async def test_hour_that_clocks_skip_is_asked_about(chats: TeamChats) -> None:
    yuna = await chats.open_hour("America/New_York", datetime(2027, 3, 10, 9, 0, tzinfo=UTC))
    await yuna.says("3/14 2:30")
    assert "There is no 02:30 on Sunday, March 14, 2027" in yuna.text
    await yuna.says("3/14 4:00")
    assert "4:00\u00a0AM" in yuna.text, "another one may be typed instead"
    await yuna.taps("Change the time")
    await yuna.says("3/14 2:30")
    await yuna.taps("03:30 GMT-04:00, after the change")
    await yuna.taps("Yes, schedule it")
    assert (await chats.driver.newest()).scheduled_for == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "now", "typed", "asks", "offered"),
    [
        (
            "Africa/Cairo",  # from 00:00 to 01:00
            datetime(2026, 4, 20, 9, tzinfo=UTC),
            "4/24 0:30",
            "There is no 00:30 on",
            ["Apr 23 23:30 GMT+02:00, before the change", "01:30 GMT+03:00, after the change"],
        ),
        (
            "Pacific/Apia",  # over a whole day
            datetime(2011, 12, 27, tzinfo=UTC),
            "2011-12-30 9:00",
            "There is no 09:00 on",
            ["Dec 29 09:00 GMT-10:00, before the change", "Dec 31 09:00 GMT+14:00, after the change"],
        ),
        (
            "Asia/Seoul",  # whose clocks are never changed
            datetime(2027, 3, 20, tzinfo=UTC),
            "3/28 2:30 Berlin time",
            "There is no 02:30 (Berlin Time) on",
            ["09:30 GMT+09:00, before the change", "10:30 GMT+09:00, after the change"],
        ),
    ],
)
async def test_question_about_a_change_of_clocks_names_day_and_zone_where_they_are_others(
    chats: TeamChats, zone: str, now: datetime, typed: str, asks: str, offered: list[str]
) -> None:
    yuna = await chats.open_hour(zone, now)
    await yuna.says(typed)
    assert asks in yuna.text
    assert yuna.labels[:2] == offered


async def test_offered_hours_are_those_of_the_campaign(chats: TeamChats) -> None:
    yuna = await chats.open_hour("Europe/Berlin")
    assert "Times are in Berlin Time" in yuna.text
    english = [each for each in yuna.actions if ":hour:" in each]
    await yuna.presses("speak:ko")
    await yuna.says("/broadcast")
    await yuna.taps("🕘")
    assert [each for each in yuna.actions if ":hour:" in each] == english


@pytest.mark.parametrize(
    ("hour", "offered"),
    [
        (5, ["Today 09:00", "Today 20:00", "Tomorrow 09:00", "Tomorrow 20:00", "Mon, Nov 30 09:00"]),
        (12, ["Today 20:00", "Tomorrow 09:00", "Tomorrow 20:00", "Mon, Nov 30 09:00"]),
        (23, ["Tomorrow 09:00", "Tomorrow 20:00", "Mon, Nov 30 09:00"]),
    ],
)
async def test_near_days_are_offered_in_words(chats: TeamChats, hour: int, offered: list[str]) -> None:
    yuna = await chats.open_hour("Asia/Seoul", datetime(2026, 11, 27, hour, 55, tzinfo=ZoneInfo("Asia/Seoul")))
    assert yuna.labels[:-1] == offered


async def test_today_is_one_day_for_all_languages(chats: TeamChats) -> None:
    yuna, hana = await chats.open_owner(), chats.chat(HANA, "하나", "ko")
    await chats.add_member(hana, "organizer")
    for at, people in ((MIDNIGHT - timedelta(hours=1), 3), (MIDNIGHT, 4)):
        chats.driver.now = at
        await chats.database.transact(history.write, at)
        await chats.sign(people * 10, [("KR", None)] * people)
    chats.driver.now = MIDNIGHT + timedelta(hours=2)
    await chats.database.transact(history.write, chats.driver.now)
    for chat in (yuna, hana):
        await chat.says("/stats")
        assert "<b>+4</b>" in chat.text, "signed since midnight in Seoul"
        assert "+3" in chat.text, "signed the day before"
    assert "As of Nov 24 02:00 (Korean time)" in yuna.text


async def test_picture_of_another_zone_is_not_sent_again(chats: TeamChats) -> None:
    chart = Chart("growth", "day", "en")
    stamps = {chart.stamp(5, MIDNIGHT, replace(chats.campaign, named_zone=each).zone) for each in ("UTC", "Asia/Seoul")}
    assert len(stamps) == 2


async def test_supporters_keep_the_zone_of_their_language(chats: TeamChats) -> None:
    chats.driver.now = MIDNIGHT
    sam = chats.chat(1002, "Sam")
    for label in (None, "Sign the petition"):
        await (sam.says("/start") if label is None else sam.taps(label))
    await chats.sign(0, [("KR", None)])
    me = Chat(sam.dialog, replace(sam.person, id=50_000))
    await me.says("/me")
    assert "November 23, 2026" in me.text


async def test_files_of_the_team_are_in_its_zone(chats: TeamChats) -> None:
    yuna = await chats.open_owner()
    chats.driver.now = MIDNIGHT
    await chats.sign(0, [("KR", None)])
    await yuna.says("/export")
    await yuna.taps("📤 Make the file")
    await yuna.taps("Yes")
    await chats.run_jobs()
    [(chat, name, _content, caption)] = chats.jobs.chat_sender.files
    assert chat == YUNA
    assert "2026-11-24" in name, "the day in Seoul"
    assert "(Korean\u00a0time)" in caption


async def test_night_is_that_of_the_readers(chats: TeamChats) -> None:
    yuna = await chats.open_owner()
    await chats.driver.subscribe(range(1, 4), "ko")
    await write_both(yuna)
    await yuna.taps("🕘 Later")
    await yuna.says("12/1 2:00")
    assert "it's night for at most 19 of them" in yuna.text
    await yuna.taps("Change the time")
    await yuna.says("12/1 10:00")
    assert "night" not in yuna.text


async def test_petition_is_closed_on_a_day_in_seoul(chats: TeamChats) -> None:
    """유나 closes the petition half an hour after midnight in Seoul, when it is still the day before in UTC."""
    chats.driver.now = MIDNIGHT + timedelta(minutes=30)
    yuna = await chats.open_owner()
    await chats.sign(0, [("KR", None)])
    await yuna.says("/close")
    await yuna.says("Thank you.")
    await yuna.says("고맙습니다.")
    await yuna.taps("Yes, close it")
    await yuna.says("/petition")
    assert "Closed since Nov 24 00:30 (Korean time)" in yuna.text
    assert "Names are erased: May 23, 2027 00:30" in yuna.text, "180 days later, the names are erased"
    await yuna.presses("speak:ko")
    await yuna.says("/petition")
    assert "11월 24일 00:30 (한국 시간)" in yuna.text
    await yuna.says("/log")
    assert "2026년 11월 24일 00:30" in yuna.text
    await yuna.says("/stats")
    assert "<b>+1</b>" in yuna.text
