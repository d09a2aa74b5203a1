"""Takes the buttons off a question once it was answered elsewhere than in its message: in words, for example."""

import asyncio
from typing import Final, Protocol

from chatbot.conversation.interface import Answer
from chatbot.logs import BugReports
from chatbot.problem import ProblemError
from chatbot.transport.outgoing.client import BotApi
from chatbot.transport.outgoing.errors import ErrorClass, classify
from chatbot.transport.outgoing.pacing import Pace

LIMIT: Final = 5.0
"""Seconds after which a keyboard stays until the next turn."""
_GONE: Final = (ErrorClass.STALE, ErrorClass.LOST)
"""Refusals after which there is nothing left to remove."""


class QuestionNotes(Protocol):
    """Stores what became of questions after their turn; see `QuestionMessages`."""

    async def note_asked(self, supporter_id: int, update_id: int, message_id: int) -> bool:
        """Note the message of a question; False if it was answered or left meanwhile."""

    async def note_removed(self, supporter_id: int, message_ids: tuple[int, ...]) -> None:
        """Note that the buttons of these messages are gone."""


class QuestionKeyboards:
    """Follows the buttons of questions; `notes` are what survives this process."""

    def __init__(self, api: BotApi, pace: Pace, notes: QuestionNotes | None, bugs: BugReports) -> None:
        self._api = api
        self._pace = pace
        self._notes = notes
        self._bugs = bugs

    async def follow(self, answer: Answer, message_id: int | None) -> None:
        """Note in which message an answer asks, and remove the buttons that it makes outdated.

        Nobody waits for them to go. If they do not, the next turn of the person tries again.
        """
        chat, outdated = answer.chat_id, answer.outdated
        try:
            async with asyncio.timeout(LIMIT):
                if answer.asks is not None and message_id not in (None, answer.edit) and self._notes is not None:
                    assert message_id is not None
                    if not await self._notes.note_asked(chat, answer.asks, message_id):
                        outdated += (message_id,)
                removed = tuple([each for each in outdated if await self._remove(chat, each)])
                if removed and self._notes is not None:
                    await self._notes.note_removed(chat, removed)
        except (TimeoutError, ProblemError):  # the database is away
            pass
        except Exception as error:  # the answer itself was sent
            self._bugs.report("the buttons of a question could not be followed", error)

    async def _remove(self, chat: int, message_id: int) -> bool:
        """Remove the buttons of a message; return whether they are gone."""
        if self._pace.delay(chat, edit=True) > 0:
            return False
        try:
            await self._pace.admit_reply(chat, edit=True)
            await self._api.call("editMessageReplyMarkup", {"chat_id": chat, "message_id": message_id})
        except Exception as error:
            return classify(error).error_class in _GONE
        return True
