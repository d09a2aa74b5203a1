"""Erases a person: everything that leads back to them, in the caller's transaction.

Shared counts stay true: a broadcast keeps the outcome of a delivery, and not whose it was. `Database.purge_deleted`
removes the bytes from the files after the commit.
"""

from collections import Counter
from datetime import datetime
from typing import Final

from chatbot.storage.broadcasts import delivery_counts, mornings
from chatbot.storage.engine.database import Transaction
from chatbot.storage.organizer import jobs, team
from chatbot.storage.people import counters, signatures, sources, subscriptions, supporters
from chatbot.storage.places import pinned_cards
from chatbot.storage.privacy.tables import TABLES

UNLINK: Final = "unlink"
"""The kind of job that continues where a share link brought more people than one transaction should change."""
AT_ONCE: Final = 500
_ERASED_APART: Final = (supporters.TABLE, team.TABLE)
"""Tables whose rows are not deleted with the others: the supporter comes last, the member stays until anonymised."""
_SETTLED: Final = ("sent", "gone", "skipped")
_COUNTED_AGAIN: Final = ("failed", "unknown")


async def erase(tx: Transaction, person_id: int, now: datetime, *, by_age: bool = False) -> bool:
    """Erase a person, but not what they did in the team (see `member_erasure`). False if nothing was stored.

    `by_age`: retention erases them. Their funnel steps stay counted then, or the funnel would show signers only.
    """
    await sources.lock_link_of(tx, person_id)
    await unlink_person(tx, person_id, now)
    await signatures.take_back(tx, person_id)
    await pinned_cards.let_go(tx, person_id)
    for table in TABLES.values():
        for column in table.person if table not in _ERASED_APART else ():
            await tx.run(f"DELETE FROM {table.name} WHERE {column} = :id", id=person_id)  # noqa: S608 - our own names
    gone = await supporters.remove(tx, person_id)
    if gone is None:
        return False
    if by_age:
        await counters.change(tx, counters.of_passed(gone.reached), 1)
    else:
        await counters.change(tx, counters.of_steps(gone.reached), -1)
    await unlink_all(tx, gone.share_code, now)
    return True


async def unlink_person(tx: Transaction, person_id: int, now: datetime) -> None:
    """Erase everything about a person but their signature and their place in the conversation."""
    await _erase_deliveries(tx, person_id)
    await subscriptions.end(tx, person_id, "forgotten", now)
    await tx.run("DELETE FROM subscriptions WHERE supporter_id = :id", id=person_id)
    await tx.run("DELETE FROM confirmations WHERE supporter_id = :id", id=person_id)
    # A broadcast that has gathered its audience up to this person gets the id of the recipient before them.
    await tx.run(
        "UPDATE broadcasts SET gathered_to = coalesce((SELECT supporter_id FROM deliveries "
        "WHERE broadcast_id = broadcasts.id AND supporter_id < :id ORDER BY supporter_id DESC LIMIT 1), 0) "
        "WHERE gathered_to = :id",
        id=person_id,
    )


async def unlink_all(tx: Transaction, code: str | None, now: datetime) -> None:
    """Replace a share code by “a friend” wherever it is a source; a job does so for the last of many."""
    if code is not None and await unlink(tx, code):
        await jobs.add(tx, UNLINK, {"code": code}, now, chat_id=None)


async def unlink(tx: Transaction, code: str) -> bool:
    """Replace a share code by “a friend” for the next `AT_ONCE` people. True if there may be more."""
    changed = [
        await tx.run(
            f"UPDATE {table} SET source = :friend WHERE {key} IN (SELECT {key} FROM {table} "  # noqa: S608 - our own names
            f"WHERE source = :code AND substr(source, 1, 2) = 's-' LIMIT :limit)",
            friend=sources.SHARED,
            code=code,
            limit=AT_ONCE,
        )
        for table, key in (("supporters", "id"), ("signatures", "supporter_id"))
    ]
    return max(changed) == AT_ONCE


async def _erase_deliveries(tx: Transaction, person_id: int) -> None:
    rows = await tx.all(
        "DELETE FROM deliveries WHERE supporter_id = :id RETURNING broadcast_id, language, state, reason, due_at, "
        "(SELECT kind FROM broadcasts WHERE broadcasts.id = deliveries.broadcast_id) AS kind",
        id=person_id,
    )
    for row in rows:
        language, state, reason = row["language"], row["state"], row["reason"] or ""
        if state not in _SETTLED:
            # In flight or still to be tried: counts as skipped, as after unsubscribing. The worker finds no row. What
            # was to be corrected or deleted stays in the chat.
            is_change = row["kind"] != "update"
            settled = ("gone", delivery_counts.WAS_ERASED) if is_change else ("skipped", "")
            changes = Counter({(language, *settled): 1})
            if state in _COUNTED_AGAIN:
                changes[language, state, reason] -= 1
            await delivery_counts.count(tx, row["broadcast_id"], changes)
            await mornings.count(tx, row["broadcast_id"], {(language, row["due_at"]): -1})
            state, reason = settled
        one = {(language, delivery_counts.AUDIENCE, ""): 1, (language, state, reason): 1}
        await delivery_counts.count_erased(tx, row["broadcast_id"], one)
