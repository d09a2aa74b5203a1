"""Taking a turn, however its update came: what a bug may do to whoever it strikes, and to nobody else."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from chatbot import metrics
from chatbot.conversation.interface import (
    Answer,
    BlockedBot,
    Edited,
    Heard,
    InGroup,
    Pressed,
    Said,
    SentMedia,
    UnblockedBot,
)
from chatbot.logs import BugReports
from chatbot.transport.incoming.rate_limit import RateLimit, Verdict

logger = logging.getLogger(__name__)

TURN_LIMIT: Final = 60.0
"""Seconds after which a turn that does not end is given up: one that hangs must not keep everybody from being heard."""


class Dispatcher:
    """Has turns taken by `hear`.

    When `hear` raises one of `retry_on` the turn was not taken, and may be tried again; any other exception is a bug:
    the person gets what `apologise` gives, and the turn is not repeated. Who says more than their `RateLimit` gets what
    `calm` gives; without it everybody may say as much as they like.
    """

    def __init__(
        self,
        hear: Callable[[Heard], Awaitable[Answer | None]],
        apologise: Callable[[Heard], Answer],
        retry_on: tuple[type[Exception], ...] = (),
        calm: Callable[[Heard], Answer] | None = None,
    ) -> None:
        self._hear = hear
        self._apologise = apologise
        self._calm = calm
        self._rate_limit = RateLimit()
        self._bugs = BugReports(logger)
        self.retry_on = retry_on

    async def take(self, heard: Heard) -> Answer | None:
        """Take one turn and give its answer, once it is committed, in the topic that the update came in.

        Raises nothing but `retry_on`.
        (And `CancelledError` where the caller's own task is cancelled, and `KeyboardInterrupt`.)
        """
        try:
            return _in_its_topic(heard, await self._take(heard))
        except self.retry_on:
            raise
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a bug; nobody else may suffer from it, nor the process end by it
            if _is_being_cancelled(error):
                raise
            metrics.UPDATES.labels("failed").inc()
            return self.make_up_for(heard, "a turn failed and is not repeated", error)

    async def _take(self, heard: Heard) -> Answer | None:
        if self._calm is not None and not isinstance(heard.event, BlockedBot | UnblockedBot):
            verdict = self._rate_limit.spend(heard.person.id)
            if verdict is not Verdict.ALLOWED:
                metrics.UPDATES.labels("slowed").inc()
                return _slow_down(heard, self._calm(heard), told=verdict is Verdict.DROPPED)
        try:
            with metrics.TURN.time():
                async with asyncio.timeout(TURN_LIMIT):
                    answer = await self._hear(heard)
        except self.retry_on:
            metrics.UPDATES.labels("refused").inc()
            self._rate_limit.give_back(heard.person.id)
            raise
        metrics.UPDATES.labels("taken").inc()
        return answer

    def make_up_for(self, heard: Heard, what: str, error: BaseException) -> Answer | None:
        """Report a bug, and give what is said to the person it struck."""
        self._bugs.report(what, error)
        return self.apologise_to(heard)

    def apologise_to(self, heard: Heard) -> Answer | None:
        """Give what is said to a person whom a bug struck: an apology, or at least the end of a tap. Never raises."""
        query_id = heard.event.query_id if isinstance(heard.event, Pressed | InGroup) else None
        if isinstance(heard.event, Said | Edited | Pressed | SentMedia):
            try:
                return _in_its_topic(heard, self._apologise(heard))
            except Exception as second:
                self._bugs.report("the apology failed as well", second)
        return Answer(heard.person.id, query_id=query_id) if query_id else None


def _in_its_topic(heard: Heard, answer: Answer | None) -> Answer | None:
    return replace(answer, thread_id=heard.thread_id) if answer is not None and heard.thread_id else answer


def _is_being_cancelled(error: BaseException) -> bool:
    """Whether the task was cancelled by whoever runs it; a turn that raises `CancelledError` itself has a bug."""
    task = asyncio.current_task()
    return isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling() > 0


def _slow_down(heard: Heard, answer: Answer, *, told: bool) -> Answer | None:
    """What is said to somebody who floods: a word the first time, later only the end of a spinning button."""
    if isinstance(heard.event, Pressed):
        return replace(answer, screen=None)
    if isinstance(heard.event, InGroup):
        return Answer(heard.person.id, query_id=heard.event.query_id) if heard.event.query_id else None
    return None if told else answer
