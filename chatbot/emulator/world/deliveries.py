"""A log of every message sent or edited in a chat."""

import hashlib
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

import orjson

from chatbot.emulator.wire import Json

SHOWN = ("text", "entities", "caption", "caption_entities", "photo", "video", "animation", "document", "reply_markup")


class LoggedDelivery(NamedTuple):
    """A message sent or edited in a chat."""

    chat_id: int
    message_id: int
    method: str
    """Telegram's name in lower case: "sendmessage"."""
    at: float
    """Seconds since the epoch."""
    content: int
    """A hash of the text, files and buttons."""
    update_id: int | None
    """Set if the call came in the answer to that update."""


class Deliveries:
    """The last `keep` deliveries; None stores all, 0 none. `count` is the number of all deliveries."""

    def __init__(self, keep: int | None = 10_000) -> None:
        self.kept: deque[LoggedDelivery] = deque(maxlen=keep)
        self.count = 0

    def __iter__(self) -> Iterator[LoggedDelivery]:
        return iter(self.kept)

    def __len__(self) -> int:
        return len(self.kept)

    def to(self, chat_id: int) -> list[LoggedDelivery]:
        """List the deliveries to one chat, oldest first."""
        return [delivery for delivery in self.kept if delivery.chat_id == chat_id]

    def note(self, method: str, message: Json, chat_id: int, at: float, update_id: int | None) -> None:
        """Add a delivery."""
        self.count += 1
        if self.kept.maxlen == 0:
            return
        shown = orjson.dumps([message.get(name) for name in SHOWN])
        content = int.from_bytes(hashlib.blake2b(shown, digest_size=6).digest())
        self.kept.append(LoggedDelivery(chat_id, message["message_id"], method, at, content, update_id))
