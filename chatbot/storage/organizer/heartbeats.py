"""Heartbeats: one row for each process of the bot, written while it works."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import StoredTable, Transaction

TABLE: Final = StoredTable(name="heartbeats", key=("process",))
KEPT: Final = timedelta(days=1)
"""How long the row of a process that was killed is kept."""

_SENDER: Final = "worker"
_AHEAD: Final = timedelta(minutes=10)
"""A beat from further in the future would be the newest of its kind for as long. A process that works beats again."""


@dataclass(frozen=True, slots=True)
class StoredHeartbeat:
    """The newest heartbeat of one kind of process on one machine."""

    kind: str
    beat_at: datetime
    trouble: str | None
    """What the process knows to be wrong with it."""


async def beat(tx: Transaction, process: str, kind: str, machine: str, trouble: str | None, now: datetime) -> None:
    """Note that a process works, and delete the rows of those that were killed long ago, or under a wrong clock."""
    await tx.run(
        "DELETE FROM heartbeats WHERE beat_at < :before OR beat_at > :after",
        before=timestamps.to_text(now - KEPT),
        after=timestamps.to_text(now + _AHEAD),
    )
    await tx.run(
        "INSERT INTO heartbeats (process, kind, machine, beat_at, trouble) "
        "VALUES (:process, :kind, :machine, :now, :trouble) "
        "ON CONFLICT (process) DO UPDATE SET beat_at = excluded.beat_at, trouble = excluded.trouble",
        process=process,
        kind=kind,
        machine=machine,
        now=timestamps.to_text(now),
        trouble=trouble,
    )


async def end(tx: Transaction, process: str) -> None:
    """Delete the row of a process that stops."""
    await tx.run("DELETE FROM heartbeats WHERE process = :process", process=process)


async def list_newest(tx: Transaction, machine: str | None) -> list[StoredHeartbeat]:
    """List the newest heartbeat of those who listen and of those who only send, on each machine, or on one.

    An older one is that of a process that was killed and started again, maybe as `web` in place of `run`.
    """
    rows = await tx.all("SELECT kind, machine, beat_at, trouble FROM heartbeats ORDER BY beat_at")
    newest = {(row["kind"] == _SENDER, row["machine"]): row for row in rows if machine in (None, row["machine"])}
    return [
        StoredHeartbeat(row["kind"], timestamps.from_text(row["beat_at"]), row["trouble"])
        for row in sorted(newest.values(), key=lambda row: (row["kind"], row["machine"]))
    ]
