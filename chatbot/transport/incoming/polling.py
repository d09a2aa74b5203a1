"""Receives updates by long polling, and confirms an update only after its turn is committed.

PTB's Updater confirms updates when it has queued them, so a crash loses the queue. Here the offset moves when every
turn of the batch is committed. After a crash Telegram delivers the batch again, and the conversation detects repeats.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final

from telegram.error import TimedOut

from chatbot.conversation.interface import Answer, Conversation, Heard
from chatbot.logs import outline_error
from chatbot.transport.incoming.dispatcher import Dispatcher
from chatbot.transport.incoming.long_poll import LongPoll
from chatbot.transport.incoming.updates import UPDATE_KINDS, reduce_update
from chatbot.transport.outgoing.backoff import back_off
from chatbot.transport.outgoing.client import READ, BotApi
from chatbot.transport.outgoing.errors import ErrorClass, classify
from chatbot.transport.outgoing.reply_sender import ReplySender
from chatbot.transport.outgoing.retry import Retrier

logger = logging.getLogger(__name__)

BATCH: Final = 100
"""The most updates that Telegram gives at once."""
ANSWER_WAIT: Final = 2.0
"""Seconds that the next batch waits for the answers of this one: a crash before it is confirmed repeats them."""
GRACE: Final = 2.0
"""Seconds for running turns and answers to end when the bot stops."""
LOOK_AHEAD: Final = 2.0
"""Seconds between two requests for the updates behind a batch that cannot be stored."""
CONFIRM_LIMIT: Final = 1.0
"""Seconds to confirm the last updates at the very end."""


class Poller:
    """Reads updates in batches and takes a turn for each: in order for one person, at once for different people.

    A turn that the conversation could not take is tried again until it is taken; see `Dispatcher` for any other error.
    """

    def __init__(
        self,
        api: BotApi,
        reply_sender: ReplySender,
        username: str,
        conversation: Conversation,
        *,
        wait: Callable[[int], float] = back_off,
    ) -> None:
        self._api = api
        self._reply_sender = reply_sender
        self.username = username
        """The bot's username without the @; it may change at any time."""
        self._dispatcher = Dispatcher(conversation)
        self.outage = self._dispatcher.outage
        self._wait = wait
        self._retrier = Retrier(wait)
        self._long_poll = LongPoll()
        self.reached_at: float | None = None
        """When Telegram last answered, by the clock of the event loop."""
        self._offset: int | None = None
        self._limit: asyncio.Timeout | None = None

    def stop(self) -> None:
        """End the long poll and let running turns finish; `run` returns within `GRACE + CONFIRM_LIMIT` seconds."""
        if not self._retrier.stopping:
            self._retrier.stop()
            if self._limit is not None:
                self._limit.reschedule(asyncio.get_running_loop().time() + GRACE)

    async def run(self) -> None:
        """Receive updates until `stop`. Raises `TokenRefusedError` if Telegram rejects the token."""
        await self._take_over_from_webhook()
        while not self._retrier.stopping:
            batch = await self._retrier.retry(self._fetch)
            if not batch or self._retrier.stopping:
                continue
            turns = _Batch(batch)
            try:
                async with asyncio.timeout(None) as self._limit:
                    await self._take(turns)
            except TimeoutError:
                logger.warning("stopped before every turn was done; Telegram delivers the rest again")
            finally:
                self._limit = None
            self._offset = turns.find_offset(only_answered=self._retrier.stopping) or self._offset
        await self._confirm()

    async def _take_over_from_webhook(self) -> None:
        """Delete a webhook, because Telegram refuses polls while one is set; waiting updates are kept."""
        webhook = await self._retrier.retry(lambda: self._api.call("getWebhookInfo", {}))
        if webhook is not None:
            self.reached_at = asyncio.get_running_loop().time()
        if not isinstance(webhook, dict) or not webhook.get("url"):
            return
        if await self._retrier.retry(lambda: self._api.call("deleteWebhook", {"drop_pending_updates": False})):
            logger.warning("the webhook set for this bot is removed: updates are polled from now on")

    async def _fetch(self) -> list[Any]:
        seconds = self._long_poll.seconds
        values = {"offset": self._offset, "limit": BATCH, "timeout": seconds, "allowed_updates": UPDATE_KINDS}
        clock = asyncio.get_running_loop().time
        asked_at = clock()
        try:
            batch = await self._api.call("getUpdates", values, read_timeout=seconds + READ)
        except TimedOut:
            self._long_poll.was_lost()
            raise
        except Exception as error:  # an idle poll that is cut is no failure
            if classify(error).error_class is ErrorClass.UNKNOWN and self._long_poll.was_cut(clock() - asked_at):
                return []
            raise
        self.reached_at = clock()
        self._long_poll.ended(self.reached_at - asked_at)
        if not isinstance(batch, list) or (batch and _Batch(batch).find_offset() is None):
            raise ValueError("getUpdates gave no updates")
        return batch

    async def _take(self, batch: "_Batch") -> None:
        people: dict[int, list[tuple[int, Heard]]] = {}
        for place, update in enumerate(batch.updates):
            heard = reduce_update(update, self.username)
            if heard is None:
                batch.taken[place] = None
            else:
                people.setdefault(heard.person.id, []).append((place, heard))
        looking_ahead = asyncio.create_task(self._ask_others_to_wait(batch))
        try:
            await asyncio.gather(*(self._take_turns(turns, batch) for turns in people.values()))
        finally:
            looking_ahead.cancel()
        if tasks := [task for task in batch.taken.values() if task is not None]:
            await self._reply_sender.settle(tasks, ANSWER_WAIT)

    async def _take_turns(self, turns: Sequence[tuple[int, Heard]], batch: "_Batch") -> None:
        for place, heard in turns:
            tries = 0
            while not self._retrier.stopping:
                try:
                    answer = await self._dispatcher.take(heard)
                except self._dispatcher.unavailable as error:
                    if tries == 0:
                        logger.warning("a turn could not be stored and is tried again (%s)", outline_error(error))
                    await self._ask_to_wait(heard)
                    await self._retrier.pause(self._wait(tries))
                    tries += 1
                else:
                    batch.taken[place] = self._send_answer(heard, answer)
                    break

    async def _ask_to_wait(self, heard: Heard) -> None:
        if (answer := await self._dispatcher.ask_to_wait(heard)) is not None:
            self._reply_sender.send(answer)

    async def _ask_others_to_wait(self, batch: "_Batch") -> None:
        """While the batch cannot be stored, ask those who write meanwhile to wait, too. Their updates come again.

        Telegram shows only the first hundred updates that are not confirmed.
        """
        known = {_find_id(update) for update in batch.updates}
        values = {"offset": self._offset, "limit": BATCH, "timeout": 0, "allowed_updates": UPDATE_KINDS}
        while len(known) < BATCH:
            await asyncio.sleep(LOOK_AHEAD)
            if self.outage.seconds is None or self._retrier.stopping:
                continue
            updates = None
            with suppress(Exception):  # the next batch tells what is wrong
                updates = await self._api.call("getUpdates", values)
            for update in updates if isinstance(updates, list) else ():
                if _find_id(update) not in known:
                    known.add(_find_id(update))
                    if (heard := reduce_update(update, self.username)) is not None:
                        await self._ask_to_wait(heard)

    def _send_answer(self, heard: Heard, answer: Answer | None) -> asyncio.Task[None] | None:
        return self._reply_sender.send(answer, lambda: self._dispatcher.apologise_to(heard)) if answer else None

    async def _confirm(self) -> None:
        """Confirm the last batch, or Telegram delivers it once more (which would do no harm)."""
        if self._offset is None:
            return
        try:
            async with asyncio.timeout(CONFIRM_LIMIT):
                await self._api.call("getUpdates", {"offset": self._offset, "limit": 1, "timeout": 0})
        except Exception as error:  # nothing is lost
            logger.info("the last updates will be delivered again (%s)", outline_error(error))


class _Batch:
    """A batch of updates. `taken` has the place of each update that is done, with the task that sends its answer."""

    def __init__(self, updates: list[Any]) -> None:
        self.updates = updates
        self.taken: dict[int, asyncio.Task[None] | None] = {}

    def find_offset(self, *, only_answered: bool = False) -> int | None:
        """Return the offset that confirms the batch, or (`only_answered`) the updates before the first unanswered one.

        It goes by the place in the batch and never compares ids: they restart at a random number after a quiet week.
        """
        offset = None
        for place, update in enumerate(self.updates):
            if only_answered:
                task = self.taken.get(place)
                if place not in self.taken or (task is not None and not task.done()):
                    break
            if (number := _find_id(update)) is not None:
                offset = number + 1
        return offset


def _find_id(update: Any) -> int | None:
    """Return the id of an update; None if it has none."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if type(number) is int else None
