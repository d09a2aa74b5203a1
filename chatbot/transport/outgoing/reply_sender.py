"""Speaks the answers of committed turns: acknowledges the tap, sends what comes first, edits or sends the screen."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final, Protocol

import orjson

from chatbot import metrics
from chatbot.conversation.interface import Answer
from chatbot.logs import BugReports
from chatbot.screens.screen import Screen
from chatbot.transport.outgoing.backoff import LONGEST_ASKED, back_off
from chatbot.transport.outgoing.chat_queue import ChatQueue, MakeUp, QueuedAnswer
from chatbot.transport.outgoing.client import BotApi
from chatbot.transport.outgoing.errors import ErrorClass, FailedCall, classify, describe
from chatbot.transport.outgoing.rendering import render_acknowledgement, render_edit, render_message

logger = logging.getLogger(__name__)

PATIENCE: Final = 300.0
"""Seconds after which an answer is given up. The turn is kept all the same, and its step can ask again."""
REPEATS: Final = 3
"""How often an edit or an acknowledgement, which does no harm twice, is repeated where it may have been lost."""
MESSAGE_REPEATS: Final = 2
"""The same for a message to somebody who waits for it: it may come three times, rather than never."""
MOST: Final = 10_000
"""Answers on their way at most: while Telegram takes nothing, memory does not grow with everybody who writes."""
TELL_EVERY: Final = 60.0
"""Seconds between two lines in the log about answers that were given up."""


class Pace(Protocol):
    """When something may go out: `chatbot.broadcasting.pace.Pace`, or a test's own."""

    def delay(self, chat_id: int, *, edit: bool = False) -> float:
        """Return how many seconds this chat's own limits make a message or an edit wait."""

    async def person(self, chat_id: int, *, edit: bool = False) -> None:
        """Wait until a message, or an edit, may go to this chat, and count it."""

    async def acknowledgement(self) -> None:
        """Wait while everybody is halted."""

    def admit_person(self, chat_id: int) -> bool:
        """Count one message that goes out at once; False where it has to wait."""

    def refused(self, chat_id: int, seconds: float) -> None:
        """Note a 429 to a message in this chat."""

    def answered(self, chat_id: int) -> None:
        """Note that Telegram answered a message in this chat with anything else."""


class ReplySender:
    """Carries answers to Telegram: in order within a chat, chats at once. Nothing it does raises.

    `on_gone` is called with the chat's id when somebody has blocked the bot or left Telegram.
    """

    def __init__(
        self,
        api: BotApi,
        pace: Pace,
        on_gone: Callable[[int], Awaitable[None]],
        *,
        wait: Callable[[int], float] = back_off,
    ) -> None:
        self._api = api
        self._pace = pace
        self._on_gone = on_gone
        self._wait = wait
        self._bugs = BugReports(logger)
        self._queues: dict[int, ChatQueue] = {}
        self._turns: dict[asyncio.Task[None], QueuedAnswer] = {}
        self._told_at = float("-inf")
        self._untold = 0

    def speak(self, answer: Answer, make_up: MakeUp | None = None) -> asyncio.Task[None]:
        """Begin to speak an answer, after those of the same chat before it. The task ends when it had its chance.

        Where a mistake of ours keeps it from being spoken, what `make_up` gives is spoken in its place.
        """
        turn = QueuedAnswer(answer, asyncio.get_running_loop().time() + PATIENCE)
        queue = None
        if (answer.screen is not None or answer.first) and self._has_room(answer.chat_id):
            queue = self._queues.setdefault(answer.chat_id, ChatQueue())
            queue.join(turn)
        task = asyncio.create_task(self._speak(turn, queue, make_up))
        self._turns[task] = turn
        task.add_done_callback(lambda done: self._forget(done, queue))
        return task

    async def settle(self, speeches: Iterable[asyncio.Task[None]], within: float) -> None:
        """Wait until these are spoken, for `within` seconds at most; not for chats that may get nothing now."""
        turns = [self._turns[speech] for speech in speeches if speech in self._turns]
        try:
            async with asyncio.timeout(within):
                for turn in turns:
                    await turn.settled.wait()
        except TimeoutError:
            for turn in turns:
                # Whatever holds it up, the next ones of this chat are waited for no more.
                if not turn.settled.is_set() and (queue := self._queues.get(turn.answer.chat_id)) is not None:
                    queue.put_off()

    def hand_over(self, answer: Answer, make_up: MakeUp | None = None) -> dict[str, Any] | None:
        """Give the first call of an answer for the body of a webhook's 2xx, with its `method`; the rest is spoken.

        Nobody learns what becomes of a call in a body. So it carries what cannot fail or what surely can be sent: the
        acknowledgement of a tap, or a new message to somebody who has just written, nothing else being on its way. A
        topic may be gone, and then the message goes to General: so what is for a topic is spoken.
        """
        if answer.query_id is not None:
            if answer.screen is not None or answer.first:
                self.speak(replace(answer, query_id=None), make_up)
            return {"method": "answerCallbackQuery", **render_acknowledgement(answer)}
        chat = answer.chat_id
        is_sure = answer.screen is not None and not answer.first and answer.thread_id is None
        if answer.screen is None or not is_sure or chat in self._queues or not self._pace.admit_person(chat):
            self.speak(answer, make_up)
            return None
        method, values = render_message(answer.screen)
        return {"method": method, "chat_id": chat, **values}

    async def close(self, within: float) -> None:
        """Let what is being spoken finish for `within` seconds, and give up the rest."""
        if self._turns:
            await asyncio.wait(self._turns, timeout=within)
        for task in (left := list(self._turns)):
            task.cancel()
        if left:
            logger.warning("%d answers were not spoken before the stop", len(left))
            await asyncio.wait(left)

    def _has_room(self, chat_id: int) -> bool:
        if chat_id < 0 and self._pace.delay(chat_id) > 0:
            return False  # a group's hint that comes late helps nobody, and a flood of commands deserves no queue
        if len(self._turns) < MOST:
            return True
        self._tell_given_up("an answer was given up", f"{MOST} others wait")
        return False

    def _forget(self, task: asyncio.Task[None], queue: ChatQueue | None) -> None:
        turn = self._turns.pop(task)
        # Here, because a task that was cancelled before it began has done nothing.
        if queue is not None and queue.leave(turn) and self._queues.get(turn.answer.chat_id) is queue:
            del self._queues[turn.answer.chat_id]
        turn.settled.set()

    async def _speak(self, turn: QueuedAnswer, queue: ChatQueue | None, make_up: MakeUp | None) -> None:
        try:
            await asyncio.gather(self._acknowledge(turn), self._show(turn, queue))
        except Exception as error:  # a bug in one answer must not end the loop that speaks them all
            self._bugs.report("an answer could not be spoken", error)
            if queue is not None and make_up is not None:
                await self._make_up(turn, make_up)

    async def _make_up(self, turn: QueuedAnswer, make_up: MakeUp) -> None:
        try:
            instead = make_up()
            if instead is not None and instead.screen is not None:
                await self._send(turn, instead.screen)
        except Exception as error:
            self._bugs.report("the apology could not be spoken either", error)

    async def _acknowledge(self, turn: QueuedAnswer) -> None:
        if turn.answer.query_id is not None:
            await self._call(turn, None, "answerCallbackQuery", render_acknowledgement(turn.answer))

    async def _show(self, turn: QueuedAnswer, queue: ChatQueue | None) -> None:
        if queue is None:
            return
        await turn.called.wait()
        if turn.superseded:
            return
        answer, failure = turn.answer, FailedCall(ErrorClass.LOST)
        for screen in answer.first:
            failure = await self._send(turn, screen)
            if failure.outcome is ErrorClass.GONE:
                break
        else:
            if answer.screen is not None:
                failure = await self._place(turn, answer.screen, answer.edit)
        if failure.outcome is ErrorClass.GONE:
            await self._on_gone(answer.chat_id)

    async def _place(self, turn: QueuedAnswer, screen: Screen, message_id: int | None) -> FailedCall:
        """Put a screen over the message, or below everything where that cannot be: a text never becomes a picture."""
        if message_id is not None and screen.media is None:
            method, values = render_edit(screen)
            chat = turn.answer.chat_id
            failure = await self._call(turn, chat, method, {"chat_id": chat, "message_id": message_id, **values})
            if failure.outcome not in (ErrorClass.LOST, ErrorClass.MOVED):
                return failure
        return await self._send(turn, screen)

    async def _send(self, turn: QueuedAnswer, screen: Screen) -> FailedCall:
        method, values = render_message(screen)
        chat, thread_id = turn.answer.chat_id, turn.answer.thread_id
        failure = await self._call(turn, chat, method, {**_address(chat, thread_id), **values})
        if failure.outcome is ErrorClass.NO_TOPIC and thread_id is not None and chat > 0:
            # Whoever deleted the topic still waits for an answer. In a group nobody does: the hint was for that topic.
            failure = await self._call(turn, chat, method, {"chat_id": chat, **values})
        if failure.outcome is ErrorClass.MOVED and failure.chat_id is not None:
            failure = await self._call(turn, failure.chat_id, method, {"chat_id": failure.chat_id, **values})
        return failure

    async def _call(self, turn: QueuedAnswer, chat: int | None, method: str, values: Mapping[str, Any]) -> FailedCall:
        """Call until it is done or there is no point in it; give what became of it (STALE: nothing left to do).

        `chat` is where it puts a message or changes one; None for an acknowledgement, which no limit concerns.
        """
        is_message = method.startswith("send")
        body = orjson.dumps(values)
        clock = asyncio.get_running_loop().time
        tries = 0
        failure, told = FailedCall(ErrorClass.WAIT), "its chat may get nothing"
        while True:
            if not await self._may_go(turn, chat, edit=not is_message):
                self._tell_given_up(f"{method} was given up after {tries} tries", told)
                return failure
            try:
                await self._api.call_encoded(method, body)
            except Exception as error:  # judged below, and a bug ends as UNKNOWN
                failure, told = classify(error), describe(error)
                metrics.CALLS.labels(method, failure.outcome.name.lower()).inc()
            else:
                metrics.CALLS.labels(method, "done").inc()
                failure = FailedCall(ErrorClass.STALE)
            self._note(turn, chat, failure)
            pause = self._wait(tries)
            match failure.outcome:
                case ErrorClass.WAIT:
                    pause = 0.0 if chat is not None else min(failure.seconds, LONGEST_ASKED)
                case ErrorClass.NOT_SENT:
                    pass
                case ErrorClass.UNKNOWN if is_message and tries < MESSAGE_REPEATS:
                    pause = self._wait(tries + 2)  # longer: most outages end within seconds, and a copy is no joy
                case ErrorClass.UNKNOWN if not is_message and tries < REPEATS:
                    pass
                case ErrorClass.STALE | ErrorClass.LOST | ErrorClass.MOVED | ErrorClass.GONE | ErrorClass.NO_TOPIC:
                    return failure
                case _:
                    logger.error("%s: %s (%s)", method, failure.outcome.value, told)
                    return failure
            tries += 1
            if clock() + pause > turn.deadline:
                self._tell_given_up(f"{method} was given up after {tries} tries", told)
                return failure
            if pause > 0:
                turn.settled.set()
                if chat is not None and (queue := self._queues.get(turn.answer.chat_id)) is not None:
                    queue.put_off()
                await asyncio.sleep(pause)

    async def _may_go(self, turn: QueuedAnswer, chat: int | None, *, edit: bool) -> bool:
        """Wait until it may go out; False when its time is over before."""
        if chat is not None and (delay := self._pace.delay(chat, edit=edit)) > 0:
            if (queue := self._queues.get(turn.answer.chat_id)) is not None:
                queue.hold()
            if asyncio.get_running_loop().time() + delay > turn.deadline:
                return False
        try:
            async with asyncio.timeout_at(turn.deadline):
                await (self._pace.acknowledgement() if chat is None else self._pace.person(chat, edit=edit))
        except TimeoutError:
            return False
        return True

    def _note(self, turn: QueuedAnswer, chat: int | None, failure: FailedCall) -> None:
        if chat is None:
            return
        if failure.outcome is ErrorClass.WAIT:
            self._pace.refused(chat, failure.seconds)
        elif failure.outcome not in (ErrorClass.NOT_SENT, ErrorClass.UNKNOWN):
            self._pace.answered(chat)
            if (queue := self._queues.get(turn.answer.chat_id)) is not None:
                queue.go_on()

    def _tell_given_up(self, what: str, why: str) -> None:
        """Say it once a minute: when Telegram takes nothing for hours, that is one trouble."""
        now = asyncio.get_running_loop().time()
        if now - self._told_at < TELL_EVERY:
            self._untold += 1
            return
        more = f", and {self._untold} more since the last line" if self._untold else ""
        logger.error("%s (%s)%s", what, why, more)
        self._told_at, self._untold = now, 0


def _address(chat: int, thread_id: int | None) -> dict[str, Any]:
    return {"chat_id": chat} if thread_id is None else {"chat_id": chat, "message_thread_id": thread_id}
