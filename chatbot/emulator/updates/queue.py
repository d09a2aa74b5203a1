"""The queue of updates, with Telegram's exact rules for ids, offsets, kinds and age."""

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from chatbot.emulator.bot_api import limits

KINDS = (
    "message", "edited_message", "channel_post", "edited_channel_post", "inline_query", "chosen_inline_result",
    "callback_query", "shipping_query", "pre_checkout_query", "poll", "poll_answer", "my_chat_member", "chat_member",
    "chat_join_request", "chat_boost", "removed_chat_boost", "message_reaction", "message_reaction_count",
    "business_connection", "business_message", "edited_business_message", "deleted_business_messages",
    "purchased_paid_media", "managed_bot", "guest_message",
)  # fmt: skip
ONLY_IF_ASKED = {"chat_member", "message_reaction", "message_reaction_count"}
DEFAULT_KINDS = frozenset(KINDS) - ONLY_IF_ASKED

FUTURE_TOLERANCE = 10
"""An offset further beyond the last id belongs to an older numbering and confirms nothing."""
PAST_TOLERANCE = 100_000


@dataclass(slots=True)
class PendingUpdate:
    """An unconfirmed update. Webhook deliveries go one at a time within a `lane`."""

    update: dict[str, Any]
    expires_at: float
    lane: int


class Updates:
    """A queue of updates. Times come from `clock`, in seconds since the epoch."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.allowed = DEFAULT_KINDS
        self.waiting: dict[int, PendingUpdate] = {}
        self.next_id = 0
        self.last_added_at = 0.0
        self._soonest = 0.0
        """No update expires before this."""
        self.listeners: list[Callable[[PendingUpdate], None]] = []
        """Called with every update that comes in."""
        self.inspect: Callable[[dict[str, Any]], None] | None = None
        """Called with every update; tests check it against a schema."""

    def add(self, kind: str, body: dict[str, Any], lane: int, seconds: float = limits.UPDATE_SECONDS) -> int | None:
        """Queue an update and return its id; None if the bot did not ask for its kind."""
        if kind not in self.allowed:
            return None
        return self.inject({kind: body}, lane, seconds)

    def inject(self, body: dict[str, Any], lane: int = 0, seconds: float = limits.UPDATE_SECONDS) -> int:
        """Queue an update of any kind, requested or not, and return its id."""
        now = self.clock()
        if not self.next_id or (now - self.last_added_at > limits.ID_RESTART_SECONDS and not self.pending()):
            self.next_id = random.randint(10_000_000, 900_000_000)  # noqa: S311 - not a secret
        update_id, self.next_id = self.next_id, self.next_id + 1
        update = {"update_id": update_id, **body}
        self.last_added_at = now
        newcomer = self.waiting[update_id] = PendingUpdate(update, now + seconds, lane)
        self._soonest = min(self._soonest, newcomer.expires_at)
        if self.inspect:
            self.inspect(update)
        for listener in tuple(self.listeners):
            listener(newcomer)
        return update_id

    def pending(self) -> int:
        """Drop expired updates and return how many are left."""
        self._expire()
        return len(self.waiting)

    def fetch(self, offset: int, limit: int) -> list[dict[str, Any]]:
        """Confirm everything below `offset`, then return the first `limit` of the rest.

        A negative offset keeps only that many from the end. An offset of another numbering (far beyond the
        last id, or far below the first) confirms nothing and everything is delivered.
        """
        self._expire()
        if offset < 0:
            self.forget(list(self.waiting)[:offset])
        elif self.waiting and offset > 0:
            first = next(iter(self.waiting))
            if first - PAST_TOLERANCE <= offset <= self.next_id + FUTURE_TOLERANCE:
                self.forget(list(takewhile(lambda update_id: update_id < offset, self.waiting)))
        chosen: list[dict[str, Any]] = []
        for waiting in self.waiting.values():
            if len(chosen) == limit:
                break
            chosen.append(waiting.update)
        return chosen

    def forget(self, update_ids: Iterable[int]) -> None:
        """Remove updates that the bot has received."""
        for update_id in update_ids:
            self.waiting.pop(update_id, None)

    def clear(self) -> None:
        """Drop all updates."""
        self.waiting.clear()

    def ask_for(self, kinds: object) -> None:
        """Set allowed_updates: None changes nothing, an empty list means the default kinds."""
        if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
            return
        self.allowed = frozenset(kind.lower() for kind in kinds) & frozenset(KINDS) or DEFAULT_KINDS

    def _expire(self) -> None:
        now = self.clock()
        if now < self._soonest:
            return
        self.forget([update_id for update_id, waiting in self.waiting.items() if waiting.expires_at <= now])
        self._soonest = min((waiting.expires_at for waiting in self.waiting.values()), default=math.inf)
