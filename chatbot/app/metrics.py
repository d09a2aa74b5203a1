"""Metrics of the petition, read from the database so that every process reports the same numbers."""

from typing import Final

from chatbot import metrics
from chatbot.storage import Database, Transaction
from chatbot.storage.broadcasts import broadcasts, deliveries
from chatbot.storage.people import signatures, subscriptions

_OUTCOMES: Final = ("sent", "gone", "failed", "unknown", "skipped")


async def measure(database: Database) -> bytes:
    """Return the counters of this process and of the petition in Prometheus' text format."""
    return metrics.write(await database.transact(_count))


async def _count(tx: Transaction) -> dict[str, int]:
    return {
        "signatures": await signatures.count(tx),
        "subscriptions": await subscriptions.count(tx),
        **await _follow_broadcast(tx),
    }


async def _follow_broadcast(tx: Transaction) -> dict[str, int]:
    """Count the deliveries of the running broadcast, or else of the last one; another process may be sending it."""
    broadcast = await deliveries.find_running(tx) or await broadcasts.find_latest(tx)
    if broadcast is None:
        return dict.fromkeys((f"broadcast_{what}" for what in ("audience", "left", *_OUTCOMES)), 0)
    tally = await deliveries.tally(tx, broadcast.id)
    return {
        "broadcast_audience": tally.total,
        "broadcast_left": tally.left if broadcast.ended_at is None else 0,
        **{f"broadcast_{outcome}": tally.count(outcome) for outcome in _OUTCOMES},
    }
