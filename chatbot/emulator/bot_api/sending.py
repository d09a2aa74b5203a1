"""Methods that send a message to a chat."""

from collections.abc import Callable
from typing import Any

from chatbot.emulator.bot_api import keyboards, limits
from chatbot.emulator.bot_api.call import Call, check_may_post, check_reachable
from chatbot.emulator.bot_api.refusal import bad_request
from chatbot.emulator.text.formatting import as_fields, formatted
from chatbot.emulator.text.markup import Entity
from chatbot.emulator.wire import Json
from chatbot.emulator.world.forwarding import as_forward, copied
from chatbot.emulator.world.people import Chat, EmulatedPerson, Gathering, as_reply
from chatbot.emulator.world.places.discussions import copy_post
from chatbot.emulator.world.topics import find_topic

ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_audio", "record_voice", "upload_audio",
    "upload_voice", "upload_document", "choose_sticker", "find_location", "pick_up_location", "record_video_note",
    "upload_video_note", "cancel",
}  # fmt: skip


def words(call: Call, name: str) -> tuple[str, list[Entity]]:
    """Parse the text or caption of a call."""
    marked = call.decoded("entities" if name == "text" else "caption_entities", "can't parse entities JSON object")
    if isinstance(marked, list) and not all(isinstance(entity, dict) for entity in marked):
        raise bad_request("can't parse MessageEntity: expected an Object")
    raw = call.params.get(name)
    text = raw if isinstance(raw, str) else call.text(name)
    plain, entities = formatted(text, call.text("parse_mode"), marked if isinstance(marked, list) else None)
    if any(entity["type"] == "text_mention" for entity in entities):
        entities = [known for entity in entities if (known := _mention(call, entity))]
    return plain, entities


def _mention(call: Call, entity: Entity) -> Entity | None:
    """Return a text mention of the linked person; None if the bot does not know them."""
    if entity["type"] != "text_mention" or isinstance(entity["user"], dict):
        return entity
    person = call.world.chats.get(entity["user"])
    return {**entity, "user": person.as_user()} if isinstance(person, EmulatedPerson) else None


def text_fields(call: Call) -> Json:
    """Return the text with its entities and link preview. Refuses an empty text."""
    if not call.params.get("text"):
        raise bad_request("message text is empty")
    preview = preview_options(call)
    plain, entities = words(call, "text")
    fields = as_fields("text", plain, entities)
    if preview:
        fields["link_preview_options"] = preview
    return fields


def preview_options(call: Call) -> Json:
    """Return the link_preview_options as they appear in a Message."""
    options = call.decoded("link_preview_options", "can't parse link preview options JSON object")
    if options is None:
        return {"is_disabled": True} if call.flag("disable_web_page_preview") else {}
    if not isinstance(options, dict):
        raise bad_request("object expected as link preview options")
    known = ("is_disabled", "url", "prefer_small_media", "prefer_large_media", "show_above_text")
    return {name: options[name] for name in known if options.get(name)}


def check_text(fields: Json) -> None:
    """Refuse a text that is too long, or empty after parsing."""
    if not fields.get("text"):
        raise bad_request("text must be non-empty")
    if len(fields["text"]) > limits.TEXT_CHARACTERS:
        raise bad_request("message is too long")


def check_caption(fields: Json) -> None:
    """Refuse a caption that is too long."""
    if len(fields.get("caption", "")) > limits.CAPTION_CHARACTERS:
        raise bad_request("message caption is too long")


def send_message(call: Call) -> Json:
    """Send a text."""
    return _send(call, text_fields(call), check_text)


def send_file(kind: str) -> Callable[[Call], Json]:
    """Make the method that sends a photo, video, animation or document."""

    def send(call: Call) -> Json:
        caption = as_fields("caption", *words(call, "caption"))
        fields = call.file(kind).as_fields() | caption
        if call.flag("show_caption_above_media") and kind != "document":
            fields["show_caption_above_media"] = True
        if call.flag("has_spoiler") and kind != "document":
            fields["has_media_spoiler"] = True
        return _send(call, fields, check_caption)

    return send


def copy_message(call: Call) -> Json:
    """Copy a message of any chat; the answer has only the new message's id."""
    source = call.chat("from_chat_id")
    original = call.world.message(source.id, call.message_id())
    if original is None:
        raise bad_request("message to copy not found")
    fields = copied(original)
    if not fields:
        raise bad_request("message can't be copied")
    if "caption" in call.params and "text" not in fields:
        fields = {name: value for name, value in fields.items() if not name.startswith("caption")}
        fields |= as_fields("caption", *words(call, "caption"))
    return {"message_id": _send(call, fields, check_caption)["message_id"]}


def forward_message(call: Call) -> Json:
    """Forward a message with its origin."""
    source = call.chat("from_chat_id")
    original = call.world.message(source.id, call.message_id())
    if original is None:
        raise bad_request("message to forward not found")
    return _send(call, as_forward(original), check_caption)


def _send(call: Call, fields: Json, check: Callable[[Json], None]) -> Json:
    """Send a message after checks in Telegram's order."""
    markup = keyboards.read(call.params.get("reply_markup"))
    chat = call.open_chat()
    answered = _answered(call, chat)
    fields |= find_topic(chat, call.number("message_thread_id"))
    check(fields)
    check_may_post(chat)
    check_reachable(chat)
    keyboard = markup.settle()
    if answered:
        fields = as_reply(answered) | fields
    if "protect_content" in call.params and call.flag("protect_content"):
        fields["has_protected_content"] = True
    if effect := call.text("message_effect_id"):
        fields["effect_id"] = effect
    if keyboard:
        fields["reply_markup"] = keyboard
    if isinstance(chat, EmulatedPerson) and markup.answers is not None:
        chat.keyboard = markup.answers or None
        call.world.happen(chat.id, {"type": "keyboard", "keyboard": markup.answers})
    message = call.world.put(chat, fields)
    if isinstance(chat, Gathering):
        copy_post(call.world, chat, message)
    return message


def _answered(call: Call, chat: Chat) -> Json | None:
    """Return the message this one replies to, if any."""
    if "reply_parameters" not in call.params and "reply_to_message_id" not in call.params:
        return None
    asked = call.decoded("reply_parameters", "can't parse reply parameters JSON object")
    asked = asked if isinstance(asked, dict) else {"message_id": call.message_id("reply_to_message_id")}
    number = int(asked.get("message_id") or 0)
    found = call.world.message(chat.id, number)
    if (
        found is None
        and number
        and not (asked.get("allow_sending_without_reply") or call.flag("allow_sending_without_reply"))
    ):
        raise bad_request("message to be replied not found")
    return found


def send_chat_action(call: Call) -> bool:
    """Show a chat action, such as the dots while the bot is typing."""
    if call.text("action").lower() not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = call.open_chat()
    check_reachable(chat)
    call.world.happen(chat.id, {"type": "typing"})
    return True


METHODS: dict[str, Callable[[Call], Any]] = {
    "sendmessage": send_message,
    "sendphoto": send_file("photo"),
    "sendvideo": send_file("video"),
    "sendanimation": send_file("animation"),
    "senddocument": send_file("document"),
    "copymessage": copy_message,
    "forwardmessage": forward_message,
    "sendchataction": send_chat_action,
}
