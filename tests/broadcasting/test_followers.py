"""Two organizers run one broadcast: its screens name who did what, and opened progress shows the end."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chatbot.broadcasting import followers
from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import FollowedMessage
from chatbot.petition.model import Campaign
from chatbot.screens.screen import Screen
from chatbot.storage.broadcasts import following
from tests.support.broadcast_worker import RunningWorker, WorkerDriver
from tests.support.cast import HANA, YUNA
from tests.support.chat import Chat
from tests.support.fake_broadcast_sender import Telegram
from tests.support.team_chats import TeamChats

OPENED = 77
"""The message in which 하나 opened the progress."""


class Team:
    """유나 sends broadcasts, and 하나 follows them in a message of her own chat."""

    def __init__(self, chats: TeamChats, driver: WorkerDriver, yuna: Chat, hana: Chat) -> None:
        self.chats, self.driver, self.yuna, self.hana = chats, driver, yuna, hana

    async def list_followed(self, broadcast_id: int) -> list[FollowedMessage]:
        return await self.driver.database.transact(following.list_progress, broadcast_id)


@pytest.fixture
async def desk(driver: WorkerDriver, campaign: Campaign, translators: Mapping[str, Translator], tmp_path: Path) -> Team:
    chats = TeamChats(driver.database, driver, campaign, translators, tmp_path)
    return Team(chats, driver, await chats.open_owner(), await chats.open_organizer())


@pytest.fixture
async def running(desk: Team) -> int:
    """A running broadcast that three of ten people have."""
    await desk.driver.subscribe(range(1, 11))
    number = await desk.driver.start(ko="친구가 풀려났습니다.", en="Our friend is free.")
    await desk.driver.deliver(limit=3)
    return number


async def test_screens_name_who_paused_resumed_and_stopped_it(desk: Team, running: int) -> None:
    for button, line in (
        ("pause", "👤 하나 paused it, Nov 24 12:00 (Korean time)"),
        ("resume", "👤 하나 resumed it, Nov 24 12:00 (Korean time)"),
    ):
        await desk.hana.presses(f"broadcast:{button}:{running}")
        assert line in desk.hana.text
        await desk.yuna.presses(f"broadcast:open:{running}")
        assert line in desk.yuna.text, "the writer reads it too"
    await desk.hana.presses(f"broadcast:halt:{running}")
    assert "👤 하나 paused it" in desk.hana.text
    await desk.hana.presses(f"broadcast:cancel:{running}")
    await desk.yuna.presses(f"broadcast:open:{running}")
    assert "👤 하나 stopped it" in desk.yuna.text
    desk.driver.now += timedelta(seconds=1)
    rest = next(each for each in desk.yuna.actions if ":rest:" in each)
    await desk.yuna.presses(rest)
    await desk.yuna.taps("✅ Yes, send it")
    await desk.hana.presses(f"broadcast:open:{running}")
    assert "👤 유나 continued it" in desk.hana.text
    told = (await desk.chats.run_jobs())[HANA]
    assert any("유나</b> began sending “Our friend is free.” to those who didn't have it" in each for each in told)


async def test_report_names_who_sent_it(desk: Team, running: int) -> None:
    await desk.driver.deliver_all()
    await desk.hana.presses(f"broadcast:open:{running}")
    assert "👤 by 유나" in desk.hana.text


async def test_opened_progress_is_followed_until_it_shows_the_end(
    desk: Team, running: int, telegram: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(followers, "FOLLOW_EVERY", 0.0)
    await desk.hana.presses(f"broadcast:open:{running}", OPENED)
    assert [(each.member_id, each.message_id) for each in await desk.list_followed(running)] == [(HANA, OPENED)]
    shown: list[tuple[int, Screen, int | None]] = []

    async def show(chat_id: int, screen: Screen, message_id: int | None) -> int:
        shown.append((chat_id, screen, message_id))
        return message_id or 5_000 + len(shown)

    async with RunningWorker(desk.driver.worker(telegram, show=show)):
        await desk.driver.until(running)
    reports = {chat for chat, screen, message in shown if message is None and "have it" in str(screen.text)}
    assert reports == {YUNA}, "a member who only opened it gets no report"
    assert await desk.list_followed(running) == []
    told = await desk.chats.run_jobs()
    assert [text for text in told[HANA] if "✅ <b>Sent.</b>" in text]
    assert desk.chats.jobs.chat_sender.edited == {HANA: [OPENED]}


async def test_writer_and_the_member_who_stopped_it_get_the_report(
    desk: Team, running: int, telegram: Telegram
) -> None:
    await desk.hana.presses(f"broadcast:pause:{running}")
    await desk.hana.presses(f"broadcast:cancel:{running}")
    reports: list[int] = []

    async def show(chat_id: int, screen: Screen, message_id: int | None) -> int:
        if "were not reached" in str(screen.text) and screen.rows:
            reports.append(chat_id)
        return message_id or 5_000

    async with RunningWorker(desk.driver.worker(telegram, show=show)):
        await desk.driver.until(running)
    assert sorted(reports) == sorted((YUNA, HANA))


async def test_member_who_left_gets_no_report_and_follows_nothing(desk: Team, running: int, telegram: Telegram) -> None:
    await desk.hana.presses(f"broadcast:pause:{running}", OPENED)
    await desk.yuna.presses(f"team:ask:{HANA}:organizer:none")
    await desk.yuna.taps("Yes, remove")
    assert await desk.list_followed(running) == []
    await desk.yuna.presses(f"broadcast:resume:{running}")
    told: set[int] = set()

    async def show(chat_id: int, _screen: Screen, message_id: int | None) -> int:
        told.add(chat_id)
        return message_id or 5_000

    async with RunningWorker(desk.driver.worker(telegram, show=show)):
        await desk.driver.until(running)
    assert told == {YUNA}


@pytest.mark.parametrize("button", ["recall", "open"])
async def test_answer_to_a_tap_on_the_progress_comes_below_it(desk: Team, running: int, button: str) -> None:
    async def note(tx: Any) -> None:
        await tx.run("UPDATE broadcasts SET progress_message_id = 9 WHERE id = :id", id=running)

    await desk.driver.database.transact(note)
    await desk.yuna.presses(f"broadcast:{button}:{running}", 9)
    assert desk.yuna.answer is not None
    assert desk.yuna.answer.edit is None, "the progress would overwrite a question in its message"
    await desk.hana.presses(f"broadcast:{button}:{running}", 9)
    assert desk.hana.answer is not None
    assert desk.hana.answer.edit == 9, "in another chat this id is another message"


async def test_message_with_another_screen_is_no_longer_followed(desk: Team, running: int) -> None:
    await desk.hana.presses(f"broadcast:open:{running}", OPENED)
    await desk.hana.presses("broadcast:list:1", OPENED)
    assert await desk.list_followed(running) == []
