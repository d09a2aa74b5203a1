"""Audience of a broadcast: written into the ledger at its start, or put back there for another try.

Both happen in batches, one transaction each, so that no one waits long for a million rows, and both are complete
before the first delivery.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.model import Campaign
from chatbot.storage.broadcasts import broadcasts, delivery_counts, mornings
from chatbot.storage.broadcasts.mornings import ReadersClock
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Row, Transaction, Value
from chatbot.storage.places import deliveries as place_deliveries

_NOWHERE: Final = "--"
"""Stands for the country of readers who have not signed."""
_FIRST: Final = 0
"""Below the id of every supporter: gathering starts here. Smaller ids are those of erased people."""
# A date in the future comes from a clock that was wrong, and excludes nobody.
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
    "AND broadcasts.kind = 'update' AND deliveries.state IN ('waiting', 'sending', 'sent', 'unknown') "
    "AND NOT (broadcasts.recalled_at IS NOT NULL AND (deliveries.state = 'waiting' OR EXISTS (SELECT 1 FROM broadcasts "
    "AS recall JOIN deliveries AS deleted ON deleted.broadcast_id = recall.id "
    "AND deleted.supporter_id = signatures.supporter_id WHERE recall.of_id = broadcasts.id AND recall.kind = 'recall' "
    "AND (deleted.state = 'sent' OR deleted.reason = 'message_gone')))))"
)
"""Signers of another appeal version who have not blocked the bot and have no notice about this one.

Those whose notice was deleted, or who were still to get it, have none.
"""
_LOST: Final = (
    "AND reason = 'not_found' AND EXISTS (SELECT 1 FROM subscriptions "
    "WHERE subscriptions.supporter_id = deliveries.supporter_id AND subscriptions.ended_at IS NULL)"
)
"""Those who were not found and are subscribed all the same."""


async def gather(tx: Transaction, broadcast: Broadcast, campaign: Campaign, limit: int, now: datetime) -> bool:
    """Write the next `limit` deliveries; True when the audience is complete.

    A broadcast goes to those who were subscribed when it started and still are; a notice about the appeal to signers of
    another version who had no notice about this one; a recall to all recipients of what it recalls; a correction to
    those of them for whose language it has a post.
    """
    # This writes, to wait for a transaction whose answer was lost and that may be about to commit.
    row = await tx.one(
        "UPDATE broadcasts SET gathered_to = gathered_to WHERE id = :id AND gathered_at IS NULL RETURNING gathered_to",
        id=broadcast.id,
    )
    if row is None:
        return True
    after = _FIRST if row["gathered_to"] is None else row["gathered_to"]
    if broadcast.kind == "update":
        addition = await broadcasts.find_addition(tx, broadcast.id)
        added, last = await _gather_readers(tx, broadcast.id, addition or broadcast, campaign, after, limit, now)
    else:
        added, last = await _gather_recipients(tx, broadcast, after, limit)
    await delivery_counts.count(
        tx, broadcast.id, {(language, delivery_counts.AUDIENCE, ""): count for language, count in added.items()}
    )
    complete = last is None
    if complete and broadcast.kind != "update":
        await _count_erased(tx, broadcast)
    await tx.run(
        "UPDATE broadcasts SET gathered_to = :last, gathered_at = :gathered_at WHERE id = :id",
        id=broadcast.id,
        # The id is stored only as long as it is needed.
        last=last,
        gathered_at=timestamps.to_text(now) if complete else None,
    )
    return complete


async def _gather_readers(
    tx: Transaction, ledger_id: int, broadcast: Broadcast, campaign: Campaign, after: int, limit: int, now: datetime
) -> tuple[Counter[str], int | None]:
    """Gather from the subscribers or, for a notice, from the signers.

    For an addition the ledger is that of the original: its key ensures that nobody gets a second message.
    """
    assert broadcast.started_at is not None  # only started broadcasts are gathered
    values: dict[str, Value] = {
        "id": ledger_id,
        "after": after,
        "started_at": timestamps.to_text(broadcast.started_at),
        "now": timestamps.to_text(now),
    }
    if broadcast.renews is None:
        table, meant, values["countries"] = "subscriptions", _SUBSCRIBED, ",".join(broadcast.audience.countries)
    else:
        table, meant, values["renews"] = "signatures", _SIGNED_ANOTHER, broadcast.renews
    last = await tx.one(
        f"SELECT max(supporter_id) AS last FROM (SELECT supporter_id FROM {table} "  # noqa: S608 - our own names
        "WHERE supporter_id > :after ORDER BY supporter_id LIMIT :limit) AS batch",
        after=after,
        limit=limit,
    )
    if last is None or last["last"] is None:
        return Counter(), None
    values["last"] = last["last"]
    spoken = await tx.all(
        f"SELECT DISTINCT language, country FROM {table} "  # noqa: S608 - our own names
        "WHERE supporter_id > :after AND supporter_id <= :last ORDER BY language, country",
        after=after,
        last=last["last"],
    )
    added: Counter[str] = Counter()
    mornings_of: Counter[tuple[str, str]] = Counter()
    for reader, countries in _group_readers(spoken).items():
        language = broadcast.choose_language(reader, campaign)
        if language is None:
            continue
        if broadcast.kind == "addition":
            added.subtract(await _remove_unreached(tx, ledger_id, reader, values))
        for due_at, homes in _group_by_morning(broadcast, ReadersClock(campaign, now), reader, countries).items():
            count = await tx.run(
                "INSERT INTO deliveries (broadcast_id, supporter_id, language, state, due_at) "  # noqa: S608 - ours
                f"SELECT :id, supporter_id, :language, 'waiting', :due_at FROM {table} "
                f"WHERE supporter_id > :after AND supporter_id <= :last AND language = :reader AND {meant} "
                "AND :homes LIKE '%' || coalesce(country, :nowhere) || '%' "
                "ON CONFLICT (broadcast_id, supporter_id) DO NOTHING",
                language=language,
                reader=reader,
                due_at=due_at,
                homes=",".join(each or _NOWHERE for each in homes),
                nowhere=_NOWHERE,
                **values,
            )
            added[language] += count
            mornings_of[language, due_at] += count
    await mornings.count(tx, ledger_id, mornings_of)
    return added, last["last"]


def _group_readers(rows: Iterable[Row]) -> dict[str, list[str | None]]:
    """Group the readers' countries by language."""
    grouped: dict[str, list[str | None]] = {}
    for row in rows:
        grouped.setdefault(row["language"], []).append(row["country"])
    return grouped


def _group_by_morning(
    broadcast: Broadcast, clock: ReadersClock, reader: str, countries: Iterable[str | None]
) -> dict[str, list[str | None]]:
    """Group the readers' countries by when they may be written to."""
    grouped: dict[str, list[str | None]] = {}
    for country in countries:
        grouped.setdefault(clock.find_due_at(broadcast, reader, country), []).append(country)
    return grouped


async def _remove_unreached(tx: Transaction, ledger_id: int, reader: str, values: Mapping[str, Value]) -> Counter[str]:
    """Remove the deliveries of readers who had left and came back: nothing was sent to them. Return their languages."""
    rows = await tx.all(
        "DELETE FROM deliveries WHERE broadcast_id = :id AND state IN ('skipped', 'gone') AND state <> 'sent' "  # noqa: S608
        "AND due_at = '' AND supporter_id > :after AND supporter_id <= :last AND EXISTS (SELECT 1 FROM subscriptions "
        "WHERE subscriptions.supporter_id = deliveries.supporter_id AND subscriptions.language = :reader "
        f"AND {_SUBSCRIBED}) RETURNING language, state, reason",
        reader=reader,
        **values,
    )
    fewer: Counter[tuple[str, str, str]] = Counter()
    fewer.subtract((row["language"], row["state"], row["reason"] or "") for row in rows)
    await delivery_counts.count(tx, ledger_id, fewer)
    return Counter(row["language"] for row in rows)


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


async def _count_erased(tx: Transaction, broadcast: Broadcast) -> None:
    """Count those who had what it changes and were erased since: they keep it, because nobody can reach them."""
    rows = await tx.all(
        "SELECT language, value FROM erased_delivery_counts WHERE broadcast_id = :of_id AND outcome = 'sent' "
        "AND (:kind = 'recall' OR language IN (SELECT language FROM posts WHERE broadcast_id = :id))",
        id=broadcast.id,
        of_id=broadcast.of_id,
        kind=broadcast.kind,
    )
    for row in rows:
        for outcome, reason in ((delivery_counts.AUDIENCE, ""), ("gone", delivery_counts.WAS_ERASED)):
            erased = {(row["language"], outcome, reason): row["value"]}
            await delivery_counts.count(tx, broadcast.id, erased)
            await delivery_counts.count_erased(tx, broadcast.id, erased)


async def gather_places(tx: Transaction, broadcast: Broadcast, now: datetime) -> None:
    """Write the deliveries to places, which are few."""
    if broadcast.kind == "update":
        await place_deliveries.gather(tx, broadcast.id, broadcast.place_codes)
    elif broadcast.of_id is not None:
        languages = None if broadcast.kind == "recall" else broadcast.posts.keys()
        await place_deliveries.gather_holders(tx, broadcast.id, broadcast.of_id, languages)
    await tx.run(
        "UPDATE broadcasts SET places_gathered_at = :now WHERE id = :id",
        id=broadcast.id,
        now=timestamps.to_text(now),
    )


async def put_back(tx: Transaction, broadcast: Broadcast, limit: int) -> bool:
    """Put the next `limit` deliveries to retry back to `waiting`; True when all are.

    Failed ones include those who were not found although they are subscribed: the bot was at fault, see
    `Worker._conclude`. Corrections and recalls can be repeated, so their unknown deliveries are retried as well.
    """
    row = await tx.one("UPDATE broadcasts SET again = again WHERE id = :id RETURNING again", id=broadcast.id)
    whose = row["again"] if row else None
    if whose is None:
        return True
    fewer = await _put_back(tx, broadcast.id, whose, "", limit)
    if whose == "failed":
        for state, of_those in [("gone", _LOST)] if broadcast.kind == "update" else [("unknown", "")]:
            fewer += await _put_back(tx, broadcast.id, state, of_those, limit - fewer.total())
    await delivery_counts.count(tx, broadcast.id, {outcome: -count for outcome, count in fewer.items()})
    if fewer.total() < limit:
        await tx.run("UPDATE broadcasts SET again = NULL WHERE id = :id", id=broadcast.id)
        return True
    return False


async def _put_back(
    tx: Transaction, broadcast_id: int, state: str, of_those: str, limit: int
) -> Counter[tuple[str, str, str]]:
    """Put deliveries in `state` back to `waiting`. Return their outcomes."""
    rows = await tx.all(
        "SELECT supporter_id, language, reason FROM deliveries "  # noqa: S608 - our own texts
        f"WHERE broadcast_id = :id AND state = :state AND state <> 'sent' AND due_at = '' {of_those} "
        "ORDER BY supporter_id LIMIT :limit",
        id=broadcast_id,
        state=state,
        limit=limit,
    )
    for each in rows:
        await tx.run(
            "UPDATE deliveries SET state = 'waiting', reason = NULL "
            "WHERE broadcast_id = :id AND supporter_id = :supporter_id",
            id=broadcast_id,
            supporter_id=each["supporter_id"],
        )
    return Counter((each["language"], state, each["reason"] or "") for each in rows)
