"""The bot's commands, name and descriptions, per scope and language."""

from typing import Any

from chatbot.emulator.bot_api import limits
from chatbot.emulator.bot_api.refusal import bad_request

ListedCommand = dict[str, str]
Scope = tuple[str, int, int]
"""Type, chat id and person id of a BotCommandScope; 0 if it has none."""

DEFAULT: Scope = ("default", 0, 0)
PLAIN = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
WORDS = {
    "name": limits.BOT_NAME_CHARACTERS,
    "description": limits.BOT_DESCRIPTION_CHARACTERS,
    "short_description": limits.BOT_SHORT_DESCRIPTION_CHARACTERS,
}
TOO_LONG = {
    "name": "BOT_TITLE_INVALID",
    "description": "BOT_DESCRIPTION_INVALID",
    "short_description": "BOT_SHORT_DESCRIPTION_INVALID",
}
"""We found no documentation of these three texts. They are written in the style of the others."""


class CommandMenu:
    """The bot's commands and texts. An empty language is the default for all other languages."""

    def __init__(self, first_name: str) -> None:
        self.first_name = first_name
        self.commands: dict[tuple[Scope, str], list[ListedCommand]] = {}
        self.words: dict[tuple[str, str], str] = {}

    def set_commands(self, scope: Scope, language: str, commands: list[ListedCommand]) -> None:
        """Replace the commands of one scope and language; an empty list removes them."""
        check_language(language)
        for command in commands:
            _check_command(command)
        if len(commands) > limits.COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        if commands:
            self.commands[scope, language] = [
                {"command": one["command"].strip().removeprefix("/"), "description": one["description"].strip()}
                for one in commands
            ]
        else:
            self.commands.pop((scope, language), None)

    def commands_shown(self, person_id: int, language: str | None) -> list[ListedCommand]:
        """Return the commands in a person's private chat: the first existing list in Telegram's order."""
        short = (language or "")[:2].lower()
        for scope in (("chat", person_id, 0), ("all_private_chats", 0, 0), DEFAULT):
            for code in (short, "") if short else ("",):
                if commands := self.commands.get((scope, code)):
                    return commands
        return []

    def set_words(self, what: str, language: str, text: str) -> None:
        """Set the bot's "name", "description" or "short_description"; an empty text removes it."""
        check_language(language)
        if len(text) > WORDS[what]:
            raise bad_request(TOO_LONG[what])
        if text:
            self.words[what, language] = text
        else:
            self.words.pop((what, language), None)

    def words_shown(self, what: str, language: str | None) -> str:
        """Return the text for this language, or else the default."""
        fallback = self.first_name if what == "name" else ""
        short = (language or "")[:2].lower()
        return self.words.get((what, short)) or self.words.get((what, "")) or fallback


def check_language(language: str) -> None:
    """Refuse anything but a two-letter code or an empty text."""
    if language and not limits.LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")


def _check_command(command: Any) -> None:
    prefix = "can't parse BotCommand: "
    if not isinstance(command, dict):
        raise bad_request(prefix + "expected an Object")
    for name in ("command", "description"):
        if name not in command:
            raise bad_request(prefix + f'Can\'t find field "{name}"')
        if not isinstance(command[name], str):
            raise bad_request(prefix + f'Field "{name}" must be of type String')
    name, description = command["command"].strip().removeprefix("/"), command["description"].strip()
    if not name:
        raise bad_request("command must be non-empty")
    if len(name) > 32:
        raise bad_request("command length must not exceed 32")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > limits.COMMAND_DESCRIPTION_CHARACTERS:
        raise bad_request(f"command description length must not exceed {limits.COMMAND_DESCRIPTION_CHARACTERS}")
    if not limits.COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")


def read_scope(raw: Any, chat_id: Any) -> Scope:
    """Parse a BotCommandScope parameter. `chat_id` maps the scope's chat_id to the id of a known chat."""
    if raw in (None, ""):
        return DEFAULT
    prefix = "can't parse BotCommandScope: "
    if not isinstance(raw, dict):
        raise bad_request(prefix + "BotCommandScope must be an Object")
    kind = raw.get("type")
    if kind is None:
        raise bad_request(prefix + 'Can\'t find field "type"')
    if kind in PLAIN:
        return (kind, 0, 0)
    if kind not in ("chat", "chat_administrators", "chat_member"):
        raise bad_request(prefix + "Unsupported type specified")
    if not raw.get("chat_id"):
        raise bad_request(prefix + "Empty chat_id specified")
    person_id = int(raw.get("user_id") or 0)
    if kind == "chat_member" and person_id <= 0:
        raise bad_request(prefix + "Invalid user_id specified")
    return (kind, chat_id(raw["chat_id"]), person_id)
