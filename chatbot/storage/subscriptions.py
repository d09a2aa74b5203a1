"""Who wants to hear how the campaign goes on, and in which language."""

from dataclasses import dataclass
from datetime import datetime

from chatbot.petition.model import Language
from chatbot.storage import counters, moments
from chatbot.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Subscription:
    """A supporter's standing wish for updates."""

    supporter_id: int
    language: Language
    subscribed_at: datetime


async def subscribe(tx: Transaction, supporter_id: int, language: Language, now: datetime) -> bool:
    """Send updates in `language` from now on; True if the supporter was not subscribed, False if only it changed.

    Raises `Conflict` for somebody the bot never met.
    """
    began = await tx.run(
        "INSERT INTO subscriptions (supporter_id, language, subscribed_at) VALUES (:supporter_id, :language, :now) "
        "ON CONFLICT (supporter_id) DO UPDATE SET language = excluded.language, "
        "subscribed_at = excluded.subscribed_at, ended_at = NULL, ended_because = NULL "
        "WHERE subscriptions.ended_at IS NOT NULL",
        supporter_id=supporter_id,
        language=language,
        now=moments.to_text(now),
    )
    if began:
        await counters.increase(tx, counters.SUBSCRIPTIONS)
        return True
    await tx.run(
        "UPDATE subscriptions SET language = :language WHERE supporter_id = :supporter_id",
        supporter_id=supporter_id,
        language=language,
    )
    return False


async def end(tx: Transaction, supporter_id: int, because: str, now: datetime) -> bool:
    """Send the supporter no more updates; True if they were subscribed until now. `because` is kept as the reason."""
    ended = await tx.run(
        "UPDATE subscriptions SET ended_at = :now, ended_because = :because "
        "WHERE supporter_id = :supporter_id AND ended_at IS NULL",
        supporter_id=supporter_id,
        because=because,
        now=moments.to_text(now),
    )
    if ended:
        await counters.decrease(tx, counters.SUBSCRIPTIONS)
    return ended == 1


async def find(tx: Transaction, supporter_id: int) -> Subscription | None:
    """The supporter's subscription, None if they have none or ended it."""
    row = await tx.one(
        "SELECT * FROM subscriptions WHERE supporter_id = :supporter_id AND ended_at IS NULL",
        supporter_id=supporter_id,
    )
    if row is None:
        return None
    return Subscription(row["supporter_id"], row["language"], moments.from_text(row["subscribed_at"]))


async def count(tx: Transaction) -> int:
    """How many supporters are subscribed."""
    return await counters.read(tx, counters.SUBSCRIPTIONS)
