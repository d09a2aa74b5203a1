"""People, groups and channels, and their form in the Bot API."""

from dataclasses import dataclass, field
from typing import Any

from chatbot.emulator.wire import Json


@dataclass(slots=True)
class EmulatedPerson:
    """A person who uses Telegram."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    started: bool = False
    """Whether they have written to the bot: only then may the bot write to them."""
    blocked: bool = False
    deactivated: bool = False
    listed: bool = True
    """Whether the page lists them."""
    role: str = ""
    """What they are in the rehearsal, for the page: "supporter", "organizer" or nothing."""
    topics: list[int] = field(default_factory=list)
    """The topics of their chat with the bot, by id."""
    keyboard: list[Any] | None = None
    """The reply keyboard that the bot shows instead of their own."""

    kind = "private"

    def as_user(self) -> Json:
        """Return a Bot API User."""
        shown: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        if self.last_name:
            shown["last_name"] = self.last_name
        if self.username:
            shown["username"] = self.username
        if self.language_code:
            shown["language_code"] = self.language_code
        return shown

    def as_chat(self) -> Json:
        """Return the private chat with the bot as a Bot API Chat."""
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
    """"member", "administrator", "restricted" (it may not write), "left" or "kicked"."""
    bot_rights: list[str] = field(default_factory=list)
    """What the bot may do as an administrator, as in ChatAdministratorRights."""
    pinned: list[int] = field(default_factory=list)
    """The pinned messages, by id."""
    migrated_to: int | None = None
    deleted: bool = False
    last_message_id: int = 0
    topics: list[int] = field(default_factory=list)
    discussion_id: int | None = None
    """The supergroup into which Telegram copies the posts of a channel."""
    speakers: dict[int, int] = field(default_factory=dict)
    """As whom people write in a group, by their id, if not as themselves."""

    @property
    def owner_id(self) -> int:
        """The id of the person who made it; 0 if it has no creator."""
        return next((person for person, status in self.members.items() if status == "creator"), 0)

    def as_chat(self) -> Json:
        """Return a Bot API Chat."""
        shown: Json = {"id": self.id, "title": self.title, "type": self.kind}
        if self.username:
            shown["username"] = self.username
        return shown


@dataclass(slots=True)
class Bot:
    """The bot, with what is set at BotFather."""

    id: int
    username: str
    first_name: str
    reads_groups: bool = False
    """Whether privacy mode is off: then it gets every message in its groups."""
    has_inline: bool = False
    """Whether inline mode is on."""
    tells_chosen: bool = True
    """Whether inline feedback is on: then the bot is told of each result that is posted."""
    is_guest: bool = False
    """Whether guest mode is on: then it is called in chats of which it is no member."""
    has_topics: bool = False
    """Whether Threaded Mode is on: then its private chats have topics."""

    def as_user(self) -> Json:
        """Return a Bot API User, as in messages."""
        return {"id": self.id, "is_bot": True, "first_name": self.first_name, "username": self.username}

    def as_itself(self) -> Json:
        """Return the larger User of getMe."""
        return self.as_user() | {
            "can_join_groups": True,
            "can_read_all_group_messages": self.reads_groups,
            "supports_inline_queries": self.has_inline,
            "supports_guest_queries": self.is_guest,
            "can_connect_to_business": False,
            "has_main_web_app": False,
            "has_topics_enabled": self.has_topics,
        }


Chat = EmulatedPerson | Gathering


RIGHTS = (
    "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
    "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
    "can_edit_stories", "can_delete_stories", "can_send_welcome_messages",
)  # fmt: skip


POSTING = ("can_post_messages", "can_edit_messages")
"""What an administrator of a channel needs in order to post, and to edit and pin."""
PINNING = ("can_pin_messages",)
"""The same for pinning in a group."""
WRITING = (
    "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
    "can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
    "can_add_web_page_previews", "can_change_info", "can_invite_users", "can_pin_messages", "can_manage_topics",
    "can_edit_tag", "can_react_to_messages",
)  # fmt: skip


def as_reply(answered: Json) -> Json:
    """Return the additional fields of a reply to this message. In a supergroup it belongs to the thread below it."""
    fields: Json = {"reply_to_message": {name: answered[name] for name in answered if name != "reply_to_message"}}
    if answered["chat"]["type"] == "supergroup":
        fields["message_thread_id"] = answered.get("message_thread_id", answered["message_id"])
    return fields


def as_member(user: Json, status: str, place: Gathering | None = None) -> Json:
    """Return a Bot API ChatMember. `place` is the group or channel, for the bot's rights there."""
    member: Json = {"user": user, "status": status}
    if status == "kicked":
        member["until_date"] = 0
    if status == "administrator":
        own = () if place is None else POSTING if place.kind == "channel" else PINNING
        rights = place.bot_rights if place else []
        member |= {right: right in rights for right in (*RIGHTS, *own)}
    if status == "restricted":
        member |= {"is_member": True, "until_date": 0} | dict.fromkeys(WRITING, False)
    if status == "creator":
        member["is_anonymous"] = False
    return member
