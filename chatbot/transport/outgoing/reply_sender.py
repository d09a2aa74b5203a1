"""Sends the answers of committed turns: acknowledges the tap, then sends or edits each screen, from top to bottom."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

import orjson

from chatbot import metrics
from chatbot.conversation.interface import Answer
from chatbot.logs import BugReports
from chatbot.screens.screen import Screen
from chatbot.transport.outgoing import rendering
from chatbot.transport.outgoing.backoff import LONGEST_ASKED, back_off
from chatbot.transport.outgoing.chat_queue import ChatQueue, Fallback, QueuedAnswer
from chatbot.transport.outgoing.client import BotApi
from chatbot.transport.outgoing.errors import ErrorClass, FailedCall, classify, describe
from chatbot.transport.outgoing.offer_sender import OfferSender
from chatbot.transport.outgoing.pacing import Pace
from chatbot.transport.outgoing.question_keyboards import QuestionKeyboards, QuestionNotes

logger = logging.getLogger(__name__)

PATIENCE: Final = 300.0
"""Seconds after which an answer is given up. Its turn is committed, and its step can ask again."""
REPEATS: Final = 3
"""How often an edit or an acknowledgement that may be lost is repeated: doing it twice does no harm."""
MESSAGE_REPEATS: Final = 2
"""How often a message that may be lost is repeated: somebody waits for it, and three copies are better than none."""
MOST: Final = 10_000
"""Answers in memory at most, so that memory stays bounded while Telegram accepts nothing."""
LOG_EVERY: Final = 60.0
"""Seconds between two log lines about answers that were given up."""


class ReplySender:
    """Sends answers: in order within a chat, to different chats at once. Its methods never raise.

    `on_gone` is called with the chat's id if the person has blocked the bot or left Telegram; `notes` keep the messages
    of questions.
    """

    def __init__(
        self,
        api: BotApi,
        pace: Pace,
        on_gone: Callable[[int], Awaitable[None]],
        notes: QuestionNotes | None = None,
        *,
        wait: Callable[[int], float] = back_off,
    ) -> None:
        self._api = api
        self._pace = pace
        self._on_gone = on_gone
        self._wait = wait
        self._bugs = BugReports(logger)
        self._keyboards = QuestionKeyboards(api, pace, notes, self._bugs)
        self._offers = OfferSender(api, pace, wait)
        self._queues: dict[int, ChatQueue] = {}
        self._queued: dict[asyncio.Task[None], QueuedAnswer] = {}
        self._logged_at = float("-inf")
        self._untold = 0

    def send(self, answer: Answer, fallback: Fallback | None = None) -> asyncio.Task[None]:
        """Start sending an answer, after earlier ones to the same chat. The task ends when it is sent or given up.

        If a bug prevents that, the answer that `fallback` returns is sent instead.
        """
        queued = QueuedAnswer(answer, asyncio.get_running_loop().time() + PATIENCE)
        queue = None
        if (answer.screen is not None or answer.first) and self._has_room(answer.chat_id):
            queue = self._queues.setdefault(answer.chat_id, ChatQueue())
            queue.join(queued)
        task = asyncio.create_task(self._deliver(queued, queue, fallback))
        self._queued[task] = queued
        task.add_done_callback(lambda done: self._forget(done, queue))
        return task

    async def settle(self, tasks: Iterable[asyncio.Task[None]], within: float) -> None:
        """Wait until these answers are sent, for at most `within` seconds, but not for chats that have to wait."""
        waiting = [self._queued[task] for task in tasks if task in self._queued]
        try:
            async with asyncio.timeout(within):
                for queued in waiting:
                    await queued.settled.wait()
        except TimeoutError:
            for queued in waiting:
                # From now on, do not wait for this chat.
                if not queued.settled.is_set() and (queue := self._queues.get(queued.answer.chat_id)) is not None:
                    queue.delay()

    def respond(self, answer: Answer, fallback: Fallback | None = None) -> dict[str, Any] | None:
        """Return the first call of an answer, with its `method`, as body of a webhook's 2xx response; send the rest.

        Telegram does not report the result of a call in the response. So it carries only what is sure to succeed: the
        acknowledgement of a tap, or a new message to a person who has just written and gets nothing else. A topic may
        be gone, so messages to a topic are sent in a call of their own.
        """
        if answer.offer is not None and not answer.offer.is_guest:  # the message of a guest is noted
            method, values = rendering.render_offer(answer.offer)
            return {"method": method, **values}
        if answer.query_id is not None:
            if answer.screen is not None or answer.first:
                self.send(replace(answer, query_id=None), fallback)
            return {"method": "answerCallbackQuery", **rendering.render_acknowledgement(answer)}
        chat = answer.chat_id
        is_followed = answer.asks is not None or answer.outdated or answer.on_posted
        is_sure = not (answer.first or answer.then or answer.thread_id or is_followed)
        if answer.screen is None or not is_sure or chat in self._queues or not self._pace.try_admit_reply(chat):
            self.send(answer, fallback)
            return None
        method, values = rendering.render_message(answer.screen)
        return {"method": method, **rendering.address(answer), **values}

    async def close(self, within: float) -> None:
        """Finish sending for at most `within` seconds, and give up the rest."""
        if self._queued:
            await asyncio.wait(self._queued, timeout=within)
        for task in (left := list(self._queued)):
            task.cancel()
        if left:
            logger.warning("%d answers were not sent before the stop", len(left))
            await asyncio.wait(left)

    def _has_room(self, chat_id: int) -> bool:
        if chat_id < 0 and self._pace.delay(chat_id) > 0:
            return False  # a late hint in a group helps nobody, and a flood of commands deserves no queue
        if len(self._queued) < MOST:
            return True
        self._log_given_up("an answer was given up", f"{MOST} others wait")
        return False

    def _forget(self, task: asyncio.Task[None], queue: ChatQueue | None) -> None:
        queued = self._queued.pop(task)
        # Done here because a task that is cancelled before it starts runs none of its code.
        if queue is not None and queue.leave(queued) and self._queues.get(queued.answer.chat_id) is queue:
            del self._queues[queued.answer.chat_id]
        queued.settled.set()

    async def _deliver(self, queued: QueuedAnswer, queue: ChatQueue | None, fallback: Fallback | None) -> None:
        try:
            if queued.answer.offer is not None:
                await self._offers.send(queued.answer.offer)
            elif queued.answer.query_id is None:
                await self._show(queued, queue)
            else:
                await asyncio.gather(self._acknowledge(queued), self._show(queued, queue))
        except Exception as error:  # a bug in one answer must not prevent others
            self._bugs.report("an answer could not be sent", error)
            if queue is not None and fallback is not None:
                await self._send_fallback(queued, fallback)

    async def _send_fallback(self, queued: QueuedAnswer, fallback: Fallback) -> None:
        try:
            instead = fallback()
            if instead is not None and instead.screen is not None:
                await self._send(queued, instead.screen)
        except Exception as error:
            self._bugs.report("the apology could not be sent either", error)

    async def _acknowledge(self, queued: QueuedAnswer) -> None:
        if queued.answer.query_id is not None:
            await self._call(queued, None, "answerCallbackQuery", rendering.render_acknowledgement(queued.answer))

    async def _show(self, queued: QueuedAnswer, queue: ChatQueue | None) -> None:
        if queue is None:
            return
        await queued.ready.wait()
        if queued.superseded:
            return
        answer, failure = queued.answer, FailedCall(ErrorClass.LOST)
        for screen in answer.first:
            failure = await self._send(queued, screen)
            if failure.error_class is ErrorClass.GONE:
                break
        else:
            if answer.screen is not None:
                failure = await self._place(queued, answer.screen, answer.edit)
            if answer.then is not None and failure.error_class is ErrorClass.STALE:  # never below what did not arrive
                failure = await self._send(queued, answer.then)
            if failure.error_class is ErrorClass.STALE:
                await self._keyboards.follow(answer, queued.message_id)
                if answer.on_posted is not None and queued.message_id is not None:
                    await answer.on_posted(queued.message_id)
        if failure.error_class is ErrorClass.GONE:
            await self._on_gone(answer.chat_id)

    async def _place(self, queued: QueuedAnswer, screen: Screen, message_id: int | None) -> FailedCall:
        """Edit the message, or send a new one if that is impossible: a text cannot become a picture."""
        if message_id is not None and screen.media is None:
            method, values = rendering.render_edit(screen)
            chat = queued.answer.chat_id
            failure = await self._call(queued, chat, method, {"chat_id": chat, "message_id": message_id, **values})
            if failure.error_class not in (ErrorClass.LOST, ErrorClass.MOVED):
                return failure
        return await self._send(queued, screen)

    async def _send(self, queued: QueuedAnswer, screen: Screen) -> FailedCall:
        method, values = rendering.render_message(screen)
        chat, thread_id = queued.answer.chat_id, queued.answer.thread_id
        failure = await self._call(queued, chat, method, {**rendering.address(queued.answer), **values})
        if failure.error_class is ErrorClass.NO_TOPIC and thread_id is not None and chat > 0:
            # A person who deleted the topic still waits for an answer. In a group, the hint was for that topic only.
            failure = await self._call(queued, chat, method, {"chat_id": chat, **values})
        if failure.error_class is ErrorClass.MOVED and failure.chat_id is not None:
            failure = await self._call(queued, failure.chat_id, method, {"chat_id": failure.chat_id, **values})
        return failure

    async def _call(self, queued: QueuedAnswer, chat: int | None, method: str, values: Mapping[str, Any]) -> FailedCall:
        """Call until it succeeds or is pointless; return the failure (STALE: nothing left to do).

        `chat` is where a message is sent or edited; None for an acknowledgement, which has no rate limit.
        """
        is_message = method.startswith("send")
        body = orjson.dumps(values)
        clock = asyncio.get_running_loop().time
        tries = 0
        failure, told = FailedCall(ErrorClass.WAIT), "its chat may get nothing"
        while True:
            if not await self._wait_for_pace(queued, chat, edit=not is_message):
                self._log_given_up(f"{method} was given up after {tries} tries", told)
                return failure
            try:
                shown = await self._api.call_encoded(method, body)
            except Exception as error:  # handled below; a bug is UNKNOWN
                failure, told = classify(error), describe(error)
                metrics.CALLS.labels(method, failure.error_class.name.lower()).inc()
            else:
                metrics.CALLS.labels(method, "done").inc()
                failure = FailedCall(ErrorClass.STALE)
                queued.message_id = shown.get("message_id") if isinstance(shown, dict) else queued.message_id
            self._note(queued, chat, failure)
            pause = self._wait(tries)
            match failure.error_class:
                case ErrorClass.WAIT:
                    pause = 0.0 if chat is not None else min(failure.seconds, LONGEST_ASKED)
                case ErrorClass.NOT_SENT:
                    pass
                case ErrorClass.UNKNOWN if is_message and tries < MESSAGE_REPEATS:
                    pause = self._wait(tries + 2)  # longer: most outages end within seconds
                case ErrorClass.UNKNOWN if not is_message and tries < REPEATS:
                    pass
                case ErrorClass.STALE | ErrorClass.LOST | ErrorClass.MOVED | ErrorClass.GONE | ErrorClass.NO_TOPIC:
                    return failure
                case _:
                    logger.error("%s: %s (%s)", method, failure.error_class.value, told)
                    return failure
            tries += 1
            if clock() + pause > queued.deadline:
                self._log_given_up(f"{method} was given up after {tries} tries", told)
                return failure
            if pause > 0:
                queued.settled.set()
                if chat is not None and (queue := self._queues.get(queued.answer.chat_id)) is not None:
                    queue.delay()
                await asyncio.sleep(pause)

    async def _wait_for_pace(self, queued: QueuedAnswer, chat: int | None, *, edit: bool) -> bool:
        """Wait until the call may be made; False if the answer is given up before that."""
        if chat is not None and self._pace.try_admit_reply(chat, edit=edit):
            return True
        if chat is not None and (delay := self._pace.delay(chat, edit=edit)) > 0:
            if (queue := self._queues.get(queued.answer.chat_id)) is not None:
                queue.hold()
            if asyncio.get_running_loop().time() + delay > queued.deadline:
                return False
        try:
            async with asyncio.timeout_at(queued.deadline):
                await (self._pace.admit_acknowledgement() if chat is None else self._pace.admit_reply(chat, edit=edit))
        except TimeoutError:
            return False
        return True

    def _note(self, queued: QueuedAnswer, chat: int | None, failure: FailedCall) -> None:
        if chat is None:
            return
        if failure.error_class is ErrorClass.WAIT:
            self._pace.note_flood(chat, failure.seconds)
        elif failure.error_class not in (ErrorClass.NOT_SENT, ErrorClass.UNKNOWN):
            self._pace.note_answer(chat)
            if (queue := self._queues.get(queued.answer.chat_id)) is not None:
                queue.resume()

    def _log_given_up(self, what: str, why: str) -> None:
        """Log that an answer was given up, at most once a minute: an outage of hours is one problem."""
        now = asyncio.get_running_loop().time()
        if now - self._logged_at < LOG_EVERY:
            self._untold += 1
            return
        more = f", and {self._untold} more since the last line" if self._untold else ""
        logger.error("%s (%s)%s", what, why, more)
        self._logged_at, self._untold = now, 0
