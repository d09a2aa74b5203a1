"""A broadcast that is ready to be sent."""

import pytest

from chatbot.petition.broadcasts.broadcast import Broadcast
from tests.support.broadcasts import BroadcastDriver
from tests.support.chat import Chat
from tests.support.written_broadcasts import write_both


@pytest.fixture
async def ready(yuna: Chat, driver: BroadcastDriver) -> Chat:
    """유나, at the review of a broadcast to 30 readers of Korean and 10 of English."""
    await driver.subscribe(range(1, 31), "ko")
    await driver.subscribe(range(31, 41), "en")
    await write_both(yuna)
    return yuna


async def send(yuna: Chat) -> None:
    """Confirm that the broadcast is sent."""
    await yuna.taps("📣 Send")
    await yuna.taps("Yes, send it")
    assert "On its way to 40 people" in yuna.text


async def send_and_correct(yuna: Chat, driver: BroadcastDriver) -> Broadcast:
    """Send the broadcast to all, type a correction of the English text, and return the broadcast."""
    await send(yuna)
    await driver.deliver_all()
    sent = await driver.newest()
    await yuna.presses(f"broadcast:correct:{sent.id}")
    await yuna.taps("✏️ English")
    await yuna.says("Free at last.")
    return sent
