"""Reduces an update of Telegram, as JSON, to who did what.

PTB's `Update.de_json` is not used: it builds a dozen objects for each update, of which a turn needs six fields, and it
raises on unknown input.
"""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
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
    SharedChat,
    UnblockedBot,
)
from chatbot.logs import report_bug
from chatbot.petition.broadcasts.place import REQUEST_IDS
from chatbot.petition.broadcasts.post import MEDIA_KINDS
from chatbot.transport.incoming.formatting import format_text
from chatbot.transport.incoming.message_kinds import CONTENT, SERVICE
from chatbot.transport.incoming.reading.cards import read_chosen_result, read_guest_message, read_inline_query
from chatbot.transport.incoming.reading.fields import (
    TEXT,
    BrokenUpdateError,
    JsonObject,
    integer,
    meet,
    part,
    read_moment,
    read_title,
    small,
    words,
)
from chatbot.transport.incoming.reading.groups import COMMAND, read_bot_status, read_channel_post, read_group_message

logger = logging.getLogger(__name__)

UPDATE_KINDS: Final = (
    *("message", "edited_message", "callback_query", "my_chat_member", "channel_post"),
    *("inline_query", "chosen_inline_result", "guest_message"),
)
"""The kinds of updates that the bot uses, for `allowed_updates`."""

_ACTION: Final = 64
_ALBUM: Final = 64


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
        content = part(update, kind)
        found = _READERS[kind](content, username)
        number, thread_id, comment_id = integer(update, "update_id"), _find_thread(content), _find_comment(content)
        return Heard(number, *found, thread_id, comment_id) if found else None
    except BrokenUpdateError:
        logger.warning("an update of kind %s could not be read", kind)
        return None
    except Exception as error:  # a bug costs this update, not all later ones
        report_bug(logger, f"an update of kind {kind} could not be read", error)
        return None


def _read_message(message: JsonObject, username: str) -> tuple[Person, Event] | None:
    chat = part(message, "chat")
    chat_id = integer(chat, "id")
    match chat.get("type"):
        case "private":
            person = _find_person(message, chat_id)
            event = _read_said(message, username)
            return (person, event) if person and event else None
        case "group" | "supergroup":
            return read_group_message(message, chat_id, username)
    return None


def _read_edited(message: JsonObject, username: str) -> tuple[Person, Event] | None:
    """Read an edited text, file or caption. A command counts as a new one; without a date nothing was edited."""
    chat = part(message, "chat")
    has_content = words(message, "text") or any(kind in message for kind in MEDIA_KINDS)
    if chat.get("type") != "private" or small(message, "edit_date") is None or not has_content:
        return None
    person = _find_person(message, integer(chat, "id"))
    said = _read_said(message, username)
    if person is None or said is None or isinstance(said, SharedChat):
        return None
    return person, said if isinstance(said, Said) and said.command else Edited(said)


def _read_callback(query: JsonObject, username: str) -> tuple[Person, Event]:
    query_id, sender, message = query.get("id"), part(query, "from"), query.get("message")
    if not isinstance(query_id, str) or not query_id:
        raise BrokenUpdateError
    person, action = meet(sender, integer(sender, "id")), words(query, "data")
    action = action if len(action) <= _ACTION else ""  # not one of ours, and a cut one might be valid
    chat = message.get("chat") if isinstance(message, dict) else None
    if not isinstance(message, dict) or not isinstance(chat, dict):
        return person, Pressed(action, query_id, None)
    if chat.get("type") != "private":
        return person, InGroup(integer(chat, "id"), query_id)
    # An inaccessible message or a photo has no text and cannot be edited into a screen.
    return person, Pressed(action, query_id, small(message, "message_id") if words(message, "text") else None)


def _read_membership(change: JsonObject, _username: str) -> tuple[Person, Event] | None:
    chat = part(change, "chat")
    if chat.get("type") != "private":
        return read_bot_status(change)
    person = meet(part(change, "from"), integer(chat, "id"))
    match part(change, "new_chat_member").get("status"):
        case "kicked":
            return person, BlockedBot()
        case "member":
            return person, UnblockedBot()
    return None


_READERS: Final[Mapping[str, Callable[[JsonObject, str], tuple[Person, Event] | None]]] = {
    "message": _read_message,
    "edited_message": _read_edited,
    "callback_query": _read_callback,
    "my_chat_member": _read_membership,
    "channel_post": read_channel_post,
    "inline_query": read_inline_query,
    "chosen_inline_result": read_chosen_result,
    "guest_message": read_guest_message,
}


def _find_person(message: JsonObject, chat_id: int) -> Person | None:
    """Return the writer in a private chat; None for bots and channels."""
    sender = message.get("from")
    if not isinstance(sender, dict) or sender.get("is_bot") or isinstance(message.get("sender_chat"), dict):
        return None
    return meet(sender, chat_id)


def _find_thread(content: JsonObject) -> int | None:
    """Return the topic of a message or of a tapped button; None in a chat without topics."""
    message = content.get("message", content)
    if not isinstance(message, dict):
        return None
    chat = message.get("chat")
    is_private = isinstance(chat, dict) and chat.get("type") == "private"
    # In a group without topics, the same field contains the message that was replied to.
    return small(message, "message_thread_id") if is_private or message.get("is_topic_message") is True else None


def _find_comment(content: JsonObject) -> int | None:
    """Return the id of a message that is a comment, or another reply, in a group without topics; None of others.

    Below a post of a channel, readers see only what replies to that post, or to a comment on it.
    """
    chat, thread_id = content.get("chat"), small(content, "message_thread_id")
    if not isinstance(chat, dict) or chat.get("type") != "supergroup" or content.get("is_topic_message") is True:
        return None
    return small(content, "message_id") if thread_id is not None else None


def _split_command(text: str, username: str) -> Said:
    found = COMMAND.match(text)
    if found is None or (found[2] or username).lower() != username.lower():
        return Said(text)
    return Said(text, found[1].lower(), text[found.end() :].strip())


def _read_said(message: JsonObject, username: str) -> Said | SentMedia | SharedChat | None:
    text = words(message, "text")
    if not text:
        return _read_shared(message) or _read_sent(message)
    said = _split_command(text, username)
    formatted = _read_formatted(message, "text", "entities")
    return replace(
        said,
        formatted=formatted,
        message_id=small(message, "message_id"),
        sent_at=read_moment(message, "date"),
        has_custom_emoji=_has_custom_emoji(message, "entities"),
        is_forwarded=isinstance(message.get("forward_origin"), dict),
    )


def _read_shared(message: JsonObject) -> SharedChat | None:
    """Read a channel or group that somebody shared with the bot by a button."""
    shared = message.get("chat_shared")
    if not isinstance(shared, dict):
        return None
    request = small(shared, "request_id")
    kind = next((kind for kind, number in REQUEST_IDS.items() if number == request), None)
    # A person is no place, and no button asks for one.
    if kind is None or (chat_id := integer(shared, "chat_id")) >= 0:
        return None
    return SharedChat(kind, chat_id, read_title(shared))


def _read_sent(message: JsonObject) -> SentMedia | None:
    kind = next((kind for kind in CONTENT if kind in message), None)
    if kind is None and message.get("text"):
        raise BrokenUpdateError  # not a string
    if kind is None:
        return None if SERVICE & message.keys() else SentMedia("unknown")
    file_id = _read_file_id(message[kind]) if kind in MEDIA_KINDS else None
    caption = words(message, "caption")
    formatted = _read_formatted(message, "caption", "caption_entities")
    return SentMedia(
        kind,
        file_id,
        caption,
        formatted,
        album=words(message, "media_group_id", _ALBUM) or None,
        message_id=small(message, "message_id"),
        sent_at=read_moment(message, "date"),
        has_custom_emoji=_has_custom_emoji(message, "caption_entities"),
    )


def _read_file_id(file: Any) -> str | None:
    """Return the file_id, for a photo that of its largest size."""
    sizes = [size for size in (file if isinstance(file, list) else [file]) if isinstance(size, dict)]
    largest = max(sizes, key=_count_pixels, default={})
    return words(largest, "file_id") or None


def _count_pixels(size: JsonObject) -> int:
    width, height = size.get("width"), size.get("height")
    return width * height if type(width) is int and type(height) is int else 0


def _read_formatted(message: JsonObject, field: str, entities: str) -> Markup | None:
    # Unchanged, because the entities count every character.
    raw = message.get(field)
    formatted = format_text(raw[:TEXT], message.get(entities)) if raw and isinstance(raw, str) else None
    return formatted.replace("\0", "") if formatted else None


def _has_custom_emoji(message: JsonObject, entities: str) -> bool:
    found = message.get(entities)
    return isinstance(found, list) and any(
        isinstance(each, dict) and each.get("type") == "custom_emoji" for each in found
    )


def _name_kind(update: JsonObject) -> str:
    kind = next((key for key in update if key != "update_id"), "")
    return kind if re.fullmatch("[a-z_]{1,40}", kind) else "unnamed"
