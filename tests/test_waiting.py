"""Cancelled tasks end, also those that swallow a cancellation."""

import asyncio

import pytest

from chatbot.waiting import cancel_all
from tests.support.limits import GIVE_UP


async def test_task_that_swallows_a_cancellation_is_cancelled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatbot.waiting.CANCEL_AGAIN", 0.01)
    swallowed = 0

    async def go_on() -> None:
        nonlocal swallowed
        while True:
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                swallowed += 1
                if swallowed == 3:
                    raise

    async def finish() -> int:
        return 7

    tasks = [asyncio.create_task(go_on()), asyncio.create_task(finish())]
    await asyncio.sleep(0)
    async with asyncio.timeout(GIVE_UP):
        ended, result = await cancel_all(tasks)
    assert isinstance(ended, asyncio.CancelledError)
    assert (swallowed, result) == (3, 7)


async def test_cancel_all_accepts_no_tasks() -> None:
    assert await cancel_all(()) == []
