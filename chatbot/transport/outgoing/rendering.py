"""Renders a screen as a call of the Bot API: the method that sends it or edits a message, with values ready for JSON.

Plain values rather than PTB's classes, because a webhook puts the same ones into the body of its 2xx response. Building
them is also 40 times as fast (2 µs instead of 80 for four rows of buttons).
"""

from collections.abc import Mapping
from typing import Any, Final

from chatbot.conversation.interface import Answer, CardOffer, OfferedCard
from chatbot.petition.broadcasts.place import REQUEST_IDS, PlaceKind
from chatbot.screens.screen import Button, ChatRequest, ChooseChat, Copy, Link, Press, Screen, Style

CACHED: Final = 10
"""Seconds that Telegram may keep the answer to an inline query: the count moves, and the person may sign."""
_ANY_CHAT: Final = {"allow_user_chats": True, "allow_group_chats": True, "allow_channel_chats": True}
_RIGHTS: Final[Mapping[PlaceKind, tuple[str, ...]]] = {
    "channel": ("can_post_messages", "can_edit_messages"),
    "group": ("can_pin_messages",),
}
_ALL_RIGHTS: Final = dict.fromkeys(
    (
        *("is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members"),
        *("can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories"),
        *("can_delete_stories", "can_send_welcome_messages"),
    ),
    False,
)
"""Rights that Telegram wants to be named, given or not."""


def render(screen: Screen) -> dict[str, Any]:
    """Return the values that sending and editing have in common: the text and the buttons.

    The caller adds the chat and the message. Without rows there is no `reply_markup`, which in an edit removes the old
    buttons.
    """
    values: dict[str, Any] = {"text" if screen.media is None else "caption": str(screen.text), "parse_mode": "HTML"}
    if screen.media is None:
        values["link_preview_options"] = {"is_disabled": not screen.preview}
    if screen.rows:
        values["reply_markup"] = {"inline_keyboard": [[_draw(button) for button in row] for row in screen.rows]}
    return values


def address(answer: Answer) -> dict[str, Any]:
    """Return the values that say where the messages of an answer go: a chat, and a topic or thread of comments."""
    if answer.comment_id is not None:
        reply = {"message_id": answer.comment_id, "allow_sending_without_reply": True}
        return {"chat_id": answer.chat_id, "reply_parameters": reply}
    return {"chat_id": answer.chat_id} | ({} if answer.thread_id is None else {"message_thread_id": answer.thread_id})


def render_message(screen: Screen) -> tuple[str, dict[str, Any]]:
    """Return the method that sends a screen as a new message, and its values without the chat."""
    values = render(screen)
    if screen.silent:
        values["disable_notification"] = True
    if screen.removes_keyboard and not screen.rows:
        values["reply_markup"] = {"remove_keyboard": True}
    if screen.keyboard and not screen.rows:
        keyboard = [[_draw_request(button)] for button in screen.keyboard]
        values["reply_markup"] = {"keyboard": keyboard, "resize_keyboard": True, "one_time_keyboard": True}
    if screen.media is None:
        return "sendMessage", values
    return f"send{screen.media.kind.capitalize()}", {screen.media.kind: screen.media.file_id, **values}


def render_edit(screen: Screen) -> tuple[str, dict[str, Any]]:
    """Return the method that edits a message, and its values without the chat and the message.

    Text and buttons change. A file stays the same, and a text cannot become a file.
    """
    return "editMessageText" if screen.media is None else "editMessageCaption", render(screen)


def render_offer(offer: CardOffer) -> tuple[str, dict[str, Any]]:
    """Return the method that answers an inline query, or a guest's call, and its values."""
    results = [_render_result(each) for each in offer.cards]
    if offer.is_guest:
        return "answerGuestQuery", {"guest_query_id": offer.query_id, "result": results[0]}
    values: dict[str, Any] = {
        "inline_query_id": offer.query_id,
        "results": results,
        "cache_time": CACHED,
        "is_personal": True,
    }
    if offer.button is not None:
        label, start = offer.button
        values["button"] = {"text": label, "start_parameter": start}
    return "answerInlineQuery", values


def _render_result(offered: OfferedCard) -> dict[str, Any]:
    values = render(offered.screen)
    content = {"message_text": values.pop("text"), "parse_mode": values.pop("parse_mode")}
    content["link_preview_options"] = values.pop("link_preview_options")
    named = {"title": offered.title, "description": offered.description}
    return {"type": "article", "id": offered.language, **named, "input_message_content": content, **values}


def render_acknowledgement(answer: Answer) -> dict[str, Any]:
    """Return the values of answerCallbackQuery, which stops the spinning of a tapped button."""
    values: dict[str, Any] = {"callback_query_id": answer.query_id}
    if answer.notice:
        values["text"] = answer.notice
    return values


def _draw(button: Button) -> dict[str, Any]:
    match button:
        case Press(label, action, style):
            return {"text": label, "callback_data": action, **_paint(style)}
        case Link(label, url, style):
            return {"text": label, "url": url, **_paint(style)}
        case Copy(label, text):
            return {"text": label, "copy_text": {"text": text}}
        case ChooseChat(label, style):
            return {"text": label, "switch_inline_query_chosen_chat": _ANY_CHAT, **_paint(style)}


def _draw_request(button: ChatRequest | str) -> dict[str, Any]:
    """Ask for exactly the rights that posting and pinning need, and for people who can give them."""
    if isinstance(button, str):
        return {"text": button}
    needed = _RIGHTS[button.kind]
    request = {
        "request_id": REQUEST_IDS[button.kind],
        "chat_is_channel": button.kind == "channel",
        "user_administrator_rights": _ALL_RIGHTS | dict.fromkeys((*needed, "can_promote_members"), True),
        "bot_administrator_rights": _ALL_RIGHTS | dict.fromkeys(needed, True),
        "request_title": True,
    }
    if button.kind == "group":
        request["bot_is_member"] = True  # Telegram adds it to the group; a channel has it as an admin
    return {"text": button.label, "request_chat": request}


def _paint(style: Style) -> dict[str, str]:
    return {} if style == "plain" else {"style": style}
