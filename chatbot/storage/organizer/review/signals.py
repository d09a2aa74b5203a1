"""Stores the signals for organizers, how far signatures were searched for them, and what is usual."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import orjson

from chatbot.petition.job import JobDetails
from chatbot.petition.review import detector
from chatbot.petition.review.detector import Detection, Key
from chatbot.petition.review.filter import ReviewFilter, Signal, hash_name
from chatbot.petition.review.merging import merge
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Row, StoredTable, Transaction
from chatbot.storage.organizer import jobs
from chatbot.storage.people import counters

TABLE: Final = StoredTable(name="signals", key=("id",))
STATE: Final = StoredTable(name="detection_state", key=("name",))
QUIET: Final = timedelta(hours=6)
"""The same signal is not given again for so long."""
KEPT: Final = timedelta(days=7)
"""How long signals are stored."""
NOTICE: Final = "signal"
_ID_BITS: Final = 48
_SEARCHED: Final = 2_000
"""Signatures among which the name of a signal is looked for: it is the name of at least a tenth of them."""
_USUAL: Final = "usual:"
_NEWEST: Final = "newest:"


class DetectionState(NamedTuple):
    """How far signatures were searched, and what is usual in a window."""

    number: int
    searched_at: datetime
    frontier: int
    usual: Mapping[Key, float]
    newest: tuple[int, ...] = ()


async def find(tx: Transaction, signal_id: int) -> Signal | None:
    """Return the signal with this id; None if there is none."""
    row = await tx.one("SELECT * FROM signals WHERE id = :id", id=signal_id)
    return _read(row) if row else None


async def find_seen(tx: Transaction, review_filter: ReviewFilter, since: datetime) -> int | None:
    """Return the highest count of the signals since a moment with this filter; None if there are none."""
    row = await tx.one(
        "SELECT max(value) AS value FROM signals WHERE found_at >= :since AND conditions = :conditions",
        since=timestamps.to_text(since),
        conditions=orjson.dumps(review_filter.to_mapping()).decode(),
    )
    return row["value"] if row else None


async def list_since(tx: Transaction, moment: datetime, limit: int) -> list[Signal]:
    """List the signals since `moment`, the newest first."""
    rows = await tx.all(
        "SELECT * FROM signals WHERE found_at >= :moment ORDER BY found_at DESC, value DESC, id LIMIT :limit",
        moment=timestamps.to_text(moment),
        limit=limit,
    )
    return [_read(row) for row in rows]


async def find_name(tx: Transaction, review_filter: ReviewFilter) -> str | None:
    """Return a stored name with the filter's hash, among the first signatures of its days. For owners only."""
    if not review_filter.name or review_filter.since is None or review_filter.before is None:
        return None
    rows = await tx.all(
        "SELECT name FROM signatures WHERE signed_at >= :since AND signed_at < :before ORDER BY signed_at LIMIT :most",
        since=timestamps.to_text(review_filter.since),
        before=timestamps.to_text(review_filter.before),
        most=_SEARCHED,
    )
    return next((row["name"] for row in rows if hash_name(row["name"]) == review_filter.name), None)


async def find_first_new_id(tx: Transaction) -> int | None:
    """Return the first Telegram id that counts as new; None while that is unknown."""
    row = await tx.one("SELECT value FROM detection_state WHERE name = 'frontier'")
    return detector.find_first_new_id(row["value"]) if row and row["value"] else None


async def read_state(tx: Transaction, now: datetime) -> DetectionState:
    """Read the state. The first call starts after the newest signature: earlier ones are not searched."""
    rows = {row["name"]: row["value"] for row in await tx.all("SELECT name, value FROM detection_state")}
    if "number" not in rows:
        number = await counters.read(tx, counters.NUMBERS)
        await _write(tx, {"number": number, "searched_at": _seconds(now), "frontier": 0})
        return DetectionState(number, now, 0, {})
    usual: dict[Key, float] = {}
    for name, value in rows.items():
        if name.startswith(_USUAL):
            kind, _, subject = name.removeprefix(_USUAL).partition(":")
            usual[kind, subject] = value / 1000
    searched_at = datetime.fromtimestamp(rows["searched_at"], now.tzinfo)
    newest = sorted((value for name, value in rows.items() if name.startswith(_NEWEST)), reverse=True)
    return DetectionState(rows["number"], searched_at, rows["frontier"], usual, tuple(newest))


async def add_detected(
    tx: Transaction, before: DetectionState, number: int, detection: Detection, now: datetime
) -> list[Signal]:
    """Store what a detection counted up to `number`, and tell the team once what is unusual.

    Does nothing if another process has stored a detection since `before`.
    """
    claimed = await tx.run(
        "UPDATE detection_state SET value = :number WHERE name = 'number' AND value = :before "
        "AND EXISTS (SELECT 1 FROM detection_state AS w WHERE w.name = 'searched_at' AND w.value = :searched_at)",
        number=number,
        before=before.number,
        searched_at=_seconds(before.searched_at),
    )
    if not claimed:
        return []
    await tx.run("DELETE FROM signals WHERE found_at < :before", before=timestamps.to_text(now - KEPT))
    usual = detection.learn(before.usual)
    for kind, subject in before.usual.keys() - usual.keys():
        await tx.run("DELETE FROM detection_state WHERE name = :name", name=f"{_USUAL}{kind}:{subject}")
    await _write(tx, {"searched_at": _seconds(detection.before), "frontier": detection.frontier})
    if detection.newest != before.newest:
        await _write(tx, {f"{_NEWEST}{nth}": block for nth, block in enumerate(detection.newest)})
    await _write(tx, {f"{_USUAL}{kind}:{subject}": round(value * 1000) for (kind, subject), value in usual.items()})
    found: dict[Key, Signal] = {}
    for (kind, subject), count, expected in detection.find_signals(before.usual):
        told = await tx.one(
            "SELECT 1 AS one FROM signals WHERE found_at > :since AND found_at < :until "
            "AND kind = :kind AND subject = :subject",
            since=timestamps.to_text(now - QUIET),
            until=timestamps.to_text(now + QUIET),
            kind=kind,
            subject=subject,
        )
        if told is None:
            review_filter = detection.make_filter((kind, subject))
            found[kind, subject] = await _add(tx, kind, subject, review_filter, count, round(expected * 1000), now)
    for key, signal in found.items():
        shared = {
            found[other].id: count
            for pair, count in detection.overlaps.items()
            for other in pair
            if key in pair and other != key and other in found
        }
        found[key] = replace(signal, overlaps=shared)
        await tx.run(
            "UPDATE signals SET shared_with = :shared WHERE id = :id",
            shared=orjson.dumps({str(other): count for other, count in shared.items()}).decode(),
            id=signal.id,
        )
    for group in merge(found.values(), handled=()):
        await jobs.tell(tx, NOTICE, _describe(group.first), now)
    return list(found.values())


async def _add(
    tx: Transaction, kind: str, subject: str, review_filter: ReviewFilter, value: int, usual: int, now: datetime
) -> Signal:
    row = await tx.one(
        "INSERT INTO signals (id, kind, subject, conditions, value, usual, found_at) "
        "VALUES (:id, :kind, :subject, :conditions, :value, :usual, :now) RETURNING *",
        id=secrets.randbits(_ID_BITS),
        kind=kind,
        subject=subject,
        conditions=orjson.dumps(review_filter.to_mapping()).decode(),
        value=value,
        usual=usual,
        now=timestamps.to_text(now),
    )
    assert row is not None  # an insert returns its row
    return _read(row)


async def _write(tx: Transaction, values: Mapping[str, int]) -> None:
    for name, value in values.items():
        await tx.run(
            "INSERT INTO detection_state (name, value) VALUES (:name, :value) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name=name,
            value=value,
        )


def _describe(signal: Signal) -> JobDetails:
    """Write what the notice of a signal needs."""
    return {
        "id": signal.id,
        "kind": signal.kind,
        "conditions": orjson.dumps(signal.review_filter.to_mapping()).decode(),
        "value": signal.value,
        "usual": round(signal.usual * 1000),
        "found_at": timestamps.to_text(signal.found_at),
    }


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _read(row: Row) -> Signal:
    return Signal(
        id=row["id"],
        kind=row["kind"],
        review_filter=ReviewFilter.from_mapping(orjson.loads(row["conditions"])),
        value=row["value"],
        usual=row["usual"] / 1000,
        found_at=timestamps.from_text(row["found_at"]),
        overlaps={int(other): count for other, count in orjson.loads(row["shared_with"]).items()},
    )
