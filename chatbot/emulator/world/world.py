"""What people do in the emulator: write, tap, send, block. Each action becomes the update that Telegram makes."""

from collections.abc import Iterable

from chatbot.emulator.bot_api import limits
from chatbot.emulator.bot_api.keyboards import buttons
from chatbot.emulator.text.formatting import as_fields, formatted
from chatbot.emulator.text.markup import Entity
from chatbot.emulator.text.typed import split
from chatbot.emulator.wire import Json
from chatbot.emulator.world.people import Chat, EmulatedPerson, Gathering, as_member, as_reply
from chatbot.emulator.world.samples import SAMPLE_FILES, SAMPLES
from chatbot.emulator.world.scene import FIRST_PERSON_ID, Scene

PersonOrId = EmulatedPerson | int


class World(Scene):
    """The scene with actions of its people. People and chats are objects or ids; messages are returned as Json.

    An action that Telegram does not allow raises `ValueError`.
    """

    def add_person(
        self,
        first_name: str,
        last_name: str | None = None,
        language_code: str | None = None,
        username: str | None = None,
        *,
        person_id: int | None = None,
        role: str = "",
    ) -> EmulatedPerson:
        """Add a person who has never met the bot."""
        if not first_name.strip():
            raise ValueError("a person has a first name")
        person_id = person_id or self._next_person_id()
        person = EmulatedPerson(person_id, first_name, last_name, username, language_code, role=role)
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
        self,
        person: PersonOrId,
        text: str,
        chat: Chat | int | None = None,
        *,
        reply_to: int | None = None,
        html: bool = False,
        entities: Iterable[Entity] = (),
    ) -> Json:
        """Write a text in the private chat or a group, with formatting in `entities`, or in the text if `html`.

        A text over 4096 characters becomes several messages; return the first.
        """
        if html:
            parts = [formatted(text, "HTML")]
        else:
            pieces = split(text, list(entities), limits.TEXT_CHARACTERS)
            parts = [formatted(part, entities=marks) for part, marks in pieces]
        sent = [self.write(person, as_fields("text", *part), chat, reply_to) for part in parts if part[0]]
        if not sent:
            raise ValueError("an empty message cannot be sent")
        return sent[0]

    def starts(self, person: PersonOrId, payload: str = "") -> Json:
        """Press Start, or follow t.me/<bot>?start=payload; unblock the bot first if necessary."""
        if payload and not limits.START_PAYLOAD.fullmatch(payload):
            raise ValueError("a start payload is 1 to 64 of A-Z a-z 0-9 _ -")
        person = self.person(person)
        if person.blocked:
            self.unblocks(person)
        return self.says(person, f"/start {payload}".strip())

    def sends(self, person: PersonOrId, kind: str, chat: Chat | int | None = None) -> Json:
        """Send a sample of a kind: sticker, voice, location, contact, document, video, poll …"""
        if sample := SAMPLE_FILES.get(kind):
            return self.sends_file(person, kind, *sample, chat=chat)
        if kind not in SAMPLES:
            raise ValueError(f"no sample of {kind}; there are {', '.join((*SAMPLE_FILES, *SAMPLES))}")
        return self.write(person, SAMPLES[kind], chat)

    def sends_file(
        self,
        person: PersonOrId,
        kind: str,
        content: bytes,
        name: str = "",
        mime: str = "",
        caption: str = "",
        *,
        chat: Chat | int | None = None,
        html: bool = False,
    ) -> Json:
        """Send a file as a photo, video, animation or document, with an optional caption, formatted if `html`."""
        words = self.read_caption(caption, html=html)
        return self.write(person, self.read_file(kind, content, name, mime) | words, chat)

    def read_file(self, kind: str, content: bytes, name: str = "", mime: str = "") -> Json:
        """Store a file and return the fields of a message with it."""
        if kind not in SAMPLE_FILES:
            raise ValueError(f"a file is sent as one of {', '.join(SAMPLE_FILES)}")
        return self.files.keep(kind, content, name, mime).as_fields()

    def read_caption(self, caption: str, entities: Iterable[Entity] = (), *, html: bool = False) -> Json:
        """Return the fields of a message with this caption."""
        words = as_fields("caption", *formatted(caption, "HTML" if html else "", list(entities)))
        if len(words.get("caption", "")) > limits.CAPTION_CHARACTERS:
            raise ValueError(f"a caption has at most {limits.CAPTION_CHARACTERS} characters")
        return words

    def sends_photo(
        self, person: PersonOrId, content: bytes | None = None, caption: str = "", chat: Chat | int | None = None
    ) -> Json:
        """Send a picture (a plain one by default) with an optional caption."""
        sample = SAMPLE_FILES["photo"]
        return self.sends_file(person, "photo", content or sample.content, caption=caption, chat=chat)

    def forwards(self, person: PersonOrId, text: str, origin: EmulatedPerson | None = None) -> Json:
        """Forward a text of `origin`, or of a person who hides their account."""
        sender: Json = {"type": "hidden_user", "sender_user_name": "Somebody"}
        if origin:
            sender = {"type": "user", "sender_user": origin.as_user()}
        fields = {"forward_origin": sender | {"date": int(self.clock())}}
        return self.write(person, fields | as_fields("text", *formatted(text)))

    def edits(
        self,
        person: PersonOrId,
        message_id: int,
        text: str,
        chat: Chat | int | None = None,
        *,
        entities: Iterable[Entity] = (),
    ) -> Json:
        """Edit the text or the caption of their own message."""
        person, place = self._present(person, chat)
        message = self.message(place.id, message_id)
        if not message or message["from"]["id"] != person.id or "forward_origin" in message:
            raise ValueError("people can only edit their own messages")
        if "text" in message:
            fields = as_fields("text", *formatted(text, entities=list(entities)))
            if not 0 < len(fields.get("text", "")) <= limits.TEXT_CHARACTERS:
                raise ValueError(f"a message has 1 to {limits.TEXT_CHARACTERS} characters")
            changed = self.replace(message, fields, "text", "entities")
        elif SAMPLE_FILES.keys() & message.keys():
            fields = self.read_caption(text, entities)
            changed = self.replace(message, fields, "caption", "caption_entities")
        else:
            raise ValueError("there are no words to edit")
        self.tell("edited_message", changed, place.id)
        return changed

    def write(
        self, person: PersonOrId, fields: Json, chat: Chat | int | None = None, reply_to: int | None = None
    ) -> Json:
        """Send a message with these fields, as a reply if `reply_to` is a message of the chat."""
        person, place = self._present(person, chat)
        if person is place:
            person.started = True
        answered = self.message(place.id, reply_to) if reply_to else None
        if answered:
            fields = as_reply(answered) | fields
        message = self.put(place, fields, person.as_user())
        if person is place or self.overhears(place, message):
            self.tell("message", message, place.id)
        return message

    def _present(self, person: PersonOrId, chat: Chat | int | None) -> tuple[EmulatedPerson, Chat]:
        """Return the person and the chat, or raise `ValueError` if they cannot act there."""
        person = self.person(person)
        place = person if chat is None else self.chats[chat if isinstance(chat, int) else chat.id]
        if person.deactivated:
            raise ValueError("their account is gone")
        if place is person and person.blocked:
            raise ValueError("they have blocked the bot; starts() or unblocks() first")
        if isinstance(place, Gathering) and person.id not in place.members:
            raise ValueError("they are not in that group")
        return person, place

    def overhears(self, place: Chat, message: Json) -> bool:
        """Whether the bot gets this group message: with privacy mode, only commands for it and replies to it."""
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
        self, person: PersonOrId, message_id: int, data: str, chat: Chat | int | None = None, *, stale: bool = False
    ) -> str:
        """Tap the button with `data`; return the callback query id.

        `stale` allows a button or a message that no longer exists: a phone may still show it.
        """
        person, place = self._present(person, chat)
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

    def taps(self, person: PersonOrId, label: str, chat: Chat | int | None = None) -> str:
        """Tap the button whose text contains `label` on the newest message with one; return the query id."""
        _, place = self._present(person, chat)
        for message in reversed(self.said_in(place)):
            for button in buttons(message):
                if label in button["text"] and "callback_data" in button:
                    return self.presses(person, message["message_id"], button["callback_data"], place)
        raise ValueError(f"no button says {label}")

    # Coming and going

    def blocks(self, person: PersonOrId) -> None:
        """Block the bot, which gets a my_chat_member update."""
        self._turn(self.person(person), blocked=True)

    def unblocks(self, person: PersonOrId) -> None:
        """Unblock the bot."""
        self._turn(self.person(person), blocked=False)

    def deactivates(self, person: PersonOrId) -> None:
        """Delete the account; the bot gets no update."""
        self.person(person).deactivated = True
        if self.on_change:
            self.on_change()

    def _turn(self, person: EmulatedPerson, *, blocked: bool) -> None:
        if person.blocked == blocked:
            return
        person.blocked = blocked
        person.started = True
        self.tell_membership(person, person, "member" if blocked else "kicked", "kicked" if blocked else "member")
        self.happen(person.id, {"type": "blocked", "blocked": blocked})

    def tell_membership(self, place: Chat, actor: EmulatedPerson, before: str | Json, after: str | Json) -> None:
        """Send the my_chat_member update for a change of the bot in a chat: of its status, or of it as a member."""
        change = {
            "chat": place.as_chat(),
            "from": actor.as_user(),
            "date": int(self.clock()),
            "old_chat_member": self.bot_as_member(before) if isinstance(before, str) else before,
            "new_chat_member": self.bot_as_member(after) if isinstance(after, str) else after,
        }
        self.tell("my_chat_member", change, place.id)

    def bot_as_member(self, status: str, place: Gathering | None = None) -> Json:
        """Return the bot as a Bot API ChatMember."""
        return as_member(self.bot.as_user(), status, place)

    def newest(self, person: PersonOrId, count: int = 1) -> list[Json]:
        """List the last messages of the private chat, oldest first."""
        return self.said_in(self.person(person))[-count:]

    def add_people(self, names: Iterable[Json]) -> list[EmulatedPerson]:
        """Add people, each a dict of arguments of `add_person`."""
        return [self.add_person(**name) for name in names]
