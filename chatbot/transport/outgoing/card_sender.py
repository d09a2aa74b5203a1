"""Edits live cards, with one call for each edit. Whether to try again is decided by `broadcasting.card_keeper`."""

import logging
from typing import Any, Final

from telegram.error import BadRequest

from chatbot import metrics
from chatbot.logs import RareLog
from chatbot.petition.broadcasts.live_card import CardEdit, LiveCard
from chatbot.screens.screen import Screen
from chatbot.transport.outgoing.client import BotApi
from chatbot.transport.outgoing.errors import ErrorClass, classify, describe
from chatbot.transport.outgoing.rendering import render_edit

logger = logging.getLogger(__name__)

LOG_EVERY: Final = 600.0
"""Seconds between two log lines about cards that were not edited."""
_FORBIDDEN: Final = ("message_author_required", "message_edit_time_expired", "inline_message_id_invalid")
"""Refusals that are final, and which no other call gets."""


class CardSender:
    """Edits cards. `edit` never raises."""

    def __init__(self, api: BotApi) -> None:
        self._api = api
        self._failures = RareLog(logger, logging.WARNING, LOG_EVERY)

    async def edit(self, card: LiveCard, screen: Screen) -> CardEdit:
        """Show `screen` on a card."""
        method, values = render_edit(screen)
        try:
            await self._api.call(method, {**_address(card), **values})
        except Exception as error:  # a bug is a failure as well
            edit = _classify(error)
            metrics.CALLS.labels(method, classify(error).error_class.name.lower()).inc()
            if edit.outcome in ("refused", "failed"):
                self._failures.log("a card was not edited and is tried again later (%s)", describe(error))
            return edit
        metrics.CALLS.labels(method, "done").inc()
        return CardEdit("shown")


def _address(card: LiveCard) -> dict[str, Any]:
    if card.inline_message_id is not None:
        return {"inline_message_id": card.inline_message_id}
    return {"chat_id": card.chat_id, "message_id": card.message_id}


def _classify(error: Exception) -> CardEdit:
    failure = classify(error)
    match failure.error_class:
        case ErrorClass.STALE:
            return CardEdit("shown")  # as it is already
        case ErrorClass.LOST | ErrorClass.NO_TOPIC:
            return CardEdit("lost")
        case ErrorClass.GONE:
            return CardEdit("gone")
        case ErrorClass.MOVED:
            return CardEdit("moved")
        case ErrorClass.WAIT:
            return CardEdit("failed", failure.seconds)
    if not isinstance(error, BadRequest):
        return CardEdit("failed")
    return CardEdit("lost" if any(words in error.message.lower() for words in _FORBIDDEN) else "refused")
