"""A broadcast that is ready to be sent."""

import pytest

from tests.support.broadcasts import BroadcastDriver
from tests.support.chat import Chat

KOREAN, ENGLISH = "친구가 풀려났습니다.", "Our friend is free."


@pytest.fixture
async def ready(yuna: Chat, driver: BroadcastDriver) -> Chat:
    """유나, at the review of a broadcast to 30 readers of Korean and 10 of English."""
    await driver.subscribe(range(1, 31), "ko")
    await driver.subscribe(range(31, 41), "en")
    await yuna.says("/broadcast")
    await yuna.says(ENGLISH)
    await yuna.says(KOREAN)
    return yuna


async def send(yuna: Chat) -> None:
    """Confirm it."""
    await yuna.taps("📣 Send")
    await yuna.taps("Yes, send it")
    assert "On its way to 40 people" in yuna.text
