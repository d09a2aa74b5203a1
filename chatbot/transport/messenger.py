"""Speaks the answers of committed turns: acknowledges the tap, sends what comes first, edits or sends the screen."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, Final, Protocol

import orjson

from chatbot import metrics
from chatbot.conversation.turn import Answer
from chatbot.logs import BugReports
from chatbot.screens.screen import Screen
from chatbot.transport.backoff import back_off
from chatbot.transport.client import BotApi
from chatbot.transport.fate import Fate, Outcome, describe, judge
from chatbot.transport.rendering import render_edit, render_message

logger = logging.getLogger(__name__)

PATIENCE: Final = 300.0
"""Seconds after which an answer is given up. The turn is kept all the same, and its step can ask again."""
REPEATS: Final = 3
"""How often a call is repeated that may have been done already and does no harm twice."""


class Pace(Protocol):
    """When something may go out: `chatbot.broadcasting.pace.Pace`, or a test's own."""

    async def person(self, messages: int = 1) -> None:
        """Wait while everybody is halted, and count `messages`."""

    def admit_person(self) -> bool:
        """Count one message that goes out at once; False while everybody is halted."""

    def halt(self, seconds: float) -> None:
        """Let nothing out for `seconds`."""


class Messenger:
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
        self._last: dict[int, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def speak(self, answer: Answer) -> asyncio.Task[None]:
        """Begin to speak an answer, after those of the same chat before it. The task ends when it had its chance."""
        task = asyncio.create_task(self._speak(answer, self._last.get(answer.chat_id)))
        self._last[answer.chat_id] = task
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._forget(answer.chat_id, done))
        return task

    def hand_over(self, answer: Answer) -> dict[str, Any] | None:
        """Give the first call of an answer for the body of a webhook's 2xx, with its `method`; the rest is spoken.

        Nobody learns what becomes of a call in a body. So it carries what cannot fail or what surely can be sent: the
        acknowledgement of a tap, or a new message to somebody who has just written, nothing else being on its way. A
        topic may be gone, and then the message goes to General: so what is for a topic is spoken.
        """
        if answer.query_id is not None:
            if answer.screen is not None or answer.first:
                self.speak(replace(answer, query_id=None))
            return {"method": "answerCallbackQuery", **_acknowledging(answer)}
        is_sure = answer.screen is not None and not answer.first and answer.thread_id is None
        if answer.screen is None or not is_sure or answer.chat_id in self._last or not self._pace.admit_person():
            self.speak(answer)
            return None
        method, values = render_message(answer.screen)
        return {"method": method, "chat_id": answer.chat_id, **values}

    async def close(self, within: float) -> None:
        """Let what is being spoken finish for `within` seconds, and give up the rest."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within)
        for task in (left := list(self._tasks)):
            task.cancel()
        if left:
            logger.warning("%d answers were not spoken before the stop", len(left))
            await asyncio.wait(left)

    def _forget(self, chat_id: int, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if self._last.get(chat_id) is task:
            del self._last[chat_id]

    async def _speak(self, answer: Answer, before: asyncio.Task[None] | None) -> None:
        try:
            await asyncio.gather(self._acknowledge(answer), self._show(answer, before))
        except Exception as error:  # a bug in one answer must not end the loop that speaks them all
            self._bugs.report("an answer could not be spoken", error)

    async def _acknowledge(self, answer: Answer) -> None:
        if answer.query_id is None:
            return
        await self._call("answerCallbackQuery", _acknowledging(answer), messages=0)

    async def _show(self, answer: Answer, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait((before,))
        chat, thread_id, fate = answer.chat_id, answer.thread_id, Fate(Outcome.LOST)
        for screen in answer.first:
            fate = await self._send(chat, thread_id, screen)
            if fate.outcome is Outcome.GONE:
                break
        else:
            if answer.screen is not None:
                fate = await self._place(chat, thread_id, answer.screen, answer.edit)
        if fate.outcome is Outcome.GONE:
            await self._on_gone(chat)

    async def _place(self, chat: int, thread_id: int | None, screen: Screen, message_id: int | None) -> Fate:
        """Put a screen over the message, or below everything where that cannot be: a text never becomes a picture."""
        if message_id is not None and screen.media is None:
            method, values = render_edit(screen)
            fate = await self._call(method, {"chat_id": chat, "message_id": message_id, **values})
            if fate.outcome not in (Outcome.LOST, Outcome.MOVED):
                return fate
        return await self._send(chat, thread_id, screen)

    async def _send(self, chat: int, thread_id: int | None, screen: Screen) -> Fate:
        method, values = render_message(screen)
        fate = await self._call(method, {**_address(chat, thread_id), **values})
        if fate.outcome is Outcome.NO_TOPIC and thread_id is not None and chat > 0:
            # Whoever deleted the topic still waits for an answer. In a group nobody does: the hint was for that topic.
            fate = await self._call(method, {"chat_id": chat, **values})
        if fate.outcome is Outcome.MOVED:
            fate = await self._call(method, {"chat_id": fate.chat_id, **values})
        return fate

    async def _call(self, method: str, values: Mapping[str, Any], *, messages: int = 1) -> Fate:
        """Call until it is done or there is no point in it; give what became of it (STALE: nothing left to do)."""
        repeatable = not method.startswith("send")
        body = orjson.dumps(values)
        deadline = asyncio.get_running_loop().time() + PATIENCE
        tries = 0
        while True:
            await self._pace.person(messages)
            try:
                await self._api.call_encoded(method, body)
            except Exception as error:  # judged below, and a bug ends as UNKNOWN
                fate, told = judge(error), describe(error)
                metrics.CALLS.labels(method, fate.outcome.name.lower()).inc()
            else:
                metrics.CALLS.labels(method, "done").inc()
                return Fate(Outcome.STALE)
            pause = self._wait(tries)
            match fate.outcome:
                case Outcome.WAIT:
                    self._pace.halt(fate.seconds)
                    pause = 0.0
                case Outcome.NOT_SENT:
                    pass
                case Outcome.UNKNOWN if repeatable and tries < REPEATS:
                    pass
                case Outcome.STALE | Outcome.LOST | Outcome.MOVED | Outcome.GONE | Outcome.NO_TOPIC:
                    return fate
                case _:
                    logger.error("%s: %s (%s)", method, fate.outcome.value, told)
                    return fate
            tries += 1
            if asyncio.get_running_loop().time() + max(pause, fate.seconds) > deadline:
                logger.error("%s was given up after %d tries (%s)", method, tries, told)
                return fate
            await asyncio.sleep(pause)


def _address(chat: int, thread_id: int | None) -> dict[str, Any]:
    return {"chat_id": chat} if thread_id is None else {"chat_id": chat, "message_thread_id": thread_id}


def _acknowledging(answer: Answer) -> dict[str, Any]:
    values: dict[str, Any] = {"callback_query_id": answer.query_id}
    if answer.notice:
        values["text"] = answer.notice
    return values
