"""getUpdates: one poller at a time waits for updates."""

import asyncio

from chatbot.emulator.bot_api import limits
from chatbot.emulator.bot_api.call import Call
from chatbot.emulator.bot_api.refusal import RefusalError
from chatbot.emulator.updates.queue import PendingUpdate, Updates
from chatbot.emulator.wire import Json

SECOND_POLLER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_IS_SET = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
WEBHOOK_WAS_SET = "Conflict: terminated by setWebhook request"
WAIT_FOR_MORE = 0.001
"""Seconds that a woken poller waits for more updates, as in Telegram."""
CLOSING = RefusalError(500, "Internal Server Error: restart")


class Polling:
    """The waiting poller, if any."""

    def __init__(self, updates: Updates) -> None:
        self.updates = updates
        self._waiting: asyncio.Future[None] | None = None
        updates.listeners.append(self._wake)

    async def get_updates(self, call: Call) -> list[Json]:
        """Answer getUpdates. A new poller that has to wait ends the waiting one with a 409."""
        offset = call.number("offset")
        limit = call.number("limit", 100, 1, 100)
        timeout = call.number("timeout", 0, 0, limits.LONG_POLL_SECONDS)
        self.updates.ask_for(call.decoded("allowed_updates", "can't parse allowed_updates JSON object"))
        found = self.updates.fetch(offset, limit)
        if found or not timeout:
            return found
        self.interrupt(RefusalError(409, SECOND_POLLER))
        self._waiting = waiting = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(timeout):
                await waiting
        except TimeoutError:
            return []
        finally:
            if self._waiting is waiting:
                self._waiting = None
        await asyncio.sleep(WAIT_FOR_MORE)
        return self.updates.fetch(max(offset, 0), limit)

    @property
    def busy(self) -> bool:
        """Whether a poller is waiting."""
        return self._waiting is not None

    def interrupt(self, refusal: RefusalError) -> None:
        """End the wait of the poller with a refusal."""
        if self._waiting and not self._waiting.done():
            self._waiting.set_exception(refusal)
            self._waiting = None

    def _wake(self, _newcomer: PendingUpdate) -> None:
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(None)
