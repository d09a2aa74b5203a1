"""Takes the buttons off a question once its answer was typed.

Which message asks is known only in the memory of this process. After a restart an old keyboard stays, and its buttons
lead to the open question.
"""

import asyncio
from collections import OrderedDict
from contextlib import suppress
from typing import Final

from chatbot.conversation.interface import Answer
from chatbot.transport.outgoing.client import BotApi
from chatbot.transport.outgoing.pacing import Pace

LIMIT: Final = 5.0
"""Seconds after which a keyboard stays."""
_MOST: Final = 10_000
"""Chats remembered at most; the oldest are forgotten first."""


class QuestionKeyboards:
    """The newest question in each chat, by its message."""

    def __init__(self, api: BotApi, pace: Pace) -> None:
        self._api = api
        self._pace = pace
        self._asking: OrderedDict[int, int] = OrderedDict()

    async def follow(self, answer: Answer, message_id: int | None) -> None:
        """Note an answer that was shown, in this message if known, and remove the buttons that it makes outdated.

        This is tried once: an old keyboard does no harm, and nobody waits for it to go.
        """
        chat, before, message_id = answer.chat_id, self._asking.get(answer.chat_id), message_id or answer.edit
        if before is not None and (before == answer.edit or answer.answers):
            del self._asking[chat]
        if answer.asks and message_id is not None:
            self._asking[chat] = message_id
            self._asking.move_to_end(chat)
            if len(self._asking) > _MOST:
                self._asking.popitem(last=False)
        is_outdated = answer.answers and before not in (None, answer.edit, message_id)
        if not is_outdated or self._pace.delay(chat, edit=True) > 0:
            return
        with suppress(Exception):
            async with asyncio.timeout(LIMIT):
                await self._pace.admit_reply(chat, edit=True)
                await self._api.call("editMessageReplyMarkup", {"chat_id": chat, "message_id": before})
