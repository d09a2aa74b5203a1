"""Inline keyboards: parsed, checked in Telegram's order, and stored as Telegram shows them in a Message."""

from functools import lru_cache
from typing import Any

import orjson

from chatbot.emulator.bot_api import limits
from chatbot.emulator.bot_api.refusal import RefusalError, bad_request
from chatbot.emulator.text import links

KeyboardButton = dict[str, Any]
Keyboard = dict[str, Any]

STYLES = ("primary", "danger", "success")
OTHER_KINDS = (
    "callback_game",
    "pay",
    "switch_inline_query",
    "switch_inline_query_chosen_chat",
    "switch_inline_query_current_chat",
    "login_url",
    "web_app",
)


class Markup:
    """A parsed reply_markup. `keyboard` is None unless it is an inline keyboard.

    `answers` are the rows of a reply keyboard; an empty list removes it, and None leaves it unchanged.
    `late` is a refusal that Telegram's servers send only after they have checked the chat.
    """

    __slots__ = ("answers", "inline", "keyboard", "late")

    def __init__(
        self,
        keyboard: Keyboard | None,
        late: RefusalError | None,
        *,
        inline: bool,
        answers: list[Any] | None = None,
    ) -> None:
        self.answers = answers
        self.keyboard = keyboard
        self.late = late
        self.inline = inline

    def settle(self, *, inline_only: bool = False) -> Keyboard | None:
        """Return the keyboard, or raise the late refusal."""
        if inline_only and not self.inline:
            raise bad_request("inline keyboard expected")
        if self.late:
            raise RefusalError(self.late.code, self.late.description)
        return self.keyboard


NOTHING = Markup(None, None, inline=True)


def read(raw: object) -> Markup:
    """Parse a reply_markup parameter (JSON text or decoded). Raises `RefusalError` if its shape is wrong."""
    if raw is None or raw == "":
        return NOTHING
    return _read(raw.encode() if isinstance(raw, str) else orjson.dumps(raw))


@lru_cache(maxsize=4096)
def _read(raw: bytes) -> Markup:
    try:
        markup = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise bad_request("can't parse reply keyboard markup JSON object") from None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        shown = markup.get("keyboard")
        answers = [] if markup.get("remove_keyboard") is True else shown if isinstance(shown, list) else None
        return Markup(None, None, inline=False, answers=answers)
    if not isinstance(rows, list):
        raise bad_request('field "inline_keyboard" must be of type Array')
    late: RefusalError | None = None
    kept: list[list[KeyboardButton]] = []
    for row in rows:
        if not isinstance(row, list):
            raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
        for button in row:
            _check_shape(button)
        buttons = [button for button in row if button["text"]][: limits.BUTTONS_IN_A_ROW]
        try:
            kept.append([_keep(button) for button in buttons])
        except RefusalError as refusal:
            late = late or refusal
    if sum(map(len, kept)) > limits.BUTTONS:
        late = late or bad_request("reply markup is too long")
    kept = [row for row in kept if row]
    return Markup({"inline_keyboard": kept} if kept else None, late, inline=True)


def _check_shape(button: object) -> None:
    prefix = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise bad_request(prefix + "InlineKeyboardButton must be an Object")
    if "text" not in button:
        raise bad_request(prefix + 'Can\'t find field "text"')
    if not isinstance(button["text"], str):
        raise bad_request(prefix + 'Field "text" must be of type String')
    style = button.get("style")
    if style is not None and (not isinstance(style, str) or style.lower() not in ("", "default", *STYLES)):
        raise bad_request(prefix + "invalid button style specified")
    if copied := button.get("copy_text"):
        if not isinstance(copied, dict):
            raise bad_request(prefix + 'Field "copy_text" must be of type Object')
        if "text" not in copied:
            raise bad_request(prefix + 'Can\'t find field "text"')
    kinds = (button.get("url"), button.get("callback_data"), button.get("copy_text"))
    if not any(kinds) and not any(kind in button for kind in OTHER_KINDS):
        raise bad_request(prefix + "Text buttons are unallowed in the inline keyboard")


def _keep(button: KeyboardButton) -> KeyboardButton:
    """Return the button as Telegram shows it; Telegram uses the first kind it finds, in this order."""
    kept: KeyboardButton = {"text": button["text"]}
    if button.get("icon_custom_emoji_id"):
        kept["icon_custom_emoji_id"] = str(button["icon_custom_emoji_id"])
    if (style := str(button.get("style") or "").lower()) in STYLES:
        kept["style"] = style
    if url := button.get("url"):
        return kept | {"url": _checked(url)}
    if data := button.get("callback_data"):
        if len(data.encode()) > limits.CALLBACK_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
        return kept | {"callback_data": data}
    if "web_app" in button:
        return kept | {"web_app": {"url": _checked(button["web_app"].get("url", ""), "Web App ", https=True)}}
    for kind in OTHER_KINDS:
        if kind in button:
            return kept | {kind: button[kind]}
    copied = button["copy_text"]["text"]
    if not 1 <= len(copied) <= limits.COPY_TEXT_CHARACTERS:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    return kept | {"copy_text": {"text": copied}}


def _checked(url: str, what: str = "", *, https: bool = False) -> str:
    if not https and (person := links.person_in(url)):
        return f"tg://user?id={person}"
    try:
        checked = links.check(url)
    except ValueError as error:
        raise bad_request(f"inline keyboard button {what}URL '{url}' is invalid: {error}") from None
    if https and not checked.startswith("https://"):
        raise bad_request(f"inline keyboard button {what}URL '{url}' is invalid: Only HTTPS links are allowed")
    return checked


def buttons(message: dict[str, Any]) -> list[KeyboardButton]:
    """List the buttons of a Message from left to right, top to bottom."""
    keyboard = message.get("reply_markup") or {}
    return [button for row in keyboard.get("inline_keyboard", ()) for button in row]
