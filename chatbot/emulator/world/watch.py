"""Events of a chat as they happen, for the page's event stream and for tests that wait without sleeping."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any, Final

WatchEvent = dict[str, Any]

PATIENCE: Final = 60.0
"""Seconds until a wait gives up: far more than a busy machine needs. A wait ends as soon as the event comes."""


class Watch:
    """The events of one chat from now on. Close it, or use it with `with`."""

    def __init__(self, forget: Callable[["Watch"], None]) -> None:
        self._forget = forget
        self._events: deque[WatchEvent] = deque()
        self._news = asyncio.Event()
        self._closed = False

    def __enter__(self) -> "Watch":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the watch; a waiting `next` raises `EOFError`."""
        self._closed = True
        self._news.set()
        self._forget(self)

    def note(self, event: WatchEvent) -> None:
        """Add an event. The world calls this."""
        self._events.append(event)
        self._news.set()

    async def next(self, *kinds: str, by_bot: bool = False, timeout: float = PATIENCE) -> WatchEvent:  # noqa: ASYNC109 - tests set it
        """Return the first new event of these kinds ("message", "edited", "answered" …), or of any.

        Events of other kinds stay for later calls. Raises `TimeoutError` after so many seconds, and `EOFError` if the
        watch is closed and empty.
        """
        async with asyncio.timeout(timeout):
            while True:
                for event in self._events:
                    sender = event.get("message", {}).get("from", {})
                    if (not kinds or event["type"] in kinds) and (not by_bot or sender.get("is_bot")):
                        self._events.remove(event)
                        return event
                if self._closed:
                    raise EOFError
                self._news.clear()
                await self._news.wait()

    async def next_message(self, timeout: float = PATIENCE) -> dict[str, Any]:  # noqa: ASYNC109 - tests set it
        """Return the next Message the bot sends."""
        event = await self.next("message", by_bot=True, timeout=timeout)
        return dict(event["message"])

    async def next_edit(self, timeout: float = PATIENCE) -> dict[str, Any]:  # noqa: ASYNC109 - tests set it
        """Return the next Message the bot edits, after the edit."""
        event = await self.next("edited", by_bot=True, timeout=timeout)
        return dict(event["message"])

    async def next_screen(self, timeout: float = PATIENCE) -> dict[str, Any]:  # noqa: ASYNC109 - tests set it
        """Return the next Message the bot sends or edits."""
        event = await self.next("message", "edited", by_bot=True, timeout=timeout)
        return dict(event["message"])

    async def next_answer(self, timeout: float = PATIENCE) -> WatchEvent:  # noqa: ASYNC109 - tests set it
        """Return the next answer to a tap: {"query_id", "text", "show_alert", "url"}."""
        return await self.next("answered", timeout=timeout)

    def taken_so_far(self) -> list[WatchEvent]:
        """List the events not yet returned, in order; for asserting that there are no more."""
        return list(self._events)
