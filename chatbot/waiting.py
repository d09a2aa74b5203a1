"""Waits for an event or for the end of tasks, but not for ever."""

import asyncio
from collections.abc import Collection
from typing import Any, Final

CANCEL_AGAIN: Final = 5.0
"""Seconds after which tasks that go on are cancelled once more: what they run may have swallowed the first time."""


async def wait_at_most(seconds: float | None, event: asyncio.Event) -> None:
    """Wait until `event` is set, for `seconds` at most; None means however long it takes."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass


async def cancel_all(tasks: Collection[asyncio.Task[Any]]) -> list[Any]:
    """Cancel tasks until all have ended; return their results and errors, as `asyncio.gather` lists them."""
    going_on = set(tasks)
    while going_on:
        for task in going_on:
            task.cancel()
        _, going_on = await asyncio.wait(going_on, timeout=CANCEL_AGAIN)
    return await asyncio.gather(*tasks, return_exceptions=True)
