"""Methods about the bot itself, its chats and its files."""

from collections.abc import Callable
from typing import Any

from chatbot.emulator.bot_api import limits
from chatbot.emulator.bot_api.call import Call, check_open, find_chat
from chatbot.emulator.bot_api.menu import WORDS, check_language, read_scope
from chatbot.emulator.bot_api.refusal import bad_request
from chatbot.emulator.wire import Json
from chatbot.emulator.world.people import EmulatedPerson, Gathering, as_member
from chatbot.emulator.world.world import World


def get_me(call: Call) -> Json:
    """Return the bot's User."""
    return call.world.bot.as_itself()


def get_file(call: Call) -> Json:
    """Return where a file can be downloaded."""
    if not call.text("file_id"):
        raise bad_request("file_id not specified")
    stored = call.world.files.find(call.text("file_id"))
    if stored is None:
        raise bad_request("invalid file_id")
    if len(stored.content) > limits.DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return stored.as_file(path=True)


def get_chat(call: Call) -> Json:
    """Return a chat with all its fields."""
    chat = call.chat()
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), True
    )
    fuller = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
    if isinstance(chat, Gathering):
        check_open(chat)
    return chat.as_chat() | fuller


def get_chat_member(call: Call) -> Json:
    """Return a person's status in a chat."""
    user_id = call.number("user_id", low=0, high=1 << 52)
    if not user_id:
        raise bad_request("invalid user_id specified")
    chat = call.open_chat()
    if isinstance(chat, EmulatedPerson):
        if user_id not in (chat.id, call.world.bot.id):
            raise bad_request("PARTICIPANT_ID_INVALID")
        user = chat.as_user() if user_id == chat.id else call.world.bot.as_user()
        return as_member(user, "member")
    if user_id == call.world.bot.id:
        return as_member(call.world.bot.as_user(), chat.bot_status, chat)
    person = call.world.chats.get(user_id)
    if not isinstance(person, EmulatedPerson):
        raise bad_request("PARTICIPANT_ID_INVALID")
    return as_member(person.as_user(), chat.members.get(user_id, "left"))


def _scope(call: Call) -> tuple[str, int, int]:
    raw = call.decoded("scope", "can't parse BotCommandScope JSON object")
    return read_scope(raw, lambda chat_id: find_chat(call.world, str(chat_id)).id)


def set_my_commands(call: Call) -> bool:
    """Set the commands of one scope and language."""
    commands = call.decoded("commands", "can't parse commands JSON object") or []
    if not isinstance(commands, list):
        raise bad_request("expected an Array of BotCommand")
    call.world.menu.set_commands(_scope(call), call.text("language_code"), commands)
    _announce(call)
    return True


def delete_my_commands(call: Call) -> bool:
    """Delete the commands of one scope and language."""
    call.world.menu.set_commands(_scope(call), call.text("language_code"), [])
    _announce(call)
    return True


def get_my_commands(call: Call) -> list[dict[str, str]]:
    """Return the commands set for exactly this scope and language."""
    check_language(call.text("language_code"))
    return call.world.menu.commands.get((_scope(call), call.text("language_code")), [])


def set_words(what: str) -> Callable[[Call], bool]:
    """Make the method that sets the bot's name, description or short description."""

    def change(call: Call) -> bool:
        call.world.menu.set_words(what, call.text("language_code"), call.text(what))
        _announce(call)
        return True

    return change


def get_words(what: str) -> Callable[[Call], Json]:
    """Make the method that returns the bot's name, description or short description in a language."""

    def read(call: Call) -> Json:
        check_language(call.text("language_code"))
        return {what: call.world.menu.words_shown(what, call.text("language_code"))}

    return read


def _announce(call: Call) -> None:
    """Send the new menu to every watched chat."""
    call.world.happen_everywhere(lambda person: {"type": "commands", **shown_to(call.world, person)})


def shown_to(world: World, person: EmulatedPerson) -> Json:
    """Return the menu in a person's chat, and the bot's name and descriptions in their language."""
    return {
        "commands": world.menu.commands_shown(person.id, person.language_code),
        "bot": {what: world.menu.words_shown(what, person.language_code) for what in WORDS},
    }


METHODS: dict[str, Callable[[Call], Any]] = {
    "getme": get_me,
    "getfile": get_file,
    "getchat": get_chat,
    "getchatmember": get_chat_member,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    "setmyname": set_words("name"),
    "getmyname": get_words("name"),
    "setmydescription": set_words("description"),
    "getmydescription": get_words("description"),
    "setmyshortdescription": set_words("short_description"),
    "getmyshortdescription": get_words("short_description"),
}
