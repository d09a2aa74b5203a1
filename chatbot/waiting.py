"""Waits for an event, but not for ever."""

import asyncio


async def wait_at_most(seconds: float | None, event: asyncio.Event) -> None:
    """Wait until `event` is set, for `seconds` at most; None means however long it takes."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
