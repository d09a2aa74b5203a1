"""Answers inline queries and calls as a guest with the offered cards. An answer that takes long is given up."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

from chatbot import metrics
from chatbot.conversation.interface import CardOffer
from chatbot.logs import RareLog
from chatbot.transport.outgoing.client import BotApi
from chatbot.transport.outgoing.errors import ErrorClass, classify, describe
from chatbot.transport.outgoing.pacing import Pace
from chatbot.transport.outgoing.rendering import render_offer

logger = logging.getLogger(__name__)

PATIENCE: Final = 25.0
"""Seconds after which an answer is given up: Telegram takes it for 30 s, and the person has moved on."""
TRIES: Final = 3
LOG_EVERY: Final = 600.0
"""Seconds between two log lines about answers that were given up."""
_GIVEN_UP: Final = "a card could not be offered (%s)"


class OfferSender:
    """Sends offers. `send` raises only what `on_posted` of an offer raises."""

    def __init__(self, api: BotApi, pace: Pace, wait: Callable[[int], float]) -> None:
        self._api = api
        self._pace = pace
        self._wait = wait
        self._given_up = RareLog(logger, logging.WARNING, LOG_EVERY)

    async def send(self, offer: CardOffer) -> None:
        """Answer the query, and note what a guest posted."""
        posted: Any = None
        try:
            async with asyncio.timeout(PATIENCE):
                posted = await self._try(offer)
        except TimeoutError:
            self._given_up.log(_GIVEN_UP, "it took too long")
        message_id = posted.get("inline_message_id") if isinstance(posted, dict) else None
        if offer.on_posted is not None and isinstance(message_id, str):
            await offer.on_posted(message_id)

    async def _try(self, offer: CardOffer) -> Any:
        method, values = render_offer(offer)
        for tries in range(TRIES):
            await self._pace.admit_acknowledgement()
            try:
                answer = await self._api.call(method, values)
            except Exception as error:  # a bug is UNKNOWN
                failure, told = classify(error), describe(error)
                metrics.CALLS.labels(method, failure.error_class.name.lower()).inc()
                match failure.error_class:
                    case ErrorClass.WAIT:
                        await asyncio.sleep(failure.seconds)
                    case ErrorClass.NOT_SENT | ErrorClass.UNKNOWN:
                        await asyncio.sleep(self._wait(tries))
                    case ErrorClass.STALE:
                        return None
                    case _:
                        self._given_up.log(_GIVEN_UP, told)
                        return None
            else:
                metrics.CALLS.labels(method, "done").inc()
                return answer
        self._given_up.log(_GIVEN_UP, told)
        return None
