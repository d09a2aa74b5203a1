"""Ledger of deliveries: a row for every recipient, committed as `sending` before the call to Telegram.

No message is sent twice: one statement moves a row out of `waiting`, and only the worker that ran it calls Telegram.
No recipient is lost: a row that a crash left in `sending` becomes `unknown`, is counted, and waits for an organizer.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chatbot.petition.broadcasts.broadcast import LATEST, Broadcast
from chatbot.petition.broadcasts.outcome import Delivery, Failed, Gone, GoneReason, Result, Sent, Unknown
from chatbot.petition.broadcasts.tally import Tally
from chatbot.petition.model import Campaign
from chatbot.storage.broadcasts import approvals, broadcasts, delivery_counts, lifecycle, mornings
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import StoredTable, Transaction
from chatbot.storage.people import subscriptions, supporters
from chatbot.storage.places import deliveries as place_deliveries

TABLE: Final = StoredTable(
    name="deliveries",
    key=("broadcast_id", "supporter_id"),
    parents=("broadcasts", "supporters"),
    person=("supporter_id",),
    grows=True,
    recount=(
        "SELECT 'broadcast ' || broadcast_id || ', ' || language || ', audience' AS what, count(*) AS value "
        "FROM deliveries GROUP BY broadcast_id, language "
        "UNION ALL SELECT trim('broadcast ' || broadcast_id || ', ' || language || ', ' || state || ' ' "
        "|| coalesce(reason, '')), count(*) FROM deliveries WHERE state NOT IN ('waiting', 'sending') "
        "GROUP BY broadcast_id, language, state, reason "
        "UNION ALL SELECT 'broadcast ' || broadcast_id || ', ' || language || ', later ' || due_at, count(*) "
        "FROM deliveries WHERE state = 'waiting' AND due_at <> '' GROUP BY broadcast_id, language, due_at"
    ),
)
_OUTCOMES: Final[dict[type[Result], str]] = {Sent: "sent", Gone: "gone", Failed: "failed", Unknown: "unknown"}
_LEFT: Final[tuple[GoneReason, ...]] = ("blocked", "deactivated")


@dataclass(frozen=True, slots=True)
class Claim:
    """Claimed deliveries of a broadcast. Only the worker that claimed them sends them."""

    broadcast: Broadcast
    deliveries: Sequence[Delivery]
    skipped: int
    """Waiting recipients who are no longer subscribed."""
    put_off: bool = False
    """Whether it put off recipients for whom it is night: they wait for their morning now."""


async def start_due(tx: Transaction, campaign: Campaign, now: datetime) -> None:
    """Start scheduled broadcasts that are due.

    One that is late by more than `LATEST`, or lacks a needed approval, waits for an organizer instead.
    """
    await tx.run(
        "UPDATE broadcasts SET late_at = :now, reported_at = NULL WHERE scheduled_for < :too_late "
        "AND late_at IS NULL AND started_at IS NULL AND ended_at IS NULL",
        now=timestamps.to_text(now),
        too_late=timestamps.to_text(now - LATEST),
    )
    due = await list_due(tx, now)
    if due:
        await approvals.lock(tx)
    for broadcast_id, revision, sender_id in due:
        broadcast = await broadcasts.find(tx, broadcast_id)
        if broadcast is None:  # discarded at this moment
            continue
        people = await approvals.count_readers(tx, broadcast, campaign)
        if await approvals.is_missing(tx, broadcast, people, sender_id, now):
            # Also requests the approval, if that was not needed when it was scheduled: this explains the delay.
            await approvals.ask(tx, broadcast_id, revision, sender_id, now, starts=False)
            await lifecycle.miss_time(tx, broadcast_id, now)
        elif await lifecycle.start(tx, broadcast_id, revision, sender_id, now):
            await approvals.note_unapproved(tx, broadcast, sender_id, people, now)


async def list_due(tx: Transaction, now: datetime) -> list[tuple[int, int, int]]:
    """List the id, revision and organizer of each scheduled broadcast whose time has come and was not missed."""
    rows = await tx.all(
        "SELECT id, revision, organizer_id FROM broadcasts WHERE scheduled_for <= :now "
        "AND late_at IS NULL AND started_at IS NULL AND ended_at IS NULL ORDER BY scheduled_for",
        now=timestamps.to_text(now),
    )
    return [(row["id"], row["revision"], row["organizer_id"]) for row in rows]


async def find_running(
    tx: Transaction, now: datetime | None = None, campaign: Campaign | None = None
) -> Broadcast | None:
    """Return the broadcast to send: recalls and corrections first, then the one started first.

    With `now`, a broadcast whose remaining readers all wait for their morning lets the next one go first. With
    `campaign`, one to countries in which it is night also waits if it has no reader there.
    """
    rows = await tx.all(
        "SELECT id, again FROM broadcasts WHERE started_at IS NOT NULL AND ended_at IS NULL AND paused_at IS NULL "
        "ORDER BY CASE kind WHEN 'recall' THEN 0 WHEN 'correction' THEN 1 ELSE 2 END, started_at, id"
    )
    for row in rows:
        broadcast = await broadcasts.get(tx, row["id"])
        # The audience is made, or put back, at any hour.
        is_ready = broadcast.gathered_at is not None and row["again"] is None
        if now is not None and is_ready and await mornings.is_resting(tx, broadcast, now, campaign):
            continue
        if not (is_ready and broadcast.has_open_places and await _is_over(tx, broadcast)):
            return broadcast
    return None


async def _is_over(tx: Transaction, broadcast: Broadcast) -> bool:
    """Whether no person waits for it any more, so that its places are all that is left."""
    is_due = await mornings.find_due(tx, broadcast, None) is not None
    return not is_due and not await delivery_counts.is_in_flight(tx, broadcast.id)


async def list_open(tx: Transaction) -> list[int]:
    """List the ids of started broadcasts that have not ended, paused or not."""
    rows = await tx.all("SELECT id FROM broadcasts WHERE started_at IS NOT NULL AND ended_at IS NULL ORDER BY id")
    return [row["id"] for row in rows]


async def has_come_between(tx: Transaction, supporter_id: int, first: int, last: int) -> bool:
    """Whether a broadcast reached this person between two messages of their chat."""
    row = await tx.one(
        "SELECT 1 AS one FROM deliveries WHERE supporter_id = :supporter_id AND state = 'sent' "
        "AND message_id > :first AND message_id < :last LIMIT 1",
        supporter_id=supporter_id,
        first=first,
        last=last,
    )
    return row is not None


async def claim(tx: Transaction, broadcast: Broadcast, limit: int, clock: mornings.ReadersClock | None = None) -> Claim:
    """Claim the next `limit` waiting deliveries. Recipients who are no longer subscribed are skipped and counted.

    By the `clock`, recipients for whom it is night are put off; without one, it is day for all of them. An empty claim
    that skipped and put off no recipient means that none can be written to now.
    """
    due_at = await mornings.find_due(tx, broadcast, clock.now if clock else None)
    if due_at is None:
        return Claim(broadcast, (), 0)
    if clock and await mornings.put_off(tx, broadcast, clock, due_at, limit):
        return Claim(broadcast, (), 0, put_off=True)
    # A range and no join: without statistics of a new ledger, PostgreSQL would join all of it.
    rows = await tx.all(
        "UPDATE deliveries SET state = CASE WHEN :kind <> 'update' OR (:renews = '' AND EXISTS (SELECT 1 FROM "
        "subscriptions WHERE subscriptions.supporter_id = deliveries.supporter_id AND subscriptions.ended_at IS NULL)) "
        # A notice about the appeal is for those whose signature is still for another version.
        "OR (:renews <> '' AND EXISTS (SELECT 1 FROM signatures "
        "WHERE signatures.supporter_id = deliveries.supporter_id AND signatures.appeal_version <> :renews)) "
        "THEN 'sending' ELSE 'skipped' END, reason = NULL, due_at = '' "
        "WHERE broadcast_id = :id AND state = 'waiting' AND state <> 'sent' AND due_at = :due_at AND supporter_id <= ("
        "SELECT max(supporter_id) FROM (SELECT supporter_id FROM deliveries WHERE broadcast_id = :id "
        "AND state = 'waiting' AND state <> 'sent' AND due_at = :due_at ORDER BY supporter_id LIMIT :limit) AS next) "
        "RETURNING supporter_id, language, message_id, state",
        id=broadcast.id,
        kind=broadcast.kind,
        renews=broadcast.renews or "",
        limit=limit,
        due_at=due_at,
    )
    skipped = Counter((row["language"], "skipped", "") for row in rows if row["state"] == "skipped")
    await delivery_counts.count(tx, broadcast.id, skipped)
    taken_from: Counter[tuple[str, str]] = Counter()
    taken_from.subtract((row["language"], due_at) for row in rows)
    await mornings.count(tx, broadcast.id, taken_from)
    taken = [
        Delivery(row["supporter_id"], row["language"], row["message_id"]) for row in rows if row["state"] == "sending"
    ]
    return Claim(broadcast, sorted(taken, key=lambda delivery: delivery.supporter_id), skipped.total())


async def give_back(tx: Transaction, broadcast_id: int, deliveries: Iterable[Delivery]) -> None:
    """Put claimed deliveries that were certainly not sent back to `waiting`."""
    for delivery in deliveries:
        await tx.run(
            "UPDATE deliveries SET state = 'waiting' "
            "WHERE broadcast_id = :id AND supporter_id = :supporter_id AND state = 'sending'",
            id=broadcast_id,
            supporter_id=delivery.supporter_id,
        )


async def record(tx: Transaction, broadcast_id: int, results: Iterable[tuple[Delivery, Result]], now: datetime) -> None:
    """Record the outcomes of claimed deliveries. Recipients who blocked the bot or left Telegram are unsubscribed.

    Those who do not exist stay subscribed until the end, see `list_strangers`: with a wrong token, nobody exists.
    """
    counted: Counter[tuple[str, str, str]] = Counter()
    for delivery, result in results:
        outcome = _OUTCOMES[type(result)]
        reason = "" if isinstance(result, Sent) else result.reason
        sent_id = result.message_id if isinstance(result, Sent) else None
        changed = await tx.run(
            "UPDATE deliveries SET state = :outcome, reason = :reason, message_id = coalesce(:message_id, message_id) "
            "WHERE broadcast_id = :id AND supporter_id = :supporter_id AND state = 'sending'",
            id=broadcast_id,
            supporter_id=delivery.supporter_id,
            outcome=outcome,
            reason=reason or None,
            message_id=sent_id,
        )
        counted[delivery.language, outcome, reason] += changed
        if changed and reason in _LEFT:
            await supporters.mark_blocked(tx, delivery.supporter_id, now)
            await subscriptions.end(tx, delivery.supporter_id, reason, now)
    await delivery_counts.count(tx, broadcast_id, counted)


async def recover(tx: Transaction) -> int:
    """Settle the deliveries that a crash left in `sending`; return how many became `unknown`.

    The sending worker calls this before its first claim. Corrections and recalls can be repeated, so they wait again.
    """
    lost = 0
    for broadcast_id in await _list_in_flight(tx):
        broadcast = await broadcasts.get(tx, broadcast_id)
        state = "unknown" if broadcast.kind == "update" else "waiting"
        rows = await tx.all(
            "UPDATE deliveries SET state = :state, reason = :reason "
            "WHERE broadcast_id = :id AND state = 'sending' AND state <> 'sent' RETURNING language",
            id=broadcast_id,
            state=state,
            reason="crash" if state == "unknown" else None,
        )
        if state == "unknown":
            await delivery_counts.count(
                tx, broadcast_id, Counter((row["language"], "unknown", "crash") for row in rows)
            )
            lost += len(rows)
    return lost


async def _list_in_flight(tx: Transaction) -> list[int]:
    # Cancelled broadcasts may have some as well; they are reported once none is left.
    rows = await tx.all(
        "SELECT id FROM broadcasts WHERE started_at IS NOT NULL AND reported_at IS NULL AND EXISTS (SELECT 1 FROM "
        "deliveries WHERE broadcast_id = broadcasts.id AND state = 'sending' AND state <> 'sent') ORDER BY id"
    )
    return [row["id"] for row in rows]


async def has_in_flight(tx: Transaction, broadcast_id: int) -> bool:
    """Whether deliveries are in `sending`, also to places, so that the counts may still change."""
    is_to_places = broadcast_id in await place_deliveries.list_in_flight(tx)
    return is_to_places or await delivery_counts.is_in_flight(tx, broadcast_id)


async def list_strangers(tx: Transaction, broadcast_id: int, after: int, limit: int) -> list[int]:
    """List the next `limit` recipients with ids above `after` who do not exist; no message can reach them."""
    rows = await tx.all(
        "SELECT supporter_id FROM deliveries WHERE broadcast_id = :id AND state = 'gone' AND state <> 'sent' "
        "AND due_at = '' AND reason = 'not_found' AND supporter_id > :after ORDER BY supporter_id LIMIT :limit",
        id=broadcast_id,
        after=after,
        limit=limit,
    )
    return [row["supporter_id"] for row in rows]


async def tally(tx: Transaction, broadcast_id: int) -> Tally:
    """Return the counts of a broadcast."""
    return await delivery_counts.read(tx, broadcast_id)
