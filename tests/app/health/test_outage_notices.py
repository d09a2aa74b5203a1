"""Organizers are told once that nothing can be stored, and once that it is over; see `tests/stories/test_disk.py`."""

from datetime import UTC, datetime

import pytest

from chatbot.app.health import outage_notices
from chatbot.app.health.outage_notices import AGAIN, TOLD_AFTER, OutageNotices
from chatbot.petition.job import RetryLaterError
from chatbot.screens.screen import Screen
from chatbot.storage import Database
from chatbot.storage.organizer import team
from chatbot.storage.people import supporters
from tests.support.cast import HANA, NOW, SAM, YUNA
from tests.support.databases import open_migrated

NEVER = datetime(2026, 11, 27, tzinfo=UTC)
"""The check asks its own clock, not this moment."""


class Chats:
    """Records what was written to each chat. A chat can be busy."""

    def __init__(self) -> None:
        self.shown: list[tuple[int, str]] = []
        self.busy: dict[int, list[RetryLaterError]] = {}

    async def show(self, chat_id: int, screen: Screen) -> int:
        if self.busy.get(chat_id):
            raise self.busy[chat_id].pop(0)
        self.shown.append((chat_id, str(screen.text).partition("\n")[0]))
        return 1

    def take(self) -> list[tuple[int, str]]:
        taken, self.shown = self.shown, []
        return taken


class Outage:
    """An outage and a clock, which a test moves."""

    def __init__(self) -> None:
        self.began_at: float | None = None
        self.now = 1000.0

    def seconds(self) -> float | None:
        return None if self.began_at is None else self.now - self.began_at

    def clock(self) -> float:
        return self.now


BEGUN = {
    YUNA: (YUNA, "💾 <b>봇이 지금 아무것도 저장하지 못합니다.</b>"),
    SAM: (SAM, "💾 <b>The bot can't save anything right now.</b>"),
}


@pytest.fixture
def chats() -> Chats:
    return Chats()


@pytest.fixture
def outage() -> Outage:
    return Outage()


@pytest.fixture
async def notices(database: Database, translators, chats: Chats, outage: Outage) -> OutageNotices:
    for member_id, role, language in ((YUNA, "owner", "ko"), (SAM, "organizer", "en"), (HANA, "viewer", "ko")):
        await database.transact(supporters.meet, member_id, language=language, now=NOW)
        await database.transact(team.add_member, member_id, "x", role, None, NOW)
    notices = OutageNotices(database, translators, frozenset(), outage.seconds, chats.show, clock=outage.clock)
    await notices.check(NEVER)
    return notices


async def test_organizers_are_told_once_and_again_when_it_is_over(
    notices: OutageNotices, chats: Chats, outage: Outage
) -> None:
    outage.began_at = outage.now
    await notices.check(NEVER)
    assert chats.take() == [], "a database that restarts is back sooner"
    outage.now += TOLD_AFTER
    for _ in range(5):
        outage.now += outage_notices.CHECKED
        await notices.check(NEVER)
    assert sorted(chats.take()) == sorted(BEGUN.values()), "each organizer once, in their language"
    outage.began_at = None
    for _ in range(3):
        await notices.check(NEVER)
    assert [chat for chat, told in chats.take() if told.startswith("✅")] == sorted([YUNA, SAM])


async def test_many_short_outages_are_told_once_an_hour(notices: OutageNotices, chats: Chats, outage: Outage) -> None:
    began, told = outage.now, 0
    while outage.now - began < 2 * AGAIN:
        outage.began_at = outage.now
        outage.now += 2 * TOLD_AFTER
        await notices.check(NEVER)
        outage.began_at = None
        outage.now += 60
        await notices.check(NEVER)
        told += len(chats.take())
    assert told == 2 * 2 * 2, "in two hours, to two organizers, the beginning and the end"


async def test_busy_chat_is_told_later(notices: OutageNotices, chats: Chats, outage: Outage) -> None:
    chats.busy = {YUNA: [RetryLaterError(5)], SAM: [RetryLaterError(5, unsure=True)]}
    outage.began_at, outage.now = outage.now, outage.now + TOLD_AFTER
    await notices.check(NEVER)
    assert chats.take() == []
    await notices.check(NEVER)
    assert chats.take() == [BEGUN[YUNA]], "Sam may have it already"


async def test_one_process_of_two_tells_the_team(
    database: Database, url: str, translators, notices: OutageNotices, chats: Chats, outage: Outage
) -> None:
    second = await open_migrated(url)
    others = OutageNotices(second, translators, frozenset(), outage.seconds, chats.show, clock=outage.clock)
    await others.check(NEVER)
    outage.began_at, outage.now = outage.now, outage.now + TOLD_AFTER
    await others.check(NEVER)
    assert chats.take() == []
    await notices.check(NEVER)
    assert len(chats.take()) == 2
    await second.close()
