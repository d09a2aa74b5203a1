"""Taking a turn, however its update came: what a bug may do to whoever it strikes, and to nobody else."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from chatbot import metrics
from chatbot.conversation.turn import Answer, Elsewhere, Heard, Pressed, Said, Sent
from chatbot.logs import report_bug

logger = logging.getLogger(__name__)

TURN_LIMIT: Final = 60.0
"""Seconds after which a turn that does not end is given up: one that hangs must not keep everybody from being heard."""


class Taker:
    """Has turns taken by `hear`.

    When `hear` raises one of `retry_on` the turn was not taken, and may be tried again; any other exception is a bug:
    the person gets what `apologise` gives, and the turn is not repeated.
    """

    def __init__(
        self,
        hear: Callable[[Heard], Awaitable[Answer | None]],
        apologise: Callable[[Heard], Answer],
        retry_on: tuple[type[Exception], ...] = (),
    ) -> None:
        self._hear = hear
        self._apologise = apologise
        self.retry_on = retry_on

    async def take(self, heard: Heard) -> Answer | None:
        """Take one turn and give its answer, once it is committed. Raises nothing but `retry_on`."""
        try:
            with metrics.TURN.time():
                async with asyncio.timeout(TURN_LIMIT):
                    answer = await self._hear(heard)
        except self.retry_on:
            metrics.UPDATES.labels("refused").inc()
            raise
        except Exception as error:  # a bug; nobody else may suffer from it
            metrics.UPDATES.labels("failed").inc()
            report_bug(logger, "a turn failed and is not repeated", error)
            return self._make_up_for(heard)
        metrics.UPDATES.labels("taken").inc()
        return answer

    def _make_up_for(self, heard: Heard) -> Answer | None:
        """Give what is said to somebody whose turn failed: an apology, or at least the end of the spinning button."""
        query_id = heard.event.query_id if isinstance(heard.event, Pressed | Elsewhere) else None
        if isinstance(heard.event, Said | Pressed | Sent):
            try:
                return self._apologise(heard)
            except Exception as error:  # the second bug in a row
                report_bug(logger, "the apology failed as well", error)
        return Answer(heard.person.id, query_id=query_id) if query_id else None
