"""Reads what concerns cards in chats without the bot: requests, posted cards, and calls as a guest.

What people type there is not read, and of the chat only its id, or whether it is a channel.
"""

from typing import Final

from chatbot.conversation.interface import AskedForCards, CalledAsGuest, Event, Person, PostedCard
from chatbot.transport.incoming.reading.fields import BrokenUpdateError, JsonObject, integer, meet, part, words

_ID: Final = 256


def read_inline_query(query: JsonObject, _username: str) -> tuple[Person, Event]:
    """Read an inline query: somebody typed @bot in any chat, or chose one to share in."""
    in_channel = query.get("chat_type") == "channel"
    return _find_sender(query), AskedForCards(_read_id(query, "id"), in_channel=in_channel)


def read_chosen_result(chosen: JsonObject, _username: str) -> tuple[Person, Event] | None:
    """Read that a card was posted. Without the id of its message it cannot be edited."""
    message_id = words(chosen, "inline_message_id", _ID)
    return (_find_sender(chosen), PostedCard(message_id, words(chosen, "result_id", _ID))) if message_id else None


def read_guest_message(message: JsonObject, _username: str) -> tuple[Person, Event]:
    """Read that somebody called the bot in a chat of which it is no member."""
    chat_id, query_id = integer(part(message, "chat"), "id"), _read_id(message, "guest_query_id")
    sender = message.get("from")
    is_person = isinstance(sender, dict) and not isinstance(message.get("sender_chat"), dict)
    caller = _find_sender(message) if is_person else Person(chat_id, "", None)
    return caller, CalledAsGuest(query_id, chat_id)


def _find_sender(content: JsonObject) -> Person:
    sender = part(content, "from")
    return meet(sender, integer(sender, "id"))


def _read_id(of: JsonObject, key: str) -> str:
    found = of.get(key)
    if not isinstance(found, str) or not found:
        raise BrokenUpdateError
    return found
