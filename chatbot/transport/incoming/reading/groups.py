"""Reads what concerns the bot in groups and channels: requests for the card, and changes of the chat.

Everything else that people say there is ignored, and neither stored nor logged.
"""

import re
from functools import lru_cache
from typing import Any, Final

from chatbot.conversation.interface import BotAdded, BotStatus, Event, InGroup, Person, PlaceMoved, PlaceRenamed
from chatbot.conversation.steps import COMMANDS
from chatbot.petition.broadcasts.place import PlaceTrouble
from chatbot.transport.incoming.reading.fields import JsonObject, integer, meet, part, read_title, words

COMMAND: Final = re.compile(r"/([A-Za-z0-9_]{1,64})(?:@([A-Za-z0-9_]{1,64}))?(?![\w/<>@])")
"""A command as Telegram marks it with a `bot_command` entity (tdlib's MessageEntity.cpp)."""
_FOR_THE_CARD: Final = ("start", "share")
_PRESENT: Final = ("member", "administrator", "restricted")
_TELEGRAM: Final = 777000
"""The sender of posts that Telegram copies from a channel into its group."""


def read_group_message(message: JsonObject, chat_id: int, username: str) -> tuple[Person, Event] | None:
    """Read a message of a group: a change of the chat, or something said to the bot."""
    person = Person(chat_id, "", None)
    if "migrate_to_chat_id" in message:
        return person, PlaceMoved(chat_id, integer(message, "migrate_to_chat_id"))
    if "migrate_from_chat_id" in message:
        return person, PlaceMoved(integer(message, "migrate_from_chat_id"), chat_id)
    if title := read_title(message, "new_chat_title"):
        return person, PlaceRenamed(chat_id, title)
    if _tells_of_bot(message, username):
        sender = message.get("from")
        if isinstance(sender, dict) and not sender.get("is_bot"):
            person = meet(sender, integer(sender, "id"))
        return person, BotAdded(chat_id)
    return _read_call(message, chat_id, username)


def read_channel_post(post: JsonObject, _username: str) -> tuple[Person, Event] | None:
    """Read a new title of a channel; its posts are ignored."""
    chat_id = integer(part(post, "chat"), "id")
    title = read_title(post, "new_chat_title")
    return (Person(chat_id, "", None), PlaceRenamed(chat_id, title)) if title else None


def read_bot_status(change: JsonObject) -> tuple[Person, Event] | None:
    """Read whether the bot is in a group or channel from now on, and may post there."""
    chat, sender, new = part(change, "chat"), part(change, "from"), part(change, "new_chat_member")
    old, kind, chat_id = change.get("old_chat_member"), chat.get("type"), integer(chat, "id")
    if kind not in ("group", "supergroup", "channel"):
        return None
    was_here = isinstance(old, dict) and _is_here(old)
    trouble: PlaceTrouble | None = "removed"
    if _is_here(new):
        trouble = None if _may_post(new, is_channel=kind == "channel") else "rights"
    # An admin was set up on purpose, and its team decides what is posted there.
    joined = new.get("status") == "member" and kind != "channel" and not was_here
    person = meet(sender, integer(sender, "id"))
    return person, BotStatus(chat_id, read_title(chat), trouble, joined=joined)


def _tells_of_bot(message: JsonObject, username: str) -> bool:
    """Whether a message tells that the bot was added to a group, or that a new group has it."""
    added = message.get("new_chat_members")
    names = [words(each, "username") for each in added if isinstance(each, dict)] if isinstance(added, list) else []
    return message.get("group_chat_created") is True or username.lower() in [name.lower() for name in names]


def _read_call(message: JsonObject, chat_id: int, username: str) -> tuple[Person, Event] | None:
    """Read a command to the bot, or one that it has (other bots have other commands), or a mention of the bot."""
    text = words(message, "text")
    found = COMMAND.match(text)
    if found is not None:
        if not (found[2].lower() == username.lower() if found[2] else found[1].lower() in COMMANDS):
            return None
        wants_card = found[1].lower() in _FOR_THE_CARD
    elif _mention(username).search(text or words(message, "caption")):
        if "forward_origin" in message or "via_bot" in message:
            return None
        wants_card = True
    else:
        return None
    return _find_asker(message, chat_id, InGroup(chat_id, wants_card=wants_card))


def _find_asker(message: JsonObject, chat_id: int, event: InGroup) -> tuple[Person, Event] | None:
    """Return who asks: a person, an anonymous admin, who writes as the group, or a channel. A channel cannot sign."""
    sender, speaker = message.get("from"), message.get("sender_chat")
    if isinstance(speaker, dict):
        is_copy = message.get("is_automatic_forward") is True or (
            isinstance(sender, dict) and sender.get("id") == _TELEGRAM
        )
        may_ask = speaker.get("id") == chat_id or event.wants_card
        return (Person(chat_id, "", None), event) if may_ask and not is_copy else None
    if not isinstance(sender, dict) or sender.get("is_bot"):
        return None
    return meet(sender, integer(sender, "id")), event


def _is_here(member: JsonObject) -> bool:
    return member.get("status") in _PRESENT


def _may_post(member: JsonObject, *, is_channel: bool) -> bool:
    if is_channel:
        return member.get("status") == "administrator" and _has(member, "can_post_messages")
    return member.get("status") != "restricted" or _has(member, "can_send_messages")


def _has(member: JsonObject, right: str) -> bool:
    value: Any = member.get(right)
    return value is True


@lru_cache(maxsize=16)
def _mention(username: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w@/.]){re.escape('@' + username)}(?!\w)", re.IGNORECASE)
