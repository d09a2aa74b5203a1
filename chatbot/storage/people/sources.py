"""What brought those who sign: the deep links that are counted one by one, and what all the others count as.

A deep link carries anybody's text, and everybody has a share link of their own. So friends' links count together, and
of the others only so many as `MOST` have a counter of their own: the first ones with their first signature, and from
`READILY` on a link needs `FEWEST`, so that nobody with a few accounts takes what is left. A link goes with its last
signature, and makes room.
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
"""So many links are counted by their first signature."""
FEWEST: Final = 5
"""Signatures, after which a further link is counted; those before it stay with the others."""
SHARED: Final = "s-"
"""How the payload of everybody's share link begins."""


async def count_as(tx: Transaction, source: str | None, now: datetime) -> str:
    """The source under which a signature counts: a named one gets its counter while there are less than `MOST`.

    It is asked after the signature's number was given: on PostgreSQL nobody else asks meanwhile. The row of a link that
    is counted stays locked until the transaction ends, see `hold`.
    """
    if source is None:
        return DIRECT
    if source.startswith(SHARED):
        return FRIENDS
    if await hold(tx, source):
        return source
    admitted = await tx.run(
        "INSERT INTO sources (name, admitted_at) SELECT :name, :day FROM (SELECT count(*) AS n FROM sources) AS taken "
        "WHERE taken.n < :most AND (taken.n < :readily OR (SELECT count(*) FROM (SELECT 1 AS one FROM signatures "
        "WHERE source = :name AND substr(source, 1, 2) <> 's-' LIMIT :fewest) AS brought) + 1 >= :fewest)",
        name=source,
        # To the day: a link may have been made for one person.
        day=timestamps.to_text(now.replace(hour=0, minute=0, second=0, microsecond=0)),
        most=MOST,
        readily=READILY,
        fewest=FEWEST,
    )
    return source if admitted else OTHER


async def hold(tx: Transaction, name: str) -> bool:
    """Let nobody else admit or drop this link until the transaction ends; False where it has no counter of its own.

    Whoever signs holds it before the counters, and so does whoever takes a signature back, or they would wait for
    each other.
    """
    if name.startswith("+"):
        return False
    return bool(await tx.run("UPDATE sources SET admitted_at = admitted_at WHERE name = :name", name=name))


async def hold_for(tx: Transaction, supporter_id: int) -> None:
    """Hold the link that somebody's signature counts under, before their signature is taken back."""
    await tx.run(
        "UPDATE sources SET admitted_at = admitted_at "
        "WHERE name = (SELECT counted_as FROM signatures WHERE supporter_id = :supporter_id)",
        supporter_id=supporter_id,
    )


async def is_common(tx: Transaction, name: str) -> bool:
    """Whether a counted link brought so many that it leads to none of them."""
    row = await tx.one(
        "SELECT count(*) AS n FROM (SELECT 1 AS one FROM signatures "
        "WHERE source = :name AND counted_as = :name AND substr(source, 1, 2) <> 's-' LIMIT :fewest) AS brought",
        name=name,
        fewest=FEWEST,
    )
    return row is not None and row["n"] >= FEWEST


async def drop_if_unused(tx: Transaction, name: str) -> None:
    """Forget a link without any signature, and all that was counted of it. This transaction holds the link.

    Nothing may outlive the people whom it brought: it may have been made for one of them.
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
    """Let what was set aside, or only asked about, not tell of a link that nobody came by any more."""
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
