"""/stats: the numbers that the team sees, in both languages, without counting rows."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from chatbot.storage import Database, Transaction
from chatbot.storage.people import history
from tests.support.broadcasts import BroadcastDriver
from tests.support.cast import HANA, SAM
from tests.support.team_chats import TeamChats

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def lively(chats: TeamChats) -> TeamChats:
    """50 signed three days ago, 30 yesterday and 21 today: one through a friend's link, 29 through the radio's."""
    chats.driver.now -= 3 * DAY
    for days, people in enumerate(
        [
            [("KR", None)] * 50,
            [],
            [("CA", "s-friend"), *[("US", "radio")] * 29],
            [("KR", None)] * 21,
        ]
    ):
        await write(chats.database, chats.driver, 0 * HOUR)
        await chats.sign(days * 100, people)
        await write(chats.database, chats.driver, HOUR)
        chats.driver.now += DAY - HOUR
    chats.driver.now += 2 * HOUR - DAY
    return chats


async def write(database: Database, driver: BroadcastDriver, later: timedelta) -> None:
    driver.now += later
    await database.transact(history.write, driver.now)


async def test_stats_shows_the_numbers_of_the_petition(lively: TeamChats) -> None:
    yuna = lively.chat(3003, "유나")
    await yuna.says("/stats")
    assert "<b>179,022</b> in total" in yuna.text
    assert "Today: <b>+21</b>" in yuna.text
    assert "Yesterday: +30" in yuna.text
    assert "Last 7 days: <b>+101</b>" in yuna.text
    assert "978 more to reach 180,000" in yuna.text
    assert "<i>As of Nov 24 14:00 (Korean time)</i>" in yuna.text.replace("\u00a0", " ")
    lively.driver.now += timedelta(minutes=5)
    await yuna.taps("🔄 Refresh")
    assert "<i>As of Nov 24 14:05 (Korean time)</i>" in yuna.text.replace("\u00a0", " ")
    await yuna.taps("Countries")
    assert "South Korea: <b>70+</b> · 69%" in yuna.text
    assert "United States: <b>20+</b> · 20%" in yuna.text
    assert "Canada" not in yuna.text, "one person is nobody to be counted alone"
    assert "others: <b>at most 19</b> · 11%" in yuna.text
    await yuna.taps("Today")
    assert "South Korea: <b>20+</b> · 95%" in yuna.text
    assert "United States" not in yuna.text
    await yuna.taps("Back")
    await yuna.taps("Sources")
    assert "links of friends" not in yuna.text
    assert "?start=radio: <b>20+</b> · 20%" in yuna.text
    await yuna.taps("Back")
    await yuna.taps("Languages")
    assert "Korean: <b>100+</b> · 99%" in yuna.text


async def test_stats_shows_the_steps_of_signing_as_a_funnel(lively: TeamChats) -> None:
    sam = lively.chat(SAM, "Sam")
    await sam.signs()
    hana = lively.chat(HANA, "하나", "ko")
    await hana.says("/sign")
    await hana.says("/read")
    yuna = lively.chat(3003, "유나", "ko")
    await yuna.says("/stats")
    await yuna.taps("서명 단계")
    assert "봇과 대화 시작: <b>3명</b>" in yuna.text
    assert "호소문 읽음: <b>1명</b>" in yuna.text
    assert "서명 시작: <b>2명</b>" in yuna.text
    assert "서명 완료: <b>1명</b> · 50%" in yuna.text


async def test_only_the_team_sees_statistics(lively: TeamChats) -> None:
    mallory = lively.chat(6000, "Mallory")
    before = (await mallory.says("/nonsense"), mallory.text)[1]
    for words in ("/stats",):
        await mallory.says(words)
        assert mallory.text == before
    before = (await mallory.presses("nonsense:country"), mallory.text)[1]
    await mallory.presses("stats:country:all")
    assert mallory.text == before
    viewer = await lively.add_member(lively.chat(SAM, "Sam"), "viewer")
    await viewer.says("/stats")
    assert "in total" in viewer.text
    await viewer.presses("stats:growth:nonsense")
    assert "in total" not in viewer.text


@pytest.mark.slow
@pytest.mark.parametrize("view", ["growth", "ranks"])
async def test_chart_is_drawn_once_and_sent_again(lively: TeamChats, view: str) -> None:
    yuna = lively.chat(3003, "유나", "ko")
    await yuna.says("/stats")
    await yuna.taps("그래프")
    action = f"stats:{view}:week"
    assert action in yuna.actions
    await yuna.presses(action)
    assert "그래프" in (yuna.notice or "")
    await lively.run_jobs()
    [(chat, _name, content, caption)] = lively.jobs.chat_sender.files
    assert (chat, len(content) < 100_000) == (3003, True)
    assert "7일" in caption
    assert Image.open(io.BytesIO(content)).width == 1200
    await yuna.presses(action)
    assert yuna.answer is not None
    [shown] = yuna.answer.first
    assert shown.media is not None
    assert shown.media.file_id == "file-1"
    await lively.sign(900, [("KR", None)])
    await yuna.presses(action)
    await lively.run_jobs()
    assert len(lively.jobs.chat_sender.files) == 2, "one more signed: another picture"


async def test_picture_to_share_is_drawn_once_and_sent_again(lively: TeamChats) -> None:
    yuna = lively.chat(3003, "유나", "ko")
    await yuna.presses("stats:pictures:all")
    assert {"stats:card:portrait.ko", "stats:card:square.en"} <= set(yuna.actions)
    await yuna.presses("stats:card:square.en")
    await lively.run_jobs()
    [(chat, name, content, caption)] = lively.jobs.chat_sender.files
    assert (chat, name) == (3003, "petition.png")
    assert caption.endswith("?start=picture")
    assert Image.open(io.BytesIO(content)).size == (1200, 1200)
    await yuna.presses("stats:card:square.en")
    assert yuna.answer is not None
    [shown] = yuna.answer.first
    assert (shown.media and shown.media.file_id, str(shown.text)) == ("file-1", caption)
    await lively.sign(900, [("KR", None)])
    await yuna.presses("stats:card:square.en")
    await lively.run_jobs()
    assert len(lively.jobs.chat_sender.files) == 2, "one more signed: another picture"
    for nonsense in ("square.xx", "square", "round.ko", ""):
        await yuna.presses(f"stats:card:{nonsense}")
    await lively.run_jobs()
    assert len(lively.jobs.chat_sender.files) == 2


async def test_statistics_read_no_growing_table(lively: TeamChats, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    yuna = lively.chat(3003, "유나")
    await yuna.says("/stats")

    async def watch(tx: Transaction) -> None:
        for method in ("all", "one"):
            original = getattr(type(tx), method)

            async def watching(self, sql, /, original=original, **values):  # type: ignore[no-untyped-def]
                asked.append(sql)
                return await original(self, sql, **values)

            monkeypatch.setattr(type(tx), method, watching)

    await lively.database.transact(watch)
    for view in ("overview", "country", "language", "source", "friends", "steps", "pictures", "growth", "ranks"):
        for period in ("day", "all"):
            await yuna.presses(f"stats:{view}:{period}")
    read = [sql for sql in asked if "FROM signatures" in sql or "FROM supporters" in sql or "FROM subscriptions" in sql]
    assert asked
    assert all("supporter_id = :supporter_id" in sql for sql in read), read
