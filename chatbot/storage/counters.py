"""Counts kept as rows, raised in the transaction they count, so that reading one costs the same at ten million."""

from typing import Final

from chatbot.storage.database import Transaction

SIGNATURES: Final = "signatures"
SUBSCRIPTIONS: Final = "subscriptions"


def signatures_from(country: str) -> str:
    """The name of the counter of signatures from `country` (ISO 3166-1 alpha-2)."""
    return f"{SIGNATURES}:{country}"


def subscriptions_in(language: str, country: str | None) -> str:
    """The name of the counter of subscriptions in `language` of signers from `country`; None: who has not signed."""
    return f"{SUBSCRIPTIONS}:{language}:{country or ''}"


async def increase(tx: Transaction, name: str) -> int:
    """Add one to the counter `name` and return its new value.

    On PostgreSQL the counter's row stays locked until the transaction ends, so its values are handed out in order.
    """
    row = await tx.one(
        "INSERT INTO counters (name, value) VALUES (:name, 1) "
        "ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value",
        name=name,
    )
    assert row is not None  # an upsert returns its row
    value: int = row["value"]
    return value


async def decrease(tx: Transaction, name: str) -> None:
    """Take one from the counter `name`; raises `Conflict` when that is below zero."""
    await tx.run("UPDATE counters SET value = value - 1 WHERE name = :name", name=name)


async def read(tx: Transaction, name: str) -> int:
    """The value of the counter `name`; zero if nothing was ever counted."""
    row = await tx.one("SELECT value FROM counters WHERE name = :name", name=name)
    return row["value"] if row else 0


async def read_signatures_by_country(tx: Transaction) -> dict[str, int]:
    """How many signatures each country has (ISO 3166-1 alpha-2), without those that have none."""
    return await _read_below(tx, signatures_from(""))


async def read_subscriptions(tx: Transaction) -> dict[tuple[str, str | None], int]:
    """How many subscriptions there are by language and country (None: who has not signed), without zeros."""
    counts = await _read_below(tx, f"{SUBSCRIPTIONS}:")
    return {(key.partition(":")[0], key.partition(":")[2] or None): value for key, value in counts.items()}


async def _read_below(tx: Transaction, prefix: str) -> dict[str, int]:
    rows = await tx.all("SELECT name, value FROM counters WHERE name LIKE :names AND value > 0", names=f"{prefix}%")
    return {row["name"].removeprefix(prefix): row["value"] for row in rows}
