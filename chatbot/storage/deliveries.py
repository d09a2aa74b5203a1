"""The ledger of a broadcast: a row for everybody who is to get it, `sending` committed before Telegram is called.

Nobody is written to twice: a row leaves `waiting` by one statement, and only the worker that moved it calls Telegram.
Nobody is forgotten: a row that a crash left in `sending` becomes `unknown`, is counted, and waits for an organizer.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chatbot.petition.broadcast import LATEST, Broadcast, Tally
from chatbot.petition.delivery import Delivery, Failed, Gone, GoneReason, Result, Sent, Unknown
from chatbot.petition.model import Language
from chatbot.storage import broadcasts, moments, steering, subscriptions, supporters
from chatbot.storage.database import Transaction

AUDIENCE: Final = "audience"
_OUTCOMES: Final[dict[type[Result], str]] = {Sent: "sent", Gone: "gone", Failed: "failed", Unknown: "unknown"}
_LEFT: Final[tuple[GoneReason, ...]] = ("blocked", "deactivated")


@dataclass(frozen=True, slots=True)
class Claim:
    """Deliveries of one broadcast whose turn it is. They are the worker's: nobody else will send them."""

    broadcast: Broadcast
    deliveries: Sequence[Delivery]


async def start_due(tx: Transaction, now: datetime) -> None:
    """Start what is scheduled and due; what is due for more than `LATEST` waits for an organizer's word instead."""
    await tx.run(
        "UPDATE broadcasts SET late_at = :now, reported_at = NULL WHERE scheduled_for < :too_late "
        "AND late_at IS NULL AND started_at IS NULL AND ended_at IS NULL",
        now=moments.to_text(now),
        too_late=moments.to_text(now - LATEST),
    )
    due = await tx.all(
        "SELECT id, revision, organizer_id FROM broadcasts WHERE scheduled_for <= :now "
        "AND late_at IS NULL AND started_at IS NULL AND ended_at IS NULL ORDER BY scheduled_for",
        now=moments.to_text(now),
    )
    for row in due:
        await steering.start(tx, row["id"], row["revision"], row["organizer_id"], now)


async def find_running(tx: Transaction) -> Broadcast | None:
    """The broadcast to work on: recalls and corrections before updates, then the one started first."""
    row = await tx.one(
        "SELECT id FROM broadcasts WHERE started_at IS NOT NULL AND ended_at IS NULL AND paused_at IS NULL "
        "ORDER BY CASE kind WHEN 'recall' THEN 0 WHEN 'correction' THEN 1 ELSE 2 END, started_at, id LIMIT 1"
    )
    return await broadcasts.get(tx, row["id"]) if row else None


async def list_open(tx: Transaction) -> list[int]:
    """The ids of what was started and has not ended, paused or not."""
    rows = await tx.all("SELECT id FROM broadcasts WHERE started_at IS NOT NULL AND ended_at IS NULL ORDER BY id")
    return [row["id"] for row in rows]


async def claim(tx: Transaction, broadcast: Broadcast, limit: int) -> Claim:
    """Take the next `limit` waiting rows for sending. Who is no longer subscribed is skipped, and not in the claim.

    An empty claim does not mean that nobody waits: all of them may have been skipped.
    """
    rows = await tx.all(
        "UPDATE deliveries SET state = CASE WHEN :kind <> 'update' OR EXISTS (SELECT 1 FROM subscriptions "
        "WHERE subscriptions.supporter_id = deliveries.supporter_id AND subscriptions.ended_at IS NULL) "
        "THEN 'sending' ELSE 'skipped' END, reason = NULL "
        "WHERE broadcast_id = :id AND state = 'waiting' AND supporter_id IN (SELECT supporter_id FROM deliveries "
        "WHERE broadcast_id = :id AND state = 'waiting' AND state <> 'sent' ORDER BY supporter_id LIMIT :limit) "
        "RETURNING supporter_id, language, message_id, state",
        id=broadcast.id,
        kind=broadcast.kind,
        limit=limit,
    )
    skipped = Counter((row["language"], "skipped", "") for row in rows if row["state"] == "skipped")
    await count(tx, broadcast.id, skipped)
    taken = [
        Delivery(row["supporter_id"], row["language"], row["message_id"]) for row in rows if row["state"] == "sending"
    ]
    return Claim(broadcast, sorted(taken, key=lambda delivery: delivery.supporter_id))


async def give_back(tx: Transaction, broadcast_id: int, deliveries: Iterable[Delivery]) -> None:
    """Let claimed deliveries that were surely not sent wait again."""
    for delivery in deliveries:
        await tx.run(
            "UPDATE deliveries SET state = 'waiting' "
            "WHERE broadcast_id = :id AND supporter_id = :supporter_id AND state = 'sending'",
            id=broadcast_id,
            supporter_id=delivery.supporter_id,
        )


async def record(tx: Transaction, broadcast_id: int, results: Iterable[tuple[Delivery, Result]], now: datetime) -> None:
    """Write what became of claimed deliveries. Who blocked the bot or left Telegram is subscribed no longer.

    Who does not exist stays subscribed until the end, see `list_strangers`: a wrong token makes strangers of everybody.
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
    await count(tx, broadcast_id, counted)


async def recover(tx: Transaction) -> int:
    """Settle what a crash left in flight; returns how many deliveries became `unknown`.

    For the one worker that sends, before it claims anything. Corrections and recalls do no harm twice: they wait again.
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
            await count(tx, broadcast_id, Counter((row["language"], "unknown", "crash") for row in rows))
            lost += len(rows)
    return lost


async def _list_in_flight(tx: Transaction) -> list[int]:
    # Cancelled ones may have some as well, but none of them waits to be reported: it is reported when none is left.
    rows = await tx.all(
        "SELECT id FROM broadcasts WHERE started_at IS NOT NULL AND reported_at IS NULL AND EXISTS (SELECT 1 FROM "
        "deliveries WHERE broadcast_id = broadcasts.id AND state = 'sending' AND state <> 'sent') ORDER BY id"
    )
    return [row["id"] for row in rows]


async def list_strangers(tx: Transaction, broadcast_id: int, after: int, limit: int) -> list[int]:
    """The next `limit` of those who do not exist, by id above `after`: no update reaches them, now or ever."""
    rows = await tx.all(
        "SELECT supporter_id FROM deliveries WHERE broadcast_id = :id AND state = 'gone' AND state <> 'sent' "
        "AND reason = 'not_found' AND supporter_id > :after ORDER BY supporter_id LIMIT :limit",
        id=broadcast_id,
        after=after,
        limit=limit,
    )
    return [row["supporter_id"] for row in rows]


async def put_back(tx: Transaction, broadcast: Broadcast, limit: int) -> bool:
    """Let the next `limit` of those whom an organizer wants tried again wait; True when that is done."""
    row = await tx.one("SELECT again FROM broadcasts WHERE id = :id", id=broadcast.id)
    whose = row["again"] if row else None
    if whose is None:
        return True
    rows = await tx.all(
        "SELECT supporter_id, language, reason FROM deliveries "
        "WHERE broadcast_id = :id AND state = :whose AND state <> 'sent' ORDER BY supporter_id LIMIT :limit",
        id=broadcast.id,
        whose=whose,
        limit=limit,
    )
    for each in rows:
        await tx.run(
            "UPDATE deliveries SET state = 'waiting', reason = NULL "
            "WHERE broadcast_id = :id AND supporter_id = :supporter_id",
            id=broadcast.id,
            supporter_id=each["supporter_id"],
        )
    fewer: Counter[tuple[str, str, str]] = Counter()
    fewer.subtract((each["language"], whose, each["reason"] or "") for each in rows)
    await count(tx, broadcast.id, fewer)
    if len(rows) < limit:
        await tx.run("UPDATE broadcasts SET again = NULL WHERE id = :id", id=broadcast.id)
        return True
    return False


async def tally(tx: Transaction, broadcast_id: int) -> Tally:
    """How a broadcast stands, from its counts: the same cost for ten people as for ten million."""
    rows = await tx.all("SELECT * FROM tallies WHERE broadcast_id = :id AND value > 0", id=broadcast_id)
    audience: dict[Language, int] = {}
    outcomes: dict[tuple[Language, str, str], int] = {}
    for row in rows:
        if row["outcome"] == AUDIENCE:
            audience[row["language"]] = row["value"]
        else:
            outcomes[row["language"], row["outcome"], row["reason"]] = row["value"]
    return Tally(audience, outcomes)


async def count(tx: Transaction, broadcast_id: int, changes: Mapping[tuple[str, str, str], int]) -> None:
    """Change the counts of (language, outcome, reason) by so many; the outcome `AUDIENCE` is all who are to get it."""
    for (language, outcome, reason), change in sorted(changes.items()):
        if not change:
            continue
        counted = await tx.run(
            "UPDATE tallies SET value = value + :change WHERE broadcast_id = :id "
            "AND language = :language AND outcome = :outcome AND reason = :reason",
            id=broadcast_id,
            language=language,
            outcome=outcome,
            reason=reason,
            change=change,
        )
        if not counted:
            await tx.run(
                "INSERT INTO tallies (broadcast_id, language, outcome, reason, value) "
                "VALUES (:id, :language, :outcome, :reason, :change)",
                id=broadcast_id,
                language=language,
                outcome=outcome,
                reason=reason,
                change=change,
            )
