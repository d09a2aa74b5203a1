"""Inline mode and guest mode: people use the bot in other chats, and post what it answers.

The page shows one chat for each person, so a chat between two people is that of the one who gets the message.
"""

import base64
import random
import struct
from typing import Any

from chatbot.emulator.bot_api import limits
from chatbot.emulator.wire import Json
from chatbot.emulator.world.people import Chat, EmulatedPerson, Gathering
from chatbot.emulator.world.scene import InlineQuery
from chatbot.emulator.world.world import PersonOrId, World

_DATA_CENTRE = 2
KEPT = 1_000


def asks_inline(world: World, person: PersonOrId, chat: Chat | int | None = None, text: str = "") -> str:
    """Type `@bot text` in a chat, without sending it; return the id of the query."""
    if not world.bot.has_inline:
        raise ValueError("the bot has no inline mode")
    person, place = world.person(person), _find(world, person, chat)
    query_id = _open(world, person, place, is_guest=False)
    kind = "sender" if place is person else place.kind
    body = {"id": query_id, "from": person.as_user(), "query": text, "offset": "", "chat_type": kind}
    world.tell("inline_query", body, person.id, limits.INLINE_QUERY_SECONDS)
    return query_id


def chooses_result(world: World, query_id: str, result_id: str) -> Json:
    """Post one of the results; return the message."""
    query = world.inline_queries[query_id]
    result = next((each for each in query.results or () if each["id"] == result_id), None)
    if result is None:
        raise ValueError("the bot has not offered that")
    person, place = world.person(query.person_id), world.chats[query.chat_id]
    if isinstance(place, Gathering) and place.kind != "channel" and person.id not in place.members:
        raise ValueError("they are not in that group")
    message, message_id = _post(world, place, person, result)
    if world.bot.tells_chosen:
        chosen = {"result_id": result_id, "from": person.as_user(), "query": "", "inline_message_id": message_id}
        world.tell("chosen_inline_result", chosen, person.id)
    return message


def calls_guest(world: World, person: PersonOrId, chat: Chat | int, text: str = "") -> str:
    """Write `@bot text` in a chat of which the bot is no member; return the id of the guest query."""
    if not world.bot.is_guest:
        raise ValueError("the bot has no guest mode")
    person, place = world.person(person), _find(world, person, chat)
    if isinstance(place, Gathering) and place.bot_status in ("member", "administrator"):
        raise ValueError("the bot is a member there")
    query_id = _open(world, person, place, is_guest=True)
    said = f"@{world.bot.username} {text}".strip()
    message = world.put(place, {"text": said}, person.as_user())
    world.tell("guest_message", message | {"guest_query_id": query_id}, place.id)
    return query_id


def answer_guest(world: World, query: InlineQuery, result: Json) -> str:
    """Post the bot's answer to a call as a guest; return the id of the message."""
    caller = world.person(query.person_id)
    message, message_id = _post(world, world.chats[query.chat_id], None, result)
    message["guest_bot_caller_user"] = caller.as_user()
    return message_id


def find_inline_message(world: World, message_id: str) -> Json | None:
    """Return a message that somebody posted; None if it was deleted."""
    place = world.inline_messages.get(message_id)
    return world.message(*place) if place else None


def _find(world: World, person: EmulatedPerson, chat: Chat | int | None) -> Chat:
    if chat is None:
        return person
    return world.chats[chat if isinstance(chat, int) else chat.id]


def _open(world: World, person: EmulatedPerson, place: Chat, *, is_guest: bool) -> str:
    now = world.clock()
    if len(world.inline_queries) >= KEPT:
        world.inline_queries = {key: each for key, each in world.inline_queries.items() if each.expires_at > now}
    query_id = str(random.getrandbits(63))
    expires_at = now + limits.INLINE_QUERY_SECONDS
    world.inline_queries[query_id] = InlineQuery(person.id, place.id, expires_at, is_guest=is_guest)
    return query_id


def _post(world: World, place: Chat, person: EmulatedPerson | None, result: Json) -> tuple[Json, str]:
    sender: Any = person.as_user() if person else None
    fields = result["fields"] | ({"via_bot": world.bot.as_user()} if person else {})
    message = world.put(place, fields, sender)
    owner = place.id if isinstance(place, Gathering) else (person or place).id
    raw = struct.pack("<iqiq", _DATA_CENTRE, owner, message["message_id"], random.getrandbits(62))
    message_id = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    world.inline_messages[message_id] = (place.id, message["message_id"])
    return message, message_id
