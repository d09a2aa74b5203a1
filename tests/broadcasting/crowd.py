"""People of several languages and countries with phones, who sleep, leave, come back, move, block and are erased."""

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.outcome import (
    ContentRefused,
    Delivery,
    DeliveryOutcome,
    Failed,
    Gone,
    NotSent,
    Sent,
    Unknown,
)
from chatbot.petition.broadcasts.post import Post
from chatbot.petition.languages import Language
from chatbot.storage import Transaction
from chatbot.storage.engine.database import Row
from chatbot.storage.people import signatures, subscriptions
from chatbot.storage.privacy import erasure
from tests.support.broadcasts import BroadcastDriver, subscribe

PEOPLE: Final = range(1, 15)
COUNTRIES: Final = ("KR", "KR", "DE", "US", "NZ", None)
LANGUAGES: Final = ("ko", "ko", "en")
DELETABLE: Final = timedelta(hours=48)


@dataclass
class Message:
    """A message in somebody's chat."""

    of: int
    post: Post
    at: datetime


@dataclass
class Phone:
    """A person, and what is in their chat with the bot."""

    language: Language
    country: str | None
    is_subscribed: bool = True
    has_blocked: bool = False
    ever_blocked: bool = False
    """Whether the bot was blocked once: a deletion that cannot reach them is over, and they may come back."""
    is_erased: bool = False
    messages: dict[int, Message] = field(default_factory=dict)


class Crowd:
    """Everybody, what is in their chats, and what happens in their lives."""

    def __init__(self, driver: BroadcastDriver, chance: random.Random) -> None:
        self.driver, self.chance = driver, chance
        self.people = {each: Phone(chance.choice(LANGUAGES), chance.choice(COUNTRIES)) for each in PEOPLE}
        self.times: Counter[tuple[int, int]] = Counter()
        """How often each person got each broadcast, also what was deleted since."""
        self.risked: Counter[tuple[int, int]] = Counter()
        """How often an organizer said to send a broadcast once more to a person who may have it."""
        self.erased: dict[int, dict[int, int]] = defaultdict(dict)
        """By broadcast, the people who were known to have it when they were erased, with the message."""
        self._next_id = 1000

    async def settle(self) -> None:
        """Subscribe everybody."""
        for each, phone in self.people.items():
            await self.driver.database.transact(subscribe, [each], self.driver.now, phone.language, phone.country)

    def list_lost(self, broadcast_id: int) -> list[int]:
        """List the erased people who still have a message of this broadcast in their chat."""
        return [each for each, message in self.erased[broadcast_id].items() if message in self.people[each].messages]

    def answer(self, broadcast: Broadcast, delivery: Delivery) -> DeliveryOutcome:
        """Play Telegram in one call, whose answer may be lost."""
        phone, chance = self.people[delivery.supporter_id], self.chance.random()
        if chance < 0.06:
            return self.chance.choice((NotSent(), NotSent(1, flood=True), Unknown("timeout")))
        if phone.has_blocked:
            return Gone("blocked")
        found = self._carry_out(broadcast, delivery, phone)
        return Unknown("cut") if chance < 0.09 else found

    def _carry_out(self, broadcast: Broadcast, delivery: Delivery, phone: Phone) -> DeliveryOutcome:
        if broadcast.kind == "update":
            if self.chance.random() < 0.002:
                return ContentRefused("file is empty")
            self._next_id += 1
            phone.messages[self._next_id] = Message(broadcast.id, broadcast.posts[delivery.language], self.driver.now)
            self.times[broadcast.id, delivery.supporter_id] += 1
            return Sent(self._next_id)
        message = phone.messages.get(delivery.message_id or 0)
        if message is None:
            return Gone("message_gone")
        if broadcast.kind == "recall" and self.driver.now > message.at + DELETABLE:
            return Failed("too_old")
        if broadcast.kind == "recall":
            del phone.messages[delivery.message_id or 0]
        else:
            message.post = broadcast.posts[delivery.language]
        return Sent()

    async def live(self) -> None:
        """Let something happen in somebody's life, and time pass."""
        each = self.chance.choice(PEOPLE)
        phone, now, act = self.people[each], self.driver.now, self.chance.random()
        if act < 0.4:
            self.driver.now += timedelta(minutes=self.chance.choice((1, 20, 90, 300)))
        elif phone.is_erased:
            return
        elif act < 0.5:
            phone.has_blocked, phone.ever_blocked = not phone.has_blocked, True
        elif act < 0.6:
            await self.driver.database.transact(subscriptions.end, each, "asked", now)
            phone.is_subscribed = False
        elif act < 0.75:
            if not phone.has_blocked:
                phone.language, phone.is_subscribed = self.chance.choice(LANGUAGES), True
                await self.driver.database.transact(subscriptions.subscribe, each, phone.language, now)
        elif act < 0.85:
            await self._move(each, phone)
        elif act < 0.95:
            phone.messages.pop(next(iter(phone.messages), 0), None)
        else:
            await self._forget(each, phone)

    async def _move(self, each: int, phone: Phone) -> None:
        """Change the country of a signature, or withdraw it."""
        country = self.chance.choice(COUNTRIES)

        async def change(tx: Transaction) -> None:
            signature = await signatures.find(tx, each)
            assert signature is not None
            if country is None:
                await signatures.take_back(tx, each)
            else:
                assert await signatures.change(tx, signature, replace(signature, country=country))

        if phone.country is not None:
            await self.driver.database.transact(change)
            phone.country = country

    async def _forget(self, each: int, phone: Phone) -> None:
        for row in await self.driver.database.transact(_read_sent, each):
            self.erased[row["broadcast_id"]][each] = row["message_id"]
        await self.driver.database.transact(erasure.erase, each, self.driver.now)
        phone.is_erased, phone.is_subscribed = True, False


async def _read_sent(tx: Transaction, supporter_id: int) -> list[Row]:
    return await tx.all("SELECT * FROM deliveries WHERE supporter_id = :id AND state = 'sent'", id=supporter_id)
