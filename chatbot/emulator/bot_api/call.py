"""One call of a Bot API method, with its parameters read as Telegram reads them."""

from typing import Any

import orjson

from chatbot.emulator.bot_api.files import StoredFile
from chatbot.emulator.bot_api.refusal import RefusalError, bad_request, forbidden
from chatbot.emulator.wire import Json
from chatbot.emulator.world.people import Chat, EmulatedPerson, Gathering
from chatbot.emulator.world.world import World


class Upload:
    """A file in a multipart request."""

    __slots__ = ("content", "mime", "name")

    def __init__(self, name: str, content: bytes, mime: str) -> None:
        self.name = name
        self.content = content
        self.mime = mime


class Call:
    """A method's name, its parameters and uploads, and the world it acts on."""

    __slots__ = ("method", "params", "uploads", "world")

    def __init__(self, world: World, method: str, params: Json, uploads: dict[str, Upload] | None = None) -> None:
        self.world = world
        self.method = method
        self.params = params
        self.uploads = uploads or {}

    def text(self, name: str) -> str:
        """Return a parameter as text; empty if missing."""
        raw = self.params.get(name)
        if isinstance(raw, str):
            return raw
        if raw is None:
            return ""
        return orjson.dumps(raw).decode()

    def flag(self, name: str) -> bool:
        """Return a parameter as a boolean."""
        return self.text(name).lower() in ("true", "yes", "1")

    def number(self, name: str, otherwise: int = 0, low: int = -(1 << 31), high: int = (1 << 31) - 1) -> int:
        """Return an integer limited to `low` and `high`; as in Telegram, anything else counts as 0."""
        text = self.text(name)
        return max(low, min(high, _whole(text) if text else otherwise))

    def decoded(self, name: str, complaint: str) -> Any:
        """Return a decoded JSON parameter; None if missing. `complaint` is the refusal for invalid JSON."""
        raw = self.params.get(name)
        if not isinstance(raw, str):
            return raw
        try:
            return orjson.loads(raw) if raw else None
        except orjson.JSONDecodeError:
            raise bad_request(complaint) from None

    # Chats

    def chat(self, name: str = "chat_id") -> Chat:
        """Return the chat named by a parameter, whatever its state."""
        raw = self.text(name)
        if not raw:
            raise bad_request(f"{name} is empty" if name == "chat_id" else f'parameter "{name}" is required')
        return find_chat(self.world, raw)

    def open_chat(self) -> Chat:
        """Return the chat to act in. Refuses one that is gone."""
        chat = self.chat()
        check_open(chat)
        return chat

    def message_id(self, name: str = "message_id") -> int:
        """Return a message id; 0 if missing."""
        return self.number(name, low=0)

    def message(self, what: str) -> tuple[Chat, Json]:
        """Return the chat and the message of the call; `what` names it in the refusal ("message to edit")."""
        chat = self.open_chat()
        message = self.world.message(chat.id, self.message_id())
        if message is None:
            raise bad_request(f"{what} not found")
        return chat, message

    # Files

    def file(self, name: str) -> StoredFile:
        """Return the file of a parameter: uploaded under its name, by attach://, or stored under a file_id."""
        reference = self.text(name)
        upload = self.uploads.get(reference.removeprefix("attach://") if reference.startswith("attach://") else name)
        if upload:
            return self.world.files.keep(name, upload.content, upload.name, upload.mime)
        if not reference or reference.startswith("attach://"):
            raise bad_request(f"there is no {name} in the request")
        if "://" in reference:
            raise bad_request("failed to get HTTP URL content")
        stored = self.world.files.find(reference)
        if stored is None:
            raise bad_request("wrong remote file identifier specified: can't unserialize it")
        if stored.kind != name:
            raise bad_request(f"can't use file of type {stored.kind.title()} as {name.title()}")
        return stored


def _whole(text: str) -> int:
    """Parse the number at the beginning of a text."""
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text)
    length = next((at for at, character in enumerate(digits) if not "0" <= character <= "9"), len(digits))
    return sign * int(digits[:length] or 0)


def find_chat(world: World, reference: str) -> Chat:
    """Find a chat by id or @username. Telegram finds people by id only."""
    if reference.startswith("@"):
        wanted = reference[1:].lower()
        for chat in world.chats.values():
            if isinstance(chat, Gathering) and (chat.username or "").lower() == wanted:
                return chat
        raise bad_request("chat not found")
    found = world.chats.get(_whole(reference))
    if found is None:
        raise bad_request("chat not found")
    return found


def check_open(chat: Chat) -> None:
    """Refuse a chat that is gone, or that the bot is not in."""
    if isinstance(chat, EmulatedPerson):
        if chat.deactivated:
            raise forbidden("user is deactivated")
        return
    if chat.migrated_to:
        raise RefusalError(
            400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to
        )
    kind = "group chat" if chat.kind == "group" else f"{chat.kind} chat"
    if chat.deleted:
        raise forbidden("the group chat was deleted")
    if chat.bot_status == "kicked":
        raise forbidden(f"bot was kicked from the {kind}")
    if chat.bot_status == "left":
        raise forbidden(f"bot is not a member of the {kind}")


def check_may_post(chat: Chat) -> None:
    """Refuse a group or channel where the bot lacks the right to post."""
    if isinstance(chat, EmulatedPerson):
        return
    if chat.kind == "channel" and "can_post_messages" not in chat.bot_rights:
        raise bad_request("need administrator rights in the channel chat")
    if chat.bot_status == "restricted":
        raise bad_request("not enough rights to send text messages to the chat")


def check_reachable(chat: Chat) -> None:
    """Refuse a person the bot may not write to. Telegram's servers check this after the text."""
    if isinstance(chat, EmulatedPerson):
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
