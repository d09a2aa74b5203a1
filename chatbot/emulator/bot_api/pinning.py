"""Methods that pin messages."""

from collections.abc import Callable
from typing import Any

from chatbot.emulator.bot_api.call import Call
from chatbot.emulator.bot_api.refusal import bad_request
from chatbot.emulator.world.people import Chat, Gathering


def pin_chat_message(call: Call) -> bool:
    """Pin a message; the chat gets a service message about it."""
    chat, message = call.message("message to pin")
    _check_may_pin(chat)
    if isinstance(chat, Gathering) and message["message_id"] not in chat.pinned:
        chat.pinned.append(message["message_id"])
        call.world.put(chat, {"pinned_message": message})
    return True


def unpin_chat_message(call: Call) -> bool:
    """Unpin a message, or the newest pinned one."""
    chat = call.open_chat()
    _check_may_pin(chat)
    number = call.message_id()
    if isinstance(chat, Gathering):
        wanted = number or (chat.pinned[-1] if chat.pinned else 0)
        if wanted not in chat.pinned:
            raise bad_request("message to unpin not found")
        chat.pinned.remove(wanted)
    return True


def _check_may_pin(chat: Chat) -> None:
    if isinstance(chat, Gathering):
        needed = "can_edit_messages" if chat.kind == "channel" else "can_pin_messages"
        if chat.bot_status != "administrator" or needed not in chat.bot_rights:
            raise bad_request("not enough rights to manage pinned messages in the chat")


METHODS: dict[str, Callable[[Call], Any]] = {
    "pinchatmessage": pin_chat_message,
    "unpinchatmessage": unpin_chat_message,
}
