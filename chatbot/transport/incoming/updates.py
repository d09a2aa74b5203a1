"""Reduces an update of Telegram, as JSON, to who did what.

PTB's `Update.de_json` is not used: it builds a dozen objects for each update, of which a turn needs six fields, and it
raises on unknown input.
"""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from markupsafe import Markup

from chatbot.conversation.interface import (
    BlockedBot,
    Edited,
    Event,
    Heard,
    InGroup,
    Person,
    Pressed,
    Said,
    SentMedia,
    UnblockedBot,
)
from chatbot.conversation.steps import COMMANDS
from chatbot.logs import report_bug
from chatbot.petition.broadcasts.post import MEDIA_KINDS
from chatbot.petition.signing.answers import join_names
from chatbot.transport.incoming.formatting import format_text
from chatbot.transport.incoming.message_kinds import CONTENT, SERVICE

logger = logging.getLogger(__name__)

UPDATE_KINDS: Final = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of updates that the bot uses, for `allowed_updates`."""

_COMMAND: Final = re.compile(r"/([A-Za-z0-9_]{1,64})(?:@([A-Za-z0-9_]{1,64}))?(?![\w/<>@])")
"""A command as Telegram marks it with a `bot_command` entity (tdlib's MessageEntity.cpp)."""
_PRESENT: Final = ("member", "administrator", "restricted")
_ID_BOUND: Final = 2**63
_MESSAGE_BOUND: Final = 2**31
"""Telegram numbers messages, and therefore topics, with 32 bits."""
# Telegram's limits are checked again here (https://core.telegram.org/bots/api).
_TEXT: Final = 8_192  # twice as much as a message has
_NAME: Final = 64
_ACTION: Final = 64
_ALBUM: Final = 64
_LANGUAGE_CODE: Final = 64
"""Characters of a language code that are read; real ones have up to 35."""

JsonObject = Mapping[str, Any]


class _BrokenUpdateError(Exception):
    """The update lacks what its kind must have."""


def reduce_update(update: object, username: str) -> Heard | None:
    """Return who did what, or None for updates that the bot ignores. Never raises, whatever the JSON is.

    `username` is the bot's own without the @: in groups, commands for another bot are ignored. An optional field of the
    wrong type counts as missing. If an update cannot be read, its kind and nothing else of it is logged.
    """
    if not isinstance(update, dict):
        logger.warning("an update that is no object was left out")
        return None
    kind = next((kind for kind in UPDATE_KINDS if kind in update), None)
    if kind is None:
        logger.info("an update of kind %s was left out", _name_kind(update))
        return None
    try:
        content = _part(update, kind)
        found = _READERS[kind](content, username)
        return Heard(_integer(update, "update_id"), *found, thread_id=_find_thread(content)) if found else None
    except _BrokenUpdateError:
        logger.warning("an update of kind %s could not be read", kind)
        return None
    except Exception as error:  # a bug costs this update, not all later ones
        report_bug(logger, f"an update of kind {kind} could not be read", error)
        return None


def _read_message(message: JsonObject, username: str) -> tuple[Person, Event] | None:
    chat = _part(message, "chat")
    chat_id = _integer(chat, "id")
    match chat.get("type"):
        case "private":
            person = _find_person(message, chat_id)
            event = _read_said(message, username)
            return (person, event) if person and event else None
        case "group" | "supergroup":
            return _read_call(message, chat_id, username)
    return None


def _read_call(message: JsonObject, chat_id: int, username: str) -> tuple[Person, Event] | None:
    """Read a command in a group: addressed to the bot, or one that the bot has. Other bots have other commands."""
    found = _COMMAND.match(_words(message, "text"))
    if found is None or not (found[2].lower() == username.lower() if found[2] else found[1].lower() in COMMANDS):
        return None
    if isinstance(speaker := message.get("sender_chat"), dict):
        # An anonymous admin writes as the group. A channel cannot sign.
        return (Person(chat_id, "", None), InGroup(chat_id)) if speaker.get("id") == chat_id else None
    sender = message.get("from")
    if not isinstance(sender, dict) or sender.get("is_bot"):
        return None
    return _meet(sender, _integer(sender, "id")), InGroup(chat_id)


def _read_edited(message: JsonObject, username: str) -> tuple[Person, Event] | None:
    """Read an edited text, file or caption. A command counts as a new one; without a date nothing was edited."""
    chat = _part(message, "chat")
    has_content = _words(message, "text") or any(kind in message for kind in MEDIA_KINDS)
    if chat.get("type") != "private" or _small(message, "edit_date") is None or not has_content:
        return None
    person = _find_person(message, _integer(chat, "id"))
    said = _read_said(message, username)
    if person is None or said is None:
        return None
    return person, said if isinstance(said, Said) and said.command else Edited(said)


def _read_callback(query: JsonObject, username: str) -> tuple[Person, Event]:
    query_id, sender, message = query.get("id"), _part(query, "from"), query.get("message")
    if not isinstance(query_id, str) or not query_id:
        raise _BrokenUpdateError
    person, action = _meet(sender, _integer(sender, "id")), _words(query, "data")
    action = action if len(action) <= _ACTION else ""  # not one of ours, and a cut one might be valid
    chat = message.get("chat") if isinstance(message, dict) else None
    if not isinstance(message, dict) or not isinstance(chat, dict):
        return person, Pressed(action, query_id, None)
    if chat.get("type") != "private":
        return person, InGroup(_integer(chat, "id"), query_id)
    # An inaccessible message or a photo has no text and cannot be edited into a screen.
    return person, Pressed(action, query_id, _small(message, "message_id") if _words(message, "text") else None)


def _read_membership(change: JsonObject, username: str) -> tuple[Person, Event] | None:
    chat, sender = _part(change, "chat"), _part(change, "from")
    chat_id = _integer(chat, "id")
    old, new = change.get("old_chat_member"), _part(change, "new_chat_member")
    before, after = old.get("status") if isinstance(old, dict) else None, new.get("status")
    match chat.get("type"), after:
        case "private", "kicked":
            return _meet(sender, chat_id), BlockedBot()
        case "private", "member":
            return _meet(sender, chat_id), UnblockedBot()
        case "group" | "supergroup", ("member" | "administrator") if before not in _PRESENT:
            return _meet(sender, _integer(sender, "id")), InGroup(chat_id)
    return None


_READERS: Final[Mapping[str, Callable[[JsonObject, str], tuple[Person, Event] | None]]] = {
    "message": _read_message,
    "edited_message": _read_edited,
    "callback_query": _read_callback,
    "my_chat_member": _read_membership,
}


def _find_person(message: JsonObject, chat_id: int) -> Person | None:
    """Return the writer in a private chat; None for bots and channels."""
    sender = message.get("from")
    if not isinstance(sender, dict) or sender.get("is_bot") or isinstance(message.get("sender_chat"), dict):
        return None
    return _meet(sender, chat_id)


def _find_thread(content: JsonObject) -> int | None:
    """Return the topic of a message or of a tapped button; None in a chat without topics."""
    message = content.get("message", content)
    if not isinstance(message, dict):
        return None
    chat = message.get("chat")
    is_private = isinstance(chat, dict) and chat.get("type") == "private"
    # In a group without topics, the same field contains the message that was replied to.
    return _small(message, "message_thread_id") if is_private or message.get("is_topic_message") is True else None


def _split_command(text: str, username: str) -> Said:
    found = _COMMAND.match(text)
    if found is None or (found[2] or username).lower() != username.lower():
        return Said(text)
    return Said(text, found[1].lower(), text[found.end() :].strip())


def _read_said(message: JsonObject, username: str) -> Said | SentMedia | None:
    text = _words(message, "text")
    if not text:
        return _read_sent(message)
    said = _split_command(text, username)
    formatted = _read_formatted(message, "text", "entities")
    return replace(
        said,
        formatted=formatted,
        message_id=_small(message, "message_id"),
        sent_at=_read_moment(message, "date"),
        has_custom_emoji=_has_custom_emoji(message, "entities"),
        is_forwarded=isinstance(message.get("forward_origin"), dict),
    )


def _read_sent(message: JsonObject) -> SentMedia | None:
    kind = next((kind for kind in CONTENT if kind in message), None)
    if kind is None and message.get("text"):
        raise _BrokenUpdateError  # not a string
    if kind is None:
        return None if SERVICE & message.keys() else SentMedia("unknown")
    file_id = _read_file_id(message[kind]) if kind in MEDIA_KINDS else None
    caption = _words(message, "caption")
    formatted = _read_formatted(message, "caption", "caption_entities")
    return SentMedia(
        kind,
        file_id,
        caption,
        formatted,
        album=_words(message, "media_group_id", _ALBUM) or None,
        message_id=_small(message, "message_id"),
        sent_at=_read_moment(message, "date"),
        has_custom_emoji=_has_custom_emoji(message, "caption_entities"),
    )


def _read_file_id(file: Any) -> str | None:
    """Return the file_id, for a photo that of its largest size."""
    sizes = [size for size in (file if isinstance(file, list) else [file]) if isinstance(size, dict)]
    largest = max(sizes, key=_count_pixels, default={})
    return _words(largest, "file_id") or None


def _count_pixels(size: JsonObject) -> int:
    width, height = size.get("width"), size.get("height")
    return width * height if type(width) is int and type(height) is int else 0


def _read_formatted(message: JsonObject, words: str, entities: str) -> Markup | None:
    # Unchanged, because the entities count every character.
    raw = message.get(words)
    formatted = format_text(raw[:_TEXT], message.get(entities)) if raw and isinstance(raw, str) else None
    return formatted.replace("\0", "") if formatted else None


def _has_custom_emoji(message: JsonObject, entities: str) -> bool:
    found = message.get(entities)
    return isinstance(found, list) and any(
        isinstance(each, dict) and each.get("type") == "custom_emoji" for each in found
    )


def _meet(sender: JsonObject, person_id: int) -> Person:
    name = join_names(_words(sender, "first_name", _NAME), _words(sender, "last_name", _NAME))
    return Person(person_id, name, _words(sender, "language_code", _LANGUAGE_CODE) or None)


# Required fields.


def _part(of: JsonObject, key: str) -> JsonObject:
    part = of.get(key)
    if not isinstance(part, dict):
        raise _BrokenUpdateError
    return part


def _integer(of: JsonObject, key: str) -> int:
    number = of.get(key)
    if type(number) is not int or not -_ID_BOUND <= number < _ID_BOUND:  # `type`: True is an int as well
        raise _BrokenUpdateError
    return number


# Optional fields: of the wrong type, they count as missing.


def _words(of: JsonObject, key: str, most: int = _TEXT) -> str:
    words = of.get(key)
    # PostgreSQL cannot store NUL, and nobody types it.
    return words[:most].replace("\0", "") if isinstance(words, str) else ""


def _small(of: JsonObject, key: str) -> int | None:
    number = of.get(key)
    return number if type(number) is int and 0 < number < _MESSAGE_BOUND else None


def _read_moment(of: JsonObject, key: str) -> datetime | None:
    seconds = _small(of, key)
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _name_kind(update: JsonObject) -> str:
    kind = next((key for key in update if key != "update_id"), "")
    return kind if re.fullmatch("[a-z_]{1,40}", kind) else "unnamed"
