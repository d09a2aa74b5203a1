"""Sets signatures aside, batch by batch in the order of their numbers, and restores them the same way.

Every change of state is compare-and-set. Cancelling waits for the running batch; no batch follows.
"""

import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import orjson

from chatbot.petition.review.filter import ReviewFilter, SetAside, SetAsideState, hash_name
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Row, StoredTable, Transaction
from chatbot.storage.people import counters, listing, signatures

TABLE: Final = StoredTable(name="set_asides", key=("id",), member=("made_by",))
JOB: Final = "set_aside"
"""The kind of job that counts signatures, sets them aside and restores them."""
AT_ONCE: Final = 300
"""Signatures checked in one transaction."""
_ID_BITS: Final = 48
_OPEN_FOR: Final = timedelta(days=1)


async def create(tx: Transaction, member_id: int, review_filter: ReviewFilter, now: datetime) -> SetAside:
    """Create a set-aside whose signatures are counted first. Replaces an undecided one of the same member."""
    await drop_undecided(tx, member_id)
    row = await tx.one(
        "INSERT INTO set_asides (id, made_by, conditions, last_number, made_at, state) "
        "VALUES (:id, :member_id, :conditions, :last, :now, 'asked') RETURNING *",
        id=secrets.randbits(_ID_BITS),
        member_id=member_id,
        conditions=orjson.dumps(review_filter.to_mapping()).decode(),
        last=await counters.read(tx, counters.NUMBERS),
        now=timestamps.to_text(now),
    )
    assert row is not None  # an insert returns its row
    return _read(row)


async def create_counted(tx: Transaction, member_id: int, number: int, now: datetime) -> SetAside:
    """Create the set-aside of one signature, which waits for the reason."""
    asked = await create(tx, member_id, ReviewFilter(number=number), now)
    await note_count(tx, asked.id, 1, number)
    return replace(asked, state="counted", found=1, example=number)


async def drop_undecided(tx: Transaction, member_id: int) -> None:
    """Drop what a member has not decided yet."""
    await tx.run(
        "DELETE FROM set_asides WHERE made_by = :member_id AND state IN ('asked', 'counted')", member_id=member_id
    )


async def find_undecided(tx: Transaction, member_id: int) -> SetAside | None:
    """Return what a member has not decided yet, counted or not."""
    row = await tx.one(
        "SELECT * FROM set_asides WHERE made_by = :member_id AND state IN ('asked', 'counted')", member_id=member_id
    )
    return _read(row) if row else None


async def find_name(tx: Transaction, one: SetAside) -> str | None:
    """Return the stored name that the signatures of a set-aside have in common. For owners only."""
    row = await tx.one("SELECT name FROM signatures WHERE number = :number", number=one.example or 0)
    return row["name"] if row and hash_name(row["name"]) == one.review_filter.name else None


async def restore_one(tx: Transaction, set_aside_id: int, number: int) -> bool:
    """Count one signature again; False if this set-aside does not contain it, or is under way."""
    row = await tx.one(
        "UPDATE set_asides SET searched_to = searched_to WHERE id = :id AND state IN ('done', 'cancelled') RETURNING *",
        id=set_aside_id,
    )
    if row is None:
        return False
    sql = "UPDATE signatures SET set_aside_id = NULL WHERE number = :number AND set_aside_id = :id RETURNING *"
    moved = await _move(tx, sql, set_aside_id, [number])
    await tx.run(
        "UPDATE set_asides SET done = CASE WHEN done < :moved THEN 0 ELSE done - :moved END, "
        "state = CASE WHEN done <= :moved AND :moved = 1 THEN 'restored' ELSE state END WHERE id = :id",
        moved=moved,
        id=set_aside_id,
    )
    return moved == 1


async def find(tx: Transaction, set_aside_id: int) -> SetAside | None:
    """Return a set-aside; None if it was dropped or never existed."""
    row = await tx.one("SELECT * FROM set_asides WHERE id = :id", id=set_aside_id)
    return _read(row) if row else None


async def find_alike(tx: Transaction, review_filter: ReviewFilter, since: datetime) -> SetAside | None:
    """Return the latest set-aside since a moment with this filter that is complete; None if there is none."""
    row = await tx.one(
        "SELECT * FROM set_asides WHERE made_at >= :since AND conditions = :conditions "
        "AND state IN ('running', 'done', 'restoring') ORDER BY made_at DESC LIMIT 1",
        since=timestamps.to_text(since),
        conditions=orjson.dumps(review_filter.to_mapping()).decode(),
    )
    return _read(row) if row else None


async def list_conditions(tx: Transaction, since: datetime) -> list[ReviewFilter]:
    """List the filters of the set-asides since a moment that are complete or under way."""
    rows = await tx.all(
        "SELECT conditions FROM set_asides WHERE made_at >= :since AND state IN ('running', 'done', 'restoring')",
        since=timestamps.to_text(since),
    )
    return [ReviewFilter.from_mapping(orjson.loads(row["conditions"])) for row in rows]


async def find_asked(tx: Transaction, member_id: int) -> SetAside | None:
    """Return the set-aside that waits for a member's reason."""
    row = await tx.one("SELECT * FROM set_asides WHERE made_by = :member_id AND state = 'counted'", member_id=member_id)
    return _read(row) if row else None


async def list_latest(tx: Transaction, limit: int) -> list[SetAside]:
    """List the set-asides that were or are carried out, the newest first."""
    rows = await tx.all(
        "SELECT * FROM set_asides WHERE state NOT IN ('asked', 'counted') ORDER BY made_at DESC LIMIT :limit",
        limit=limit,
    )
    return [_read(row) for row in rows]


async def drop_questions(tx: Transaction, now: datetime) -> int:
    """Drop set-asides left undecided for a day, because they may hold a name or a link; returns how many."""
    return await tx.run(
        "DELETE FROM set_asides WHERE state IN ('asked', 'counted') AND (made_at < :before OR made_at > :ahead)",
        before=timestamps.to_text(now - _OPEN_FOR),
        ahead=timestamps.to_text(now + _OPEN_FOR),
    )


async def note_count(tx: Transaction, set_aside_id: int, found: int, example: int | None = None) -> bool:
    """Store the count and the number of one of them. False if the set-aside was dropped or decided."""
    changed = await tx.run(
        "UPDATE set_asides SET state = 'counted', found = :found, example = :example "
        "WHERE id = :id AND state IN ('asked', 'counted')",
        id=set_aside_id,
        found=found,
        example=example,
    )
    return changed == 1


async def give_reason(tx: Transaction, set_aside_id: int, reason: str) -> SetAside | None:
    """Store the reason before the decision. None if it is decided already."""
    row = await tx.one(
        "UPDATE set_asides SET reason = :reason WHERE id = :id AND state = 'counted' RETURNING *",
        id=set_aside_id,
        reason=reason,
    )
    return _read(row) if row else None


async def change_state(
    tx: Transaction, set_aside_id: int, before: Iterable[SetAsideState], after: SetAsideState
) -> SetAside | None:
    """Change the state from one of `before` to `after`. None if it is in none of them."""
    begins = after in ("running", "restoring")
    row = await tx.one(
        "UPDATE set_asides SET state = :after, searched_to = CASE WHEN :begins = 1 THEN 0 ELSE searched_to END, "
        "total_before = CASE WHEN :begins = 1 THEN :total ELSE total_before END "
        "WHERE id = :id AND :before LIKE '%,' || state || ',%' AND (:after <> 'running' OR reason IS NOT NULL) "
        "RETURNING *",
        id=set_aside_id,
        before=f",{','.join(before)},",
        after=after,
        begins=int(begins),
        total=await counters.read(tx, counters.SIGNATURES) if begins else 0,
    )
    return _read(row) if row else None


async def find_range(tx: Transaction, review_filter: ReviewFilter) -> tuple[int, int]:
    """Return the range of numbers that holds all matching signatures: the first, and the one after the last."""
    if review_filter.number is not None:
        return review_filter.number, review_filter.number + 1
    return await listing.find_range(tx, listing.Selection(review_filter.since, review_filter.before))


async def list_matching(
    tx: Transaction, review_filter: ReviewFilter, begin: int, last: int, limit: int
) -> tuple[list[Row], int]:
    """List the matching signatures that count, among the next `limit` from the number `begin` to `last`.

    Also returns the number up to which it searched: `last` if there are no more.
    """
    rows = await tx.all(
        "SELECT * FROM signatures WHERE number >= :begin AND number <= :last ORDER BY number LIMIT :limit",
        begin=begin,
        last=last,
        limit=limit,
    )
    matching = [row for row in rows if (each := signatures.read_row(row)).counts and review_filter.fits(each)]
    return matching, rows[-1]["number"] if len(rows) == limit else last


async def set_aside_some(tx: Transaction, set_aside_id: int, begin: int, end: int | None = None) -> SetAside | None:
    """Set aside the next batch, from the number `begin` and before `end`. None if it is no longer running."""
    # Locks the row first: cancelling waits for this batch.
    row = await tx.one(
        "UPDATE set_asides SET searched_to = searched_to WHERE id = :id AND state = 'running' RETURNING *",
        id=set_aside_id,
    )
    if row is None:
        return None
    under_way = _read(row)
    start = max(begin, under_way.searched_to + 1)
    last = under_way.last_number if end is None else min(under_way.last_number, end - 1)
    rows, searched_to = await list_matching(tx, under_way.review_filter, start, last, AT_ONCE)
    searched_to = searched_to if searched_to < last else under_way.last_number
    sql = "UPDATE signatures SET set_aside_id = :id WHERE number = :number AND set_aside_id IS NULL RETURNING *"
    moved = await _move(tx, sql, set_aside_id, [each["number"] for each in rows])
    return await _advance(tx, set_aside_id, moved, searched_to, under_way.last_number, "done")


async def restore_some(tx: Transaction, set_aside_id: int) -> SetAside | None:
    """Restore the next batch. None if it is not being restored."""
    row = await tx.one(
        "UPDATE set_asides SET searched_to = searched_to WHERE id = :id AND state = 'restoring' RETURNING *",
        id=set_aside_id,
    )
    if row is None:
        return None
    rows = await tx.all(
        "SELECT number FROM signatures WHERE set_aside_id = :id AND number > :after ORDER BY number LIMIT :limit",
        id=set_aside_id,
        after=row["searched_to"],
        limit=AT_ONCE,
    )
    sql = "UPDATE signatures SET set_aside_id = NULL WHERE number = :number AND set_aside_id = :id RETURNING *"
    moved = await _move(tx, sql, set_aside_id, [each["number"] for each in rows])
    searched_to = rows[-1]["number"] if len(rows) == AT_ONCE else row["last_number"]
    return await _advance(tx, set_aside_id, -moved, searched_to, row["last_number"], "restored")


async def _move(tx: Transaction, sql: str, set_aside_id: int, numbers: Iterable[int]) -> int:
    """Run `sql` for each signature and update the counters; return how many it changed."""
    moved, changes = 0, Counter[str]()
    for number in numbers:
        if row := await tx.one(sql, id=set_aside_id, number=number):
            moved += 1
            after = signatures.read_row(row)
            before = replace(after, set_aside_id=0 if after.counts else None)
            changes.update(dict.fromkeys(counters.of_signature(after), 1))
            changes.subtract(dict.fromkeys(counters.of_signature(before), 1))
    if moved:
        await counters.change_each(tx, changes)
    return moved


async def _advance(
    tx: Transaction, set_aside_id: int, moved: int, searched_to: int, last: int, ending: SetAsideState
) -> SetAside | None:
    row = await tx.one(
        "UPDATE set_asides SET searched_to = :searched_to, "
        "done = CASE WHEN done + :moved < 0 THEN 0 ELSE done + :moved END, "
        "state = coalesce(:ending, state) WHERE id = :id RETURNING *",
        id=set_aside_id,
        moved=moved,
        searched_to=searched_to,
        ending=ending if searched_to >= last else None,
    )
    return _read(row) if row else None


def _read(row: Row) -> SetAside:
    return SetAside(
        id=row["id"],
        made_by=row["made_by"],
        review_filter=ReviewFilter.from_mapping(orjson.loads(row["conditions"])),
        last_number=row["last_number"],
        reason=row["reason"],
        made_at=timestamps.from_text(row["made_at"]),
        state=row["state"],
        found=row["found"],
        done=row["done"],
        searched_to=row["searched_to"],
        total_before=row["total_before"],
        example=row["example"],
    )
