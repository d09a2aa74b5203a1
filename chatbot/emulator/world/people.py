"""Who there is: people, groups and channels, and how they look in the Bot API."""

from dataclasses import dataclass, field
from typing import Any

from chatbot.emulator.wire import Json


@dataclass(slots=True)
class EmulatedPerson:
    """Somebody with Telegram on their phone."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    started: bool = False
    """They have written to the bot at least once: only then may the bot write to them."""
    blocked: bool = False
    deactivated: bool = False
    listed: bool = True
    """Whether the page has them among the people one can be."""
    topics: list[int] = field(default_factory=list)
    """The topics of their chat with the bot, by number."""
    keyboard: list[Any] | None = None
    """The keyboard of answers that a bot has put in the place of their own."""

    kind = "private"

    def as_user(self) -> Json:
        """A Bot API User."""
        shown: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        if self.last_name:
            shown["last_name"] = self.last_name
        if self.username:
            shown["username"] = self.username
        if self.language_code:
            shown["language_code"] = self.language_code
        return shown

    def as_chat(self) -> Json:
        """The Bot API Chat this person has with the bot."""
        shown: Json = {"id": self.id, "first_name": self.first_name, "type": "private"}
        if self.last_name:
            shown["last_name"] = self.last_name
        if self.username:
            shown["username"] = self.username
        return shown


@dataclass(slots=True)
class Gathering:
    """A group, supergroup or channel."""

    id: int
    title: str
    kind: str
    """"group", "supergroup" or "channel"."""
    username: str | None = None
    members: dict[int, str] = field(default_factory=dict)
    """Person id to status, as in ChatMember."""
    bot_status: str = "left"
    """"member", "administrator", "left" or "kicked"."""
    migrated_to: int | None = None
    deleted: bool = False
    last_message_id: int = 0
    topics: list[int] = field(default_factory=list)

    def as_chat(self) -> Json:
        """A Bot API Chat."""
        shown: Json = {"id": self.id, "title": self.title, "type": self.kind}
        if self.username:
            shown["username"] = self.username
        return shown


@dataclass(slots=True)
class Bot:
    """The bot itself, as BotFather made it."""

    id: int
    username: str
    first_name: str
    reads_groups: bool = False
    """Privacy mode off: it hears everything said in its groups."""
    has_topics: bool = False
    """Threaded Mode: its private chats have topics."""

    def as_user(self) -> Json:
        """A Bot API User, as it stands in messages."""
        return {"id": self.id, "is_bot": True, "first_name": self.first_name, "username": self.username}

    def as_itself(self) -> Json:
        """The fuller User that getMe answers."""
        return self.as_user() | {
            "can_join_groups": True,
            "can_read_all_group_messages": self.reads_groups,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
            "has_topics_enabled": self.has_topics,
        }


Chat = EmulatedPerson | Gathering
