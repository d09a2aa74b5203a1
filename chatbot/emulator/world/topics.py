"""Topics: threads in a private chat with Threaded Mode, or in a forum."""

from chatbot.emulator.bot_api.refusal import bad_request
from chatbot.emulator.wire import Json
from chatbot.emulator.world.people import Chat, EmulatedPerson, Gathering
from chatbot.emulator.world.world import World


def open_topic(world: World, person: EmulatedPerson, name: str, place: Gathering | None = None) -> int:
    """Open a topic as this person, in the private chat or a forum; return its id. The bot gets an update."""
    chat = place or person
    created = {"name": name, "icon_color": 7322096}
    number: int = world.last_message_id + 1 if isinstance(chat, EmulatedPerson) else chat.last_message_id + 1
    chat.topics.append(number)
    _send(world, chat, {"forum_topic_created": created, **in_topic(number)}, person.as_user(), number)
    return number


def note(world: World, person: EmulatedPerson, kind: str, thread_id: int, place: Gathering | None = None) -> None:
    """Send a service message about a topic: `forum_topic_edited`, `forum_topic_closed` …"""
    _send(world, place or person, {kind: {}, **in_topic(thread_id)}, person.as_user())


def delete_topic(chat: Chat, thread_id: int) -> None:
    """Delete a topic; the bot gets no update."""
    chat.topics.remove(thread_id)


def says_in(world: World, person: EmulatedPerson, text: str, thread_id: int, place: Gathering | None = None) -> Json:
    """Write in a topic as this person."""
    fields = {"text": text, **in_topic(thread_id)}
    return _send(world, place or person, fields, person.as_user())


def in_topic(thread_id: int) -> Json:
    """Return the additional fields of a message in a topic."""
    return {"message_thread_id": thread_id, "is_topic_message": True}


def find_topic(chat: Chat, thread_id: int) -> Json:
    """Return the additional fields of a message to that topic. Refuses an unknown one."""
    if not thread_id:
        return {}
    if thread_id not in chat.topics:
        raise bad_request("message thread not found")
    return in_topic(thread_id)


def _send(world: World, chat: Chat, fields: Json, sender: Json, number: int | None = None) -> Json:
    if isinstance(chat, EmulatedPerson):
        chat.started = True
    message = world.put(chat, fields, sender)
    if number is not None:
        assert message["message_id"] == number  # a topic has the id of the service message that opened it
    world.tell("message", message, chat.id)
    return message
