"""A second implementation of the broadcast sender, with everybody's chat in memory and errors on request."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable

from chatbot.petition.broadcasts.broadcast import BroadcastKind
from chatbot.petition.broadcasts.outcome import Delivery, DeliveryOutcome, Failed, Gone, Sent
from chatbot.petition.job import RetryLaterError
from chatbot.screens.screen import Screen
from tests.support.limits import GIVE_UP


class TokenRefusedError(Exception):
    """Telegram does not accept the token."""


Answer = DeliveryOutcome | Exception | None
Trouble = Callable[[Delivery], Answer | Awaitable[Answer]]


class Telegram:
    """Delivers everything by default. `trouble` may return another outcome, or raise, before the delivery arrives;
    `after` does so once it has arrived, so that the caller cannot know.
    """

    def __init__(self) -> None:
        self.chats: dict[int, dict[int, Screen]] = defaultdict(dict)
        self.arrived: list[int] = []
        """Recipients of deliveries, in order."""
        self.calls: Counter[str] = Counter()
        self.blocked: set[int] = set()
        self.deactivated: set[int] = set()
        self.strangers: set[int] = set()
        self.trouble: Trouble | None = None
        self.after: Trouble | None = None
        self.answers = True
        """Whether `probe` succeeds and organizers can be shown anything."""
        self.shown: list[tuple[int, Screen, int | None]] = []
        """What organizers were shown: the chat, the screen, and the message that it replaced."""
        self.shown_at: list[float] = []
        self.slow_to_show: asyncio.Event | None = None
        """If set, organizers are shown nothing before this event."""
        self.in_flight = 0
        self.most_in_flight = 0
        self._message_id = 0
        self._news = asyncio.Condition()

    async def send(self, kind: BroadcastKind, screen: Screen | None, delivery: Delivery) -> DeliveryOutcome:
        self.calls[kind] += 1
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await self._notify_waiters()
            if (outcome := await _ask(self.trouble, delivery)) is not None:
                return outcome
            outcome = self._carry_out(kind, screen, delivery)
            await self._notify_waiters()
            return await _ask(self.after, delivery) or outcome
        finally:
            self.in_flight -= 1

    def _carry_out(self, kind: BroadcastKind, screen: Screen | None, delivery: Delivery) -> DeliveryOutcome:
        chat = delivery.supporter_id
        if chat in self.blocked:
            return Gone("blocked")
        if chat in self.deactivated:
            return Gone("deactivated")
        if chat in self.strangers:
            return Gone("not_found")
        if kind == "update":
            assert screen is not None
            self._message_id += 1
            self.chats[chat][self._message_id] = screen
            self.arrived.append(chat)
            return Sent(self._message_id)
        if delivery.message_id not in self.chats[chat]:
            return Gone("message_gone") if kind == "recall" else Failed("too_old")
        if screen is None:
            del self.chats[chat][delivery.message_id]
        else:
            self.chats[chat][delivery.message_id] = screen
        return Sent(delivery.message_id)

    async def probe(self) -> bool:
        self.calls["probe"] += 1
        await self._notify_waiters()
        return self.answers

    async def show(self, chat_id: int, screen: Screen, message_id: int | None) -> int | None:
        await self._notify_waiters()
        if self.slow_to_show is not None:
            await self.slow_to_show.wait()
        if not self.answers:
            raise RetryLaterError(0)
        self.shown.append((chat_id, screen, message_id))
        self.shown_at.append(asyncio.get_running_loop().time())
        await self._notify_waiters()
        if message_id is not None:
            return message_id
        self._message_id += 1
        return self._message_id

    def seen_by(self, chat: int) -> list[Screen]:
        """List the messages in a chat."""
        return list(self.chats[chat].values())

    async def until(self, condition: Callable[[], bool], within: float = GIVE_UP) -> None:
        """Wait for `condition`, which is checked on every change here."""
        async with asyncio.timeout(within), self._news:
            await self._news.wait_for(condition)

    async def _notify_waiters(self) -> None:
        async with self._news:
            self._news.notify_all()


async def _ask(trouble: Trouble | None, delivery: Delivery) -> DeliveryOutcome | None:
    answer = trouble(delivery) if trouble is not None else None
    if isinstance(answer, Awaitable):
        answer = await answer
    if isinstance(answer, Exception):
        raise answer
    return answer
