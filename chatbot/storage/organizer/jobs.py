"""The queue of jobs: added in the transaction of a turn, deleted when they are done."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import orjson

from chatbot.petition.job import Job, JobDetails
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Row, StoredTable, Transaction

TABLE: Final = StoredTable(name="jobs", key=("id",), person=("chat_id",))
_ID_BITS: Final = 62
_LONGEST: Final = timedelta(days=1)
"""Longer than any job is postponed."""
_AHEAD: Final = timedelta(minutes=1)
"""A job added further ahead than this was added before the clock was put back."""
WAITING: Final = 3
"""Documents or pictures that one person may wait for at once: more would delay those of others."""
TELL: Final = "tell"
"""The kind of job that tells every organizer; see `tell`."""
NOTICE: Final = "notice"
"""The kind of job that tells one person; see `tell_one`."""


async def add(
    tx: Transaction,
    kind: str,
    details: JobDetails,
    now: datetime,
    *,
    chat_id: int | None,
    due_at: datetime | None = None,
) -> int:
    """Add a job, to be done as soon as this transaction is committed, or at `due_at`; returns its id."""
    # Random: a counter would make all turns that add a job wait for each other.
    number = secrets.randbits(_ID_BITS)
    await tx.run(
        "INSERT INTO jobs (id, kind, details, chat_id, added_at, due_at) "
        "VALUES (:id, :kind, :details, :chat_id, :now, :due_at)",
        id=number,
        kind=kind,
        details=_write(details),
        chat_id=chat_id,
        now=timestamps.to_text(now),
        due_at=timestamps.to_text(due_at or now),
    )
    return number


async def is_at_limit(tx: Transaction, kind: str, person_id: int) -> bool:
    """Whether a person waits for as many jobs of a kind as allowed."""
    row = await tx.one(
        "SELECT count(*) AS n FROM jobs WHERE chat_id = :person_id AND kind = :kind", person_id=person_id, kind=kind
    )
    return row is not None and row["n"] >= WAITING


async def request(tx: Transaction, kind: str, details: JobDetails, now: datetime, person_id: int) -> None:
    """Add a job that makes something for a person, unless the same is being made already, or as much as allowed."""
    row = await tx.one(
        "SELECT count(*) AS n FROM jobs WHERE chat_id = :person_id AND kind = :kind AND details = :details",
        person_id=person_id,
        kind=kind,
        details=_write(details),
    )
    if row is not None and not row["n"] and not await is_at_limit(tx, kind, person_id):
        await add(tx, kind, details, now, chat_id=person_id)


async def tell(
    tx: Transaction,
    notice: str,
    details: JobDetails,
    now: datetime,
    *,
    needs: str = "organizer",
    but: int | None = None,
) -> None:
    """Tell every member with the role `needs` or a higher one, except `but`; see screens/organizer/notices.py."""
    await add(tx, TELL, {"notice": notice, "needs": needs, "but": but, **details}, now, chat_id=None)


async def tell_one(tx: Transaction, person_id: int, notice: str, details: JobDetails, now: datetime) -> None:
    """Tell one person, in their language; see screens/organizer/notices.py."""
    await add(tx, NOTICE, {"notice": notice, **details}, now, chat_id=person_id)


async def find_due(tx: Transaction, now: datetime, busy: Iterable[str], limit: int) -> list[Job]:
    """List the jobs that are due, the oldest first, except those of the `busy` kinds."""
    rows = await tx.all(
        # After the clock was put back nothing may wait: neither jobs never postponed nor those postponed for too long.
        "SELECT * FROM jobs WHERE (due_at <= :now OR (due_at = added_at AND added_at > :ahead) OR due_at > :latest) "
        "AND :busy NOT LIKE '%,' || kind || ',%' "
        "ORDER BY due_at, id LIMIT :limit",
        now=timestamps.to_text(now),
        ahead=timestamps.to_text(now + _AHEAD),
        latest=timestamps.to_text(now + _LONGEST),
        busy=f",{','.join(sorted(busy))},",
        limit=limit,
    )
    return [_read(row) for row in rows]


async def begin(tx: Transaction, job_id: int) -> Job | None:
    """Count a try before it begins, so that a crash counts too. None if the job was removed."""
    row = await tx.one("UPDATE jobs SET tries = tries + 1 WHERE id = :id RETURNING *", id=job_id)
    return _read(row) if row else None


async def keep_progress(tx: Transaction, job_id: int, progress: JobDetails) -> bool:
    """Store the progress, in the transaction that makes it. False if the job was removed: stop then.

    A job that makes progress gets all its tries again.
    """
    return bool(
        await tx.run(
            "UPDATE jobs SET progress = :progress, tries = 1 WHERE id = :id",
            id=job_id,
            progress=_write(progress),
        )
    )


async def postpone(tx: Transaction, job_id: int, due_at: datetime, *, excused: bool) -> None:
    """Postpone a job. `excused`: this try does not count."""
    await tx.run(
        "UPDATE jobs SET due_at = :due_at, tries = tries - :excused WHERE id = :id",
        id=job_id,
        due_at=timestamps.to_text(due_at),
        excused=1 if excused else 0,
    )


async def remove(tx: Transaction, job_id: int) -> bool:
    """Delete a job that is done or cancelled. False if it was gone already."""
    return bool(await tx.run("DELETE FROM jobs WHERE id = :id", id=job_id))


def _write(details: JobDetails) -> str:
    return orjson.dumps(dict(details)).decode()


def _read(row: Row) -> Job:
    return Job(
        id=row["id"],
        kind=row["kind"],
        details=orjson.loads(row["details"]),
        chat_id=row["chat_id"],
        progress=orjson.loads(row["progress"]),
        tries=row["tries"],
    )
