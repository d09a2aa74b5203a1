"""Deliveries that wait in the ledger for their reader's morning, because it is night where the reader is.

The ledger has no country: only the moment from which a waiting delivery may be sent, until it is sent. It is shared by
all countries whose morning begins at the same moment. A claim checks the reader's country again, so nobody is written
to at night after a pause, late in a long broadcast, or by another try.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.quiet_hours import FARTHEST, NIGHT
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.storage.broadcasts import delivery_counts
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Transaction

AT_ONCE: Final = 200
"""Deliveries that are put off in one step, once one of the next is to wait."""
_ROUND: Final = timedelta(hours=25)
"""The longest day: after it, morning has come to every country."""
_WAITING: Final = "broadcast_id = :id AND state = 'waiting' AND state <> 'sent'"


@dataclass(frozen=True, slots=True)
class ReadersClock:
    """Tells who can be written to at the moment `now`."""

    campaign: Campaign
    now: datetime

    def find_due_at(self, broadcast: Broadcast, language: Language, country: str | None) -> str:
        """Return the `due_at` of a delivery to a reader of `language` from `country`; empty: at once."""
        if not broadcast.keeps_quiet_hours:
            return ""
        morning = self.campaign.find_morning(language, country, self.now)
        return "" if morning is None else timestamps.to_text(morning)


async def find_due(tx: Transaction, broadcast: Broadcast, now: datetime | None) -> str | None:
    """Return the `due_at` of the deliveries to send next; None if nobody can be written to now. Without `now`: any."""
    due = await tx.one(
        f"SELECT due_at FROM deliveries WHERE {_WAITING} AND due_at <= :now ORDER BY due_at LIMIT 1",  # noqa: S608
        id=broadcast.id,
        now="9999" if now is None or not broadcast.keeps_quiet_hours else timestamps.to_text(now),
    )
    if due is None and now is not None:  # by a clock that was wrong
        due = await tx.one(
            f"SELECT due_at FROM deliveries WHERE {_WAITING} AND due_at > :farthest ORDER BY due_at LIMIT 1",  # noqa: S608
            id=broadcast.id,
            farthest=timestamps.to_text(now + FARTHEST),
        )
    return due["due_at"] if due else None


async def is_resting(tx: Transaction, broadcast: Broadcast, now: datetime, campaign: Campaign | None = None) -> bool:
    """Whether everybody who is left waits for their morning, and nothing is in flight.

    One to chosen countries rests until it has been day in all of them, also without a recipient: its end would tell
    that no one there signed.
    """
    row = await tx.one(
        f"SELECT 1 AS found FROM deliveries WHERE {_WAITING} AND due_at > :now LIMIT 1",  # noqa: S608 - our own text
        id=broadcast.id,
        now=timestamps.to_text(now),
    )
    if row is None and not (campaign and _may_wait(broadcast, campaign, now)):
        return False
    if await find_due(tx, broadcast, now) is not None:
        return False
    return not await delivery_counts.is_in_flight(tx, broadcast.id)


def _may_wait(broadcast: Broadcast, campaign: Campaign, now: datetime) -> bool:
    """Whether recipients in its countries, if there are any, may still wait for their morning.

    Around the globe it is always night in one of them. Within a day of its last start, morning comes to each.
    """
    if campaign.quiet_hours is None or not broadcast.keeps_quiet_hours:
        return False
    steered_at = broadcast.steered.at if broadcast.steered else None
    starts = [each for each in (broadcast.started_at, broadcast.gathered_at, steered_at) if each]
    return bool(starts) and abs(now - max(starts)) <= _ROUND and bool(list_mornings(broadcast, campaign, now))


async def put_off(tx: Transaction, broadcast: Broadcast, clock: ReadersClock, due_at: str, limit: int) -> bool:
    """Put off those of the next `limit` deliveries for whose readers it is night; False if there are none."""
    if not broadcast.keeps_quiet_hours or clock.campaign.quiet_hours is None:
        return False
    if not await _list_nights(tx, broadcast, clock, due_at, limit):
        return False
    counted: Counter[tuple[str, str]] = Counter()
    for (supporter_id, language), later in (await _list_nights(tx, broadcast, clock, due_at, AT_ONCE)).items():
        await tx.run(
            "UPDATE deliveries SET due_at = :later "
            "WHERE broadcast_id = :id AND supporter_id = :supporter_id AND state = 'waiting'",
            id=broadcast.id,
            supporter_id=supporter_id,
            later=later,
        )
        counted[language, later] += 1
        counted[language, due_at] -= 1
    await count(tx, broadcast.id, counted)
    return True


async def _list_nights(
    tx: Transaction, broadcast: Broadcast, clock: ReadersClock, due_at: str, limit: int
) -> dict[tuple[int, Language], str]:
    """Return the later `due_at` of those among the next deliveries that are to wait, by supporter and post."""
    table = "subscriptions" if broadcast.renews is None else "signatures"
    reader = f"(SELECT {{}} FROM {table} WHERE {table}.supporter_id = next.supporter_id)"  # noqa: S608 - our own names
    rows = await tx.all(
        # No join: without statistics of a new ledger, PostgreSQL would join all of it.
        f"SELECT supporter_id, language, {reader.format('language')} AS spoken, {reader.format('country')} AS country "  # noqa: S608
        f"FROM (SELECT supporter_id, language FROM deliveries WHERE {_WAITING} AND due_at = :due_at "
        "ORDER BY supporter_id LIMIT :limit) AS next",
        id=broadcast.id,
        due_at=due_at,
        limit=limit,
    )
    found = {
        (row["supporter_id"], row["language"]): clock.find_due_at(
            broadcast, row["spoken"] or row["language"], row["country"]
        )
        for row in rows
    }
    return {each: later for each, later in found.items() if later}


async def count(tx: Transaction, broadcast_id: int, changes: Mapping[tuple[Language, str], int]) -> None:
    """Count those who wait for their morning, by language and `due_at`; an empty one is not counted."""
    waiting = {(language, delivery_counts.LATER, due): change for (language, due), change in changes.items() if due}
    await delivery_counts.count(tx, broadcast_id, waiting)
    if any(change < 0 for change in waiting.values()):
        await tx.run(
            "DELETE FROM delivery_counts WHERE broadcast_id = :id AND outcome = :later AND value = 0",
            id=broadcast_id,
            later=delivery_counts.LATER,
        )


async def forget(tx: Transaction, now: datetime, limit: int) -> int:
    """Forget the mornings of at most `limit` deliveries that ended broadcasts left; return how many."""
    row = await tx.one(
        "SELECT broadcast_id FROM delivery_counts WHERE outcome = :later AND value > 0 AND EXISTS (SELECT 1 FROM "
        "broadcasts WHERE broadcasts.id = delivery_counts.broadcast_id AND broadcasts.ended_at IS NOT NULL) LIMIT 1",
        later=delivery_counts.LATER,
    )
    if row is None:
        return 0
    rows = await tx.all(
        f"SELECT supporter_id, language, due_at FROM deliveries WHERE {_WAITING} AND due_at > '' "  # noqa: S608
        "ORDER BY due_at LIMIT :limit",
        id=row["broadcast_id"],
        limit=limit,
    )
    for each in rows:
        await tx.run(
            "UPDATE deliveries SET due_at = '' WHERE broadcast_id = :id AND supporter_id = :supporter_id",
            id=row["broadcast_id"],
            supporter_id=each["supporter_id"],
        )
    fewer: Counter[tuple[str, str]] = Counter()
    fewer.subtract((each["language"], each["due_at"]) for each in rows)
    await count(tx, row["broadcast_id"], fewer)
    return limit if rows else 0  # there may be more, of this broadcast or of others


def list_mornings(broadcast: Broadcast, campaign: Campaign, at: datetime) -> list[datetime]:
    """List when it is morning in those of the chosen countries in which it is night. It tells nothing of who signed."""
    quiet = campaign.quiet_hours or NIGHT
    found = (campaign.find_morning(campaign.fallback, each, at, quiet) for each in broadcast.audience.countries)
    return [morning for morning in found if morning]
