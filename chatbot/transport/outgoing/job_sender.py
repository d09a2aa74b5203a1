"""Sends screens, files and menus to a chat, for jobs. What cannot be done now is to be tried again."""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

from markupsafe import Markup
from telegram.error import TelegramError

from chatbot.petition.job import ChatMovedError, RetryLaterError
from chatbot.screens.screen import Screen
from chatbot.transport.bot_profile import Commands, set_commands
from chatbot.transport.outgoing.backoff import LONGEST_ASKED
from chatbot.transport.outgoing.client import BotApi
from chatbot.transport.outgoing.errors import ErrorClass, classify, describe
from chatbot.transport.outgoing.pacing import Pace
from chatbot.transport.outgoing.rendering import render_edit, render_message
from chatbot.transport.outgoing.retry import TokenRefusedError

logger = logging.getLogger(__name__)

AWAY: Final = 5.0
"""Seconds until the next try if Telegram cannot be reached or may have carried out the call."""
BRIEFLY: Final = 3.0
"""Seconds to wait for the limits of a chat; a call that has to wait longer is tried again later."""


class JobSender:
    """Calls Telegram at the pace of replies. It raises `RetryLaterError`, `ChatMovedError` and `TokenRefusedError`."""

    def __init__(self, api: BotApi, pace: Pace) -> None:
        self._api = api
        self._pace = pace

    async def show(self, chat_id: int, screen: Screen, message_id: int | None = None) -> int | None:
        """Show `screen` in the message, or in a new one if that is None or gone; return the id of the message.

        None if the chat can be shown nothing (blocked, …): there is nothing more to do.
        """
        if message_id is not None:
            method, values = render_edit(screen)
            failure = await self._call(method, {"chat_id": chat_id, "message_id": message_id, **values})
            if not isinstance(failure, ErrorClass) or failure is ErrorClass.STALE:
                return message_id
            if failure is not ErrorClass.LOST:
                return None
        method, values = render_message(screen)
        message = await self._call(method, {"chat_id": chat_id, **values})
        return None if isinstance(message, ErrorClass) else _read(message, "message_id", int)

    async def send_file(
        self,
        chat_id: int,
        path: Path,
        name: str,
        caption: Markup,
        media_kind: Literal["document", "photo"] = "document",
    ) -> str | None:
        """Upload the file at `path` (50 MB at most, a photo 10 MB); return its file_id, None if it cannot be sent."""
        values = {"chat_id": chat_id, "caption": str(caption), "parse_mode": "HTML"}
        message = await self._call(f"send{media_kind.capitalize()}", values, (media_kind, path, name))
        if isinstance(message, ErrorClass):
            return None
        sent = message.get(media_kind) if isinstance(message, dict) else None
        file_id: str | None = _read(sent[-1] if isinstance(sent, list) and sent else sent, "file_id", str)
        return file_id

    async def set_menu(self, chat_id: int, menu: Mapping[str | None, Commands]) -> bool:
        """Give a chat its own menu by language, or the public one if it is empty; False if there is no such chat."""
        scope = {"type": "chat", "chat_id": chat_id}
        for language, commands in menu.items():
            outcome = await set_commands(self._call, scope, language, commands)
            if isinstance(outcome, ErrorClass):
                return outcome is not ErrorClass.GONE
        return True

    async def pin(self, chat_id: int, message_id: int) -> bool:
        """Pin a message without a sound; False if the bot may not."""
        values = {"chat_id": chat_id, "message_id": message_id, "disable_notification": True}
        return not isinstance(await self._call("pinChatMessage", values), ErrorClass)

    async def unpin(self, chat_id: int, message_id: int) -> None:
        """Unpin a message. What Telegram refuses stays as it is."""
        await self._call("unpinChatMessage", {"chat_id": chat_id, "message_id": message_id})

    async def _call(self, method: str, values: dict[str, Any], file: tuple[str, Path, str] | None = None) -> Any:
        """Return the result as plain JSON, or the error class of a call that will never succeed."""
        # The menu of a chat is not a message, so a 429 to it does not stop messages.
        chat = values.get("chat_id")
        if chat is None:
            await self._pace.admit_acknowledgement()
        else:
            edit = method.startswith("edit")
            if (delay := self._pace.delay(chat, edit=edit)) > BRIEFLY:
                raise RetryLaterError(delay)
            await self._pace.admit_reply(chat, edit=edit)
        try:
            if file is None:
                result = await self._api.call(method, values)
            else:
                result = await self._api.upload(method, values, *file)
        except TelegramError as error:
            failure, told = classify(error), describe(error)
        else:
            if chat is not None:
                self._pace.note_answer(chat)
            return result
        match failure.error_class:
            case ErrorClass.TOKEN:
                raise TokenRefusedError(told) from None
            case ErrorClass.WAIT:
                if chat is not None:
                    self._pace.note_flood(chat, failure.seconds)
                raise RetryLaterError(min(failure.seconds, LONGEST_ASKED)) from None
            case ErrorClass.NOT_SENT:
                raise RetryLaterError(AWAY) from None
            case ErrorClass.UNKNOWN | ErrorClass.CONFLICT:
                raise RetryLaterError(AWAY, unsure=True) from None
            case ErrorClass.MOVED if failure.chat_id is not None:
                raise ChatMovedError(failure.chat_id) from None
            case ErrorClass.CONTENT:
                logger.error("%s was refused for its content (%s)", method, told)
        if chat is not None:
            self._pace.note_answer(chat)
        return failure.error_class


def _read(holder: Any, name: str, kind: type) -> Any:
    found = holder.get(name) if isinstance(holder, dict) else None
    return found if type(found) is kind else None
