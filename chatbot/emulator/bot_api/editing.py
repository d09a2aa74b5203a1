"""Methods that change messages: edits, deletions, answers to taps, reactions."""

from collections.abc import Callable
from typing import Any

from chatbot.emulator.bot_api import keyboards, limits
from chatbot.emulator.bot_api.call import Call, check_reachable
from chatbot.emulator.bot_api.refusal import bad_request
from chatbot.emulator.bot_api.sending import text_fields, words
from chatbot.emulator.text.formatting import as_fields
from chatbot.emulator.wire import Json
from chatbot.emulator.world.inline import find_inline_message
from chatbot.emulator.world.people import Gathering
from chatbot.emulator.world.places.discussions import copy_edit

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
TEXT = ("text", "entities", "link_preview_options")
CAPTION = ("caption", "caption_entities", "show_caption_above_media")
CAPTIONED = ("photo", "video", "animation", "document", "audio", "voice")
TOO_OLD_TO_DELETE = 48 * 60 * 60
REACTIONS = set(
    "👍👎🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾😡❤"
)


def _own(call: Call) -> Json:
    """Return the bot's message to edit."""
    if not call.text("chat_id") and not call.message_id():
        if not call.text("inline_message_id"):
            raise bad_request("message identifier is not specified")
        message = find_inline_message(call.world, call.text("inline_message_id"))
        if message is None:
            raise bad_request("MESSAGE_ID_INVALID")
        return message
    chat, message = call.message("message to edit")
    mine = message.get("from", {}).get("id") == call.world.bot.id
    posted = isinstance(chat, Gathering) and chat.kind == "channel"
    if not (mine or posted) or "forward_origin" in message:
        raise bad_request("message can't be edited")
    return message


def _edit(call: Call, message: Json, fields: Json, markup: keyboards.Markup, dropped: tuple[str, ...]) -> Json | bool:
    """Edit the message; refuse an edit that changes nothing. A keyboard that is not repeated is removed."""
    keyboard = markup.settle(inline_only=True)
    if keyboard:
        fields["reply_markup"] = keyboard
    before = {name: message[name] for name in (*dropped, "reply_markup") if name in message}
    if before == fields:
        raise bad_request(NOT_MODIFIED)
    if not call.text("inline_message_id"):
        place = call.world.chats[message["chat"]["id"]]
        if isinstance(place, Gathering) and place.kind == "channel" and not place.bot_rights:
            raise bad_request("CHAT_ADMIN_REQUIRED")
        check_reachable(place)
    changed = call.world.replace(message, fields, *dropped, "reply_markup", edited=bool(dropped))
    place = call.world.chats[message["chat"]["id"]]
    if isinstance(place, Gathering):
        copy_edit(call.world, place, changed)
    return True if call.text("inline_message_id") else changed


def edit_message_text(call: Call) -> Json | bool:
    """Replace the text and the keyboard."""
    fields = text_fields(call)
    markup = keyboards.read(call.params.get("reply_markup"))
    message = _own(call)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    if not fields.get("text"):
        raise bad_request("text must be non-empty")
    if len(fields["text"]) > limits.TEXT_CHARACTERS:
        raise bad_request("MESSAGE_TOO_LONG")
    return _edit(call, message, fields, markup, TEXT)


def edit_message_caption(call: Call) -> Json | bool:
    """Replace or remove the caption."""
    markup = keyboards.read(call.params.get("reply_markup"))
    fields = as_fields("caption", *words(call, "caption"))
    message = _own(call)
    if not any(kind in message for kind in CAPTIONED):
        raise bad_request("there is no caption in the message to edit")
    if len(fields.get("caption", "")) > limits.CAPTION_CHARACTERS:
        raise bad_request("MEDIA_CAPTION_TOO_LONG")
    if call.flag("show_caption_above_media") and "document" not in message:
        fields["show_caption_above_media"] = True
    return _edit(call, message, fields, markup, CAPTION)


def edit_message_reply_markup(call: Call) -> Json | bool:
    """Replace or remove the keyboard."""
    markup = keyboards.read(call.params.get("reply_markup"))
    return _edit(call, _own(call), {}, markup, ())


def delete_message(call: Call) -> bool:
    """Delete a message of either side that is at most 48 hours old."""
    if not call.text("chat_id"):
        raise bad_request("chat identifier is not specified")
    if not call.message_id():
        raise bad_request("message identifier is not specified")
    chat, message = call.message("message to delete")
    foreign = isinstance(chat, Gathering) and chat.bot_status != "administrator"
    foreign = foreign and message.get("from", {}).get("id") != call.world.bot.id
    if foreign or call.world.clock() - message["date"] > TOO_OLD_TO_DELETE:
        raise bad_request("message can't be deleted for everyone")
    call.world.remove(message)
    return True


def delete_messages(call: Call) -> bool:
    """Delete several messages; missing ones are skipped."""
    numbers = call.decoded("message_ids", "can't parse message identifiers JSON object")
    if not isinstance(numbers, list) or not numbers:
        raise bad_request("message identifiers are not specified")
    chat = call.open_chat()
    for number in numbers:
        if message := call.world.message(chat.id, int(number)):
            call.world.remove(message)
    return True


def answer_callback_query(call: Call) -> bool:
    """Acknowledge a tap: the button stops spinning, and a notice may appear."""
    text = call.text("text")
    if len(text) > limits.CALLBACK_ANSWER_CHARACTERS:
        raise bad_request("MESSAGE_TOO_LONG")
    query_id = call.text("callback_query_id")
    url = call.text("url")
    if url and not url.startswith((f"https://t.me/{call.world.bot.username}?", f"t.me/{call.world.bot.username}?")):
        raise bad_request("URL_INVALID")
    query = call.world.take_query(query_id)
    if query is None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    answer = {"type": "answered", "query_id": query_id, "text": text, "show_alert": call.flag("show_alert"), "url": url}
    call.world.happen(query.chat_id, answer)
    return True


def set_message_reaction(call: Call) -> bool:
    """Set the bot's reaction to a message; an empty list removes it."""
    reactions = call.decoded("reaction", "can't parse reaction types JSON object") or []
    if not isinstance(reactions, list):
        raise bad_request("expected an Array of ReactionType")
    for reaction in reactions:
        if not isinstance(reaction, dict) or reaction.get("type") not in ("emoji", "custom_emoji", "paid"):
            raise bad_request("can't parse ReactionType: invalid reaction type specified")
    _, message = call.message("message to react")
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    for reaction in reactions:
        if reaction.get("emoji", "👍").replace("\ufe0f", "").split("\u200d")[0] not in REACTIONS:
            raise bad_request("REACTION_INVALID")
    shown = {"type": "reacted", "message_id": message["message_id"], "reaction": reactions}
    call.world.happen(message["chat"]["id"], shown)
    return True


METHODS: dict[str, Callable[[Call], Any]] = {
    "editmessagetext": edit_message_text,
    "editmessagecaption": edit_message_caption,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "deletemessages": delete_messages,
    "answercallbackquery": answer_callback_query,
    "setmessagereaction": set_message_reaction,
}
