"""Forwarding a message: the copy says where it was first written."""

from chatbot.emulator.wire import Json
from chatbot.emulator.world.people import EmulatedPerson
from chatbot.emulator.world.world import World

COPIED = (
    "text", "entities", "link_preview_options", "photo", "video", "animation", "document", "audio", "voice", "sticker",
    "video_note", "location", "venue", "contact", "dice", "caption", "caption_entities",
)  # fmt: skip
"""The fields of a message that a copy has."""


def copied(original: Json) -> Json:
    """Return the content of a message."""
    return {name: original[name] for name in COPIED if name in original}


def as_forward(original: Json) -> Json:
    """Return the fields of a forwarded message. Forwarded again, it keeps its first origin."""
    date = original["date"]
    if "forward_origin" in original:
        origin = original["forward_origin"]
    elif "from" in original:
        origin = {"type": "user", "sender_user": original["from"], "date": date}
    else:
        origin = {"type": "channel", "chat": original["chat"], "message_id": original["message_id"], "date": date}
    return {"forward_origin": origin} | copied(original)


def forward(world: World, person: EmulatedPerson, source: EmulatedPerson, message_id: int) -> Json:
    """Forward a message to the bot as `person`. It is in the chat of `source`, who may be somebody else."""
    original = world.message(source.id, message_id)
    if original is None or not copied(original):
        raise ValueError("that message cannot be forwarded")
    return world.write(person, as_forward(original))
