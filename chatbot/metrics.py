"""Prometheus metrics: numbers only, without names, ids or texts of people.

https://prometheus.io/docs/practices/naming/
"""

from collections.abc import Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_REGISTRY: Final = CollectorRegistry()
_FINE: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds in seconds."""

UPDATES: Final = Counter(
    "chatbot_updates",
    "Updates by what became of their turn: taken, refused (comes again), failed (a bug), slowed (a flood).",
    ["outcome"],
    registry=_REGISTRY,
)
TURN: Final = Histogram(
    "chatbot_turn_seconds", "From an update read to its turn committed.", buckets=_FINE, registry=_REGISTRY
)
CALLS: Final = Counter(
    "chatbot_calls", "Calls to Telegram for people, by method and outcome.", ["method", "outcome"], registry=_REGISTRY
)
DELIVERIES: Final = Counter(
    "chatbot_deliveries", "Calls to Telegram for broadcasts, by outcome.", ["outcome"], registry=_REGISTRY
)
TRANSACTION: Final = Histogram(
    "chatbot_transaction_seconds",
    "From a transaction asked for to its commit.",
    buckets=_FINE,
    registry=_REGISTRY,
)
_NUMBERS: Final = Gauge("chatbot_petition", "How the petition stands, from the database.", ["what"], registry=_REGISTRY)


def write(numbers: Mapping[str, int]) -> bytes:
    """Return all metrics in Prometheus' text format. `numbers` are the petition's, from the database."""
    for what, count in numbers.items():
        _NUMBERS.labels(what).set(count)
    return generate_latest(_REGISTRY)
