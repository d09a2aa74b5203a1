"""The link that makes the first owner of a petition, or another one: it works once, and only its hash is stored.

There is at most one. It is made on the machine, so it needs no inviter.
"""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chatbot.petition.team import CLOCK_TOLERANCE
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Transaction
from chatbot.storage.organizer import app_state

GOOD_FOR: Final = timedelta(hours=24)
"""A volunteer may install the bot in the evening and follow the link the next day."""
_NAME: Final = "owner_link"
_USERNAME: Final = "bot_username"


@dataclass(frozen=True, slots=True)
class OwnerLink:
    """What is stored of the link."""

    hash: str
    made_at: datetime
    until: datetime

    def is_valid(self, now: datetime) -> bool:
        """Whether it can still be followed. One from further in the future was made while the clock was wrong."""
        return now < self.until and self.made_at < now + CLOCK_TOLERANCE

    def opens_with(self, secret: str) -> bool:
        """Whether the link has this secret; takes the same time for any."""
        return hmac.compare_digest(self.hash, hash_secret(secret))

    def to_text(self) -> str:
        """Write it as it is stored."""
        return " ".join((self.hash, timestamps.to_text(self.made_at), timestamps.to_text(self.until)))


async def make(tx: Transaction, now: datetime) -> str:
    """Make a link and return its secret (22 of A-Z a-z 0-9 _ -, 128 bits). An earlier link is void."""
    secret = secrets.token_urlsafe(16)
    await app_state.replace(tx, _NAME, OwnerLink(hash_secret(secret), now, now + GOOD_FOR).to_text())
    return secret


async def find(tx: Transaction) -> OwnerLink | None:
    """Return the link that was made last and not used, whether or not it has expired."""
    stored = (await app_state.find(tx, _NAME) or "").split()
    if len(stored) != len(("hash", "made_at", "until")):
        return None
    return OwnerLink(stored[0], timestamps.from_text(stored[1]), timestamps.from_text(stored[2]))


async def redeem(tx: Transaction, link: OwnerLink, now: datetime) -> bool:
    """Redeem the link once. False if it is used, expired or replaced."""
    return link.is_valid(now) and await app_state.drop_value(tx, _NAME, link.to_text())


async def drop(tx: Transaction) -> None:
    """Drop the link, which nobody has."""
    await app_state.drop(tx, _NAME)


async def has_owner(tx: Transaction, configured_owners: Collection[int]) -> bool:
    """Whether anybody owns the petition, by the settings or in the chat."""
    return bool(configured_owners) or await tx.one("SELECT id FROM members WHERE role = 'owner' LIMIT 1") is not None


async def remember_username(tx: Transaction, username: str) -> None:
    """Store the bot's username, so that a link can be made without asking Telegram."""
    await app_state.replace(tx, _USERNAME, username)


async def find_username(tx: Transaction) -> str | None:
    """Return the bot's username; None if the bot has never run."""
    return await app_state.find(tx, _USERNAME)


def hash_secret(secret: str) -> str:
    """Return what is stored of the secret of a link."""
    return hashlib.sha256(secret.encode()).hexdigest()
