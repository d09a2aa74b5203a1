"""Where the counters stood hour by hour, so that a curve or "today" is read and never counted.

A row says where a counter stood when an hour ended; the hour is named by its beginning. Only what changed is written,
so that a quiet petition costs nothing. It is written once an hour, beside the turns, which know nothing of it.
"""

from datetime import datetime, timedelta
from typing import Final

from chatbot.petition.rounding import round_growth
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import StoredTable, Transaction
from chatbot.storage.people import counters

TABLE: Final = StoredTable(name="history", key=("name", "hour"))
HOUR: Final = timedelta(hours=1)
_WRITTEN_TO: Final = "history_hour"


async def write(tx: Transaction, now: datetime) -> bool:
    """Write what changed since the last hour that was written; False when that hour has been written already.

    What is found after a stop belongs to the hour after the last one written: nothing was counted in those between.
    A clock that was put back by more than an hour had been wrong, and so are the hours that it named.
    """
    complete = _begin(now) - HOUR
    row = await tx.one("SELECT value FROM app_state WHERE name = :name", name=_WRITTEN_TO)
    before = row["value"] if row else None
    last = timestamps.from_text(before) if before else complete - HOUR
    if last > complete + 2 * HOUR:
        await tx.run("DELETE FROM history WHERE hour > :hour", hour=timestamps.to_text(complete))
        last = complete - HOUR
    if last >= complete:
        return False
    if not await _claim(tx, before, timestamps.to_text(complete)):
        return False
    await tx.run(
        "INSERT INTO history (name, hour, value) SELECT name, :hour, value FROM counters WHERE value <> coalesce("
        "(SELECT h.value FROM history AS h WHERE h.name = counters.name ORDER BY h.hour DESC LIMIT 1), 0) "
        "AND name NOT IN ('numbers', 'broadcasts') AND name NOT LIKE 'subscriptions:%' "
        "ON CONFLICT (name, hour) DO UPDATE SET value = excluded.value",
        hour=timestamps.to_text(last + HOUR),
    )
    return True


async def _claim(tx: Transaction, before: str | None, after: str) -> bool:
    """Note how far it is written; False when another process was faster."""
    if before is None:
        return bool(
            await tx.run(
                "INSERT INTO app_state (name, value) VALUES (:name, :after) ON CONFLICT (name) DO NOTHING",
                name=_WRITTEN_TO,
                after=after,
            )
        )
    return bool(
        await tx.run(
            "UPDATE app_state SET value = :after WHERE name = :name AND value = :before",
            name=_WRITTEN_TO,
            before=before,
            after=after,
        )
    )


async def read_at(tx: Transaction, name: str, moment: datetime) -> int:
    """Where a counter stood at a full hour; zero before its first."""
    row = await tx.one(
        "SELECT value FROM history WHERE name = :name AND hour < :moment ORDER BY hour DESC LIMIT 1",
        name=name,
        moment=timestamps.to_text(moment),
    )
    return row["value"] if row else 0


async def read_all_at(tx: Transaction, kind: str, moment: datetime) -> dict[str, int]:
    """Where all counters of a kind (`SIGNATURES` by country, `LANGUAGES`, `SOURCES`, `STEPS`) stood at a full hour."""
    rows = await tx.all(
        "SELECT name, (SELECT h.value FROM history AS h WHERE h.name = counters.name AND h.hour < :moment "
        "ORDER BY h.hour DESC LIMIT 1) AS value FROM counters WHERE name LIKE :names",
        moment=timestamps.to_text(moment),
        names=f"{kind}:%",
    )
    return {row["name"].removeprefix(f"{kind}:"): row["value"] for row in rows if row["value"]}


async def read_growth(tx: Transaction, kind: str, since: datetime | None) -> dict[str, int]:
    """How much each counter of a kind has grown since a full hour (or ever), without those that have not."""
    stand = await counters.read_all(tx, kind)
    before = {} if since is None else await read_all_at(tx, kind, since)
    return {name: value - before.get(name, 0) for name, value in stand.items() if value > before.get(name, 0)}


async def read_rounded_growth(tx: Transaction, kind: str, since: datetime | None) -> dict[str, int]:
    """As `read_growth`, in steps that tell nobody of one person, see `round_growth`."""
    stand = await counters.read_all(tx, kind)
    before = {} if since is None else await read_all_at(tx, kind, since)
    return {name: grown for name, value in stand.items() if (grown := round_growth(value, before.get(name, 0)))}


async def read_increase(tx: Transaction, name: str, since: datetime | None) -> int:
    """By how much a counter is higher than at a full hour (or ever); less than zero where it fell."""
    return await counters.read(tx, name) - (0 if since is None else await read_at(tx, name, since))


async def find_first(tx: Transaction, name: str) -> datetime | None:
    """The first hour in which a counter rose; None before it was written."""
    row = await tx.one("SELECT hour FROM history WHERE name = :name ORDER BY hour LIMIT 1", name=name)
    return timestamps.from_text(row["hour"]) if row else None


async def read_since(tx: Transaction, moment: datetime | None, most: int) -> list[tuple[datetime, int]]:
    """Where the signatures stood at the end of each of the last hours since `moment` in which they changed."""
    rows = await tx.all(
        "SELECT hour, value FROM history WHERE name = :name AND hour >= :moment ORDER BY hour DESC LIMIT :most",
        name=counters.SIGNATURES,
        moment=timestamps.to_text(moment) if moment else "",
        most=most,
    )
    return [(timestamps.from_text(row["hour"]), row["value"]) for row in reversed(rows)]


def _begin(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
