"""The state of the emulator in memory: people, messages and queued updates."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from chatbot.emulator.bot_api import limits
from chatbot.emulator.bot_api.files import Files
from chatbot.emulator.bot_api.menu import CommandMenu
from chatbot.emulator.updates.queue import Updates
from chatbot.emulator.wire import Json
from chatbot.emulator.world.people import Bot, Chat, EmulatedPerson, Gathering
from chatbot.emulator.world.watch import Watch, WatchEvent

FIRST_PERSON_ID = 6_000_000_001
"""Beyond 32 bits, like the ids of new accounts."""
FIRST_SUPERGROUP_ID = -1_002_000_000_001
FIRST_GROUP_ID = -4_000_000_001
KEPT_QUERIES = 10_000


@dataclass(slots=True)
class OpenQuery:
    """A tap that the bot has not answered yet."""

    chat_id: int
    person_id: int
    expires_at: float


@dataclass(slots=True)
class InlineQuery:
    """An inline query, and the results that the bot answered with."""

    person_id: int
    chat_id: int
    expires_at: float
    is_guest: bool = False
    results: list[Json] | None = None
    """None until the bot answers. Their content is parsed."""
    button: Json | None = None
    options: Json = field(default_factory=dict)


class Scene:
    """The whole state. `clock` returns seconds since the epoch; `history` is how many messages a chat stores.

    With `history=0` no message is stored: none can be edited, and a million messages take no memory.
    """

    def __init__(self, bot: Bot, *, clock: Callable[[], float] = time.time, history: int = 200) -> None:
        self.bot = bot
        self.clock = clock
        self.history = history
        self.chats: dict[int, Chat] = {}
        self.messages: dict[int, dict[int, Json]] = {}
        self.files = Files()
        self.menu = CommandMenu(bot.first_name)
        self.updates = Updates(clock)
        self.queries: dict[str, OpenQuery] = {}
        self.inline_queries: dict[str, InlineQuery] = {}
        self.inline_messages: dict[str, tuple[int, int]] = {}
        """Chat and message by inline_message_id."""
        self.last_message_id = 0
        self.webhook_lane_per_kind = False
        """If true, taps overtake the messages of their chat, as on the real server."""
        self.on_change: Callable[[], None] | None = None
        """Called after every change to save."""
        self._watches: dict[int, list[Watch]] = {}

    # People

    def person(self, person: EmulatedPerson | int) -> EmulatedPerson:
        """Return a person, given as object or id. Raises `KeyError` if unknown."""
        found = self.chats[person if isinstance(person, int) else person.id]
        if not isinstance(found, EmulatedPerson):
            raise KeyError(person)
        return found

    def people(self) -> list[EmulatedPerson]:
        """List all people in the order in which they were added."""
        return [chat for chat in self.chats.values() if isinstance(chat, EmulatedPerson)]

    # Messages

    def put(self, chat: Chat, fields: Json, sender: Json | None = None, *, message_id: int | None = None) -> Json:
        """Add a message to a chat and return it as a Bot API Message. `sender` is a User, None for the bot."""
        number = message_id or self._number(chat)
        message: Json = {"message_id": number, "from": sender or self.bot.as_user()}
        if isinstance(chat, Gathering) and chat.kind == "channel":
            message = {"message_id": number, "sender_chat": chat.as_chat()}
        message |= {"chat": chat.as_chat(), "date": int(self.clock())}
        message.update(fields)
        self._keep(chat.id, message)
        self.happen(chat.id, {"type": "message", "message": message})
        return message

    def replace(self, message: Json, fields: Json, *drop: str, edited: bool = True) -> Json:
        """Replace a message by a changed copy; fields in `drop` are removed unless `fields` has them."""
        changed = {name: value for name, value in message.items() if name not in drop}
        if edited:
            changed["edit_date"] = max(int(self.clock()), message["date"])
        changed.update(fields)
        self._keep(message["chat"]["id"], changed)
        self.happen(message["chat"]["id"], {"type": "edited", "message": changed})
        return changed

    def remove(self, message: Json) -> None:
        """Delete a message."""
        chat_id = message["chat"]["id"]
        self.messages.get(chat_id, {}).pop(message["message_id"], None)
        self.happen(chat_id, {"type": "deleted", "message_id": message["message_id"]})

    def message(self, chat_id: int, message_id: int) -> Json | None:
        """Return a message if it is still stored."""
        return self.messages.get(chat_id, {}).get(message_id)

    def said_in(self, chat: Chat | int) -> list[Json]:
        """List the messages of a chat, oldest first."""
        return list(self.messages.get(chat if isinstance(chat, int) else chat.id, {}).values())

    def _number(self, chat: Chat) -> int:
        if isinstance(chat, Gathering) and chat.kind != "group":
            chat.last_message_id += 1
            return chat.last_message_id
        self.last_message_id += 1
        return self.last_message_id

    def _keep(self, chat_id: int, message: Json) -> None:
        if not self.history:
            return
        kept = self.messages.setdefault(chat_id, {})
        kept[message["message_id"]] = message
        if len(kept) > self.history:
            del kept[next(iter(kept))]

    # Events

    def watch(self, chat: Chat | int) -> Watch:
        """Follow the events of a chat from now on."""
        chat_id = chat if isinstance(chat, int) else chat.id
        watches = self._watches.setdefault(chat_id, [])

        def forget(watch: Watch) -> None:
            if watch in watches:
                watches.remove(watch)

        watch = Watch(forget)
        watches.append(watch)
        return watch

    def happen(self, chat_id: int, event: WatchEvent) -> None:
        """Send an event to the watches of a chat, and report the change."""
        for watch in tuple(self._watches.get(chat_id, ())):
            watch.note(event)
        if self.on_change:
            self.on_change()

    def happen_everywhere(self, event_for: Callable[[EmulatedPerson], WatchEvent]) -> None:
        """Send every watched person the event that `event_for` makes for them."""
        for chat_id in list(self._watches):
            chat = self.chats.get(chat_id)
            if isinstance(chat, EmulatedPerson):
                self.happen(chat_id, event_for(chat))
        if self.on_change:
            self.on_change()

    def stop_watching(self) -> None:
        """Close all watches."""
        for watches in list(self._watches.values()):
            for watch in tuple(watches):
                watch.close()

    # Updates

    def tell(self, kind: str, body: Json, chat_id: int, seconds: float = limits.UPDATE_SECONDS) -> int | None:
        """Queue an update about a chat; return its id, or None if the bot did not ask for its kind."""
        lane = chat_id
        if self.webhook_lane_per_kind and kind == "callback_query":
            lane += 3 << 33
        update_id = self.updates.add(kind, body, lane, seconds)
        if self.on_change:
            self.on_change()
        return update_id

    def inject(self, update: Json, chat_id: int = 0) -> int:
        """Queue a raw update without its update_id, of any kind, even an unknown one. Return its id."""
        return self.updates.inject(update, chat_id)

    def open_query(self, chat_id: int, person: EmulatedPerson) -> str:
        """Return a new callback query id, valid for 150 seconds."""
        now = self.clock()
        if len(self.queries) >= KEPT_QUERIES:
            self.queries = {key: query for key, query in self.queries.items() if query.expires_at > now}
        query_id = str(random.getrandbits(63))
        self.queries[query_id] = OpenQuery(chat_id, person.id, now + limits.CALLBACK_QUERY_SECONDS)
        return query_id

    def take_query(self, query_id: str) -> OpenQuery | None:
        """Close and return a query; None if it is unknown, answered or too old."""
        query = self.queries.pop(query_id, None)
        return query if query and query.expires_at > self.clock() else None
