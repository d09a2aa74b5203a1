"""Classes of failed requests, by the error.

The texts are Telegram's own (core.telegram.org/bots/api and the sources of tdlib/telegram-bot-api). python-telegram-bot
removes their "Bad Request: " and capitalises the rest.
"""

import re
import warnings
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Final

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from chatbot.transport.outgoing.client import NeverSentError, TooManyRequestsError


class ErrorClass(Enum):
    """Classes of errors that are handled differently."""

    NOT_SENT = "surely not sent"
    UNKNOWN = "may have been sent"
    WAIT = "to be tried again later"
    GONE = "the recipient is gone"
    MOVED = "the group has a new id"
    CONTENT = "refused for its content"
    STALE = "no longer needed"
    LOST = "the message to change is gone"
    NO_TOPIC = "the topic is gone or closed"
    TOKEN = "the token is refused"  # noqa: S105 - no password
    CONFLICT = "another instance is polling"


@dataclass(frozen=True, slots=True)
class FailedCall:
    """The class of a failed call, with `seconds` to wait for WAIT and the new `chat_id` for MOVED."""

    error_class: ErrorClass
    seconds: float = 0.0
    chat_id: int | None = None


_REFUSALS: Final = {
    "chat not found": ErrorClass.GONE,
    "peer_id_invalid": ErrorClass.GONE,
    "user not found": ErrorClass.GONE,
    "user is deactivated": ErrorClass.GONE,
    "user_deactivated": ErrorClass.GONE,
    "user_is_blocked": ErrorClass.GONE,
    "group chat was deactivated": ErrorClass.GONE,
    "group chat was upgraded": ErrorClass.GONE,
    "not enough rights": ErrorClass.GONE,
    "have no rights": ErrorClass.GONE,
    "need administrator rights": ErrorClass.GONE,
    "chat_write_forbidden": ErrorClass.GONE,
    "chat_restricted": ErrorClass.GONE,
    "chat_send_plain_forbidden": ErrorClass.GONE,
    "chat_guest_send_forbidden": ErrorClass.GONE,
    "chat_admin_required": ErrorClass.GONE,
    "channel_private": ErrorClass.GONE,
    "message is not modified": ErrorClass.STALE,
    "query is too old": ErrorClass.STALE,
    "query_id_invalid": ErrorClass.STALE,
    "message to edit not found": ErrorClass.LOST,
    "message can't be edited": ErrorClass.LOST,
    "message to delete not found": ErrorClass.LOST,
    "message to pin not found": ErrorClass.LOST,
    "message to unpin not found": ErrorClass.LOST,
    "message can't be deleted": ErrorClass.LOST,
    "no text in the message to edit": ErrorClass.LOST,
    "message_id_invalid": ErrorClass.LOST,
    "message identifier is not specified": ErrorClass.LOST,
    "message thread not found": ErrorClass.NO_TOPIC,
    "use message_thread_id": ErrorClass.NO_TOPIC,
    "topic_deleted": ErrorClass.NO_TOPIC,
    "topic_closed": ErrorClass.NO_TOPIC,
    "topic_id_invalid": ErrorClass.NO_TOPIC,
}


def classify(error: BaseException) -> FailedCall:
    """Classify the error of a request. After an error that is not known here, the request may have been carried out."""
    match error:
        case TooManyRequestsError():
            return FailedCall(ErrorClass.WAIT, seconds=error.seconds)
        case RetryAfter():
            return FailedCall(ErrorClass.WAIT, seconds=_read_seconds(error))
        case ChatMigrated():
            return FailedCall(ErrorClass.MOVED, chat_id=error.new_chat_id)
        case InvalidToken():
            return FailedCall(ErrorClass.TOKEN)
        case Conflict():
            return FailedCall(ErrorClass.CONFLICT)
        case Forbidden():
            return FailedCall(ErrorClass.GONE)
        case NeverSentError():
            return FailedCall(ErrorClass.NOT_SENT)
        # BadRequest is a NetworkError in PTB, so it comes first.
        case BadRequest():
            return FailedCall(_classify_refusal(error.message))
        case NetworkError() if "*not* sent" in error.message:
            return FailedCall(ErrorClass.NOT_SENT)
        case NetworkError() if error.message.startswith("Request Entity Too Large"):
            return FailedCall(ErrorClass.CONTENT)
    return FailedCall(ErrorClass.UNKNOWN)


def describe(error: BaseException) -> str:
    """Describe an error in a few words for the log, without what Telegram quotes: it may be a person's text."""
    if not isinstance(error, TelegramError):
        return type(error).__name__
    kind, words = type(error).__name__, cite(error)
    return words if words.startswith(f"{kind}:") else f"{kind}: {words}"


def cite(error: TelegramError) -> str:
    """Return Telegram's description in one short line, without what it quotes."""
    unquoted = re.split(r"[\"“«]|(?<!\w)'|\bhttps?:", error.message, maxsplit=1)[0]
    return " ".join(unquoted.split())[:120]


def _classify_refusal(text: str) -> ErrorClass:
    lowered = text.lower()
    return next((error_class for words, error_class in _REFUSALS.items() if words in lowered), ErrorClass.CONTENT)


def _read_seconds(error: RetryAfter) -> float:
    # PTB 22 warns on every access, and returns a number or a timedelta depending on an environment variable.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
