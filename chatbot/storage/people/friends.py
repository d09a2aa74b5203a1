"""How many signed through each person's share link, as that person is told.

The number must not tell a sharer whether, and when, a friend signed. So a periodic job counts once a day, for the days
before, and leaves out signatures from a country where signing is dangerous, or from no country. The number never falls:
a friend who withdraws or is erased stays in it, and one who signs again is not counted twice.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chatbot.petition.countries.names import UNTOLD
from chatbot.petition.languages import Language
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Row, Transaction
from chatbot.storage.people.sources import SHARED

JOB: Final = "friends"
"""The kind of job that tells a sharer of their friends. Its details are the number `reached`."""
TOLD_AT: Final = (1, 3, 10, 100)
"""The numbers at which a sharer is written to, once each."""
COUNTED_TO: Final = "friends_counted_to"
"""Key of the last signature that was counted, in the app state."""
SILENT_TO: Final = "friends_silent_to"
"""Key of the last signature from before sharers were told; see the migration."""
_AHEAD: Final = timedelta(days=1)
"""A signature dated farther ahead was signed while the clock was wrong, and is not waited for."""


@dataclass(frozen=True, slots=True)
class Sharer:
    """Somebody whose share link others use."""

    friends_signed: int
    told: int
    """The number that they were told last, or are to be told now."""
    language: Language
    country: str | None
    """None if they have not signed."""
    is_reachable: bool
    """Whether they can be written to, and want to be."""


async def list_after(tx: Transaction, number: int, limit: int) -> list[Row]:
    """List the next signatures after `number`."""
    return await tx.all(
        "SELECT number, supporter_id, source, country, set_aside_id, signed_at FROM signatures "
        "WHERE number > :number ORDER BY number LIMIT :limit",
        number=number,
        limit=limit,
    )


def is_due(row: Row, midnight: datetime, now: datetime) -> bool:
    """Whether a signature is from a day before the one that began at `midnight`."""
    signed_at = timestamps.from_text(row["signed_at"])
    return signed_at < midnight or signed_at > now + _AHEAD


async def count(tx: Transaction, row: Row, at_risk: Collection[str], *, silent: bool) -> tuple[int, int] | None:
    """Count a signature for the sharer whose link brought it, once for each signer.

    Return the sharer and the number to tell them; None if there is nothing to tell. `silent` tells nobody.
    """
    source, country = row["source"] or "", row["country"]
    if not source.startswith(SHARED) or row["set_aside_id"] is not None or country in at_risk or country == UNTOLD:
        return None
    # The sharer's row first, as erasing locks them.
    sharer = await tx.one(
        "UPDATE supporters SET friends_signed = friends_signed + 1 WHERE share_code = :source AND EXISTS "
        "(SELECT 1 FROM supporters AS signer WHERE signer.id = :signer AND signer.counted_for_friend = 0) "
        "RETURNING id, friends_signed, friends_told, friends_muted_at, blocked_at",
        source=source,
        signer=row["supporter_id"],
    )
    if sharer is None:
        return None
    await tx.run("UPDATE supporters SET counted_for_friend = 1 WHERE id = :signer", signer=row["supporter_id"])
    reached = max((each for each in TOLD_AT if each <= sharer["friends_signed"]), default=0)
    if reached <= sharer["friends_told"]:
        return None
    await tx.run("UPDATE supporters SET friends_told = :reached WHERE id = :id", reached=reached, id=sharer["id"])
    is_told = sharer["friends_muted_at"] is None and sharer["blocked_at"] is None and not silent
    return (sharer["id"], reached) if is_told else None


async def find_sharer(tx: Transaction, person_id: int) -> Sharer | None:
    """Return what to tell a sharer, and how; None for an unknown person."""
    row = await tx.one(
        "SELECT friends_signed, friends_told, friends_muted_at, blocked_at, supporters.language, signatures.country "
        "FROM supporters LEFT JOIN signatures ON signatures.supporter_id = supporters.id WHERE supporters.id = :id",
        id=person_id,
    )
    if row is None:
        return None
    is_reachable = row["friends_muted_at"] is None and row["blocked_at"] is None
    return Sharer(row["friends_signed"], row["friends_told"], row["language"], row["country"], is_reachable)


async def mute(tx: Transaction, person_id: int, now: datetime) -> None:
    """Stop the messages about friends."""
    await tx.run(
        "UPDATE supporters SET friends_muted_at = coalesce(friends_muted_at, :now) WHERE id = :id",
        id=person_id,
        now=timestamps.to_text(now),
    )


async def unmute(tx: Transaction, person_id: int) -> None:
    """Send the messages about friends again."""
    await tx.run("UPDATE supporters SET friends_muted_at = NULL WHERE id = :id", id=person_id)
