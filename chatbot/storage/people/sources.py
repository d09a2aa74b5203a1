"""Sources of signatures: deep links with a counter of their own, and the groups that all others count for.

Anybody can make up the text of a deep link, and everybody has a share link. So share links count together, and at most
`MOST` other links have a counter: the first ones from their first signature on; after `READILY` links, a further one
needs `FEWEST` signatures, so that a few accounts cannot use up the rest. The link of a channel or group that organizers
linked always has one. A link is deleted with its last signature.
"""

from datetime import datetime
from typing import Final

from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import StoredTable, Transaction

TABLE: Final = StoredTable(name="sources", key=("name",))
DIRECT: Final = "+direct"
FRIENDS: Final = "+friends"
OTHER: Final = "+other"
MOST: Final = 200
READILY: Final = 100
"""So many links get a counter with their first signature."""
FEWEST: Final = 5
"""Signatures after which a further link gets a counter; earlier ones stay with the other links."""
SHARED: Final = "s-"
"""Prefix of the payload of share links."""
FARTHEST: Final = 4
"""The last generation that is counted apart; it stands for all beyond."""


async def count_as(tx: Transaction, source: str | None, now: datetime) -> str:
    """Return the source that a signature counts for; a new link gets a counter while there are fewer than `MOST`.

    It is called after the signature got its number, whose lock excludes other callers on PostgreSQL. The row of a link
    with a counter stays locked until the transaction ends, see `lock_link`.
    """
    if source is None:
        return DIRECT
    if source.startswith(SHARED):
        return FRIENDS
    if await lock_link(tx, source):
        return source
    admitted = await tx.run(
        "INSERT INTO sources (name, admitted_at) SELECT :name, :day FROM (SELECT count(*) AS n FROM sources) AS taken "
        "WHERE taken.n < :most AND (taken.n < :readily OR (SELECT count(*) FROM (SELECT 1 AS one FROM signatures "
        "WHERE source = :name AND substr(source, 1, 2) <> 's-' LIMIT :fewest) AS brought) + 1 >= :fewest) "
        "OR EXISTS (SELECT 1 AS one FROM places WHERE code = :name)",
        name=source,
        # Only the day: a link may have been made for one person.
        day=timestamps.to_text(now.replace(hour=0, minute=0, second=0, microsecond=0)),
        most=MOST,
        readily=READILY,
        fewest=FEWEST,
    )
    return source if admitted else OTHER


async def find_generation(tx: Transaction, source: str | None) -> int:
    """Return the generation of a signature: one more than that of the sharer whose link brought it.

    It is stored, because the sharer may withdraw or be erased, and then the source leads to nobody.
    """
    if source is None or not source.startswith(SHARED):
        return 0
    row = await tx.one(
        "SELECT signatures.generation FROM supporters JOIN signatures ON signatures.supporter_id = supporters.id "
        "WHERE supporters.share_code = :source",
        source=source,
    )
    return min(row["generation"] + 1, FARTHEST) if row else 1


async def lock_link(tx: Transaction, name: str) -> bool:
    """Lock this link until the transaction ends; False if it has no counter.

    Signing and withdrawing lock it before the counters, which prevents deadlocks.
    """
    if name.startswith("+"):
        return False
    return bool(await tx.run("UPDATE sources SET admitted_at = admitted_at WHERE name = :name", name=name))


async def lock_link_of(tx: Transaction, supporter_id: int) -> None:
    """Lock the link that a person's signature counts for, before the signature is withdrawn."""
    await tx.run(
        "UPDATE sources SET admitted_at = admitted_at "
        "WHERE name = (SELECT counted_as FROM signatures WHERE supporter_id = :supporter_id)",
        supporter_id=supporter_id,
    )


async def is_common(tx: Transaction, name: str) -> bool:
    """Whether a link brought so many people that it identifies none of them."""
    row = await tx.one(
        "SELECT count(*) AS n FROM (SELECT 1 AS one FROM signatures "
        "WHERE source = :name AND counted_as = :name AND substr(source, 1, 2) <> 's-' LIMIT :fewest) AS brought",
        name=name,
        fewest=FEWEST,
    )
    return row is not None and row["n"] >= FEWEST


async def drop_if_unused(tx: Transaction, name: str) -> None:
    """Delete a link without signatures, and its counters. This transaction has locked the link.

    Nothing of it may remain after the people it brought: it may have been made for one of them.
    """
    if name.startswith("+"):
        return
    used = await tx.one(
        "SELECT 1 AS one FROM signatures WHERE source = :name AND counted_as = :name AND substr(source, 1, 2) <> 's-' "
        "LIMIT 1",
        name=name,
    )
    if used is None and await tx.run("DELETE FROM sources WHERE name = :name", name=name):
        await tx.run("DELETE FROM counters WHERE name = :counter AND value = 0", counter=f"sources:{name}")
        await tx.run("DELETE FROM history WHERE name = :counter", counter=f"sources:{name}")
        await tx.run("DELETE FROM detection_state WHERE name = :usual", usual=f"usual:source:{name}")
        await tx.run("DELETE FROM signals WHERE kind = 'source' AND subject = :name", name=name)
        await _forget_in_set_asides(tx, f'"source":"{name}"')


async def _forget_in_set_asides(tx: Transaction, written: str) -> None:
    """Remove a link without signatures from the filters of set-asides."""
    await tx.run(
        "DELETE FROM set_asides WHERE state IN ('asked', 'counted') "
        "AND replace(conditions, :written, '') <> conditions",
        written=written,
    )
    await tx.run(
        "UPDATE set_asides SET conditions = replace(conditions, :written, :nothing) "
        "WHERE replace(conditions, :written, '') <> conditions",
        written=written,
        nothing='"source":"–"',
    )
