"""Records the bot's calls to Telegram: checks them against the schema, counts them, and waits for them."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

from chatbot.emulator import World
from tests.support.bot_api_schema import check_answer, check_request
from tests.support.limits import GIVE_UP


class Wire:
    """Give `on_request` and `on_answer` to an `Emulator`; mismatches are raised when its block ends."""

    def __init__(self, *, checked: bool = True) -> None:
        self.checked = checked
        self.checks_answers = checked
        """False if a story injects updates that are in no schema."""
        self.calls: Counter[str] = Counter()
        """Number of calls by method, in the bot's spelling."""
        self.answered: Counter[str] = Counter()
        """Number of successful calls by method."""
        self.confirmed = 0
        """Every update below this id was confirmed."""
        self.at_call: Callable[[str], None] | None = None
        """Called with the method of every call, before it runs."""
        self.at_answer: Callable[[str], None] | None = None
        """Called with the method of every successful call, before the bot gets the answer."""
        self._news = asyncio.Event()

    def on_request(self, method: str, params: dict[str, Any]) -> None:
        """Record a call before it runs."""
        self.calls[method] += 1
        if method == "getUpdates":
            self.confirmed = int(params.get("offset") or 0) or self.confirmed
        self._news.set()
        if self.at_call:
            self.at_call(method)
        if self.checked:
            check_request(method, params)

    def on_answer(self, method: str, result: Any) -> None:
        """Record the answer to a call."""
        self.answered[method] += 1
        self._news.set()
        if self.at_answer:
            self.at_answer(method)
        if self.checks_answers:
            check_answer(method, result)

    async def until(self, condition: Callable[[], bool], within: float = GIVE_UP) -> None:
        """Wait for `condition`, which is checked with every call; TimeoutError after `within` seconds."""
        async with asyncio.timeout(within):
            while not condition():
                self._news.clear()
                await self._news.wait()

    async def until_heard(self, world: World, within: float = GIVE_UP) -> None:
        """Wait until the bot has confirmed all updates, which it does after sending its answers."""
        await self.until(lambda: self.confirmed >= world.updates.next_id, within)
