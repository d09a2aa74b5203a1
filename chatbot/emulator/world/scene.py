"""The state of the pretend Telegram: who there is, what was said, what waits for the bot. In memory, no network."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from chatbot.emulator.bot_api import limits
from chatbot.emulator.bot_api.files import Files
from chatbot.emulator.bot_api.menu import CommandMenu
from chatbot.emulator.updates.queue import Updates
from chatbot.emulator.wire import Json
from chatbot.emulator.world.people import Bot, Chat, EmulatedPerson, Gathering
from chatbot.emulator.world.watch import Watch, WatchEvent

FIRST_PERSON_ID = 6_000_000_001
"""Beyond 32 bits, as the ids of new people are."""
FIRST_SUPERGROUP_ID = -1_002_000_000_001
FIRST_GROUP_ID = -4_000_000_001
KEPT_QUERIES = 10_000


@dataclass(slots=True)
class OpenQuery:
    """A tap the bot has not answered yet."""

    chat_id: int
    person_id: int
    expires_at: float


class Scene:
    """Everything there is. `clock` gives seconds since the epoch; `history` is how many messages a chat keeps.

    With `history=0` no message is kept: nothing can be edited, and a million messages take no memory.
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
        self.last_message_id = 0
        self.webhook_lane_per_kind = False
        """True: taps travel beside the messages of their chat instead of behind them, as the real server has it."""
        self.on_change: Callable[[], None] | None = None
        """Called after every change worth saving."""
        self._watches: dict[int, list[Watch]] = {}

    # Who there is

    def person(self, who: EmulatedPerson | int) -> EmulatedPerson:
        """The person themselves, by object or id. KeyError when unknown."""
        found = self.chats[who if isinstance(who, int) else who.id]
        if not isinstance(found, EmulatedPerson):
            raise KeyError(who)
        return found

    def people(self) -> list[EmulatedPerson]:
        """Everybody, in the order they came."""
        return [chat for chat in self.chats.values() if isinstance(chat, EmulatedPerson)]

    # What was said

    def put(self, chat: Chat, fields: Json, sender: Json | None = None, *, message_id: int | None = None) -> Json:
        """Adds a message to a chat and returns it as a Bot API Message. `sender` is a User, None for the bot."""
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
        """A changed copy of a message takes its place; fields named in `drop` are gone unless given anew."""
        changed = {name: value for name, value in message.items() if name not in drop}
        if edited:
            changed["edit_date"] = max(int(self.clock()), message["date"])
        changed.update(fields)
        self._keep(message["chat"]["id"], changed)
        self.happen(message["chat"]["id"], {"type": "edited", "message": changed})
        return changed

    def remove(self, message: Json) -> None:
        """Deletes a message."""
        chat_id = message["chat"]["id"]
        self.messages.get(chat_id, {}).pop(message["message_id"], None)
        self.happen(chat_id, {"type": "deleted", "message_id": message["message_id"]})

    def message(self, chat_id: int, message_id: int) -> Json | None:
        """A message that is still kept."""
        return self.messages.get(chat_id, {}).get(message_id)

    def said_in(self, who: Chat | int) -> list[Json]:
        """The messages of a chat, oldest first."""
        return list(self.messages.get(who if isinstance(who, int) else who.id, {}).values())

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

    # What happens

    def watch(self, chat: Chat | int) -> Watch:
        """Follows what happens in a chat from this moment on."""
        chat_id = chat if isinstance(chat, int) else chat.id
        watches = self._watches.setdefault(chat_id, [])

        def forget(watch: Watch) -> None:
            if watch in watches:
                watches.remove(watch)

        watch = Watch(forget)
        watches.append(watch)
        return watch

    def happen(self, chat_id: int, event: WatchEvent) -> None:
        """Tells whoever watches the chat, and that something changed."""
        for watch in tuple(self._watches.get(chat_id, ())):
            watch.note(event)
        if self.on_change:
            self.on_change()

    def happen_everywhere(self, event_for: Callable[[EmulatedPerson], WatchEvent]) -> None:
        """The same for everybody who is being watched, each with an event of their own."""
        for chat_id in list(self._watches):
            chat = self.chats.get(chat_id)
            if isinstance(chat, EmulatedPerson):
                self.happen(chat_id, event_for(chat))
        if self.on_change:
            self.on_change()

    def stop_watching(self) -> None:
        """Ends every watch."""
        for watches in list(self._watches.values()):
            for watch in tuple(watches):
                watch.close()

    # What the bot hears

    def tell(self, kind: str, body: Json, chat_id: int, seconds: float = limits.UPDATE_SECONDS) -> int | None:
        """Queues an update about a chat for the bot; returns its id, None when the bot has not asked for its kind."""
        lane = chat_id
        if self.webhook_lane_per_kind and kind == "callback_query":
            lane += 3 << 33
        update_id = self.updates.add(kind, body, lane, seconds)
        if self.on_change:
            self.on_change()
        return update_id

    def inject(self, update: Json, chat_id: int = 0) -> int:
        """Queues a raw update without its update_id: any kind, even one that does not exist yet. Returns the id."""
        return self.updates.inject(update, chat_id)

    def open_query(self, chat_id: int, person: EmulatedPerson) -> str:
        """A new callback query id, answerable for 150 seconds."""
        now = self.clock()
        if len(self.queries) >= KEPT_QUERIES:
            self.queries = {key: query for key, query in self.queries.items() if query.expires_at > now}
        query_id = str(random.getrandbits(63))
        self.queries[query_id] = OpenQuery(chat_id, person.id, now + limits.CALLBACK_QUERY_SECONDS)
        return query_id

    def take_query(self, query_id: str) -> OpenQuery | None:
        """The open query, which is closed by this; None when unknown, answered or too old."""
        query = self.queries.pop(query_id, None)
        return query if query and query.expires_at > self.clock() else None
