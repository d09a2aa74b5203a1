"""What arrives: one update of Telegram's, as JSON, reduced to who did what.

The JSON is read by hand rather than through PTB's `Update.de_json`: that builds some dozen objects an update, of which
a turn needs six fields, and it raises on what it does not know.
"""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from markupsafe import Markup

from chatbot.conversation.turn import Elsewhere, Event, Heard, Left, Person, Pressed, Returned, Said, Sent
from chatbot.logs import report_bug
from chatbot.petition.post import MEDIA_KINDS
from chatbot.transport.formatting import format_text

logger = logging.getLogger(__name__)

KINDS: Final = ("message", "callback_query", "my_chat_member")
"""The kinds of update the bot uses, as `allowed_updates` wants them."""

_COMMAND: Final = re.compile(r"/([A-Za-z0-9_]{1,64})(?:@([A-Za-z0-9_]{1,64}))?(?![\w/<>@])")
"""What Telegram itself takes for a command and marks with a `bot_command` entity (tdlib's MessageEntity.cpp)."""
_CONTENT: Final = (
    # animation before document and venue before location: Telegram sends the second along with the first.
    *("photo", "sticker", "voice", "video", "video_note", "animation", "audio", "document", "contact", "venue"),
    *("location", "poll", "dice", "game", "story", "paid_media", "live_photo", "rich_message", "checklist", "invoice"),
    *("giveaway", "giveaway_winners"),
)
_SERVICE: Final = frozenset(
    (
        *("pinned_message", "message_auto_delete_timer_changed", "chat_background_set", "write_access_allowed"),
        *("connected_website", "proximity_alert_triggered", "boost_added", "gift", "unique_gift", "gift_upgrade_sent"),
        *("users_shared", "user_shared", "chat_shared", "passport_data", "web_app_data", "successful_payment"),
        *("refunded_payment", "checklist_tasks_done", "checklist_tasks_added", "paid_message_price_changed"),
        *("direct_message_price_changed", "poll_option_added", "poll_option_deleted", "giveaway_created"),
        *("giveaway_completed", "video_chat_scheduled", "video_chat_started", "video_chat_ended"),
    )
)
"""Notes that Telegram itself puts into a private chat: nobody said anything."""
_PRESENT: Final = ("member", "administrator", "restricted")
_ID_BOUND: Final = 2**63

Json = Mapping[str, Any]


class _Broken(Exception):  # noqa: N818 - it says what the update is
    """The update lacks what its kind must have."""


def reduce_update(update: object, username: str) -> Heard | None:
    """Give who did what, or None for what the bot does not listen to. Never raises, whatever the JSON was.

    `username` is the bot's own, without the @: in groups only commands addressed to it count. An update that cannot
    be read leaves a line in the log with its kind and nothing else of it.
    """
    if not isinstance(update, dict):
        logger.warning("an update that is no object was left out")
        return None
    kind = next((kind for kind in KINDS if kind in update), None)
    if kind is None:
        logger.info("an update of kind %s was left out", _name_kind(update))
        return None
    try:
        found = _READERS[kind](_part(update, kind), username)
        return Heard(_integer(update, "update_id"), *found) if found else None
    except _Broken:
        logger.warning("an update of kind %s could not be read", kind)
        return None
    except Exception as error:  # a mistake of ours costs this update, not all that come after it
        report_bug(logger, f"an update of kind {kind} could not be read", error)
        return None


def _read_message(message: Json, username: str) -> tuple[Person, Event] | None:
    chat, sender = _part(message, "chat"), message.get("from")
    if not isinstance(sender, dict) or sender.get("is_bot") or "sender_chat" in message:
        return None  # channel posts, bots, groups speaking as themselves: no person
    chat_id = _integer(chat, "id")
    text = _text(message, "text")
    match chat.get("type"):
        case "private":
            event = _read_said(message, text, username) if text else _read_sent(message)
            return (_meet(sender, chat_id), event) if event else None
        case "group" | "supergroup":
            said = _split_command(text, username)
            return (_meet(sender, _integer(sender, "id")), Elsewhere(chat_id)) if said.command else None
    return None


def _read_callback(query: Json, username: str) -> tuple[Person, Event]:
    query_id, sender, message = _text(query, "id"), _part(query, "from"), query.get("message")
    if not query_id:
        raise _Broken
    person = _meet(sender, _integer(sender, "id"))
    if not isinstance(message, dict):
        return person, Pressed(_text(query, "data"), query_id, None)
    chat = _part(message, "chat")
    if chat.get("type") != "private":
        return person, Elsewhere(_integer(chat, "id"), query_id)
    # An inaccessible message has no text, and neither has a photo: neither can be turned into a screen in place.
    message_id = _integer(message, "message_id") if _text(message, "text") else None
    return person, Pressed(_text(query, "data"), query_id, message_id)


def _read_membership(change: Json, username: str) -> tuple[Person, Event] | None:
    chat, sender = _part(change, "chat"), _part(change, "from")
    chat_id = _integer(chat, "id")
    before, after = (_part(change, side).get("status") for side in ("old_chat_member", "new_chat_member"))
    match chat.get("type"), after:
        case "private", "kicked":
            return _meet(sender, chat_id), Left()
        case "private", "member":
            return _meet(sender, chat_id), Returned()
        case "group" | "supergroup", ("member" | "administrator") if before not in _PRESENT:
            return _meet(sender, _integer(sender, "id")), Elsewhere(chat_id)
    return None


_READERS: Final[Mapping[str, Callable[[Json, str], tuple[Person, Event] | None]]] = {
    "message": _read_message,
    "callback_query": _read_callback,
    "my_chat_member": _read_membership,
}


def _split_command(text: str, username: str) -> Said:
    found = _COMMAND.match(text)
    if found is None or (found[2] or username).lower() != username.lower():
        return Said(text)
    return Said(text, found[1].lower(), text[found.end() :].strip())


def _read_said(message: Json, text: str, username: str) -> Said:
    said = _split_command(text, username)
    formatted = _read_formatted(message, "text", "entities")
    return replace(said, formatted=formatted) if formatted else said


def _read_sent(message: Json) -> Sent | None:
    kind = next((kind for kind in _CONTENT if kind in message), None)
    if kind is None:
        return None if _SERVICE & message.keys() else Sent("unknown")
    file_id = _read_file_id(message[kind]) if kind in MEDIA_KINDS else None
    caption = _text(message, "caption")
    formatted = _read_formatted(message, "caption", "caption_entities")
    return Sent(kind, file_id, caption, formatted, in_album="media_group_id" in message)


def _read_file_id(file: Any) -> str | None:
    """Give what sends a file on; of a photo, which comes in several sizes, what sends the largest."""
    sizes = [size for size in (file if isinstance(file, list) else [file]) if isinstance(size, dict)]
    largest = max(sizes, key=_count_pixels, default={})
    return _text(largest, "file_id") or None


def _count_pixels(size: Json) -> int:
    width, height = size.get("width"), size.get("height")
    return width * height if type(width) is int and type(height) is int else 0


def _read_formatted(message: Json, words: str, entities: str) -> Markup | None:
    # Raw words: the entities count every character.
    formatted = format_text(message[words], message.get(entities)) if message.get(words) else None
    return formatted.replace("\0", "") if formatted else None


def _meet(sender: Json, person_id: int) -> Person:
    name = " ".join(part for part in (_text(sender, "first_name"), _text(sender, "last_name")) if part)
    return Person(person_id, name, _text(sender, "language_code") or None)


def _part(of: Json, key: str) -> Json:
    part = of.get(key)
    if not isinstance(part, dict):
        raise _Broken
    return part


def _integer(of: Json, key: str) -> int:
    number = of.get(key)
    if type(number) is not int or not -_ID_BOUND <= number < _ID_BOUND:  # `type`: True is an int as well
        raise _Broken
    return number


def _text(of: Json, key: str) -> str:
    text = of.get(key, "")
    if not isinstance(text, str):
        raise _Broken
    return text.replace("\0", "")  # PostgreSQL keeps no NUL, and nobody types one


def _name_kind(update: Json) -> str:
    kind = next((key for key in update if key != "update_id"), "")
    return kind if re.fullmatch("[a-z_]{1,40}", kind) else "unnamed"
