"""Tests of a broadcast reach the team once, also after a flood. Changed drafts and other people get none."""

from dataclasses import replace

import pytest

from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.job import RetryLaterError
from chatbot.storage.broadcasts import drafts
from chatbot.storage.organizer import team
from tests.support import broadcasts
from tests.support.cast import HANA, MALLORY, SAM, YUNA
from tests.support.fake_job_context import JobDriver

KOREAN, ENGLISH = "친구가 풀려났습니다.", "Our friend is free."


@pytest.fixture
async def draft(driver: JobDriver) -> Broadcast:
    return await driver.database.transact(broadcasts.draft, driver.now, ko=KOREAN, en=ENGLISH)


async def send(driver: JobDriver, draft: Broadcast, member_id: int = HANA) -> list[str]:
    """Send the test, and return what the member was shown."""
    await driver.add(drafts.TEST, chat_id=member_id, broadcast=draft.id, revision=draft.revision, by="유나")
    await driver.runner().finish()
    return [text for chat, text in driver.chat_sender.shown if chat == member_id]


async def test_posts_of_a_test_are_marked_and_name_its_sender(driver: JobDriver, draft: Broadcast) -> None:
    korean, english, about = await send(driver, draft)
    assert korean.endswith(f"\n\n{KOREAN}")
    assert english.endswith(f"\n\n{ENGLISH}")
    assert all("🧪" in each for each in (korean, english, about))
    assert "유나" in about
    assert await driver.left() == []


@pytest.mark.parametrize("silent", [False, True])
async def test_test_makes_a_sound_if_the_broadcast_does(silent: bool, driver: JobDriver, draft: Broadcast) -> None:
    assert await driver.database.transact(drafts.set_silent, draft.id, silent=silent)
    await send(driver, replace(draft, revision=draft.revision + 1))
    assert driver.chat_sender.silent == [silent, silent, True], "the note about its sender makes no sound"


async def test_flood_delays_the_rest_and_repeats_nothing(driver: JobDriver, draft: Broadcast) -> None:
    driver.chat_sender.trouble.extend([None, RetryLaterError(7)])
    assert len(await send(driver, draft)) == 1
    driver.passes(seconds=7)
    await driver.runner().finish()
    shown = [text for _, text in driver.chat_sender.shown]
    assert len(shown) == len(set(shown)) == 3


async def test_changed_draft_is_not_sent_as_a_test(driver: JobDriver, draft: Broadcast) -> None:
    assert await driver.database.transact(drafts.set_silent, draft.id, silent=True)
    assert await send(driver, draft) == []


async def test_strangers_and_viewers_get_no_test(driver: JobDriver, draft: Broadcast) -> None:
    assert await send(driver, draft, MALLORY) == []
    await driver.database.transact(team.add_member, SAM, "Sam", "viewer", YUNA, driver.now)
    assert await send(driver, draft, SAM) == []
