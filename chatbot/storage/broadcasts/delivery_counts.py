"""Counters of the ledger, updated with it: reading them costs the same for ten recipients and for millions."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from chatbot.petition.broadcasts.tally import Tally
from chatbot.petition.languages import Language
from chatbot.storage.broadcasts import broadcasts
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import StoredTable, Transaction

_KEY: Final = ("broadcast_id", "language", "outcome", "reason")
_COUNTS: Final = (
    "SELECT trim('broadcast ' || broadcast_id || ', ' || language || ', ' || outcome || ' ' || reason) AS what, value "
    "FROM"
)
TABLE: Final = StoredTable(
    name="delivery_counts", key=_KEY, parents=("broadcasts",), counts=f"{_COUNTS} delivery_counts"
)
ERASED: Final = StoredTable(
    name="erased_delivery_counts", key=_KEY, parents=("broadcasts",), recount=f"{_COUNTS} erased_delivery_counts"
)
"""The part of the counts that belongs to erased people."""
LATER: Final = "later"
"""The outcome under which those are counted who wait for their morning; its reason is when that begins."""
WAS_ERASED: Final = "erased"
"""The reason of a recipient of a correction or recall who was erased: what they have stays as it is."""
AUDIENCE: Final = "audience"
"""The outcome under which all recipients are counted."""
_SENDING: Final = "sending"
_IN_FLIGHT: Final = (
    "SELECT language, 'sending' AS outcome, '' AS reason, count(*) AS value FROM deliveries "
    "WHERE broadcast_id = :id AND state = 'sending' AND state <> 'sent' GROUP BY language"
)
"""Deliveries in `sending`, by language. They are few: the worker bounds how many are in hand."""


async def read(tx: Transaction, broadcast_id: int) -> Tally:
    """Return the counts of a broadcast.

    One statement reads them all, so that a message which arrives meanwhile is on its way or has arrived.
    """
    rows = await tx.all(
        "SELECT language, outcome, reason, value FROM delivery_counts "  # noqa: S608 - our own text
        "WHERE broadcast_id = :id AND value > 0 "
        f"UNION ALL {_IN_FLIGHT}",
        id=broadcast_id,
    )
    audience: dict[Language, int] = {}
    in_flight: dict[Language, int] = {}
    outcomes: dict[tuple[Language, str, str], int] = {}
    mornings: Counter[datetime] = Counter()
    for row in rows:
        if row["outcome"] == AUDIENCE:
            audience[row["language"]] = row["value"]
        elif row["outcome"] == LATER:
            mornings[timestamps.from_text(row["reason"])] += row["value"]
        elif row["outcome"] == _SENDING:
            in_flight[row["language"]] = row["value"]
        else:
            outcomes[row["language"], row["outcome"], row["reason"]] = row["value"]
    return Tally(audience, outcomes, dict(mornings), in_flight, await _is_partial(tx, broadcast_id))


async def is_in_flight(tx: Transaction, broadcast_id: int) -> bool:
    """Whether deliveries are in `sending`, so that the counts may still change."""
    return await tx.one(f"{_IN_FLIGHT} LIMIT 1", id=broadcast_id) is not None


async def _is_partial(tx: Transaction, broadcast_id: int) -> bool:
    change = await tx.one(
        "SELECT of_id, started_at FROM broadcasts WHERE id = :id AND kind <> 'update' AND started_at IS NOT NULL",
        id=broadcast_id,
    )
    if change is None:
        return False
    first, counts = await broadcasts.get(tx, change["of_id"]), await read(tx, change["of_id"])
    return not first.has_reached_all(counts, before=timestamps.from_text(change["started_at"]))


async def count_erased(tx: Transaction, broadcast_id: int, more: Mapping[tuple[str, str, str], int]) -> None:
    """Note which part of the counts belongs to erased people, by (language, outcome, reason)."""
    for (language, outcome, reason), value in more.items():
        await tx.run(
            "INSERT INTO erased_delivery_counts (broadcast_id, language, outcome, reason, value) "
            "VALUES (:id, :language, :outcome, :reason, :value) ON CONFLICT (broadcast_id, language, outcome, reason) "
            "DO UPDATE SET value = erased_delivery_counts.value + excluded.value",
            id=broadcast_id,
            language=language,
            outcome=outcome,
            reason=reason,
            value=value,
        )


async def count(tx: Transaction, broadcast_id: int, changes: Mapping[tuple[str, str, str], int]) -> None:
    """Add changes, positive or negative, by (language, outcome, reason)."""
    for (language, outcome, reason), change in sorted(changes.items()):
        if not change:
            continue
        counted = await tx.run(
            "UPDATE delivery_counts SET value = value + :change WHERE broadcast_id = :id "
            "AND language = :language AND outcome = :outcome AND reason = :reason",
            id=broadcast_id,
            language=language,
            outcome=outcome,
            reason=reason,
            change=change,
        )
        if not counted:
            await tx.run(
                "INSERT INTO delivery_counts (broadcast_id, language, outcome, reason, value) "
                "VALUES (:id, :language, :outcome, :reason, :change) "
                # Another transaction may have inserted the counter.
                "ON CONFLICT (broadcast_id, language, outcome, reason) "
                "DO UPDATE SET value = delivery_counts.value + excluded.value",
                id=broadcast_id,
                language=language,
                outcome=outcome,
                reason=reason,
                change=change,
            )
