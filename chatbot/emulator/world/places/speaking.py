"""Writing in a supergroup as somebody else: an anonymous admin writes as the group, and an owner as their channel."""

from typing import Final

from chatbot.emulator.text.formatting import as_fields, formatted
from chatbot.emulator.wire import Json
from chatbot.emulator.world.people import EmulatedPerson, Gathering
from chatbot.emulator.world.topics import in_topic
from chatbot.emulator.world.world import World

ANONYMOUS: Final = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
"""The sender of what anonymous admins write."""
AS_CHANNEL: Final = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
"""The sender of what people write as a channel."""


def list_speakers(world: World, person: EmulatedPerson, place: Gathering) -> list[EmulatedPerson | Gathering]:
    """List as whom a person may write in a place: as themselves first, as the group, and as their own channels."""
    if place.kind != "supergroup":
        return [person]
    channels = [chat for chat in world.chats.values() if isinstance(chat, Gathering) and chat.kind == "channel"]
    anonymous = [place] if place.members.get(person.id) in ("creator", "administrator") else []
    return [person, *anonymous, *(each for each in channels if each.owner_id == person.id)]


def speaks_as(world: World, person: EmulatedPerson, place: Gathering, speaker_id: int) -> None:
    """Choose as whom a person writes in a place from now on."""
    if speaker_id not in [each.id for each in list_speakers(world, person, place)]:
        raise ValueError("they may not write as that one there")
    place.speakers[person.id] = speaker_id
    world.happen(place.id, {"type": "blocked", "blocked": False})  # the page reads the chat again


def says(world: World, person: EmulatedPerson, place: Gathering, text: str) -> Json:
    """Write a text in a group, as whom the person has chosen."""
    speaker = world.chats.get(place.speakers.get(person.id, person.id))
    if not isinstance(speaker, Gathering):
        return world.says(person, text, place)
    return says_as(world, speaker, text, place)


def says_as(world: World, speaker: Gathering, text: str, place: Gathering, thread_id: int | None = None) -> Json:
    """Write in a group, perhaps in a topic of it, as an anonymous admin or as a channel."""
    fields = as_fields("text", *formatted(text)) | (in_topic(thread_id) if thread_id else {})
    if not fields.get("text"):
        raise ValueError("an empty message cannot be sent")
    sender = ANONYMOUS if speaker is place else AS_CHANNEL
    message = world.put(place, {"sender_chat": speaker.as_chat()} | fields, sender)
    if world.overhears(place, message):
        world.tell("message", message, place.id)
    return message
