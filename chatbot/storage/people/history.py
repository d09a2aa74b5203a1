"""Hourly history of the counters, so that charts and "today" are read and never counted.

A row has the value of a counter at the end of an hour, which is named by its start. Only changes are written, so that
a quiet petition costs nothing. A periodic job writes it.
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
    """Write the changes since the last written hour; False if the hour is written already.

    After a stop, changes belong to the hour after the last written one: nothing was counted later.
    If the clock was set back by more than an hour, it was wrong before, and its hours are corrected.
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
    """Note the written hour; False if another process was faster."""
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
    """Return the value of a counter at a full hour; zero before its first row."""
    row = await tx.one(
        "SELECT value FROM history WHERE name = :name AND hour < :moment ORDER BY hour DESC LIMIT 1",
        name=name,
        moment=timestamps.to_text(moment),
    )
    return row["value"] if row else 0


async def read_all_at(tx: Transaction, kind: str, moment: datetime) -> dict[str, int]:
    """Return the counters of a kind (`SIGNATURES` by country, `LANGUAGES`, `SOURCES`, `STEPS`) at a full hour."""
    rows = await tx.all(
        "SELECT name, (SELECT h.value FROM history AS h WHERE h.name = counters.name AND h.hour < :moment "
        "ORDER BY h.hour DESC LIMIT 1) AS value FROM counters WHERE name LIKE :names",
        moment=timestamps.to_text(moment),
        names=f"{kind}:%",
    )
    return {row["name"].removeprefix(f"{kind}:"): row["value"] for row in rows if row["value"]}


async def read_growth(tx: Transaction, kind: str, since: datetime | None) -> dict[str, int]:
    """Return the growth of each counter of a kind since a full hour (or ever), without those that have not grown."""
    stand = await counters.read_all(tx, kind)
    before = {} if since is None else await read_all_at(tx, kind, since)
    return {name: value - before.get(name, 0) for name, value in stand.items() if value > before.get(name, 0)}


async def read_rounded_growth(tx: Transaction, kind: str, since: datetime | None) -> dict[str, int]:
    """Return `read_growth` rounded, so that it reveals no single person; see `round_growth`."""
    stand = await counters.read_all(tx, kind)
    before = {} if since is None else await read_all_at(tx, kind, since)
    return {name: grown for name, value in stand.items() if (grown := round_growth(value, before.get(name, 0)))}


async def read_increase(tx: Transaction, name: str, since: datetime | None) -> int:
    """Return the change of a counter since a full hour (or ever), which may be negative."""
    return await counters.read(tx, name) - (0 if since is None else await read_at(tx, name, since))


async def find_first(tx: Transaction, name: str) -> datetime | None:
    """Return the first hour in which a counter rose; None if there is none."""
    row = await tx.one("SELECT hour FROM history WHERE name = :name ORDER BY hour LIMIT 1", name=name)
    return timestamps.from_text(row["hour"]) if row else None


def _begin(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
