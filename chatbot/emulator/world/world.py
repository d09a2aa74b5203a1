"""What people do in the pretend Telegram: they write, tap, send, block. Each act becomes the update Telegram makes."""

from collections.abc import Iterable

from chatbot.emulator.bot_api import limits
from chatbot.emulator.bot_api.keyboards import buttons
from chatbot.emulator.text.formatting import as_fields, formatted
from chatbot.emulator.wire import Json
from chatbot.emulator.world.people import Chat, EmulatedPerson, Gathering
from chatbot.emulator.world.samples import SAMPLE_FILES, SAMPLES
from chatbot.emulator.world.scene import FIRST_PERSON_ID, Scene

Who = EmulatedPerson | int


class World(Scene):
    """The scene with its people at work. People and chats are given as objects or ids; messages come back as Json.

    An act that the person's Telegram would not let them do raises ValueError.
    """

    def add_person(
        self,
        first_name: str,
        last_name: str | None = None,
        language_code: str | None = None,
        username: str | None = None,
        *,
        person_id: int | None = None,
    ) -> EmulatedPerson:
        """Somebody new, who has never met the bot."""
        if not first_name.strip():
            raise ValueError("a person has a first name")
        person = EmulatedPerson(person_id or self._next_person_id(), first_name, last_name, username, language_code)
        if person.id in self.chats:
            raise ValueError(f"id {person.id} is taken")
        self.chats[person.id] = person
        if self.on_change:
            self.on_change()
        return person

    def _next_person_id(self) -> int:
        candidate = FIRST_PERSON_ID + len(self.chats)
        while candidate in self.chats:
            candidate += 1
        return candidate

    # Writing

    def says(
        self, who: Who, text: str, chat: Chat | int | None = None, *, reply_to: int | None = None, html: bool = False
    ) -> Json:
        """They write a text, in the private chat or a group, formatted where it is `html`. A text over 4096 characters
        arrives as several messages; the first is returned.
        """
        if not text.strip():
            raise ValueError("an empty message cannot be sent")
        if html:
            return self._write(who, as_fields("text", *formatted(text, "HTML")), chat, reply_to)
        parts = [text[at : at + limits.TEXT_CHARACTERS] for at in range(0, len(text), limits.TEXT_CHARACTERS)]
        sent = [self._write(who, as_fields("text", *formatted(part)), chat, reply_to) for part in parts if part.strip()]
        return sent[0]

    def starts(self, who: Who, payload: str = "") -> Json:
        """They press Start, or follow t.me/<bot>?start=payload; that unblocks a blocked bot first."""
        if payload and not limits.START_PAYLOAD.fullmatch(payload):
            raise ValueError("a start payload is 1 to 64 of A-Z a-z 0-9 _ -")
        person = self.person(who)
        if person.blocked:
            self.unblocks(person)
        return self.says(person, f"/start {payload}".strip())

    def sends(self, who: Who, kind: str, chat: Chat | int | None = None) -> Json:
        """They send a sample of some kind: sticker, voice, location, contact, document, video, poll …"""
        if sample := SAMPLE_FILES.get(kind):
            return self.sends_file(who, kind, *sample, chat=chat)
        if kind not in SAMPLES:
            raise ValueError(f"no sample of {kind}; there are {', '.join((*SAMPLE_FILES, *SAMPLES))}")
        return self._write(who, SAMPLES[kind], chat)

    def sends_file(
        self,
        who: Who,
        kind: str,
        content: bytes,
        name: str = "",
        mime: str = "",
        caption: str = "",
        *,
        chat: Chat | int | None = None,
        html: bool = False,
    ) -> Json:
        """They send a file of their own as a photo, video, animation or document, with a caption if they like, which
        is formatted where it is `html`.
        """
        if kind not in SAMPLE_FILES:
            raise ValueError(f"a file is sent as one of {', '.join(SAMPLE_FILES)}")
        words = as_fields("caption", *formatted(caption, "HTML" if html else ""))
        if len(words.get("caption", "")) > limits.CAPTION_CHARACTERS:
            raise ValueError(f"a caption has at most {limits.CAPTION_CHARACTERS} characters")
        stored = self.files.keep(kind, content, name, mime)
        return self._write(who, stored.as_fields() | words, chat)

    def sends_photo(
        self, who: Who, content: bytes | None = None, caption: str = "", chat: Chat | int | None = None
    ) -> Json:
        """They send a picture (a plain one unless given), with a caption if they like."""
        sample = SAMPLE_FILES["photo"]
        return self.sends_file(who, "photo", content or sample.content, caption=caption, chat=chat)

    def forwards(self, who: Who, text: str, origin: EmulatedPerson | None = None) -> Json:
        """They forward somebody's text; without `origin`, of someone who hides their account."""
        sender: Json = {"type": "hidden_user", "sender_user_name": "Somebody"}
        if origin:
            sender = {"type": "user", "sender_user": origin.as_user()}
        fields = {"forward_origin": sender | {"date": int(self.clock())}}
        return self._write(who, fields | as_fields("text", *formatted(text)))

    def edits(self, who: Who, message_id: int, text: str, chat: Chat | int | None = None) -> Json:
        """They change the text of a message of theirs."""
        person, place = self._present(who, chat)
        message = self.message(place.id, message_id)
        if not message or message["from"]["id"] != person.id or "text" not in message:
            raise ValueError("they can only edit a text of their own")
        changed = self.replace(message, as_fields("text", *formatted(text)), "text", "entities")
        self.tell("edited_message", changed, place.id)
        return changed

    def _write(self, who: Who, fields: Json, chat: Chat | int | None = None, reply_to: int | None = None) -> Json:
        person, place = self._present(who, chat)
        if person is place:
            person.started = True
        answered = self.message(place.id, reply_to) if reply_to else None
        if answered:
            reply = {name: value for name, value in answered.items() if name != "reply_to_message"}
            fields = {"reply_to_message": reply} | fields
        message = self.put(place, fields, person.as_user())
        if person is place or self._overheard(place, message):
            self.tell("message", message, place.id)
        return message

    def _present(self, who: Who, chat: Chat | int | None) -> tuple[EmulatedPerson, Chat]:
        """The person and the chat they act in, if they can."""
        person = self.person(who)
        place = person if chat is None else self.chats[chat if isinstance(chat, int) else chat.id]
        if person.deactivated:
            raise ValueError("their account is gone")
        if place is person and person.blocked:
            raise ValueError("they have blocked the bot; starts() or unblocks() first")
        if isinstance(place, Gathering) and person.id not in place.members:
            raise ValueError("they are not in that group")
        return person, place

    def _overheard(self, place: Chat, message: Json) -> bool:
        """Whether a bot hears this in a group: with privacy mode on, only commands for it and replies to it."""
        if not isinstance(place, Gathering) or place.bot_status not in ("member", "administrator"):
            return False
        if self.bot.reads_groups or place.bot_status == "administrator":
            return True
        if message.get("reply_to_message", {}).get("from", {}).get("id") == self.bot.id:
            return True
        first, _, addressed = message.get("text", "").split(" ")[0].partition("@")
        return first.startswith("/") and addressed.lower() in ("", self.bot.username.lower())

    # Tapping

    def presses(
        self, who: Who, message_id: int, data: str, chat: Chat | int | None = None, *, stale: bool = False
    ) -> str:
        """They tap the button that carries `data`; returns the callback query id.

        `stale` allows a button the message no longer has, or a message no longer kept: a phone may still show it.
        """
        person, place = self._present(who, chat)
        message = self.message(place.id, message_id)
        if not stale and (not message or data not in [button.get("callback_data") for button in buttons(message)]):
            raise ValueError(f"message {message_id} has no button for {data}")
        query_id = self.open_query(place.id, person)
        body = {
            "id": query_id,
            "from": person.as_user(),
            "message": message or {"message_id": message_id, "chat": place.as_chat(), "date": 0},
            "chat_instance": str(-place.id * 31),
            "data": data,
        }
        self.tell("callback_query", body, place.id, limits.CALLBACK_QUERY_SECONDS)
        return query_id

    def taps(self, who: Who, label: str, chat: Chat | int | None = None) -> str:
        """They tap the button whose text contains `label`, on the newest message that has one; returns the query id."""
        _, place = self._present(who, chat)
        for message in reversed(self.said_in(place)):
            for button in buttons(message):
                if label in button["text"] and "callback_data" in button:
                    return self.presses(who, message["message_id"], button["callback_data"], place)
        raise ValueError(f"no button says {label}")

    # Coming and going

    def blocks(self, who: Who) -> None:
        """They block the bot, which hears of it as my_chat_member."""
        self._turn(self.person(who), blocked=True)

    def unblocks(self, who: Who) -> None:
        """They unblock the bot."""
        self._turn(self.person(who), blocked=False)

    def deactivates(self, who: Who) -> None:
        """They delete their account; the bot is not told."""
        self.person(who).deactivated = True
        if self.on_change:
            self.on_change()

    def _turn(self, person: EmulatedPerson, *, blocked: bool) -> None:
        if person.blocked == blocked:
            return
        person.blocked = blocked
        person.started = True
        self.tell_membership(person, person, "member" if blocked else "kicked", "kicked" if blocked else "member")
        self.happen(person.id, {"type": "blocked", "blocked": blocked})

    def tell_membership(self, place: Chat, actor: EmulatedPerson, before: str, after: str) -> None:
        """The my_chat_member update for the bot's standing in a chat going from `before` to `after`."""
        change = {
            "chat": place.as_chat(),
            "from": actor.as_user(),
            "date": int(self.clock()),
            "old_chat_member": self.bot_as_member(before),
            "new_chat_member": self.bot_as_member(after),
        }
        self.tell("my_chat_member", change, place.id)

    def bot_as_member(self, status: str) -> Json:
        """The bot as a Bot API ChatMember."""
        return as_member(self.bot.as_user(), status)

    def newest(self, who: Who, count: int = 1) -> list[Json]:
        """The last messages of the private chat, oldest of them first."""
        return self.said_in(self.person(who))[-count:]

    def add_people(self, names: Iterable[Json]) -> list[EmulatedPerson]:
        """Several people at once, each a dict of the arguments of `add_person`."""
        return [self.add_person(**name) for name in names]


RIGHTS = (
    "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
    "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
    "can_edit_stories", "can_delete_stories", "can_send_welcome_messages",
)  # fmt: skip


def as_member(user: Json, status: str) -> Json:
    """A Bot API ChatMember of that status."""
    member: Json = {"user": user, "status": status}
    if status == "kicked":
        member["until_date"] = 0
    if status == "administrator":
        member |= dict.fromkeys(RIGHTS, False)
    if status == "creator":
        member["is_anonymous"] = False
    return member
