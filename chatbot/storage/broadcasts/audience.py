"""Who is to get a broadcast: written into the ledger when it starts, or put back there to be tried again.

Both go in batches, one transaction each, so that nobody waits long behind a million rows; and both are complete before
the first delivery.
"""

from collections import Counter
from datetime import datetime
from typing import Final

from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.model import LANGUAGES
from chatbot.storage.broadcasts import delivery_counts
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Transaction, Value

_FIRST: Final = 0
"""Below every id: the audience is gathered from here. Whose id is less is nobody any more."""
# Whoever came later than it is now came by a clock that was wrong, and is not left out for it.
_SUBSCRIBED: Final = (
    "ended_at IS NULL AND (subscribed_at <= :started_at OR subscribed_at > :now) "
    "AND (:countries = '' OR :countries LIKE '%' || country || '%')"
)
_SIGNED_ANOTHER: Final = (
    "appeal_version <> :renews AND (signed_at <= :started_at OR signed_at > :now) "
    "AND NOT EXISTS (SELECT 1 FROM supporters WHERE supporters.id = signatures.supporter_id "
    "AND supporters.blocked_at IS NOT NULL) "
    "AND NOT EXISTS (SELECT 1 FROM broadcasts JOIN deliveries ON deliveries.broadcast_id = broadcasts.id "
    "AND deliveries.supporter_id = signatures.supporter_id WHERE broadcasts.renews = :renews "
    "AND broadcasts.kind = 'update' AND deliveries.state IN ('waiting', 'sending', 'sent', 'unknown'))"
)
"""Who signed another wording, can be written to, and had no notice about this one."""


async def gather(tx: Transaction, broadcast: Broadcast, limit: int, now: datetime) -> bool:
    """Write the next `limit` rows of the ledger; True when the audience is complete.

    An update goes to whoever was subscribed when it started and still is; a notice about the appeal to whoever had
    signed another wording and has had none about this one; a recall to everybody who got what it is about; a
    correction to those of them who read a language it says something in.
    """
    # Written, and not only read: one whose answer was lost may be about to commit, and this one then waits for it.
    row = await tx.one(
        "UPDATE broadcasts SET gathered_to = gathered_to WHERE id = :id AND gathered_at IS NULL RETURNING gathered_to",
        id=broadcast.id,
    )
    if row is None:
        return True
    after = _FIRST if row["gathered_to"] is None else row["gathered_to"]
    if broadcast.kind == "update":
        added, last = await _gather_readers(tx, broadcast, after, limit, now)
    else:
        added, last = await _gather_recipients(tx, broadcast, after, limit)
    await delivery_counts.count(
        tx, broadcast.id, {(language, delivery_counts.AUDIENCE, ""): count for language, count in added.items()}
    )
    complete = last is None
    await tx.run(
        "UPDATE broadcasts SET gathered_to = :last, gathered_at = :gathered_at WHERE id = :id",
        id=broadcast.id,
        # An id stands here no longer than it is needed.
        last=last,
        gathered_at=timestamps.to_text(now) if complete else None,
    )
    return complete


async def _gather_readers(
    tx: Transaction, broadcast: Broadcast, after: int, limit: int, now: datetime
) -> tuple[Counter[str], int | None]:
    """Gather from those who are looked at one by one: who is subscribed or, for a notice, who has signed."""
    assert broadcast.started_at is not None  # only what was started is gathered
    values: dict[str, Value]
    if broadcast.renews is None:
        table, meant, values = "subscriptions", _SUBSCRIBED, {"countries": ",".join(broadcast.audience.countries)}
    else:
        table, meant, values = "signatures", _SIGNED_ANOTHER, {"renews": broadcast.renews}
    last = await tx.one(
        f"SELECT max(supporter_id) AS last FROM (SELECT supporter_id FROM {table} "  # noqa: S608 - names of ours
        "WHERE supporter_id > :after ORDER BY supporter_id LIMIT :limit) AS looked_at",
        after=after,
        limit=limit,
    )
    if last is None or last["last"] is None:
        return Counter(), None
    added: Counter[str] = Counter()
    for reader in LANGUAGES:
        language = broadcast.choose_language(reader)
        if language is None:
            continue
        added[language] += await tx.run(
            "INSERT INTO deliveries (broadcast_id, supporter_id, language, state) "  # noqa: S608 - texts of ours
            f"SELECT :id, supporter_id, :language, 'waiting' FROM {table} "
            f"WHERE supporter_id > :after AND supporter_id <= :last AND language = :reader AND {meant}",
            id=broadcast.id,
            language=language,
            after=after,
            last=last["last"],
            reader=reader,
            started_at=timestamps.to_text(broadcast.started_at),
            now=timestamps.to_text(now),
            **values,
        )
    return added, last["last"]


async def _gather_recipients(
    tx: Transaction, broadcast: Broadcast, after: int, limit: int
) -> tuple[Counter[str], int | None]:
    rows = await tx.all(
        "INSERT INTO deliveries (broadcast_id, supporter_id, language, state, message_id) "
        "SELECT :id, supporter_id, language, 'waiting', message_id FROM deliveries "
        "WHERE broadcast_id = :of_id AND supporter_id > :after AND message_id IS NOT NULL "
        "AND (:kind = 'recall' OR language IN (SELECT language FROM posts WHERE broadcast_id = :id)) "
        "ORDER BY supporter_id LIMIT :limit RETURNING supporter_id, language",
        id=broadcast.id,
        of_id=broadcast.of_id,
        kind=broadcast.kind,
        after=after,
        limit=limit,
    )
    return Counter(row["language"] for row in rows), max((row["supporter_id"] for row in rows), default=None)


async def put_back(tx: Transaction, broadcast: Broadcast, limit: int) -> bool:
    """Let the next `limit` of those whom an organizer wants tried again wait; True when that is done."""
    row = await tx.one("UPDATE broadcasts SET again = again WHERE id = :id RETURNING again", id=broadcast.id)
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
    await delivery_counts.count(tx, broadcast.id, fewer)
    if len(rows) < limit:
        await tx.run("UPDATE broadcasts SET again = NULL WHERE id = :id", id=broadcast.id)
        return True
    return False
